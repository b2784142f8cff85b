// Where callout labels go: the twin of overlays/painting/label_layout.h, which holds the algorithm (its rule numbers stand below).
// A pure function of integers; both are held to the same fixture files.

export type Side = 'left' | 'right' | 'above' | 'below';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placement {
  shown: boolean;
  side: Side;
  x: number;
  y: number;
}

export interface Label {
  anchorX: number;
  anchorY: number;
  width: number;
  height: number;
  previous: Placement | null; // what the frame before gave
}

export interface LayoutInput {
  bounds: Rect;
  product: Rect; // round the product and all anchors
  obstacles: Rect[];
  labels: Label[]; // most important first
  gap: number;
  spacing: number;
}

export type Spot = readonly [x: number, y: number];

const half = (n: number): number => Math.floor(n / 2);
const other = (side: Lane): Lane => (side === 'left' ? 'right' : 'left');
const grown = (r: Rect, by: number): Rect => ({ x: r.x - by, y: r.y - by, width: r.width + 2 * by, height: r.height + 2 * by });

export const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Do segments a-b and c-d cross in a point inside both? */
export function segmentsCross(a: Spot, b: Spot, c: Spot, d: Spot): boolean {
  const turn = (p: Spot, q: Spot, r: Spot): number =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Where the leader of a shown label of that size begins. */
export function labelPort({ side, x, y }: Placement, width: number, height: number): Spot {
  if (side === 'left') return [x + width, y + half(height)];
  if (side === 'right') return [x, y + half(height)];
  return [x + half(width), side === 'above' ? y + height : y];
}

export function layoutLabels(input: LayoutInput): Placement[] {
  const near = columnsAndRows(input, false);
  const cost = hiddenAndCrossing(input, near);
  if (cost === 0) return near;
  const far = columnsAndRows(input, true);
  return hiddenAndCrossing(input, far) < cost ? far : near;
}

function hiddenAndCrossing({ labels }: LayoutInput, placements: Placement[]): number {
  const leaders = placements.flatMap((each, i): [Spot, Spot][] => {
    const { width, height, anchorX, anchorY } = labels[i]!;
    return each.shown ? [[labelPort(each, width, height), [anchorX, anchorY]]] : [];
  });
  const crossing = leaders.map(([port, anchor], i) => leaders.slice(0, i).filter((other) => segmentsCross(port, anchor, ...other)).length);
  return crossing.reduce((sum, n) => sum + n, placements.length - leaders.length);
}

function columnsAndRows(input: LayoutInput, mayDiffer: boolean): Placement[] {
  const out: Placement[] = input.labels.map(nowhere);
  const leftOver = new Lanes(input, mayDiffer, false, false).settle(input.labels.map((_, i) => i), out);
  if (leftOver.length === 0) return out;
  const sideways = turnedInput(input);
  input.labels.forEach(({ width, height }, i) => {
    const { shown, x, y } = out[i]!;
    if (shown) sideways.obstacles.push(turnedRect({ x, y, width, height }));
  });
  const stands = (side: Side): boolean => out.some((each) => each.shown && each.side === side);
  const rows: Placement[] = input.labels.map(nowhere);
  new Lanes(sideways, true, stands('left'), stands('right')).settle(leftOver, rows);
  for (const i of leftOver) out[i] = turned(rows[i]!);
  hideUnclear(input, out);
  return out;
}

const nowhere = (): Placement => ({ shown: false, side: 'left', x: 0, y: 0 });

const turnedSides = { left: 'above', right: 'below', above: 'left', below: 'right' } as const;
const turned = ({ shown, side, x, y }: Placement): Placement =>
  shown ? { shown, side: turnedSides[side], x: y, y: x } : nowhere();
const turnedRect = ({ x, y, width, height }: Rect): Rect => ({ x: y, y: x, width: height, height: width });
const turnedInput = ({ bounds, product, obstacles, labels, gap, spacing }: LayoutInput): LayoutInput => ({
  bounds: turnedRect(bounds),
  product: turnedRect(product),
  obstacles: obstacles.map(turnedRect),
  labels: labels.map(({ anchorX, anchorY, width, height, previous }) => ({
    anchorX: anchorY,
    anchorY: anchorX,
    width: height,
    height: width,
    previous: previous && turned(previous),
  })),
  gap,
  spacing,
});

type Lane = 'left' | 'right';

interface Interval {
  from: number;
  to: number;
}

interface Setting {
  side: Lane;
  order: number[];
  ys: number[]; // tops
  x: number; // of the ports
}

/** The two lanes left and right of the product; rules 1 to 8. */
class Lanes {
  private readonly input: LayoutInput;
  private readonly mayDiffer: boolean; // a label may go to the other lane than it wishes for
  private readonly limitFrom: boolean; // for rows, where the extent ends with the product's
  private readonly limitTo: boolean;
  private lanes: Record<Lane, number[]> = { left: [], right: [] };

  constructor(input: LayoutInput, mayDiffer: boolean, limitFrom: boolean, limitTo: boolean) {
    this.input = input;
    this.mayDiffer = mayDiffer;
    this.limitFrom = limitFrom;
    this.limitTo = limitTo;
  }

  /** Places those of `labels` (ascending) that the lanes hold; gives the others. */
  settle(labels: number[], out: Placement[]): number[] {
    const leftOver = labels.filter((i) => !this.admit(i));
    let settings: [Setting, Setting] = [this.setLane(this.lanes.left, 'left'), this.setLane(this.lanes.right, 'right')];
    for (let next = this.exchange(...settings); next; next = this.exchange(...settings)) settings = next;
    for (const { side, order, ys, x } of settings) {
      order.forEach((i, k) => {
        out[i] = { shown: true, side, x: side === 'left' ? x - this.label(i).width : x, y: ys[k]! };
      });
    }
    return leftOver;
  }

  private label(i: number): Label {
    return this.input.labels[i]!;
  }

  private stays(i: number, side: Lane): boolean {
    const { previous } = this.label(i);
    return previous !== null && previous.shown && previous.side === side;
  }

  private stood(i: number): number {
    return this.label(i).previous!.y + half(this.label(i).height);
  }

  /** Rule 1. */
  private inclination(i: number): number {
    const { product, spacing } = this.input;
    const d = 2 * this.label(i).anchorX - (2 * product.x + product.width);
    const slack = Math.max(Math.floor(product.width / 4), 2 * spacing);
    return this.stays(i, 'left') ? d - slack : this.stays(i, 'right') ? d + slack : d;
  }

  private mayStand(i: number, side: Lane): boolean {
    const { bounds, product, gap } = this.input;
    const room = side === 'left' ? product.x - bounds.x : bounds.x + bounds.width - (product.x + product.width);
    const { width } = this.label(i);
    return width <= bounds.width && room >= width + (this.stays(i, side) ? 0 : gap);
  }

  /** The x that all labels of the lane touch, and how wide the widest is; rule 3. */
  private edge(members: number[], side: Lane): [number, number] {
    const { bounds, product, gap } = this.input;
    const width = Math.max(0, ...members.map((i) => this.label(i).width));
    const end = bounds.x + bounds.width;
    const x =
      side === 'left'
        ? Math.max(Math.min(product.x - gap, end), bounds.x + width)
        : Math.min(Math.max(product.x + product.width + gap, bounds.x), end - width);
    return [x, width];
  }

  private intervals(members: number[], side: Lane, toSpare: boolean): Interval[] {
    const { bounds, product, obstacles, gap, spacing } = this.input;
    const margin = toSpare ? gap : 0;
    const [edge, width] = this.edge(members, side);
    const start = side === 'left' ? edge - width : edge;
    let [at, end] = [bounds.y, bounds.y + bounds.height];
    const least = half(Math.min(...members.map((i) => this.label(i).height)));
    if (this.limitFrom) at = Math.max(at, product.y - least + margin);
    if (this.limitTo) end = Math.min(end, product.y + product.height + least - margin);
    const taken = obstacles
      .map((o) => grown(o, margin))
      .filter((o) => o.x < start + width && start < o.x + o.width)
      .map((o): Interval => ({ from: o.y - spacing, to: o.y + o.height + spacing }))
      .sort((a, b) => a.from - b.from);
    const free: Interval[] = [];
    for (const { from, to } of taken) {
      if (Math.min(from, end) > at) free.push({ from: at, to: Math.min(from, end) });
      at = Math.max(at, to);
    }
    if (end > at) free.push({ from: at, to: end });
    return free;
  }

  /** Rule 5. */
  private ordered(members: number[], side: Lane): number[] {
    const order = members
      .filter((i) => this.stays(i, side))
      .sort((a, b) => this.stood(a) - this.stood(b) || a - b);
    for (const i of members.filter((each) => !this.stays(each, side)).sort((a, b) => a - b)) {
      const at = order.findIndex((k) => this.label(k).anchorY > this.label(i).anchorY);
      order.splice(at < 0 ? order.length : at, 0, i);
    }
    return order;
  }

  private holds(members: number[], side: Lane): boolean {
    if (members.length === 0) return true;
    const free = this.intervals(members, side, members.some((i) => !this.stays(i, side)));
    let k = 0;
    let from = free[0]?.from ?? 0;
    for (const i of this.ordered(members, side)) {
      const { height } = this.label(i);
      while (k < free.length && from + height > free[k]!.to) from = free[++k]?.from ?? 0;
      if (k === free.length) return false;
      from += height + this.input.spacing;
    }
    return true;
  }

  /** Rules 2 and 4. */
  private admit(i: number): boolean {
    let side: Lane = this.inclination(i) < 0 ? 'left' : 'right';
    if (this.mayDiffer && !this.mayStand(i, side)) side = other(side);
    if (!this.mayStand(i, side)) return false;
    const here = [...this.lanes[side], i];
    if (this.holds(here, side)) {
      this.lanes[side] = here;
      return true;
    }
    const sign = side === 'left' ? -1 : 1;
    const candidates = [...here].sort((a, b) => sign * (this.inclination(a) - this.inclination(b)) || b - a);
    for (const goes of candidates) {
      const into = sign * this.inclination(goes);
      if (!this.mayStand(goes, other(side)) || (!this.mayDiffer && into > half(this.input.product.width))) continue;
      const there = [...this.lanes[other(side)], goes];
      const rest = here.filter((k) => k !== goes);
      if (!this.holds(there, other(side)) || !this.holds(rest, side)) continue;
      this.lanes[side] = rest;
      this.lanes[other(side)] = there;
      return true;
    }
    return false;
  }

  /** Rule 6: one run of the order in one interval; null when it does not fit. */
  private spread(order: number[], { from, to }: Interval, side: Lane): { cost: number; ys: number[] } | null {
    const { spacing, gap } = this.input;
    const blocks: { sum: number; count: number }[] = [];
    const offsets: number[] = [];
    const wishes: number[] = [];
    let offset = 0;
    for (const i of order) {
      const { anchorY, height } = this.label(i);
      offsets.push(offset);
      wishes.push(anchorY - half(height));
      blocks.push({ sum: wishes.at(-1)! - offset, count: 1 });
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
    const total = offset - spacing;
    if (order.length > 0 && total > to - from) return null;
    const means = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(Math.floor(sum / count)));
    const ys = means.map((mean, k) => Math.max(Math.min(mean, to - total), from) + offsets[k]!);
    let cost = 0;
    order.forEach((i, k) => {
      cost += Math.abs(ys[k]! - wishes[k]!);
      if (this.stays(i, side) && (this.stood(i) < from || this.stood(i) >= to)) cost += 3 * gap;
    });
    return { cost, ys };
  }

  /** Rule 6: the tops in that order; null when they do not fit. */
  private set(order: number[], free: Interval[], side: Lane): number[] | null {
    const n = order.length;
    let best: ({ cost: number; ys: number[] } | null)[] = [{ cost: 0, ys: [] }, ...Array<null>(n).fill(null)];
    for (const interval of free) {
      const next: typeof best = Array<null>(n + 1).fill(null);
      for (let j = 0; j <= n; ++j) {
        for (let i = 0; i <= j; ++i) {
          const before = best[i];
          const run = before && this.spread(order.slice(i, j), interval, side);
          if (!run) continue;
          const cost = before.cost + run.cost;
          const known = next[j];
          if (!known || cost < known.cost) next[j] = { cost, ys: [...before.ys, ...run.ys] };
        }
      }
      best = next;
    }
    return best[n]?.ys ?? null;
  }

  /** Rule 7, with the ports held still: each exchange makes the leaders shorter together, so it ends. Gives a new order or null. */
  private uncrossed(order: number[], ys: number[], x: number, side: Lane): number[] | null {
    const now = [...order];
    const apart = Math.floor(this.input.spacing / 3);
    const ports = order.map((i, k) => ys[k]! + half(this.label(i).height));
    const crossed = (k: number, l: number): boolean => {
      const [a, b] = [this.label(now[k]!), this.label(now[l]!)];
      const cross = (by: number): boolean =>
        segmentsCross([x, ports[k]!], [a.anchorX, a.anchorY - by], [x, ports[l]!], [b.anchorX, b.anchorY + by]);
      return cross(0) && (!this.stays(now[k]!, side) || !this.stays(now[l]!, side) || cross(apart));
    };
    const find = (): [number, number] | null => {
      for (let k = 0; k < now.length; ++k) {
        for (let l = k + 1; l < now.length; ++l) if (crossed(k, l)) return [k, l];
      }
      return null;
    };
    let any = false;
    for (let pair = find(); pair; pair = find()) {
      const [k, l] = pair;
      [now[k], now[l]] = [now[l]!, now[k]!];
      any = true;
    }
    return any ? now : null;
  }

  private setLane(members: number[], side: Lane): Setting {
    const lane: Setting = { side, order: this.ordered(members, side), ys: [], x: this.edge(members, side)[0] };
    if (members.length === 0) return lane;
    const free = this.intervals(members, side, false);
    lane.ys = this.set(lane.order, free, side)!; // the lane holds them with room to spare
    for (let round = 0; round < members.length; ++round) {
      const order = this.uncrossed(lane.order, lane.ys, lane.x, side);
      const ys = order && this.set(order, free, side);
      if (!ys) break;
      lane.order = order;
      lane.ys = ys;
    }
    return lane;
  }

  /** Of the k-th label of the left and the l-th of the right lane, anchors moved apart by `apart`. */
  private leadersCross(left: Setting, k: number, right: Setting, l: number, apart: number): boolean {
    const [a, b] = [this.label(left.order[k]!), this.label(right.order[l]!)];
    return segmentsCross(
      [left.x, left.ys[k]! + half(a.height)],
      [a.anchorX - apart, a.anchorY],
      [right.x, right.ys[l]! + half(b.height)],
      [b.anchorX + apart, b.anchorY],
    );
  }

  private crossings(left: Setting, right: Setting): number {
    let n = 0;
    left.order.forEach((_, k) => right.order.forEach((__, l) => (n += Number(this.leadersCross(left, k, right, l, 0)))));
    return n;
  }

  /** Rule 8: lets one crossing pair change lanes; null when there is none that may. */
  private exchange(left: Setting, right: Setting): [Setting, Setting] | null {
    const now = this.crossings(left, right);
    if (now === 0) return null;
    const apart = Math.floor(this.input.spacing / 3);
    for (const [k, a] of left.order.entries()) {
      for (const [l, b] of right.order.entries()) {
        if (!this.leadersCross(left, k, right, l, 0)) continue;
        if (this.stays(a, 'left') && this.stays(b, 'right') && !this.leadersCross(left, k, right, l, apart)) continue;
        for (const [aGoes, bGoes] of [[true, true], [false, true], [true, false]]) {
          if ((aGoes && !this.mayStand(a, 'right')) || (bGoes && !this.mayStand(b, 'left'))) continue;
          const newLeft = [...this.lanes.left.filter((i) => !aGoes || i !== a), ...(bGoes ? [b] : [])];
          const newRight = [...this.lanes.right.filter((i) => !bGoes || i !== b), ...(aGoes ? [a] : [])];
          if (!this.holds(newLeft, 'left') || !this.holds(newRight, 'right')) continue;
          const settings: [Setting, Setting] = [this.setLane(newLeft, 'left'), this.setLane(newRight, 'right')];
          if (this.crossings(...settings) >= now) continue;
          this.lanes = { left: newLeft, right: newRight };
          return settings;
        }
      }
    }
    return null;
  }
}

/** A line that enters a rectangle without ending in it crosses one of its diagonals. */
function runsOver(from: Spot, to: Spot, { x, y, width, height }: Rect): boolean {
  const inside = ([px, py]: Spot): boolean => px >= x && py >= y && px < x + width && py < y + height;
  return (
    inside(from) ||
    inside(to) ||
    segmentsCross(from, to, [x, y], [x + width, y + height]) ||
    segmentsCross(from, to, [x + width, y], [x, y + height])
  );
}

/** Rule 9. */
function hideUnclear({ labels, spacing }: LayoutInput, out: Placement[]): void {
  const rect = (i: number): Rect => ({ x: out[i]!.x, y: out[i]!.y, width: labels[i]!.width, height: labels[i]!.height });
  const port = (i: number): Spot => labelPort(out[i]!, labels[i]!.width, labels[i]!.height);
  const anchor = (i: number): Spot => [labels[i]!.anchorX, labels[i]!.anchorY];
  const isRow = ({ side }: Placement): boolean => side === 'above' || side === 'below';
  const kept: number[] = [];
  out.forEach((each, i) => each.shown && !isRow(each) && kept.push(i));
  out.forEach((each, i) => {
    if (!each.shown || !isRow(each)) return;
    const before = labels[i]!.previous;
    const margin = before?.shown && before.side === each.side ? 0 : spacing;
    const unclear = kept.some(
      (k) =>
        runsOver(port(k), anchor(k), grown(rect(i), margin)) || runsOver(port(i), anchor(i), grown(rect(k), margin)),
    );
    if (unclear) out[i] = nowhere();
    else kept.push(i);
  });
}
