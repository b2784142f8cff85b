// Spots that buyers marked, and lengths measured, locked to the part: held in mm of the target's frame and drawn anew by each frame's own anchor. They are
// drawn before the callouts, whose labels keep clear of them.

import type { Words } from '../text/language';
import { el, icon, svg } from '../view/dom';
import type { Anchor } from '../wire/scene_frame';
import type { Product, Vec3 } from '../wire/show';
import type { Rect } from '../picture/label_layout';
import { project } from '../picture/projection';

export interface Marker {
  id: string;
  product: string;
  at: Vec3;
  name: string;
  note: string;
  own: boolean;
  kind: 'point' | 'draft' | 'corner'; // corner: an end of a length being measured
}

export interface MeasuredLine {
  product: string;
  from: Vec3;
  to: Vec3;
  text: string;
}

export interface DrawnMarker {
  id: string;
  x: number; // px of the picture's box
  y: number;
}

interface Drawn {
  marker: Marker;
  ring: SVGGElement;
  item: HTMLLIElement;
  width: number;
  height: number;
  stood: DrawnMarker | null;
}

interface DrawnLine {
  line: MeasuredLine;
  group: SVGGElement;
  strokes: SVGLineElement[];
  item: HTMLLIElement;
  width: number;
  height: number;
}

const away = 13; // px from the spot to its name

export class Markers {
  readonly lines = svg('g', { class: 'marks' });
  readonly list = el('ul', { class: 'mark-names' });
  /** The buyer takes one of their own away. */
  onRemove: (id: string) => void = () => undefined;
  private drawn: Drawn[] = [];
  private measured: DrawnLine[] = [];
  private size = { width: 0, height: 0 };
  private said = '';

  show(markers: readonly Marker[], lines: readonly MeasuredLine[], words: Words): void {
    const now = JSON.stringify([markers, lines, words.language]);
    if (now === this.said) return;
    this.said = now;
    this.drawn = markers.map((marker) => this.make(marker, words));
    this.measured = lines.map(makeLine);
    this.lines.replaceChildren(...this.measured.map(({ group }) => group), ...this.drawn.map(({ ring }) => ring));
    this.list.replaceChildren(...this.measured.map(({ item }) => item), ...this.drawn.map(({ item }) => item));
    this.list.setAttribute('aria-label', words.say('points'));
    this.measure(this.size);
  }

  measure(size: { width: number; height: number }): void {
    this.size = size;
    for (const each of [...this.drawn, ...this.measured]) {
      each.width = Math.ceil(each.item.offsetWidth);
      each.height = Math.ceil(each.item.offsetHeight);
    }
  }

  /** Where they stood in the frame before, for tests and support. */
  standing(): DrawnMarker[] {
    return this.drawn.flatMap(({ stood }) => (stood ? [stood] : []));
  }

  keep(products: Set<Product>): void {
    const there = new Set([...products].map(({ id }) => id));
    for (const each of this.drawn) if (!there.has(each.marker.product)) this.put(each, null);
    for (const each of this.measured) if (!there.has(each.line.product)) putLine(each, null, null, this.size);
  }

  draw(anchor: Anchor, product: Product, opacity: number): Rect[] {
    const taken: Rect[] = [];
    for (const each of this.measured) {
      if (each.line.product !== product.id) continue;
      const plate = putLine(each, project(anchor, each.line.from), project(anchor, each.line.to), this.size);
      if (plate) taken.push(plate);
    }
    for (const each of this.drawn) {
      if (each.marker.product !== product.id) continue;
      const at = project(anchor, each.marker.at);
      const inside = at && at[0] >= 0 && at[0] <= 1 && at[1] >= 0 && at[1] <= 1;
      const plate = this.put(each, inside ? [at[0] * this.size.width, at[1] * this.size.height] : null);
      each.ring.style.opacity = each.item.style.opacity = String(opacity);
      if (plate) taken.push(plate);
    }
    return taken;
  }

  private put(each: Drawn, at: [number, number] | null): Rect | null {
    each.stood = at && { id: each.marker.id, x: at[0], y: at[1] };
    for (const part of [each.ring, each.item]) part.classList.toggle('away', !at);
    if (!at) return null;
    const [x, y] = at;
    each.ring.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    if (each.width === 0) return { x: Math.floor(x - 10), y: Math.floor(y - 10), width: 20, height: 20 };
    const right = x + away + each.width <= this.size.width - 4;
    const left = Math.round(right ? x + away : Math.max(4, x - away - each.width));
    const top = Math.round(Math.min(Math.max(y - each.height / 2, 4), this.size.height - each.height - 4));
    each.item.style.transform = `translate(${left}px, ${top}px)`;
    const from = Math.floor(Math.min(left, x - 10));
    return { x: from, y: top, width: Math.ceil(Math.max(left + each.width, x + 10)) - from, height: each.height };
  }

  private make(marker: Marker, words: Words): Drawn {
    const { own, kind, name, note, id } = marker;
    const ring = svg('g', { class: `mark ${kind}${own ? ' own' : ''} away` },
      svg('circle', { class: 'mark-halo', r: 9 }), svg('circle', { class: 'mark-ring', r: 9 }), svg('circle', { class: 'mark-dot', r: 2.5 }));
    const item = el('li', { class: `mark-name${own ? ' own' : ''} away`, 'data-id': id });
    if (kind === 'point') {
      item.append(el('bdi', { class: 'mark-who', translate: 'no' }, name));
      if (note) item.append(el('span', { class: 'mark-note', dir: 'auto' }, note));
      if (own) item.append(el('button', { type: 'button', class: 'mark-remove', 'aria-label': words.say('point_remove'), title: words.say('point_remove'), click: () => this.onRemove(id) }, icon('close')));
    } else {
      item.hidden = true;
    }
    return { marker, ring, item, width: 0, height: 0, stood: null };
  }
}

function makeLine(line: MeasuredLine): DrawnLine {
  const strokes = [svg('line', { class: 'measure-halo' }), svg('line', { class: 'measure-line' })];
  return { line, strokes, group: svg('g', { class: 'away' }, ...strokes), item: el('li', { class: 'dimension measured away', dir: 'auto' }, line.text), width: 0, height: 0 };
}

function putLine(each: DrawnLine, a: [number, number] | null, b: [number, number] | null, { width, height }: { width: number; height: number }): Rect | null {
  const there = a !== null && b !== null;
  each.group.classList.toggle('away', !there);
  each.item.classList.toggle('away', !there);
  if (!there) return null;
  const ends = { x1: a[0] * width, y1: a[1] * height, x2: b[0] * width, y2: b[1] * height };
  for (const stroke of each.strokes) for (const [name, at] of Object.entries(ends)) stroke.setAttribute(name, at.toFixed(1));
  const [x, y] = [Math.round((ends.x1 + ends.x2) / 2 - each.width / 2), Math.round((ends.y1 + ends.y2) / 2 - each.height / 2)];
  each.item.style.transform = `translate(${x}px, ${y}px)`;
  return { x, y, width: each.width, height: each.height };
}
