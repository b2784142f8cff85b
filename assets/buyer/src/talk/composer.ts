// Where a buyer writes. Enter sends, the text is at most 500 letters, and a line break becomes a space: what is said is one paragraph.

import type { Words } from '../text/language';
import { el, icon, setText } from '../view/dom';

export const mostLetters = 500;

export class Composer {
  readonly root: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly label = el('label', { class: 'sr-only' });
  private readonly send = el('button', { type: 'submit', class: 'send', 'data-part': 'send' }, icon('send'));
  private readonly left = el('span', { class: 'letters-left', 'aria-live': 'polite' });
  private readonly alone = el('input', { type: 'checkbox' });
  private readonly aloneWord = el('span');
  private readonly about = el('p', { class: 'about', hidden: true });
  private words: Words | null = null;

  /** `say`: false keeps what was written. */
  constructor(id: string, canBePrivate: boolean, say: (text: string, isPrivate: boolean) => Promise<boolean>) {
    this.field = el('textarea', { id: `write-${id}`, rows: 1, maxlength: mostLetters, enterkeyhint: 'send', dir: 'auto' });
    this.label.htmlFor = this.field.id;
    this.root = el('form', { class: 'composer', novalidate: true },
      this.about,
      el('div', { class: 'write' }, this.label, this.field, this.send),
      el('div', { class: 'write-foot' },
        canBePrivate && el('label', { class: 'check' }, this.alone, this.aloneWord), this.left));
    const submit = async (): Promise<void> => {
      const text = oneParagraph(this.field.value);
      if (!text) return this.field.focus();
      const before = this.field.value;
      this.field.value = '';
      this.grow();
      if (!(await say(text, this.alone.checked))) this.field.value ||= before;
      this.grow();
    };
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void submit();
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void submit();
    });
    this.field.addEventListener('input', () => this.grow());
  }

  name(words: Words, label: string, placeholder: string): void {
    this.words = words;
    setText(this.label, label);
    this.field.placeholder = placeholder;
    this.send.setAttribute('aria-label', words.say('send'));
    this.send.title = words.say('send');
    setText(this.aloneWord, words.say('ask_privately'));
    this.grow();
  }

  /** What a question asked now would speak of. */
  speaksOf(text: string): void {
    this.about.hidden = text === '';
    setText(this.about, text);
  }

  focus(): void {
    this.field.focus();
  }

  private grow(): void {
    this.field.style.height = 'auto';
    if (this.field.scrollHeight > 0) this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 118)}px`;
    const left = mostLetters - this.field.value.length;
    setText(this.left, left < 100 && this.words ? this.words.say('letters_left', { count: this.words.number(left) }) : '');
  }
}

/** Without control characters, which the desk refuses. */
export const oneParagraph = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/ {2,}/g, ' ').trim();
