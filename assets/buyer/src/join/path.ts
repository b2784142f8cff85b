// What the way from the show to this page carries, timed in the waiting room over bytes that do not compress. A connection begins slowly (RFC 5681), so the
// first quarter is left out of the figure.

import { dressed, retryAfter } from '../link/api';

export interface Path {
  kbps: number;
  /** What the picture takes. */
  needKbps: number;
}

export const patience = 6000; // ms; what has come by then is enough to tell
const skipped = 0.25;

/** Arrivals of a body of `size` bytes, [ms, bytes so far]; 0 when they say nothing. */
export function kbpsOf(arrivals: readonly (readonly [number, number])[], size: number): number {
  const to = arrivals.at(-1);
  const from = arrivals.find((each) => each !== to && each[1] >= size * skipped) ?? arrivals[0];
  if (!from || !to || to[1] <= from[1]) return 0;
  // Less than a clock's tick apart: all of it came at once.
  return ((to[1] - from[1]) * 8) / Math.max(1, to[0] - from[0]);
}

/** Null when it could not be measured: on air, no connection. `againMs`: others are measuring, ask again then. */
export async function measurePath(): Promise<Path | { againMs: number } | null> {
  const over = new AbortController();
  const timer = window.setTimeout(() => over.abort(), patience);
  const arrivals: [number, number][] = [];
  let size = 0, needKbps = 0;
  try {
    const response = await fetch('/api/path', dressed({ signal: over.signal }));
    const againMs = retryAfter(response.headers.get('Retry-After'), Date.now());
    if (againMs !== null) return { againMs };
    if (!response.ok || !response.body) return null;
    size = Number(response.headers.get('Content-Length'));
    needKbps = Number(response.headers.get('X-Picture-Kbps'));
    let bytes = 0;
    arrivals.push([performance.now(), 0]);
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      arrivals.push([performance.now(), bytes]);
    }
  } catch {
    // Over time or cut off: judged by what came.
  } finally {
    window.clearTimeout(timer);
  }
  const kbps = kbpsOf(arrivals, size);
  return kbps > 0 && needKbps > 0 ? { kbps, needKbps } : null;
}
