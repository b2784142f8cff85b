// The price block: what one piece costs at the buyer's quantity, live. Slider and number say the same quantity; the number may go past
// the slider's end.

import type { Words } from '../text/language';
import { el, fill, setText } from '../view/dom';
import type { Tier } from '../wire/show';
import { positionOf, quantityAt, quote, sliderSteps } from './tiers';

const most = 10_000_000;

/** The same amount in a currency of the buyer's own, beside the price that counts. */
export interface OwnCurrency {
  choices: string[];
  chosen: string;
  choose(currency: string): void;
  /** Null: the same currency, or no rate. */
  about(amount: number, currency: string): string | null;
}

export class PriceView {
  readonly root: HTMLElement;
  private readonly tiers: Tier[];
  private readonly words: Words;
  private readonly unit = el('span', { class: 'figure' });
  private readonly total = el('span', { class: 'total' });
  private readonly hint = el('p', { class: 'hint' });
  private readonly slider = el('input', { type: 'range', min: 0, max: sliderSteps, step: 'any' });
  private readonly number = el('input', { type: 'number', min: 1, max: most, step: 1, inputmode: 'numeric', id: 'quantity' });
  private readonly rows: HTMLTableRowElement[];
  private readonly changed: (quantity: number) => void;
  private readonly own: OwnCurrency | null;
  private readonly aside = el('p', { class: 'caption about-price' });

  constructor(tiers: Tier[], quantity: number, words: Words, own: OwnCurrency | null, changed: (quantity: number) => void) {
    this.own = own;
    this.tiers = tiers;
    this.words = words;
    this.changed = changed;
    this.rows = tiers.map((tier) =>
      el('tr', {},
        el('th', { scope: 'row' },
          el('button', { type: 'button', class: 'tier', click: () => this.set(tier.min) },
            words.say('tier_from', { count: words.number(tier.min) }))),
        el('td', {}, el('bdi', {}, words.money(tier.unit, tier.currency))),
      ),
    );
    this.slider.setAttribute('aria-label', words.say('quantity'));
    this.slider.addEventListener('input', () => this.set(quantityAt(tiers, Number(this.slider.value)), 'slider'));
    this.number.addEventListener('input', () => this.set(Number(this.number.value), 'number'));
    this.number.addEventListener('change', () => this.set(Number(this.number.value)));
    this.root = el('section', { class: 'price', 'aria-label': words.say('price') },
      el('div', { class: 'price-head' },
        el('div', {}, el('span', { class: 'caption' }, words.say('price_unit')), this.unit),
        el('div', { class: 'end' }, el('span', { class: 'caption' }, words.say('total')), this.total)),
      own && own.choices.length > 0 && el('div', { class: 'own-currency' }, this.aside, this.currencies(own)),
      el('div', { class: 'quantity' },
        el('label', { for: 'quantity' }, words.say('quantity')), this.number, this.slider),
      this.hint,
      el('table', { class: 'tiers' },
        el('thead', { class: 'sr-only' },
          el('tr', {}, el('th', { scope: 'col' }, words.say('quantity')), el('th', { scope: 'col' }, words.say('price_unit')))),
        el('tbody', {}, ...this.rows)),
    );
    this.set(quantity);
  }

  private currencies(own: OwnCurrency): HTMLElement {
    const { words } = this;
    const base = this.tiers[0]!.currency;
    const select: HTMLSelectElement = el('select', { 'aria-label': words.say('own_currency'), change: () => own.choose(select.value) },
      el('option', { value: '' }, base), ...own.choices.filter((each) => each !== base).map((each) => el('option', { value: each, selected: each === own.chosen }, `≈ ${each}`)));
    return select;
  }

  private set(wish: number, from: 'slider' | 'number' | null = null): void {
    const quantity = Math.min(Math.max(Math.floor(wish) || (from === 'number' ? 0 : 1), 0), most);
    const { tier, index, total, next } = quote(this.tiers, quantity);
    const { words } = this;
    fill(this.unit, el('bdi', {}, tier ? words.money(tier.unit, tier.currency) : '–'));
    fill(this.total, el('bdi', {}, tier ? words.money(total, tier.currency) : '–'));
    setText(this.aside, tier && this.own ? (this.own.about(tier.unit, tier.currency) ?? '') : '');
    setText(this.hint, this.say(index, next));
    this.hint.classList.toggle('warn', !tier);
    this.rows.forEach((row, i) => {
      row.classList.toggle('current', i === index);
      if (i === index) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    });
    const position = positionOf(this.tiers, quantity);
    if (from !== 'slider') this.slider.value = String(position);
    if (from !== 'number') this.number.value = String(quantity);
    this.slider.style.setProperty('--share', `${(100 * Number(this.slider.value)) / sliderSteps}%`);
    this.slider.setAttribute('aria-valuetext', `${words.pieces(quantity)}${tier ? `, ${words.money(tier.unit, tier.currency)}` : ''}`);
    if (quantity > 0) this.changed(quantity);
  }

  private say(index: number, next: Tier | null): string {
    const { words } = this;
    if (index < 0) return words.say('below_minimum_ask', { count: words.number(this.tiers[0]?.min ?? 1) });
    if (!next) return words.say('best_tier');
    return words.say('next_tier', { count: words.number(next.min), price: words.money(next.unit, next.currency) });
  }
}
