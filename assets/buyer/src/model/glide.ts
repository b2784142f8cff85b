// The presenter's exploded view opens and closes over the same time as in the burned program (overlays/ar); a buyer's own slider is followed
// at once, and so is everything for who wants no motion.

const lastsMs = 600;

export class Glide {
  private from = 0;
  private to = 0;
  private since = -Infinity;

  /** Where it is at `nowMs` on its way to `wanted`. */
  at(wanted: number, nowMs: number, softly: boolean): number {
    if (wanted !== this.to) {
      this.from = softly ? this.value(nowMs) : wanted;
      this.to = wanted;
      this.since = nowMs;
    }
    return this.value(nowMs);
  }

  private value(nowMs: number): number {
    const share = Math.min(Math.max((nowMs - this.since) / lastsMs, 0), 1);
    return this.from + (this.to - this.from) * share * share * (3 - 2 * share);
  }
}
