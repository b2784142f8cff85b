// All products of the show, the pinned one first, marked while it is on air; choosing one puts its card up.

import type { Words } from '../text/language';
import { el, fill } from '../view/dom';
import type { Product } from '../wire/show';
import { picture } from './card_view';

export class ProductList {
  readonly root = el('nav', { class: 'products' });
  private readonly choose: (product: Product) => void;

  constructor(choose: (product: Product) => void) {
    this.choose = choose;
  }

  /** With one product there is nothing to choose, and the list is not shown. */
  show(products: Product[], selected: string, { pinned, showing }: { pinned: string; showing: string }, words: Words): void {
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.getAttribute('data-product') : null;
    this.root.hidden = products.length < 2;
    this.root.setAttribute('aria-label', words.say('products'));
    const ordered = [...products].sort((a, b) => Number(b.id === pinned) - Number(a.id === pinned));
    fill(this.root, el('ul', {}, ...ordered.map((product) => el('li', {}, this.entry(product, selected, showing, words)))));
    if (focused) this.root.querySelector<HTMLElement>(`[data-product="${CSS.escape(focused)}"]`)?.focus();
  }

  private entry(product: Product, selected: string, showing: string, words: Words): HTMLElement {
    return el('button',
      {
        type: 'button',
        class: 'product',
        'data-product': product.id,
        'aria-current': product.id === selected ? 'true' : null,
        click: () => this.choose(product),
      },
      picture(product, 'small'),
      el('span', { class: 'product-name' },
        el('span', { dir: 'auto' }, words.text(product.name)),
        product.id === showing && el('span', { class: 'pinned' }, words.say('now_showing'))));
  }
}
