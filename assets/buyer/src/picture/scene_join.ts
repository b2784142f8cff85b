// Joins scene frames to displayed frames by RTP time. A scene frame always arrives before its picture is decoded, so a few wait
// here; RTP time wraps at 2^32, so "older" is a signed difference.

import type { Anchor, SceneFrame } from '../wire/scene_frame';
import { project } from './projection';

/** Of a picture that is not known: nothing in it may have moved by more than a pixel of 1280 since. */
const stillShare = 1 / 1280;
/** 90 kHz; older than this no displayed picture is. */
const reach = 45_000;

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

  /** The scene frame of exactly this picture, which may be asked for again. */
  exactly(rtp: number): SceneFrame | null {
    return this.waiting.get(rtp) ?? null;
  }

  /** The scene frame of exactly this picture; forgets it and everything older. */
  take(rtp: number): SceneFrame | null {
    const scene = this.waiting.get(rtp) ?? null;
    this.forget(rtp);
    return scene;
  }

  /**
   * Where it is not known which picture is on screen: the newest that is not newer than `rtp` (without it the newest of all), at most half a second
   * old. Of its anchors only those are kept that stood still for as long: they are right whichever picture it is.
   */
  nearest(rtp: number | null): SceneFrame | null {
    const newest = rtp ?? [...this.waiting.keys()].at(-1);
    if (newest === undefined) return null;
    const near = [...this.waiting].map(([at, scene]) => ({ age: (newest - at) | 0, scene })).filter(({ age }) => age >= 0 && age < reach);
    const best = near.reduce<(typeof near)[number] | null>((found, each) => (found && found.age <= each.age ? found : each), null)?.scene;
    if (!best) return null;
    const longEnough = near.some(({ age }) => age >= (reach * 3) / 4);
    const stands = (anchor: Anchor): boolean => longEnough && near.every(({ scene }) => {
      const before = scene.anchors.find(({ product }) => product === anchor.product);
      return before !== undefined && moved(before, anchor) <= stillShare;
    });
    return { ...best, anchors: best.anchors.filter(stands) };
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

/** How far the same points of a target lie apart, as a share of the picture. */
function moved(a: Anchor, b: Anchor): number {
  const points = [[0, 0, 0], [100, 0, 0], [0, 100, 0]] as const;
  return Math.max(...points.map((point) => {
    const [from, to] = [project(a, point), project(b, point)];
    return from && to ? Math.hypot(to[0] - from[0], to[1] - from[1]) : Infinity;
  }));
}
