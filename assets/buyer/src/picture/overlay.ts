// Callouts and dimension lines over the picture, for exactly the frame on screen: labels are elements (crisp, readable aloud, focusable), leaders and the pinned
// product's outline are lines in one SVG. All positions here are CSS px of the picture's box, physical left to right in every language: the picture
// is not mirrored, only each label's own text is.

import type { Words } from '../text/language';
import { el, fill, svg } from '../view/dom';
import type { Callout, Product, ShowDocument } from '../wire/show';
import type { Anchor, SceneFrame } from '../wire/scene_frame';
import { labelPort, layoutLabels, meets, type Placement, type Rect } from './label_layout';
import { Markers } from '../point/markers';
import type { Spot } from '../point/picture_tool';
import { calm } from '../view/dom';
import { DimensionLines } from './dimension_lines';
import { insets } from './insets';
import { project, type Point } from './projection';
import { unproject } from './unproject';

export interface OverlayReports {
  callout(product: Product, callout: Callout): void;
  /** Other callouts than before have no room in the picture. */
  leftOut(callouts: { product: Product; callout: Callout }[]): void;
}

interface Drawn {
  callout: Callout;
  product: Product;
  item: HTMLLIElement;
  button: HTMLButtonElement;
  halo: SVGLineElement; // under the leader, so that it shows on bright parts too
  leader: SVGLineElement;
  dot: SVGCircleElement;
  width: number;
  height: number;
  stood: Placement | null; // in the scene frame before
  visible: boolean;
}

interface Anchored {
  anchor: Anchor;
  product: Product;
  opacity: number;
  corners: Point[] | null;
}

interface Box {
  product: Product;
  corners: Point[];
}

const gap = 20;
const spacing = 6;
const jump = 24; // px in one frame from which a label fades in anew where it stands
const settled = 30; // frames after which callouts that have no room are told

export class Overlay {
  readonly root: HTMLElement;
  readonly markers = new Markers();
  private readonly list = el('ul', { class: 'callouts' });
  private readonly outline = svg('polygon', { class: 'outline' });
  private readonly lines = svg('g');
  private readonly dimensions = new DimensionLines();
  private readonly drawing = svg('svg', { class: 'leaders', 'aria-hidden': 'true' });
  private readonly reports: OverlayReports;
  private drawn: Drawn[] = [];
  private products = new Map<string, Product>();
  private words: Words | null = null;
  private size = { width: 0, height: 0 };
  private obstacles: Rect[] = [];
  private hidden = new Set<string>();
  private pinned = '';
  private open: string | null = null;
  private boxes: Box[] = [];
  private last: SceneFrame | null = null;
  private off = false;
  private left: Drawn[] = []; // without room in this frame
  private told: Drawn[] = [];
  private since = 0; // frames that `left` has been as it is

  constructor(reports: OverlayReports) {
    this.reports = reports;
    this.drawing.append(this.outline, this.dimensions.lines, this.lines, this.markers.lines);
    this.root = el('div', { class: 'overlay', dir: 'ltr' }, this.drawing, this.dimensions.list, this.list, this.markers.list);
  }

  show(show: ShowDocument, words: Words): void {
    this.words = words;
    this.products = new Map(show.products.map((product) => [product.id, product]));
    this.drawn = show.products.flatMap((product) => product.callouts.map((callout) => this.make(product, callout)));
    fill(this.list, ...this.drawn.map(({ item }) => item));
    fill(this.lines, ...this.drawn.flatMap(({ halo, leader, dot }) => [halo, leader, dot]));
    this.dimensions.show(show, words);
    this.list.setAttribute('aria-label', words.say('callouts', { product: words.text(show.title) }));
    this.measure();
  }

  state(pinned: string, hidden: Set<string>): void {
    this.pinned = pinned;
    this.hidden = hidden;
    this.draw(this.last);
  }

  /** For this buyer alone. */
  switch(on: boolean): void {
    this.off = !on;
    this.draw(this.last);
  }

  /** `obstacles`: what stands over the picture and must stay readable. */
  resize(width: number, height: number, obstacles: Rect[]): void {
    this.size = { width, height };
    this.obstacles = obstacles;
    this.root.classList.toggle('small', width < 560);
    this.drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.measure();
  }

  openCallout(id: string | null): void {
    this.open = id;
    for (const each of this.drawn) this.label(each);
    this.measure();
  }

  /** The product drawn at a point of the picture (px). */
  productAt(x: number, y: number): Product | null {
    return this.boxes.findLast(({ corners }) => inside(corners, x, y))?.product ?? null;
  }

  /** What of the target's plane is seen at a point of the picture (px), by the frame on screen: on a product's target, or beside it by up to half its size. */
  spotAt(x: number, y: number): Spot | null {
    const scene = this.last;
    if (!scene) return null;
    const at: Point = [x / this.size.width, y / this.size.height];
    const spots = scene.anchors.flatMap((anchor): (Spot & { inside: boolean })[] => {
      const product = this.products.get(anchor.product);
      const mm = product && fade(anchor.visibility) > 0 ? unproject(anchor, at) : null;
      if (!product || !mm) return [];
      const { widthMm: w, heightMm: h } = product;
      const beyond = (value: number, size: number): number => Math.max(-value, value - size, 0);
      const [bx, by] = [beyond(mm[0], w), beyond(mm[1], h)];
      return bx <= w / 2 && by <= h / 2 ? [{ product, anchor, scene, mm, at, inside: bx === 0 && by === 0 }] : [];
    });
    return spots.findLast(({ inside }) => inside) ?? spots.at(-1) ?? null;
  }

  /** Whether anything is drawn over the picture by it. */
  covers(scene: SceneFrame): boolean {
    return !this.off && this.anchored(scene).length > 0;
  }

  /** The scene frame of the frame on screen. */
  get scene(): SceneFrame | null {
    return this.last;
  }

  /** Markers have changed. */
  redraw(): void {
    this.draw(this.last);
  }

  /** x of the product's middle in this frame as a share of the picture; null when it is not seen. */
  across(product: string): number | null {
    const corners = this.boxes.find((box) => box.product.id === product)?.corners;
    return corners ? corners.reduce((sum, [x]) => sum + x, 0) / corners.length / this.size.width : null;
  }

  draw(scene: SceneFrame | null): void {
    this.last = scene;
    const seen = new Set<Drawn>();
    const products = new Set<Product>();
    const before = this.left;
    this.left = [];
    this.boxes = [];
    const taken = [...this.obstacles];
    let outlined = false;
    const fresh = this.anchored(this.off ? null : scene);
    for (const { product, corners, opacity } of fresh) {
      if (!corners) continue;
      this.boxes.push({ product, corners });
      if (product.id !== this.pinned) continue;
      outlined = true;
      this.outline.setAttribute('points', corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '));
      this.outline.style.opacity = String(opacity);
    }
    for (const each of fresh) {
      products.add(each.product);
      const others = fresh.flatMap(({ product, corners }) => (product !== each.product && corners ? [around(corners, this.size)] : []));
      this.place(each, scene!, [...taken, ...others], taken, seen);
    }
    this.outline.classList.toggle('off', !outlined);
    this.dimensions.keep(products);
    this.markers.keep(products);
    for (const each of this.drawn) {
      if (seen.has(each)) continue;
      if (scene) each.stood = null; // a picture without scene frame says nothing of where labels stand
      hide(each);
    }
    this.tell(before);
  }

  /** A label that comes and goes is not told at once: the list of those left out must not flicker. */
  private tell(before: Drawn[]): void {
    const same = (a: Drawn[], b: Drawn[]): boolean => a.length === b.length && a.every((each, i) => each === b[i]);
    this.since = same(this.left, before) ? this.since + 1 : 0;
    if (same(this.left, this.told) || (this.since < settled && this.left.length > 0)) return;
    this.told = this.left;
    this.reports.leftOut(this.left);
  }

  private anchored(scene: SceneFrame | null): Anchored[] {
    return (scene?.anchors ?? []).flatMap((anchor): Anchored[] => {
      const product = this.products.get(anchor.product);
      const opacity = fade(anchor.visibility);
      return product && opacity > 0 ? [{ anchor, product, opacity, corners: this.corners(anchor, product) }] : [];
    });
  }

  /** `obstacles`: all that this product's labels keep off; theirs are added to `taken`. */
  private place({ anchor, product, corners, opacity }: Anchored, scene: SceneFrame, obstacles: Rect[], taken: Rect[], seen: Set<Drawn>): void {
    const lines = this.dimensions.draw(anchor, product, this.hidden, opacity, this.obstacles);
    const marks = this.markers.draw(anchor, product, opacity);
    taken.push(...lines.plates, ...marks);
    const { width, height } = this.size;
    const wanted: { each: Drawn; x: number; y: number }[] = [];
    for (const each of this.drawn) {
      if (each.product !== product || this.hidden.has(each.callout.id)) continue;
      const at = project(anchor, each.callout.at);
      if (!at || at[0] < 0 || at[0] > 1 || at[1] < 0 || at[1] > 1) continue;
      if (this.obstacles.some((o) => meets(o, { x: at[0] * width, y: at[1] * height, width: 1, height: 1 }))) continue; // its leader would point at that
      wanted.push({ each, x: at[0] * width, y: at[1] * height });
    }
    if (wanted.length === 0) return;
    const margin = { x: Math.round(width * 0.03), y: Math.round(height * 0.03) };
    const box = around([...(corners ?? []), ...lines.points, ...wanted.map(({ x, y }): Point => [x, y])], this.size);
    const middle: Point = [box.x + box.width / 2, box.y + box.height / 2];
    const placed = layoutLabels({
      bounds: { x: margin.x, y: margin.y, width: Math.floor(width) - 2 * margin.x, height: Math.floor(height) - 2 * margin.y },
      product: box,
      obstacles: [...obstacles, ...lines.plates, ...marks, ...insets(scene.sources, middle, this.size)],
      labels: wanted.map(({ each, x, y }) => ({
        anchorX: Math.round(x),
        anchorY: Math.round(y),
        width: each.width,
        height: each.height,
        previous: each.stood,
      })),
      gap: this.root.classList.contains('small') ? gap / 2 : gap,
      spacing,
    });
    placed.forEach((placement, i) => {
      const { each, x, y } = wanted[i]!;
      if (!placement.shown) {
        this.left.push(each);
        return;
      }
      const moved = each.stood && (each.stood.side !== placement.side || far(each.stood, placement));
      seen.add(each);
      each.stood = placement;
      taken.push({ x: placement.x, y: placement.y, width: each.width, height: each.height });
      put(each, placement, x, y, opacity);
      if (moved && !calm()) for (const part of parts(each)) part.animate({ opacity: [0, opacity] }, 160);
    });
  }

  private corners(anchor: Anchor, product: Product): Point[] | null {
    const { widthMm: w, heightMm: h } = product;
    if (!(w > 0 && h > 0)) return null;
    const points = ([[0, 0], [w, 0], [w, h], [0, h]] as const).map(([x, y]) => project(anchor, [x, y, 0]));
    if (points.some((point) => point === null)) return null;
    return points.map((point): Point => [point![0] * this.size.width, point![1] * this.size.height]);
  }

  private make(product: Product, callout: Callout): Drawn {
    const button = el('button', { type: 'button', class: 'callout', dir: 'auto' });
    const drawn: Drawn = {
      callout,
      product,
      button,
      item: el('li', { class: 'away' }, button),
      halo: svg('line', { class: 'halo away' }),
      leader: svg('line', { class: 'leader away' }),
      dot: svg('circle', { class: 'dot away', r: 3 }),
      width: 0,
      height: 0,
      stood: null,
      visible: false,
    };
    button.addEventListener('click', () => this.reports.callout(product, callout));
    this.label(drawn);
    return drawn;
  }

  private label({ callout, product, button }: Drawn): void {
    const words = this.words!;
    const opened = this.open === callout.id;
    const spec = product.specs.find(({ key }) => key === callout.spec);
    const text = words.text(callout.text);
    const value = spec ? `${words.text(spec.label)} ${words.value(spec.value)} ${spec.unit}`.trim() : '';
    fill(button, el('span', { class: 'callout-text' }, text), opened && value && el('span', { class: 'callout-value' }, value));
    button.setAttribute('aria-expanded', String(opened));
    if (value) button.setAttribute('aria-label', `${text}. ${value}`);
  }

  /** Label sizes are read here, once for each text and size of picture, never while drawing a frame. */
  private measure(): void {
    this.dimensions.measure(this.size);
    this.markers.measure(this.size);
    for (const each of this.drawn) {
      each.width = Math.ceil(each.item.offsetWidth);
      each.height = Math.ceil(each.item.offsetHeight);
    }
    this.draw(this.last);
  }
}

function put(each: Drawn, placement: Placement, anchorX: number, anchorY: number, opacity: number): void {
  each.item.style.transform = `translate(${placement.x}px, ${placement.y}px)`;
  const [x1, y1] = labelPort(placement, each.width, each.height);
  const ends = { x1, y1, x2: anchorX, y2: anchorY };
  for (const [name, at] of Object.entries(ends)) {
    each.halo.setAttribute(name, at.toFixed(1));
    each.leader.setAttribute(name, at.toFixed(1));
  }
  each.dot.setAttribute('cx', anchorX.toFixed(1));
  each.dot.setAttribute('cy', anchorY.toFixed(1));
  for (const part of parts(each)) part.style.opacity = String(opacity);
  if (!each.visible) toggle(each, true);
}

const far = (a: Placement, b: Placement): boolean => Math.abs(a.x - b.x) > jump || Math.abs(a.y - b.y) > jump;

const parts = ({ item, halo, leader, dot }: Drawn) => [item, halo, leader, dot];

function hide(each: Drawn): void {
  if (each.visible) toggle(each, false);
}

function toggle(each: Drawn, visible: boolean): void {
  each.visible = visible;
  for (const part of parts(each)) {
    part.classList.toggle('away', !visible);
    if (!visible) part.style.opacity = '';
  }
}

/** Soft from 0.2 to 0.5; below, a pose is not trusted enough to point at anything. */
export function fade(visibility: number): number {
  const share = Math.min(Math.max((visibility - 0.2) / 0.3, 0), 1);
  return Math.round(share * share * (3 - 2 * share) * 100) / 100;
}

/** The box round the product, kept within three pictures' reach so that the layout's integers stay small. */
function around(points: Point[], { width, height }: { width: number; height: number }): Rect {
  const clamp = (value: number, size: number): number => Math.round(Math.min(Math.max(value, -size), 2 * size));
  const xs = points.map(([x]) => clamp(x, width));
  const ys = points.map(([, y]) => clamp(y, height));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Even-odd rule. */
export function inside(corners: Point[], x: number, y: number): boolean {
  let odd = false;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  });
  return odd;
}
