// A dimension line as engineering drawings have it (ISO 129-1): two extension lines from the part, a line between them with an arrowhead at
// each end, the length on its middle. Where the line is too short for arrows and length, the arrows stand outside and point
// inwards, and the length stands beside the line. All in px of the picture's box.

import type { Point } from './projection';

export interface DimensionShape {
  extensions: [Point, Point][];
  lines: [Point, Point][]; // the line, or its two stubs outside
  arrows: [Point, Point, Point][]; // tip first
  at: Point; // the middle of the plate
}

export interface DimensionSizes {
  arrow: number; // an arrowhead's length
  clear: number; // between the part and its extension line
  beyond: number; // how far extension lines run past the line
  plate: { width: number; height: number };
}

/** An arrowhead's half width as a share of its length. */
const slim = 0.3;

const add = ([x, y]: Point, [dx, dy]: Point, by: number): Point => [x + dx * by, y + dy * by];

/** Null when the line is shorter than an arrowhead: seen from its end there is nothing to draw. */
export function dimensionShape(from: Point, to: Point, line: [Point, Point], sizes: DimensionSizes): DimensionShape | null {
  const [a, b] = line;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (!(length >= sizes.arrow)) return null;
  const along: Point = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const across: Point = [-along[1], along[0]];
  const { arrow, plate } = sizes;

  const extension = (part: Point, end: Point): [Point, Point][] => {
    const reach = Math.hypot(end[0] - part[0], end[1] - part[1]);
    if (reach < sizes.clear) return [];
    const out: Point = [(end[0] - part[0]) / reach, (end[1] - part[1]) / reach];
    return [[add(part, out, sizes.clear), add(end, out, sizes.beyond)]];
  };
  const head = (tip: Point, towards: 1 | -1): [Point, Point, Point] => {
    const base = add(tip, along, -towards * arrow);
    return [tip, add(base, across, arrow * slim), add(base, across, -arrow * slim)];
  };

  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  // How much of the line the upright plate covers when it stands on its middle.
  const covered = Math.min(plate.width / Math.max(Math.abs(along[0]), 1e-6), plate.height / Math.max(Math.abs(along[1]), 1e-6));
  const inside = length >= 2 * arrow + 2 + covered;
  // Away from the part: as far as the plate would otherwise cover it, or beside the line.
  const reach = ((from[0] + to[0]) / 2 - middle[0]) * across[0] + ((from[1] + to[1]) / 2 - middle[1]) * across[1];
  const halfPlate = (Math.abs(across[0]) * plate.width + Math.abs(across[1]) * plate.height) / 2;
  const apart = inside ? Math.max(0, halfPlate + 2 - Math.abs(reach)) : halfPlate + sizes.beyond;

  const arrowsInside = length >= 4 * arrow;
  return {
    extensions: [...extension(from, a), ...extension(to, b)],
    lines: arrowsInside ? [[a, b]] : [[add(a, along, -2 * arrow), a], [a, b], [b, add(b, along, 2 * arrow)]],
    arrows: arrowsInside ? [head(a, -1), head(b, 1)] : [head(a, 1), head(b, -1)],
    at: add(middle, across, reach > 0 ? -apart : apart),
  };
}
