// Where in the program an anchor's camera is seen: a model of a camera that fills one corner must not hang out of that corner, nor lie over a
// picture that stands before its own. The same rule as overlays/ar (visible_region).

import type { SceneSource } from '../wire/scene_frame';

/** x, y, width, height in shares of the picture. */
export type Share = readonly [number, number, number, number];

export interface Region {
  shown: Share;
  covered: Share[];
  depth: number; // of its source among all, the hindmost 0
}

const whole: Share = [0, 0, 1, 1];

/** The frontmost source under `point` (normalised); all of the picture when the scene names none there. */
export function visibleRegion(sources: readonly SceneSource[], [x, y]: readonly [number, number]): Region {
  const depth = sources.findLastIndex(({ rect }) =>
    x >= rect[0]! && y >= rect[1]! && x <= rect[0]! + rect[2]! && y <= rect[1]! + rect[3]!);
  if (depth < 0) return { shown: whole, covered: [], depth: 0 };
  const before = sources.slice(depth + 1).filter(({ opacity }) => opacity > 0.5);
  return { shown: share(sources[depth]!), covered: before.map(share), depth };
}

const share = ({ rect }: SceneSource): Share => [rect[0]!, rect[1]!, rect[2]!, rect[3]!];
