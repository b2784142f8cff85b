// Orders as they come in, while the presenter shows them: number, place, state and slot; a buyer's name only where it came, which the server decides.

import type { Words } from '../text/language';
import { el, fill, icon } from '../view/dom';
import type { Order } from '../wire/desk';
import type { ShowDocument } from '../wire/show';

const most = 5;
const eachMs = 5000;

export class Ticker {
  readonly root = el('aside', { class: 'ticker', hidden: true, translate: 'no' });
  private readonly list = el('ul');
  private orders: Order[] = [];
  private at = 0;
  private said = '';

  constructor() {
    this.root.append(icon('box'), this.list);
    window.setInterval(() => this.turn(), eachMs);
  }

  show(shown: boolean, orders: readonly Order[], show: ShowDocument | null, words: Words): void {
    this.orders = [...orders].sort((a, b) => b.madeUs - a.madeUs).slice(0, most);
    this.root.hidden = !shown || this.orders.length === 0;
    this.root.setAttribute('aria-label', words.say('orders'));
    const now = JSON.stringify([this.orders, words.language]);
    if (now === this.said) return;
    this.said = now;
    this.at = 0;
    fill(this.list, ...this.orders.map((order, i) => el('li', { class: i === 0 ? 'now' : null }, ...line(order, show, words))));
  }

  private turn(): void {
    if (this.root.hidden || this.orders.length < 2) return;
    this.at = (this.at + 1) % this.orders.length;
    [...this.list.children].forEach((item, i) => item.classList.toggle('now', i === this.at));
  }
}

function line({ id, product, buyer, place, slot, state, quantity }: Order, show: ShowDocument | null, words: Words): (Node | string)[] {
  const name = words.text(show?.products.find((each) => each.id === product)?.name) || product;
  const parts = [buyer, place, name, quantity > 0 ? words.pieces(quantity) : '', words.say(`order_${state}`), slot && words.say('order_slot', { slot })].filter(Boolean);
  return [el('bdi', { class: 'order-number' }, `#${id}`), ' ', ...parts.flatMap((part, i) => [i > 0 ? ' · ' : '', el('bdi', {}, part)])];
}
