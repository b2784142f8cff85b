// The request for a quote: what, how many, at what price and under which terms, and what should be otherwise. What was typed stays until it is sent.

import { quote as priceAt } from '../card/tiers';
import type { Desk } from '../desk/desk';
import type { Words } from '../text/language';
import { converted, toMoney, typedAmount, wireMoney } from '../text/money';
import type { Prefs } from '../text/prefs';
import { Dialog, field } from '../view/dialog';
import { el, fill, icon, setText } from '../view/dom';
import type { SceneMoment } from '../wire/desk';
import type { Product, ShowDocument } from '../wire/show';
import { wireMoment } from '../point/picture_tool';
import { Attachments } from './attachments';
import { ChangeList, type Change } from './changes';

/** Incoterms 2020. */
export const incoterms = ['EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP'];
const mostPieces = 10_000_000;

export interface QuoteAsk {
  show: ShowDocument;
  product: Product;
  quantity: number;
  words: Words;
  prefs: Prefs;
  variants: Map<string, string[]>;
  moment: (product: string) => SceneMoment;
  pictures: { blob: Blob; name: string }[];
  /** Who asks must be known first. */
  ensure: () => Promise<boolean>;
  sent: () => void;
}

interface Draft {
  variant: string;
  sample: boolean;
  quantity: number;
  target: string;
  incoterm: string;
  destination: string;
  wantedBy: string;
  notes: string;
  changes: Change[];
}

const drafts = new Map<string, Draft>();

/** Gives what takes pictures while the form is open. */
export function openQuoteForm(desk: Desk, ask: QuoteAsk): { add: (picture: { blob: Blob; name: string }) => void; closed: Promise<void> } {
  const form = new QuoteForm(desk, ask);
  return { add: ({ blob, name }) => void form.attachments.add(blob, name, true), closed: form.closed };
}

class QuoteForm {
  readonly attachments: Attachments;
  readonly closed: Promise<void>;
  private readonly desk: Desk;
  private readonly ask: QuoteAsk;
  private readonly dialog: Dialog;
  private product: Product;
  private draft: Draft;
  private changes: ChangeList;
  private readonly price = el('div', { class: 'quote-price', 'aria-live': 'polite' });
  private readonly wrong = el('p', { class: 'field-error', role: 'alert' });
  private readonly submit = el('button', { type: 'submit', class: 'button primary', form: 'quote-form' });

  constructor(desk: Desk, ask: QuoteAsk) {
    this.desk = desk;
    this.ask = ask;
    this.product = ask.product;
    this.draft = this.draftOf(ask.product);
    this.attachments = new Attachments(ask.words);
    this.changes = this.changesOf();
    let done: () => void;
    this.closed = new Promise((resolve) => (done = resolve));
    this.dialog = new Dialog('quote', () => {
      this.draft.changes = this.changes.changes;
      done();
    });
    this.build();
    this.dialog.open();
    for (const { blob, name } of ask.pictures) void this.attachments.add(blob, name, true);
  }

  private draftOf(product: Product): Draft {
    const incoterm = incoterms.find((each) => product.incoterm.startsWith(each)) ?? '';
    const fresh: Draft = { variant: '', sample: false, quantity: this.ask.quantity, target: '', incoterm, destination: '', wantedBy: '', notes: '', changes: [] };
    const draft = drafts.get(product.id) ?? fresh;
    if (product === this.ask.product) draft.quantity = this.ask.quantity;
    else if (draft === fresh) draft.quantity = product.prices[0]?.min ?? 1;
    drafts.set(product.id, draft);
    return draft;
  }

  private changesOf(): ChangeList {
    return new ChangeList(this.product, this.ask.words, this.draft.changes);
  }

  private build(): void {
    const { draft, product } = this;
    const { words, show } = this.ask;
    this.dialog.label(words, words.say('quote_title'));
    const input = (type: string, key: 'target' | 'destination' | 'wantedBy', more: Record<string, string | number> = {}): HTMLInputElement => {
      const each = el('input', { type, value: draft[key], dir: type === 'text' ? 'auto' : null, ...more });
      each.addEventListener('input', () => {
        draft[key] = each.value;
        if (key === 'target') this.tell();
      });
      return each;
    };
    const products = el('select', { change: () => {
      draft.changes = this.changes.changes;
      this.product = show.products.find(({ id }) => id === products.value) ?? product;
      this.draft = this.draftOf(this.product);
      this.changes = this.changesOf();
      this.build();
    } }, ...show.products.map((each) => el('option', { value: each.id, selected: each === product }, `${words.text(each.name)} (${each.id})`)));
    const variants = this.ask.variants.get(product.id) ?? [];
    const variant = el('select', { change: () => (draft.variant = variant.value) },
      el('option', { value: '' }, words.say('model_standard')), ...variants.map((each) => el('option', { value: each, selected: each === draft.variant }, each)));
    const quantity = el('input', { type: 'number', min: 1, max: mostPieces, step: 1, inputmode: 'numeric', value: draft.quantity, required: true });
    quantity.addEventListener('input', () => {
      draft.quantity = Math.floor(Number(quantity.value)) || 0;
      this.tell();
    });
    const kind = (sample: boolean, key: 'quote_series' | 'quote_sample'): HTMLElement => {
      const radio = el('input', { type: 'radio', name: 'quote-kind', checked: draft.sample === sample });
      radio.addEventListener('change', () => {
        draft.sample = sample;
        if (sample && draft.quantity >= (product.prices[0]?.min ?? 1)) quantity.value = String((draft.quantity = 1));
        this.tell();
      });
      return el('label', { class: 'check' }, radio, el('span', {}, words.say(key)));
    };
    const incoterm = el('select', { change: () => (draft.incoterm = incoterm.value) },
      el('option', { value: '' }, words.say('incoterm_open')), ...incoterms.map((each) => el('option', { value: each, selected: each === draft.incoterm }, each)));
    const notes = el('textarea', { rows: 3, maxlength: 500, dir: 'auto' });
    notes.value = draft.notes;
    notes.addEventListener('input', () => (draft.notes = notes.value));
    const currency = product.prices[0]?.currency ?? '';
    const form = el('form', { id: 'quote-form', class: 'fields', novalidate: true },
      show.products.length > 1 && field(words.say('product'), products),
      variants.length > 0 && field(words.say('model_variant'), variant),
      el('fieldset', { class: 'field row-of-two' }, el('legend', { class: 'sr-only' }, words.say('quote_kind')), kind(false, 'quote_series'), kind(true, 'quote_sample')),
      el('div', { class: 'two' },
        field(words.say('quantity'), quantity),
        field(`${words.say('target_price')}${currency ? ` (${currency})` : ''}`, input('text', 'target', { inputmode: 'decimal', maxlength: 20 }))),
      this.price,
      el('div', { class: 'two' },
        field(words.say('incoterm'), incoterm),
        field(words.say('destination'), input('text', 'destination', { maxlength: 200, autocomplete: 'off' }))),
      field(words.say('wanted_by'), input('date', 'wantedBy', { min: new Date().toISOString().slice(0, 10) })),
      el('section', { class: 'field' }, el('h3', {}, words.say('changes_title')), el('p', { class: 'caption' }, words.say('changes_body')), this.changes.root),
      field(words.say('notes'), notes),
      el('section', { class: 'field' }, el('h3', {}, words.say('attachments')), this.attachments.root));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
    fill(this.dialog.body, form);
    setText(this.submit, words.say('quote_send'));
    fill(this.dialog.foot, this.wrong, this.submit);
    this.tell();
  }

  /** The wished price, read with the product's own in mind. */
  private target(): number | null {
    const { prices } = this.product;
    return typedAmount(this.draft.target, (priceAt(prices, this.draft.quantity).tier ?? prices[0])?.unit);
  }

  /** What one piece costs at this quantity, and how the wish stands to it. */
  private tell(): void {
    const { words, show, prefs } = this.ask;
    const { prices } = this.product;
    const { tier, total, next } = priceAt(prices, this.draft.quantity);
    const about = (amount: number, currency: string): string | null => {
      const other = prefs.currency ? converted(show.rates, amount, currency, prefs.currency) : null;
      return other === null ? null : words.approximately(other, prefs.currency, show.rates!.date);
    };
    const lines: (HTMLElement | null | false)[] = [];
    if (this.draft.sample) {
      lines.push(el('p', {}, words.say('sample_body')));
    } else if (tier) {
      const aside = about(tier.unit, tier.currency);
      lines.push(el('p', { class: 'quote-unit' }, el('bdi', { class: 'figure-small' }, words.money(tier.unit, tier.currency)), ' ', words.say('each'), aside !== null && el('span', { class: 'caption' }, ` ${aside}`)),
        el('p', { class: 'caption' }, words.say('total'), ' ', el('bdi', {}, words.money(total, tier.currency)), next ? ` · ${words.say('next_tier', { count: words.number(next.min), price: words.money(next.unit, next.currency) })}` : ''));
    } else if (prices.length > 0) {
      lines.push(el('p', { class: 'ask-anyway' }, icon('info'), words.say('below_minimum_ask', { count: words.number(prices[0]!.min) })));
    } else {
      lines.push(el('p', {}, words.say('no_price')));
    }
    const target = this.target();
    if (this.draft.target && target === null) lines.push(el('p', { class: 'field-error' }, words.say('price_unreadable')));
    else if (target !== null && tier && !this.draft.sample && target < tier.unit)
      lines.push(el('p', { class: 'caption' }, words.say('target_below', { share: words.percent(1 - target / tier.unit) })));
    fill(this.price, ...lines);
  }

  private async send(): Promise<void> {
    const { draft, product, ask } = this;
    const { words } = ask;
    const target = draft.target ? this.target() : null;
    const refuse = (text: string, selector: string): void => {
      setText(this.wrong, text);
      this.dialog.body.querySelector<HTMLElement>(selector)?.focus();
    };
    setText(this.wrong, '');
    if (!(draft.quantity >= 1 && draft.quantity <= mostPieces)) return refuse(words.say('quantity_missing'), 'input[type="number"]');
    if (draft.target && target === null) return refuse(words.say('price_unreadable'), 'input[inputmode="decimal"]');
    if (this.attachments.busy) return setText(this.wrong, words.say('attach_wait'));
    if (!(await ask.ensure())) return;
    const currency = product.prices[0]?.currency ?? ask.show.products.find(({ prices }) => prices.length > 0)?.prices[0]?.currency ?? 'USD';
    const { snapshot } = this.attachments;
    this.submit.disabled = true;
    setText(this.submit, words.say('sending'));
    const sent = this.desk.act({
      act: 'request_quote', product: product.id, variant: draft.variant, sample: draft.sample, quantity: draft.quantity,
      target_price: target === null ? null : wireMoney(toMoney(target, currency)), incoterm: draft.incoterm, destination: plain(draft.destination),
      wanted_by: draft.wantedBy, notes: plain(draft.notes), language: words.language,
      changes: this.changes.changes.map(({ id, key, from, to, note }) => ({ id, key, from, to: plain(to), note: plain(note) })),
      attachments: this.attachments.ids, snapshot, moment: wireMoment(ask.moment(product.id)),
    });
    const pending = this.desk.pending.at(-1);
    const done = await sent;
    this.submit.disabled = false;
    setText(this.submit, words.say('quote_send'));
    if (!done) {
      if (pending) this.desk.drop(pending.clientId);
      return setText(this.wrong, pending?.detail ? words.refusal(pending.detail) : words.say('not_sent'));
    }
    drafts.delete(product.id);
    this.thank(done.number);
  }

  private thank(number: string): void {
    const { words } = this.ask;
    fill(this.dialog.body, el('div', { class: 'thanks', role: 'status' },
      el('div', { class: 'state-sign' }, icon('check')),
      el('h3', {}, words.say('quote_sent', { number: number || '–' })),
      el('p', { class: 'secondary' }, words.say('quote_sent_body'))));
    const see = el('button', { type: 'button', class: 'button primary', click: () => {
      this.dialog.close();
      this.ask.sent();
    } }, words.say('quote_see'));
    fill(this.dialog.foot, see);
    see.focus();
  }
}

/** Control characters are refused by the desk; a line break in notes is a space there. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();
