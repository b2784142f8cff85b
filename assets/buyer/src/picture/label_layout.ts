// Where callout labels go: the twin of overlays/painting/label_layout.h, which holds the algorithm (its rule numbers stand below).
// A pure function of integers; both are held to the same fixture files.

export type Side = 'left' | 'right';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Label {
  anchorX: number;
  anchorY: number;
  width: number;
  height: number;
  previous: Side | null;
}

export interface LayoutInput {
  bounds: Rect;
  product: Rect;
  obstacles: Rect[];
  labels: Label[]; // most important first
  gap: number;
  spacing: number;
}

export interface Placement {
  shown: boolean;
  side: Side;
  x: number;
  y: number;
}

const half = (n: number): number => Math.floor(n / 2);
const other = (side: Side): Side => (side === 'left' ? 'right' : 'left');
const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export function layoutLabels(input: LayoutInput): Placement[] {
  const { bounds, labels } = input;
  const out: Placement[] = labels.map(() => ({ shown: false, side: 'left', x: 0, y: 0 }));
  const columns: Record<Side, number[]> = { left: [], right: [] };
  labels.forEach((label, i) => {
    if (label.width <= bounds.width && label.height <= bounds.height) columns[chooseSide(input, label)].push(i);
  });

  const first: Side = columns.right.length > columns.left.length ? 'right' : 'left';
  const obstacles = [...input.obstacles];
  const moved = settle(input, columns[first], first, obstacles, out);
  for (const i of columns[first]) {
    const { x, y } = out[i]!;
    if (out[i]!.shown) obstacles.push({ x, y, width: labels[i]!.width, height: labels[i]!.height });
  }
  const second = [...columns[other(first)], ...moved].sort((a, b) => a - b);
  settle(input, second, other(first), obstacles, out);
  return out;
}

/** Rules 1 and 2. */
function chooseSide({ bounds, product, gap }: LayoutInput, label: Label): Side {
  const centre = product.x + half(product.width);
  const slack = Math.floor(product.width / 8);
  let side: Side = label.anchorX < centre ? 'left' : 'right';
  if (label.previous === 'left') side = label.anchorX > centre + slack ? 'right' : 'left';
  if (label.previous === 'right') side = label.anchorX < centre - slack ? 'left' : 'right';
  const room = {
    left: product.x - gap - bounds.x,
    right: bounds.x + bounds.width - (product.x + product.width + gap),
  };
  const fits = (at: Side): boolean => label.width <= room[at] + (label.previous === at ? gap : 0);
  return !fits(side) && fits(other(side)) ? other(side) : side;
}

/** Rule 3. */
function columnX({ bounds, product, gap }: LayoutInput, side: Side, width: number): number {
  const wish = side === 'left' ? product.x - gap - width : product.x + product.width + gap;
  return Math.max(Math.min(wish, bounds.x + bounds.width - width), bounds.x);
}

/** Rule 5: places what the column holds into `out`; returns what it does not hold. */
function settle(input: LayoutInput, column: number[], side: Side, obstacles: Rect[], out: Placement[]): number[] {
  const left = [...column];
  const taken: number[] = [];
  while (left.length > 0) {
    const placed = attempt(input, left, side, obstacles);
    if (placed) {
      for (const { index, box } of placed) out[index] = { shown: true, side, x: box.x, y: box.y };
      break;
    }
    const highest = Math.max(...left);
    left.splice(left.indexOf(highest), 1);
    taken.push(highest);
  }
  return taken;
}

interface Placed {
  index: number;
  box: Rect;
}

function attempt(input: LayoutInput, column: number[], side: Side, obstacles: Rect[]): Placed[] | null {
  const { bounds, labels, spacing } = input;
  const order = [...column].sort((a, b) => labels[a]!.anchorY - labels[b]!.anchorY || a - b);
  const tops = spread(input, order);
  if (!tops) return null;
  const placed = order.map((index, i): Placed => {
    const { width, height } = labels[index]!;
    return { index, box: { x: columnX(input, side, width), y: tops[i]!, width, height } };
  });

  // 5c. Down
  let above: Rect | null = null;
  for (const { box } of placed) {
    if (above) box.y = Math.max(box.y, above.y + above.height + spacing);
    for (let hit = obstacles.find((o) => meets(box, o)); hit; hit = obstacles.find((o) => meets(box, o))) {
      box.y = hit.y + hit.height + spacing;
    }
    above = box;
  }
  // 5d. Up
  let limit = bounds.y + bounds.height;
  if (above && above.y + above.height > limit) {
    for (const { box } of [...placed].reverse()) {
      box.y = Math.min(box.y, limit - box.height);
      for (let hit = obstacles.find((o) => meets(box, o)); hit; hit = obstacles.find((o) => meets(box, o))) {
        box.y = hit.y - spacing - box.height;
      }
      if (box.y < bounds.y) return null;
      limit = box.y - spacing;
    }
  }
  return placed;
}

/** Rules 5a and 5b: the labels' tops before obstacles, or null when the column is higher than the bounds. */
function spread({ bounds, labels, spacing }: LayoutInput, order: number[]): number[] | null {
  const offsets: number[] = [];
  const blocks: { sum: number; count: number }[] = [];
  let offset = 0;
  let total = 0;
  for (const index of order) {
    const { anchorY, height } = labels[index]!;
    offsets.push(offset);
    total = offset + height;
    blocks.push({ sum: anchorY - half(height) - offset, count: 1 });
    for (let n = blocks.length; n > 1; n = blocks.length) {
      const last = blocks[n - 1]!;
      const before = blocks[n - 2]!;
      if (last.sum * before.count >= before.sum * last.count) break;
      blocks.pop();
      before.sum += last.sum;
      before.count += last.count;
    }
    offset += height + spacing;
  }
  if (total > bounds.height) return null;
  const means = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(Math.floor(sum / count)));
  return means.map(
    (mean, i) => Math.max(Math.min(mean, bounds.y + bounds.height - total), bounds.y) + offsets[i]!,
  );
}
