// The figures behind stats() and the stream info view. Times in ms.

/** The last `size` samples; percentiles by nearest rank. */
export class Window {
  private readonly samples: number[] = [];
  private next = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  add(sample: number): void {
    this.samples[this.next] = sample;
    this.next = (this.next + 1) % this.size;
  }

  clear(): void {
    this.samples.length = 0;
    this.next = 0;
  }

  percentile(share: number): number | null {
    if (this.samples.length === 0) return null;
    const sorted = [...this.samples].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
  }
}

/** Frames per second over the last two seconds. */
export class Rate {
  private readonly at: number[] = [];

  add(now: number): void {
    this.at.push(now);
    this.drop(now);
  }

  perSecond(now: number): number {
    this.drop(now);
    const span = now - (this.at[0] ?? now);
    return span > 0 ? ((this.at.length - 1) * 1000) / Math.max(span, now - this.at.at(-1)! > 500 ? 2000 : span) : 0;
  }

  private drop(now: number): void {
    while (this.at.length > 0 && now - this.at[0]! > 2000) this.at.shift();
  }
}

/**
 * The server's clock against ours, from pings: of the last eight the one with the shortest way round is believed (Cristian's method),
 * so one slow answer does not move it. Local time is performance.timeOrigin + performance.now().
 */
export class ClockOffset {
  private readonly samples: { trip: number; offset: number }[] = [];

  add(sentAt: number, receivedAt: number, serverMs: number): void {
    const trip = receivedAt - sentAt;
    if (!(trip >= 0) || !Number.isFinite(serverMs)) return;
    this.samples.push({ trip, offset: serverMs - (sentAt + receivedAt) / 2 });
    if (this.samples.length > 8) this.samples.shift();
  }

  /** Server minus local; 0 until the first answer. */
  get ms(): number {
    return this.best()?.offset ?? 0;
  }

  get tripMs(): number | null {
    return this.best()?.trip ?? null;
  }

  private best(): { trip: number; offset: number } | null {
    return this.samples.reduce<{ trip: number; offset: number } | null>(
      (best, sample) => (!best || sample.trip < best.trip ? sample : best),
      null,
    );
  }
}

export interface Reception {
  framesDecoded: number;
  packetsReceived: number;
  packetsLost: number;
  freezes: number;
  asked: number; // times packets were asked for again
}

/**
 * Says "poor" when, over the last five readings (one a second), 5 % of packets were lost for good, or the picture froze while packets were missing. A
 * picture that stands still with nothing missing is the camera's doing, or this device's, and no fault of the connection.
 */
export class Quality {
  private readonly readings: Reception[] = [];

  add(reading: Reception): void {
    const last = this.readings.at(-1);
    if (last && reading.packetsReceived < last.packetsReceived) this.readings.length = 0; // a new connection
    this.readings.push(reading);
    if (this.readings.length > 6) this.readings.shift();
  }

  clear(): void {
    this.readings.length = 0;
  }

  get poor(): boolean {
    const first = this.readings[0];
    const last = this.readings.at(-1);
    if (!first || !last || first === last) return false;
    const lost = Math.max(0, last.packetsLost - first.packetsLost);
    const received = last.packetsReceived - first.packetsReceived;
    const missing = lost > 0 || last.asked > first.asked;
    return (missing && last.freezes > first.freezes) || (lost > 0 && lost / (lost + received) >= 0.05);
  }
}

/** The share of packets lost since it was last asked; 0 when none came. */
export class Interval {
  private last: Reception | null = null;

  loss(now: Reception): number {
    const before = this.last && now.packetsReceived >= this.last.packetsReceived ? this.last : { packetsLost: 0, packetsReceived: 0 };
    this.last = now;
    const lost = Math.max(0, now.packetsLost - before.packetsLost);
    const received = now.packetsReceived - before.packetsReceived;
    return lost + received > 0 ? Math.round((1e4 * lost) / (lost + received)) / 1e4 : 0;
  }
}
