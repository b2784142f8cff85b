// The access units of the last seconds, as they came, from a keyframe on: what a buyer sees again. Bounded in time and in bytes. Runs in the worker.

export interface Unit {
  rtp: number;
  key: boolean;
  data: Uint8Array;
}

const clockRate = 90_000;

export class UnitRing {
  private units: Unit[] = [];
  private held = 0;
  private readonly seconds: number;
  private readonly mostBytes: number;

  constructor(seconds = 20, mostBytes = 24 * 2 ** 20) {
    this.seconds = seconds;
    this.mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.held;
  }

  get length(): number {
    return this.units.length;
  }

  /** `data` becomes the ring's. Nothing is kept before the first keyframe: it could not be decoded. */
  add(unit: Unit): void {
    const last = this.units.at(-1);
    // Time that goes back, or by more than the whole ring, is another stream's.
    if (last && (ahead(last.rtp, unit.rtp) <= 0 || ahead(last.rtp, unit.rtp) > this.seconds * clockRate)) this.clear();
    if (this.units.length === 0 && !unit.key) return;
    this.units.push(unit);
    this.held += unit.data.length;
    this.trim(unit.rtp);
  }

  clear(): void {
    this.units = [];
    this.held = 0;
  }

  all(): readonly Unit[] {
    return this.units;
  }

  /** Whole groups go, oldest first, once the group behind them holds all the seconds that are promised, or the bytes run over. */
  private trim(now: number): void {
    for (;;) {
      const next = this.units.findIndex(({ key }, i) => i > 0 && key);
      const covered = next > 0 && ahead(this.units[next]!.rtp, now) >= this.seconds * clockRate;
      if (!covered && this.held <= this.mostBytes) return;
      if (next < 0) return this.held > this.mostBytes ? this.clear() : undefined;
      for (const { data } of this.units.splice(0, next)) this.held -= data.length;
    }
  }
}

/** From a to b in RTP time, which wraps at 2^32. */
export const ahead = (a: number, b: number): number => (b - a) | 0;
