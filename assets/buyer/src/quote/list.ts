// A buyer's quotes: each with where it stands, what was said in turns, what was proposed to change, and what can be done now. What closes one is asked
// about first, with the amount, and a price is not agreed while a change is open.

import type { Desk } from '../desk/desk';
import type { Words } from '../text/language';
import { amountOf, toMoney, totalOf, typedAmount, wireMoney } from '../text/money';
import { field } from '../view/dialog';
import { el, icon, setText } from '../view/dom';
import { Keyed } from '../view/keyed';
import type { Money, Quote, QuoteRound, SpecChange } from '../wire/desk';
import type { Product, ShowDocument } from '../wire/show';
import { keyName } from './changes';

export class QuoteList {
  readonly root: HTMLElement;
  private readonly desk: Desk;
  private readonly list = el('ul', { class: 'quotes' });
  private readonly nothing = el('p', { class: 'nothing' });
  private readonly keyed: Keyed<Quote>;
  private words: Words | null = null;
  private show: ShowDocument | null = null;
  private countering = ''; // the quote whose counter form is open
  private closing: { id: string; as: Closing; askedAt: number } | null = null; // what is asked about

  constructor(desk: Desk) {
    this.desk = desk;
    this.root = el('section', { class: 'quote-list' }, this.nothing, this.list);
    this.keyed = new Keyed(this.list, ({ id }) => id, (quote) => this.make(quote));
  }

  label(words: Words, show: ShowDocument | null): void {
    this.words = words;
    this.show = show;
    setText(this.nothing, words.say('no_quotes'));
    this.update();
  }

  update(): void {
    const { words } = this;
    if (!words) return;
    const mine = [...this.desk.state.quotes.values()].filter(({ person }) => person === '' || person === this.desk.state.me?.id);
    mine.sort((a, b) => b.changedUs - a.changedUs || b.madeUs - a.madeUs);
    this.nothing.hidden = mine.length > 0;
    const busy = this.desk.pending.filter(({ state }) => state !== 'sent').map(({ act, state, detail }) => [act.act, act['quote'], act['change'], state, detail]);
    this.keyed.show(mine, (quote) => JSON.stringify([quote, words.language, this.show?.products.length, this.countering === quote.id, this.closing?.id === quote.id && this.closing.as, busy.filter(([, id]) => id === quote.id)]));
  }

  /** How many wait for this buyer. */
  get waiting(): number {
    return [...this.desk.state.quotes.values()].filter(waitsForBuyer).length;
  }

  private make(quote: Quote): HTMLElement {
    const words = this.words!;
    const product = this.show?.products.find(({ id }) => id === quote.product) ?? null;
    const currency = quote.listPrice?.currency ?? quote.rounds.find(({ unitPrice }) => unitPrice)?.unitPrice?.currency ?? product?.prices[0]?.currency ?? 'USD';
    const last = this.desk.pending.filter(({ act, state }) => act['quote'] === quote.id && state !== 'sent').at(-1);
    return el('li', { class: `quote ${quote.state}`, 'data-id': quote.id },
      el('header', {},
        el('div', {}, el('h3', { dir: 'auto', translate: 'no' }, words.text(product?.name) || quote.product),
          el('p', { class: 'caption' }, el('bdi', {}, quote.number), quote.sample && ` · ${words.say('quote_sample')}`, quote.variant && ` · ${quote.variant}`)),
        el('span', { class: `pill state-${quote.state}` }, words.say(waitsForBuyer(quote) ? 'quote_your_turn' : `quote_${quote.state}`))),
      this.terms(quote),
      el('ol', { class: 'rounds' }, ...quote.rounds.map((round) => this.round(round))),
      quote.changes.length > 0 && el('section', { class: 'change-states' }, el('h4', {}, words.say('changes_title')),
        el('ul', {}, ...quote.changes.map((change) => this.change(quote, change, product)))),
      quote.attachments.length > 0 && el('ul', { class: 'files' }, ...quote.attachments.map(({ id, name }) =>
        el('li', {}, el('a', { href: `/api/attachments/${encodeURIComponent(id)}`, download: name }, icon('attach'), el('span', { dir: 'auto' }, name))))),
      last?.state === 'failed' && el('p', { class: 'field-error', role: 'alert' }, words.refusal(last.detail)),
      last?.state === 'waiting' && el('p', { class: 'caption', role: 'status' }, words.say('waits_for_connection')),
      this.countering === quote.id ? this.counterForm(quote, currency) : this.closing?.id === quote.id ? this.question(quote, this.closing.as) : this.acts(quote));
  }

  private terms(quote: Quote): HTMLElement | false {
    const words = this.words!;
    const parts = [
      [quote.incoterm, quote.destination].filter(Boolean).join(' '),
      quote.wantedBy && words.say('by_date', { date: words.date(quote.wantedBy) }),
      quote.listPrice && words.say('list_price', { price: words.sum(quote.listPrice) }),
      quote.belowMinimum && words.say('below_minimum_short'),
    ].filter((part): part is string => !!part);
    return parts.length > 0 && el('p', { class: 'caption' }, ...parts.flatMap((part, i) => [i > 0 ? ' · ' : '', el('bdi', {}, part)]), quote.notes && el('span', { class: 'quote-notes', dir: 'auto' }, quote.notes));
  }

  private round({ by, quantity, unitPrice, leadTime, note, atUs }: QuoteRound): HTMLElement {
    const words = this.words!;
    return el('li', { class: by === 'buyer' ? 'quote-round mine' : 'quote-round' },
      el('p', { class: 'who' }, words.say(by === 'buyer' ? 'you' : 'factory'), el('time', {}, atUs > 0 ? words.clock(atUs / 1000) : '')),
      el('p', {}, words.pieces(quantity), ' · ', el('bdi', { class: 'round-price' }, unitPrice ? `${words.sum(unitPrice)}` : words.say('price_open')), unitPrice && ` ${words.say('each')}`),
      leadTime && el('p', { class: 'caption' }, `${words.say('lead_time')}: `, el('bdi', {}, leadTime)),
      note && el('p', { class: 'caption', dir: 'auto' }, note));
  }

  private change(quote: Quote, { id, key, from, to, note, state, counter }: SpecChange, product: Product | null): HTMLElement {
    const words = this.words!;
    const decide = (answer: 'accepted' | 'declined') => (): void => void this.desk.act({ act: 'decide_change', quote: quote.id, change: id, state: answer });
    return el('li', { class: `change-state ${state}` },
      el('p', {}, el('strong', { dir: 'auto' }, keyName(key, product, words)), ': ', from && el('del', { dir: 'auto' }, from), from && ' → ', el('ins', { dir: 'auto' }, to)),
      note && el('p', { class: 'caption', dir: 'auto' }, note),
      el('p', { class: 'caption' }, words.say(`change_${state}`), counter && ': ', counter && el('span', { dir: 'auto' }, counter)),
      state === 'countered' && el('p', { class: 'message-acts' },
        el('button', { type: 'button', class: 'plain', 'data-part': `accept-${id}`, click: decide('accepted') }, words.say('accept')),
        el('button', { type: 'button', class: 'plain', 'data-part': `decline-${id}`, click: decide('declined') }, words.say('decline'))));
  }

  private acts(quote: Quote): HTMLElement | false {
    const words = this.words!;
    const { id, state } = quote;
    const button = (text: string, act: () => void, kind = ''): HTMLElement => el('button', { type: 'button', class: `button small ${kind}`, 'data-part': text, click: act }, text);
    const ask = (as: Closing) => (): void => this.ask(id, as);
    const offer = el('a', { class: 'button small', href: `/api/quotes/${encodeURIComponent(id)}/offer?language=${words.language}`, target: '_blank', rel: 'noopener' }, icon('quote'), words.say('offer_print'));
    if (waitsForBuyer(quote)) {
      const open = openChange(quote);
      const accept = button(words.say('accept'), open ? () => this.showOpenChange(id) : ask('accepted'), 'primary');
      if (open) accept.setAttribute('aria-disabled', 'true');
      return el('div', { class: 'quote-acts' },
        open && el('p', { class: 'caption open-change', role: 'status' }, words.say(open.state === 'countered' ? 'accept_after_change' : 'accept_after_factory')),
        accept, button(words.say('counter'), () => this.counter(id)), button(words.say('decline'), ask('declined')), offer);
    }
    if (state === 'requested' || state === 'countered') {
      return el('div', { class: 'quote-acts' }, el('p', { class: 'caption' }, words.say('quote_waits')), button(words.say('withdraw'), ask('withdrawn')), offer);
    }
    return state === 'accepted' && el('div', { class: 'quote-acts' }, offer);
  }

  private ask(id: string, as: Closing): void {
    this.closing = { id, as, askedAt: performance.now() };
    this.update();
    this.keyed.node(id)?.querySelector<HTMLElement>('[data-part="keep"]')?.focus();
  }

  /** What would be closed, in full, and the way back first: a second tap on the same spot agrees to nothing. */
  private question({ id, rounds, quantity }: Quote, as: Closing): HTMLElement {
    const words = this.words!;
    const last = rounds.at(-1);
    const price = last?.unitPrice ?? null;
    const pieces = last?.quantity ?? quantity;
    const text = as !== 'accepted' ? words.say(as === 'declined' ? 'decline_question' : 'withdraw_question')
      : price ? words.say('accept_question', { pieces: words.pieces(pieces), price: words.sum(price), total: words.money(totalOf(amountOf(price), pieces, price.currency), price.currency) })
      : words.say('accept_question_open', { pieces: words.pieces(pieces) });
    const back = (): void => {
      this.closing = null;
      this.update();
    };
    const sure = (): void => {
      if (this.closing === null || performance.now() - this.closing.askedAt < 400) return;
      back();
      void this.desk.act({ act: 'decide_quote', quote: id, state: as });
    };
    return el('div', { class: 'quote-question', role: 'group', 'aria-label': text },
      el('p', {}, text),
      el('div', { class: 'quote-acts' },
        el('button', { type: 'button', class: 'button small', 'data-part': 'keep', click: back }, words.say('cancel')),
        el('button', { type: 'button', class: `button small ${as === 'accepted' ? 'primary' : ''}`, 'data-part': 'sure', click: sure }, words.say(`sure_${as}`))));
  }

  private showOpenChange(id: string): void {
    const node = this.keyed.node(id);
    node?.querySelector('.change-states')?.scrollIntoView({ block: 'nearest' });
    node?.querySelector<HTMLElement>('.change-state .plain')?.focus();
  }

  private counter(id: string): void {
    this.countering = id;
    this.update();
    this.keyed.node(id)?.querySelector('input')?.focus();
  }

  private counterForm(quote: Quote, currency: string): HTMLElement {
    const words = this.words!;
    const last = quote.rounds.at(-1);
    const price: Money | null = last?.unitPrice ?? null;
    const quantity = el('input', { type: 'number', min: 1, step: 1, inputmode: 'numeric', value: last?.quantity ?? quote.quantity });
    const unit = el('input', { type: 'text', inputmode: 'decimal', maxlength: 20, value: price ? String(amountOf(price)) : '' });
    const note = el('input', { type: 'text', maxlength: 300, dir: 'auto' });
    const wrong = el('p', { class: 'field-error', role: 'alert' });
    const form = el('form', { class: 'fields counter-form', novalidate: true },
      el('div', { class: 'two' }, field(words.say('quantity'), quantity), field(`${words.say('price_unit')} (${currency})`, unit)),
      field(words.say('note'), note), wrong,
      el('div', { class: 'quote-acts' },
        el('button', { type: 'submit', class: 'button small primary' }, words.say('counter_send')),
        el('button', { type: 'button', class: 'button small', click: () => this.counter('') }, words.say('cancel'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [pieces, amount] = [Math.floor(Number(quantity.value)), typedAmount(unit.value, price && amountOf(price))];
      if (!(pieces >= 1)) return setText(wrong, words.say('quantity_missing'));
      if (amount === null) return setText(wrong, words.say('price_unreadable'));
      void this.desk.act({ act: 'counter_quote', quote: quote.id, quantity: pieces, unit_price: wireMoney(toMoney(amount, currency)), lead_time: '', note: note.value.replace(/\p{Cc}+/gu, ' ').trim() });
      this.counter('');
    });
    return form;
  }
}

type Closing = 'accepted' | 'declined' | 'withdrawn';

/** A change nobody has decided yet; one that waits for the buyer before one that waits for the factory. */
export const openChange = ({ changes }: Quote): SpecChange | undefined =>
  changes.find(({ state }) => state === 'countered') ?? changes.find(({ state }) => state === 'proposed');

/** The factory made the last round. */
export const waitsForBuyer = ({ state, rounds }: Quote): boolean => state === 'countered' && (rounds.at(-1)?.by ?? 'buyer') !== 'buyer';
