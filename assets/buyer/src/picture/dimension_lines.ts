// Dimension lines over the picture: arrows and extension lines in the overlay's SVG, the length on a plate that is an element (crisp, selectable,
// read aloud). They are drawn before the callouts, whose labels keep clear of lines and plates.

import type { Words } from '../text/language';
import { el, fill, svg } from '../view/dom';
import type { Anchor } from '../wire/scene_frame';
import type { Dimension, Product, ShowDocument } from '../wire/show';
import { dimensionShape, type DimensionShape } from './dimension_shape';
import { meets, type Rect } from './label_layout';
import { project, type Point } from './projection';

interface Drawn {
  dimension: Dimension;
  product: Product;
  group: SVGGElement;
  halo: SVGPathElement; // under the lines, so that they show on bright parts too
  lines: SVGPathElement;
  arrows: SVGPathElement;
  item: HTMLLIElement;
  width: number;
  height: number;
}

/** What the lines of a product take up in this frame. */
export interface Taken {
  points: Point[];
  plates: Rect[];
}

export class DimensionLines {
  readonly list = el('ul', { class: 'dimensions' });
  readonly lines = svg('g');
  private drawn: Drawn[] = [];
  private size = { width: 0, height: 0 };

  show(show: ShowDocument, words: Words): void {
    this.drawn = show.products.flatMap((product) => product.dimensions.map((dimension) => make(product, dimension, words)));
    fill(this.list, ...this.drawn.map(({ item }) => item));
    fill(this.lines, ...this.drawn.map(({ group }) => group));
    this.list.setAttribute('aria-label', words.say('dimensions', { product: words.text(show.title) }));
  }

  /** Plate sizes are read here, once for each text and size of picture. */
  measure(size: { width: number; height: number }): void {
    this.size = size;
    for (const each of this.drawn) {
      each.width = Math.ceil(each.item.offsetWidth);
      each.height = Math.ceil(each.item.offsetHeight);
    }
  }

  /** Hides those whose product is not among `products`. */
  keep(products: Set<Product>): void {
    for (const each of this.drawn) if (!products.has(each.product)) put(each, null, 0);
  }

  /** A length whose plate would lie on one of `obstacles` is not drawn; one that is drawn bears a little more, so that it does not flicker. */
  draw(anchor: Anchor, product: Product, hidden: Set<string>, opacity: number, obstacles: Rect[]): Taken {
    const taken: Taken = { points: [], plates: [] };
    for (const each of this.drawn) {
      if (each.product !== product) continue;
      let shape = hidden.has(each.dimension.id) ? null : this.shape(anchor, each);
      if (shape) {
        const plate = { ...corner(each, shape), width: each.width, height: each.height };
        const bears = each.item.classList.contains('away') ? 0 : 8;
        if (obstacles.some((o) => meets(plate, { x: o.x + bears, y: o.y + bears, width: o.width - 2 * bears, height: o.height - 2 * bears }))) shape = null;
      }
      put(each, shape, opacity);
      if (!shape) continue;
      taken.points.push(...shape.extensions.flat(), ...shape.lines.flat());
      const { x, y } = corner(each, shape);
      taken.plates.push({ x: Math.floor(x) - 2, y: Math.floor(y) - 2, width: each.width + 5, height: each.height + 5 });
    }
    return taken;
  }

  /** Null when a point lies behind the camera, the line is seen from its end, or its length would stand outside the picture. */
  private shape(anchor: Anchor, { dimension, width, height }: Drawn): DimensionShape | null {
    const at = [dimension.from, dimension.to, ...dimension.line].map((point) => project(anchor, point));
    if (at.some((point) => point === null)) return null;
    const [from, to, a, b] = at.map((point): Point => [point![0] * this.size.width, point![1] * this.size.height]);
    const small = this.size.width < 560;
    const shape = dimensionShape(from!, to!, [a!, b!], {
      arrow: small ? 7 : 10,
      clear: small ? 2 : 4,
      beyond: small ? 3 : 5,
      plate: { width, height },
    });
    if (!shape) return null;
    const { x, y } = { x: shape.at[0] - width / 2, y: shape.at[1] - height / 2 };
    return x >= 0 && y >= 0 && x + width <= this.size.width && y + height <= this.size.height ? shape : null;
  }
}

function make(product: Product, dimension: Dimension, words: Words): Drawn {
  const halo = svg('path', { class: 'dimension-halo' });
  const lines = svg('path', { class: 'dimension-line' });
  const arrows = svg('path', { class: 'dimension-arrow' });
  return {
    dimension,
    product,
    halo,
    lines,
    arrows,
    group: svg('g', { class: 'away' }, halo, lines, arrows),
    item: el('li', { class: 'dimension away', dir: 'auto' }, words.length(dimension)),
    width: 0,
    height: 0,
  };
}

const corner = ({ width, height }: Drawn, { at }: DimensionShape): { x: number; y: number } => ({
  x: at[0] - width / 2,
  y: at[1] - height / 2,
});

function put(each: Drawn, shape: DimensionShape | null, opacity: number): void {
  for (const part of [each.group, each.item]) {
    part.classList.toggle('away', !shape);
    part.style.opacity = shape ? String(opacity) : '';
  }
  if (!shape) return;
  const text = ([x, y]: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const path = [...shape.extensions, ...shape.lines].map(([from, to]) => `M${text(from)}L${text(to)}`).join('');
  const heads = shape.arrows.map((points) => `M${points.map(text).join('L')}Z`).join('');
  each.halo.setAttribute('d', path + heads);
  each.lines.setAttribute('d', path);
  each.arrows.setAttribute('d', heads);
  const { x, y } = corner(each, shape);
  each.item.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}
