// A length from two taps on the target's plane, with what is not known about it. Three things count: how exactly a finger or a cursor hits (in CSS px,
// so zooming in helps), how exactly the corners of the target are found in the picture, and the target's own printed size.
//
// U = 2 √(tap² + corners² + scale²): k = 2, about 95 %. It holds for points on the target's plane; what stands off it by d mm is seen at another
// scale, and the page says so.

import { mmPerPicture, unproject } from '../picture/unproject';
import type { Point } from '../picture/projection';
import type { Anchor } from '../wire/scene_frame';
import type { Vec3 } from '../wire/show';

export interface Tap {
  at: Point; // normalised program coordinates
  /** CSS px that the whole picture's width and height are drawn at, zoom included. */
  drawn: { width: number; height: number };
  pointer: 'fine' | 'coarse'; // a mouse or keys; a finger
}

export interface MeasuredPoint {
  mm: Vec3;
  /** Standard deviation of the point, mm, along the plane's x and y. */
  spread: [number, number];
}

/** Standard deviation of a tap, CSS px: measured for mouse pointing at a visible edge; for fingers at small targets. */
const tapPx = { fine: 1.5, coarse: 4 };
/** Of the target's corners in the program's picture, px (tests of overlays/tracking: 0.1 to 0.3 px with a moving target). */
const cornerPx = 0.3;
/** Of the target's printed size: the figure of the show's own file. */
const scaleShare = 0.002;

export function measuredPoint(anchor: Anchor, tap: Tap, program: { width: number; height: number }): MeasuredPoint | null {
  const mm = unproject(anchor, tap.at);
  const per = mmPerPicture(anchor, tap.at);
  if (!mm || !per) return null;
  const sx = Math.hypot(tapPx[tap.pointer] / tap.drawn.width, cornerPx / program.width);
  const sy = Math.hypot(tapPx[tap.pointer] / tap.drawn.height, cornerPx / program.height);
  return { mm, spread: [Math.hypot(per[0][0] * sx, per[0][1] * sy), Math.hypot(per[1][0] * sx, per[1][1] * sy)] };
}

export interface Length {
  mm: number;
  uncertaintyMm: number; // k = 2
}

export function lengthBetween(a: MeasuredPoint, b: MeasuredPoint): Length {
  const [dx, dy] = [b.mm[0] - a.mm[0], b.mm[1] - a.mm[1]];
  const mm = Math.hypot(dx, dy);
  const [ux, uy] = mm > 0 ? [dx / mm, dy / mm] : [Math.SQRT1_2, Math.SQRT1_2];
  const along = Math.hypot(ux * Math.hypot(a.spread[0], b.spread[0]), uy * Math.hypot(a.spread[1], b.spread[1]));
  return { mm, uncertaintyMm: 2 * Math.hypot(along, scaleShare * mm) };
}

/** As many digits as mean something: the uncertainty with one or two significant ones, the length with as many decimals. */
export function honest({ mm, uncertaintyMm }: Length): { mm: number; uncertaintyMm: number; decimals: number } {
  const decimals = uncertaintyMm >= 2 ? 0 : uncertaintyMm >= 0.2 ? 1 : 2;
  const up = 10 ** decimals;
  return { mm: Math.round(mm * up) / up, uncertaintyMm: Math.ceil(uncertaintyMm * up - 1e-9) / up, decimals };
}
