// The scene frames of a recording of any length: fetched by stretches of half a minute around what is being watched, and forgotten again behind it.

import type { SceneFrame } from '../wire/scene_frame';
import { readScenes, sceneAt, type TimedScene } from './scenes';

/** Lines from a time on; `next`: the time of the first line that was not sent, null at the end. */
export interface Stretch {
  text: string;
  next: number | null;
}
/** Null: it could not be had. */
export type FetchStretch = (fromSeconds: number) => Promise<Stretch | null>;

interface Segment {
  fromMs: number;
  untilMs: number; // not within
  scenes: TimedScene[];
}

const ahead = 10_000; // ms; sooner than that the next stretch is fetched
const lead = 100; // ms before what was asked for, so that the frame nearest to it is there
const most = 8;
const againMs = 2000;

export class SceneSegments {
  private readonly fetchStretch: FetchStretch;
  private readonly came: () => void;
  private readonly now: () => number;
  private segments: Segment[] = []; // by time
  private fetching = false;
  private notBefore = 0;

  /** `came`: more is known than before. */
  constructor(fetchStretch: FetchStretch, came: () => void, now: () => number = () => performance.now()) {
    this.fetchStretch = fetchStretch;
    this.came = came;
    this.now = now;
  }

  /** Of the frame at that media time; null when it has none or it is still on its way. */
  at(ms: number, frameMs: number): SceneFrame | null {
    const index = this.segments.findIndex(({ fromMs, untilMs }) => fromMs <= ms && ms < untilMs);
    const here = this.segments[index];
    if (!here) {
      void this.fetch(Math.max(0, ms - lead), ms);
      return null;
    }
    const next = this.segments[index + 1];
    const joined = next?.fromMs === here.untilMs;
    if (here.untilMs - ms < ahead && !joined) void this.fetch(here.untilMs, ms);
    // The frame next to the seam may be the other side's.
    return sceneAt(here.scenes, ms, frameMs) ?? (joined ? sceneAt(next!.scenes, ms, frameMs) : null);
  }

  private async fetch(fromMs: number, watchedMs: number): Promise<void> {
    if (this.fetching || !Number.isFinite(fromMs) || this.now() < this.notBefore) return;
    this.fetching = true;
    const stretch = await this.fetchStretch(fromMs / 1000).catch(() => null);
    this.fetching = false;
    if (!stretch) {
      this.notBefore = this.now() + againMs;
      return;
    }
    const untilMs = stretch.next === null ? Infinity : stretch.next * 1000;
    if (untilMs <= fromMs) return void (this.notBefore = Infinity); // no sense: no more is asked
    this.keep({ fromMs, untilMs, scenes: readScenes(stretch.text) }, watchedMs);
    this.came();
  }

  /** What the new one has too is taken out of the old ones; the farthest from what is watched goes. */
  private keep(fresh: Segment, watchedMs: number): void {
    const kept = this.segments.filter(({ fromMs, untilMs }) => untilMs <= fresh.fromMs || fromMs >= fresh.untilMs);
    const away = ({ fromMs, untilMs }: Segment): number => Math.max(fromMs - watchedMs, watchedMs - untilMs, 0);
    while (kept.length >= most) kept.splice(kept.indexOf(kept.reduce((a, b) => (away(a) >= away(b) ? a : b))), 1);
    this.segments = [...kept, fresh].sort((a, b) => a.fromMs - b.fromMs);
  }

  /** For tests. */
  get held(): number {
    return this.segments.length;
  }
}

/** Over HTTP: "?from=", and the header that says how far it goes. */
export const fromServer = (address: string, signal: AbortSignal): FetchStretch => async (fromSeconds) => {
  const response = await fetch(`${address}?from=${fromSeconds.toFixed(6)}`, { credentials: 'same-origin', signal });
  if (!response.ok) return null;
  const next = Number(response.headers.get('X-Next') ?? NaN);
  return { text: await response.text(), next: Number.isFinite(next) ? next : null };
};
