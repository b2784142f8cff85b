// Camera pictures that lie inside another one, as the presenter's does in a picture-in-picture scene: labels keep off them.

import type { SceneSource } from '../wire/scene_frame';
import type { Rect } from './label_layout';
import type { Point } from './projection';

/** Not the picture that shows the product, whose middle is `at` (px of the picture's box). */
export function insets(sources: readonly SceneSource[], at: Point, size: { width: number; height: number }): Rect[] {
  const holds = ([ax, ay, aw, ah]: number[], [bx, by, bw, bh]: number[]): boolean =>
    ax! <= bx! && ay! <= by! && ax! + aw! >= bx! + bw! && ay! + ah! >= by! + bh!;
  const same = (a: number[], b: number[]): boolean => a.every((value, i) => value === b[i]);
  return sources
    .filter(({ rect }) => sources.some((other) => !same(other.rect, rect) && holds(other.rect, rect)))
    .map(({ rect: [x, y, width, height] }): Rect => {
      const [left, top] = [Math.floor(x! * size.width), Math.floor(y! * size.height)];
      return { x: left, y: top, width: Math.floor((x! + width!) * size.width) - left, height: Math.floor((y! + height!) * size.height) - top };
    })
    .filter((rect) => at[0] < rect.x || at[0] >= rect.x + rect.width || at[1] < rect.y || at[1] >= rect.y + rect.height);
}
