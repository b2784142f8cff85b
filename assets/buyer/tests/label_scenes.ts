// Twelve callouts on a product that is posed, turned and shaken, in integers only: the twin of tests/overlays/painting/label_scenes.cpp.

import {
  labelPort,
  layoutLabels,
  meets,
  segmentsCross,
  type LayoutInput,
  type Placement,
  type Rect,
  type Side,
  type Spot,
} from '../src/picture/label_layout';

/** Numerical Recipes' 32-bit generator. */
export class Lcg {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  between(low: number, high: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return low + ((this.state >>> 8) % (high - low + 1));
  }
}

interface BoxPose {
  roll: number;
  yaw: number;
  pitch: number;
  distance: number;
  x: number;
  y: number;
  depth: number;
}

const one = 65536;
const wholeTurn = 1440;
const cosine = (quarterDegrees: number): number => Math.floor(one * Math.cos((2 * Math.PI * quarterDegrees) / wholeTurn) + 0.5);

function rotated(a: number, b: number, angle: number): [number, number] {
  const [c, s] = [cosine(angle), cosine(angle - wholeTurn / 4)];
  return [Math.floor((a * c - b * s) / one), Math.floor((a * s + b * c) / one)];
}

function projected(pose: BoxPose, point: readonly [number, number, number]): Spot {
  let [x, y] = rotated(point[0], point[1], pose.roll);
  let z = point[2];
  [z, x] = rotated(z, x, pose.yaw);
  [y, z] = rotated(y, z, pose.pitch);
  const depth = Math.max(pose.distance - z, 100);
  return [pose.x + Math.floor((1500 * x) / depth), pose.y + Math.floor((1500 * y) / depth)];
}

const parts = [
  [-13, -12, 16], [12, -13, 16], [-6, 3, 16], [14, 11, 16], [-15, 9, 0], [2, -4, 16],
  [7, 6, -16], [-9, -2, 16], [15, -1, 0], [-3, 14, 4], [5, -14, -16], [-12, 13, -16],
] as const;

function boxOf(points: Spot[]): Rect {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

function posedInput(pose: BoxPose, sizes: Lcg): LayoutInput {
  const deep = Math.floor(pose.depth / 2);
  const corners = [-750, 750].flatMap((x) => [-500, 500].flatMap((y) => [-1, 1].map((z) => projected(pose, [x, y, Math.trunc((z * pose.depth) / 2)]))));
  const labels = parts.map(([x, y, z]) => {
    const [anchorX, anchorY] = projected(pose, [Math.floor((x * 750) / 16), Math.floor((y * 500) / 16), Math.floor((z * deep) / 16)]);
    const width = sizes.between(140, 330);
    return { anchorX, anchorY, width, height: sizes.between(48, 96), previous: null };
  });
  const product = boxOf([...corners, ...labels.map(({ anchorX, anchorY }): Spot => [anchorX, anchorY])]);
  return { bounds: { x: 96, y: 54, width: 1728, height: 972 }, product, obstacles: [], labels, gap: 42, spacing: 18 };
}

export function randomPoseInput(random: Lcg): LayoutInput {
  const pose: BoxPose = {
    roll: random.between(0, wholeTurn - 1),
    yaw: random.between(-220, 220),
    pitch: random.between(-220, 220),
    distance: random.between(2400, 12000),
    x: random.between(400, 1520),
    y: random.between(250, 830),
    depth: random.between(0, 600),
  };
  const input = posedInput(pose, new Lcg(random.between(1, 1000000)));
  if (random.between(0, 2) === 0) input.bounds.width = 1728 - 640 - 18;
  if (random.between(0, 1) === 0) input.obstacles.push({ x: 1664, y: 54, width: 160, height: 86 });
  if (random.between(0, 2) === 0) input.obstacles.push({ x: 96, y: 900, width: 700, height: 126 });
  if (random.between(0, 2) === 0) input.obstacles.push({ x: 96, y: 54, width: 480, height: 270 });
  return input;
}

export interface LayoutFigures {
  frames: number;
  labels: number;
  shown: number;
  crossings: number;
  side_flips: number;
  most_flips: number;
  comings: number;
  jumps: number;
  hash: number;
}

const sides: Side[] = ['left', 'right', 'above', 'below'];

class Counter {
  readonly figures: LayoutFigures = {
    frames: 0, labels: 0, shown: 0, crossings: 0, side_flips: 0, most_flips: 0, comings: 0, jumps: 0, hash: 2166136261,
  };
  private before: Placement[] = [];
  private readonly flips = parts.map(() => 0);

  add(input: LayoutInput, now: Placement[], follows: boolean): void {
    const { figures } = this;
    ++figures.frames;
    const leader = (i: number): [Spot, Spot] => {
      const { width, height, anchorX, anchorY } = input.labels[i]!;
      return [labelPort(now[i]!, width, height), [anchorX, anchorY]];
    };
    now.forEach((each, i) => {
      ++figures.labels;
      figures.shown += Number(each.shown);
      for (const value of [Number(each.shown), sides.indexOf(each.side), each.x, each.y]) this.hash(value);
      if (follows) this.compare(i, this.before[i]!, each);
      for (let k = 0; k < i; ++k) {
        if (each.shown && now[k]!.shown && segmentsCross(...leader(i), ...leader(k))) ++figures.crossings;
      }
    });
    this.before = now;
  }

  private hash(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) {
      this.figures.hash = Math.imul(this.figures.hash ^ ((value >> shift) & 255), 16777619) >>> 0;
    }
  }

  private compare(i: number, before: Placement, now: Placement): void {
    const { figures, flips } = this;
    if (before.shown !== now.shown) ++figures.comings;
    if (!before.shown || !now.shown) return;
    if (before.side !== now.side) {
      ++figures.side_flips;
      figures.most_flips = Math.max(figures.most_flips, ++flips[i]!);
    } else if (Math.abs(now.x - before.x) > 24 || Math.abs(now.y - before.y) > 24) {
      ++figures.jumps;
    }
  }
}

const remembering = (input: LayoutInput, before: Placement[] | null): LayoutInput => ({
  ...input,
  labels: input.labels.map((label, i) => ({ ...label, previous: before?.[i] ?? null })),
});

function shaken(input: LayoutInput, random: Lcg): LayoutInput {
  const { x, y, width, height } = input.product;
  const points: Spot[] = ([[x, y], [x + width - 1, y + height - 1]] as const).map(([px, py]): Spot => {
    const dx = random.between(-2, 2);
    return [px + dx, py + random.between(-2, 2)];
  });
  const labels = input.labels.map((label) => {
    const anchorX = label.anchorX + random.between(-2, 2);
    const anchorY = label.anchorY + random.between(-2, 2);
    points.push([anchorX, anchorY]);
    return { ...label, anchorX, anchorY };
  });
  return { ...input, labels, product: boxOf(points) };
}

const onTable: BoxPose = { roll: 0, yaw: 0, pitch: 160, distance: 3600, x: 960, y: 540, depth: 200 };
const upright: BoxPose = { roll: 0, yaw: 0, pitch: 40, distance: 4200, x: 960, y: 540, depth: 900 };

function randomPoses(): LayoutFigures {
  const random = new Lcg(20260301);
  const counter = new Counter();
  for (let i = 0; i < 1000; ++i) {
    const input = randomPoseInput(random);
    counter.add(input, layoutLabels(input), false);
  }
  return counter.figures;
}

function turn(pose: BoxPose, angle: 'roll' | 'yaw', shake: Lcg | null): LayoutFigures {
  const counter = new Counter();
  let before: Placement[] | null = null;
  for (let step = 0; step < wholeTurn; ++step) {
    const still = posedInput({ ...pose, [angle]: step }, new Lcg(11));
    const input = remembering(shake ? shaken(still, shake) : still, before);
    before = layoutLabels(input);
    counter.add(input, before, step > 0);
  }
  return counter.figures;
}

function shakenStills(): LayoutFigures {
  const random = new Lcg(6);
  const counter = new Counter();
  for (let roll = 0; roll < wholeTurn; roll += 8) {
    const still = posedInput({ ...onTable, roll }, new Lcg(11));
    let before: Placement[] | null = null;
    for (let frame = 0; frame < 12; ++frame) {
      const input = remembering(shaken(still, random), before);
      before = layoutLabels(input);
      counter.add(input, before, frame > 0);
    }
  }
  return counter.figures;
}

export const figures = (): Record<string, LayoutFigures> => ({
  random_poses: randomPoses(),
  table_turn: turn(onTable, 'roll', null),
  upright_turn: turn(upright, 'yaw', null),
  shaken_turn: turn(onTable, 'roll', new Lcg(5)),
  shaken_stills: shakenStills(),
});

/** What is wrong with a layout: '' or a sentence. */
export function faultOf({ bounds, product, obstacles, labels }: LayoutInput, placements: Placement[]): string {
  const boxes = placements.flatMap(({ shown, x, y }, i): Rect[] =>
    shown ? [{ x, y, width: labels[i]!.width, height: labels[i]!.height }] : [],
  );
  for (const [i, box] of boxes.entries()) {
    const within = box.x >= bounds.x && box.y >= bounds.y && box.x + box.width <= bounds.x + bounds.width && box.y + box.height <= bounds.y + bounds.height;
    if (!within) return 'a label leaves the bounds';
    if (meets(box, product)) return 'a label lies on the product';
    if (obstacles.some((o) => meets(box, o))) return 'a label lies on an obstacle';
    if (boxes.slice(0, i).some((each) => meets(box, each))) return 'two labels meet';
  }
  return '';
}
