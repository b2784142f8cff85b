// Callouts for which the picture has no room: how many, and on demand what they say. A callout that is not drawn is not lost.

import type { Words } from '../text/language';
import type { Callout, Product } from '../wire/show';
import { el, fill, setText } from './dom';

export interface LeftOutNote {
  product: Product;
  callout: Callout;
}

export class LeftOut {
  readonly button: HTMLButtonElement;
  readonly list = el('ul', { class: 'left-out', id: 'left-out', hidden: true });
  private readonly choose: (note: LeftOutNote) => void;
  private notes: LeftOutNote[] = [];
  private words: Words | null = null;

  constructor(choose: (note: LeftOutNote) => void) {
    this.choose = choose;
    this.button = el('button',
      { type: 'button', class: 'badge left-out-count', hidden: true, 'aria-controls': 'left-out', 'aria-expanded': 'false', click: () => this.open(this.list.hidden) });
  }

  label(words: Words): void {
    this.words = words;
    this.list.setAttribute('aria-label', words.say('notes_left_out'));
    this.show(this.notes);
  }

  show(notes: LeftOutNote[]): void {
    this.notes = notes;
    const { words } = this;
    if (!words) return;
    this.button.hidden = notes.length === 0;
    if (notes.length === 0) this.open(false);
    setText(this.button, `+${words.number(notes.length)}`);
    const said = words.say('notes_more', { count: words.number(notes.length) });
    this.button.setAttribute('aria-label', said);
    this.button.title = said;
    fill(this.list, ...notes.map((note) =>
      el('li', {}, el('button', { type: 'button', dir: 'auto', click: () => this.choose(note) }, words.text(note.callout.text)))));
  }

  open(open: boolean): void {
    this.list.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
  }
}
