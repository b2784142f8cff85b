// Joins scene frames to displayed frames by RTP time. A scene frame always arrives before its picture is decoded, so a few wait
// here; RTP time wraps at 2^32, so "older" is a signed difference.

import type { SceneFrame } from '../wire/scene_frame';

export class SceneJoin {
  private readonly waiting = new Map<number, SceneFrame>();
  private readonly most: number;

  constructor(most = 120) {
    this.most = most;
  }

  get size(): number {
    return this.waiting.size;
  }

  add(rtp: number, scene: SceneFrame): void {
    this.waiting.delete(rtp);
    this.waiting.set(rtp, scene);
    if (this.waiting.size > this.most) this.waiting.delete(this.waiting.keys().next().value!);
  }

  /** The scene frame of exactly this picture; forgets it and everything older. */
  take(rtp: number): SceneFrame | null {
    const scene = this.waiting.get(rtp) ?? null;
    this.forget(rtp);
    return scene;
  }

  /** For transports that cannot join exactly: the newest that is not newer than `rtp`, at most half a second old; without `rtp` the newest of all. */
  nearest(rtp: number | null): SceneFrame | null {
    let best: SceneFrame | null = null;
    let bestAge = 45_000; // 90 kHz
    const newest = rtp ?? [...this.waiting.keys()].at(-1);
    if (newest === undefined) return null;
    for (const [at, scene] of this.waiting) {
      const age = (newest - at) | 0;
      if (age >= 0 && age < bestAge) {
        best = scene;
        bestAge = age;
      }
    }
    return best;
  }

  clear(): void {
    this.waiting.clear();
  }

  private forget(rtp: number): void {
    for (const at of this.waiting.keys()) {
      if (((rtp - at) | 0) >= 0) this.waiting.delete(at);
    }
  }
}
