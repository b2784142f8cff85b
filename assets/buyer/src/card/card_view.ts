// The product card: one product, everything the show says about it, nothing it does not. Rebuilt when the product or the language changes;
// the quantity a buyer chose for a product stays with it.

import type { Words } from '../text/language';
import { imperial } from '../text/money';
import type { Prefs } from '../text/prefs';
import { calm, el, fill, icon } from '../view/dom';
import type { Product } from '../wire/show';
import { badgeRow } from './badge_row';
import { PriceView, type OwnCurrency } from './price_view';
import { specTable } from './spec_table';

export class CardView {
  readonly root = el('article', { class: 'card', id: 'product', tabindex: -1 });
  private readonly quantities = new Map<string, number>();
  private rows = new Map<string, HTMLTableRowElement>();
  private highlighted: HTMLTableRowElement | null = null;
  /** What this buyer chose; null: nothing to choose. */
  own: OwnCurrency | null = null;
  units: Prefs['units'] = 'metric';
  onUnits: (units: Prefs['units']) => void = () => undefined;

  /** `model`: the part about the product's 3D model, which outlives the card. */
  show(product: Product | null, pinned: boolean, words: Words, model: HTMLElement | null = null): void {
    this.rows.clear();
    this.highlighted = null;
    if (!product) {
      fill(this.root, el('p', { class: 'secondary' }, words.say('no_products')));
      return;
    }
    const focused = model?.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const name = words.text(product.name);
    this.root.setAttribute('aria-label', name);
    fill(
      this.root,
      el('header', { class: 'card-head' },
        picture(product, 'thumb'),
        el('div', { class: 'card-title' },
          pinned && el('span', { class: 'pill accent' }, words.say('now_showing')),
          el('h2', { dir: 'auto' }, ...partNumbersWhole(name)),
          el('p', { class: 'caption' }, el('bdi', {}, product.id), ...priceFrom(product, words)))),
      product.description && el('p', { class: 'description', dir: 'auto' }, words.text(product.description)),
      badgeRow(product, words, 'full'),
      model,
      product.prices.length > 0 && this.price(product, words),
      this.specs(product, words),
      terms(product, words),
    );
    focused?.focus({ preventScroll: true }); // an element that is put in again has lost it
  }

  /** Brings a specification's row into view and marks it; false when there is none. */
  highlight(spec: string): boolean {
    this.highlighted?.classList.remove('marked');
    this.highlighted = this.rows.get(spec) ?? null;
    if (!this.highlighted) return false;
    this.highlighted.classList.add('marked');
    this.highlighted.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
    return true;
  }

  showSpecs(): void {
    this.rows.values().next().value?.closest('section')?.scrollIntoView({ block: 'start', behavior: calm() ? 'auto' : 'smooth' });
  }

  private price(product: Product, words: Words): HTMLElement {
    const start = this.quantities.get(product.id) ?? product.prices[0]!.min;
    return new PriceView(product.prices, start, words, this.own, (quantity) => this.quantities.set(product.id, quantity)).root;
  }

  private specs(product: Product, words: Words): HTMLElement | null {
    if (product.specs.length === 0) return null;
    const lengths = product.specs.some(({ value, unit }) => imperial(value, unit));
    const to = this.units === 'imperial' ? 'metric' : 'imperial';
    const toggle = lengths && el('button', { type: 'button', class: 'plain', 'aria-pressed': String(this.units === 'imperial'), click: () => this.onUnits(to) }, words.say('show_inches'));
    return el('section', {}, el('div', { class: 'section-head' }, el('h3', {}, words.say('specifications')), toggle),
      specTable(product.specs, words, (key, row) => this.rows.set(key, row), this.units));
  }

  /** What the buyer has set for that product. */
  quantityOf(product: Product): number {
    return this.quantities.get(product.id) ?? product.prices[0]?.min ?? 1;
  }
}

/** A line may end between words, not inside "LX-200". */
function partNumbersWhole(name: string): (Node | string)[] {
  return name
    .split(/(\S*-\S*)/)
    .map((piece) => (piece.includes('-') && piece.length <= 20 ? el('bdi', { class: 'part' }, piece) : piece))
    .filter((piece) => piece !== '');
}

function priceFrom(product: Product, words: Words): (Node | string)[] {
  const best = product.prices.at(-1);
  return best ? [' · ', el('span', {}, words.say('price_from', { price: words.money(best.unit, best.currency) }))] : [];
}

function terms(product: Product, words: Words): HTMLElement | null {
  const first = product.prices[0];
  const rows = (
    [
      [words.say('minimum_order'), first ? words.pieces(first.min) : ''],
      [words.say('lead_time'), product.leadTime ? words.text(product.leadTime) : ''],
      [words.say('incoterm'), product.incoterm],
      [words.say('hs_code'), product.hsCode],
      [words.say('packing'), product.packing ? words.packing(product.packing) : ''],
      [words.say('certificates'), product.certificates.join(' · ')],
    ] as const
  ).filter(([, value]) => value);
  if (rows.length === 0) return null;
  const lines = rows.map(([label, value]) => el('tr', {}, el('th', { scope: 'row' }, label), el('td', {}, el('bdi', { dir: 'auto' }, value))));
  return section(words.say('terms'), el('table', { class: 'rows' }, el('tbody', {}, ...lines)));
}

function section(title: string, ...children: HTMLElement[]): HTMLElement {
  return el('section', {}, el('h3', {}, title), ...children);
}

/** The product's picture, or an outline of a box when there is none or it does not load. */
export function picture(product: Product, style: string): HTMLElement {
  const holder = el('div', { class: `product-picture ${style}` }, icon('box'));
  if (product.image) {
    const image = el('img', { src: product.image, alt: '', decoding: 'async' });
    image.addEventListener('load', () => fill(holder, image));
  }
  return holder;
}
