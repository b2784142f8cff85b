// Who a buyer is, asked once and politely: name, company, country. A card in the side column asks, never over the picture; the form opens when the
// buyer wants it, or before the first act that the presenter has to answer to somebody.

import type { Desk } from '../desk/desk';
import type { Words } from '../text/language';
import { Dialog, field } from '../view/dialog';
import { el, fill, setText } from '../view/dom';
import { countries, likelyCountry } from './countries';

const askedKey = 'vitrine.asked';
const most = 80;

export class Introduction {
  private readonly title = el('h3', { id: 'greet-title' });
  private readonly body = el('p', { class: 'secondary' });
  private readonly introduceButton = el('button', { type: 'button', class: 'button small primary', click: () => this.show(false) });
  private readonly notNow = el('button', { type: 'button', class: 'button small', click: () => this.putOff() });
  /** The card. */
  readonly root = el('section', { class: 'greet', hidden: true, 'aria-labelledby': 'greet-title' },
    this.title, this.body, el('div', { class: 'greet-acts' }, this.notNow, this.introduceButton));
  private readonly desk: Desk;
  private readonly offered: () => void;
  private words: Words | null = null;
  private open: Dialog | null = null;
  private waiting: ((known: boolean) => void)[] = [];

  /** `offered`: the card is there. */
  constructor(desk: Desk, offered: () => void) {
    this.desk = desk;
    this.offered = offered;
  }

  label(words: Words): void {
    this.words = words;
    setText(this.title, words.say('introduce_title'));
    setText(this.body, words.say('introduce_body'));
    setText(this.introduceButton, words.say('introduce_open'));
    setText(this.notNow, words.say('not_now'));
    if (this.open) this.build(this.open, this.waiting.length > 0);
  }

  get known(): boolean {
    const { me } = this.desk.state;
    return (me?.name ?? '') !== '' || this.desk.pending.some(({ act }) => act.act === 'introduce' && act['name']);
  }

  /** Unasked, until it is answered or put off; gone as soon as it is known. */
  offer(): void {
    const there = this.desk.known && !this.known && !asked();
    const came = there && this.root.hidden;
    this.root.hidden = !there;
    if (came) this.offered();
  }

  private putOff(): void {
    keepAsked();
    this.root.hidden = true;
  }

  /** Before an act; false: the buyer does not want to. */
  ensure(): Promise<boolean> {
    if (this.known) return Promise.resolve(true);
    return new Promise((done) => {
      this.waiting.push(done);
      if (this.open) return this.build(this.open, true);
      this.show(true);
    });
  }

  private show(needed: boolean): void {
    const dialog = new Dialog('introduce', () => {
      this.open = null;
      this.offer();
      this.settle(this.known);
    });
    this.open = dialog;
    this.build(dialog, needed);
    dialog.open();
  }

  private settle(known: boolean): void {
    for (const done of this.waiting.splice(0)) done(known);
  }

  private build(dialog: Dialog, needed: boolean): void {
    const words = this.words!;
    const { me } = this.desk.state;
    dialog.label(words, words.say('introduce_title'));
    const name = el('input', { type: 'text', autocomplete: 'name', maxlength: most, required: true, autofocus: true, dir: 'auto', value: me?.name ?? '' });
    const company = el('input', { type: 'text', autocomplete: 'organization', maxlength: most, dir: 'auto', value: me?.company ?? '' });
    const here = me?.country || likelyCountry(navigator.languages);
    const country = el('select', { autocomplete: 'country' }, el('option', { value: '' }, '–'),
      ...countries(words.language).map(({ code, name: said }) => el('option', { value: code, selected: code === here }, said)));
    const wrong = el('p', { class: 'field-error', role: 'alert' });
    const form = el('form', { class: 'fields', id: 'introduce', novalidate: true },
      el('p', { class: 'secondary' }, words.say(needed ? 'introduce_needed' : 'introduce_body')),
      field(words.say('your_name'), name, wrong), field(words.say('your_company'), company), field(words.say('your_country'), country));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const said = name.value.trim();
      if (!said) {
        wrong.textContent = words.say('name_missing');
        name.setAttribute('aria-invalid', 'true');
        return name.focus();
      }
      keepAsked();
      void this.desk.act({ act: 'introduce', name: said, company: company.value.trim(), country: country.value, language: words.language });
      dialog.close();
    });
    fill(dialog.body, form);
    fill(dialog.foot,
      el('button', { type: 'button', class: 'button', click: () => dialog.close() }, words.say(needed ? 'cancel' : 'not_now')),
      el('button', { type: 'submit', class: 'button primary', form: 'introduce' }, words.say('continue')));
  }
}

function asked(): boolean {
  try {
    return sessionStorage.getItem(askedKey) !== null;
  } catch {
    return false;
  }
}

function keepAsked(): void {
  try {
    sessionStorage.setItem(askedKey, '1');
  } catch {
    // forbidden: asked again after a reload
  }
}
