// A dialog over the page: native, so that focus stays inside and returns to where it was, and Escape closes.

import type { Words } from '../text/language';
import { el, icon } from './dom';

export class Dialog {
  readonly root: HTMLDialogElement;
  readonly body = el('div', { class: 'dialog-body' });
  readonly foot = el('div', { class: 'dialog-foot' });
  private readonly title = el('h2', { dir: 'auto', tabindex: -1 });
  private readonly closeButton = el('button', { type: 'button', class: 'round', click: () => this.close() }, icon('close'));
  private readonly closed: () => void;

  constructor(kind: string, closed: () => void = () => undefined) {
    this.closed = closed;
    this.title.id = `title-${kind}`;
    this.root = el('dialog', { class: `dialog dialog-${kind}`, 'aria-labelledby': this.title.id },
      el('div', { class: 'dialog-box' }, el('header', {}, this.title, this.closeButton), this.body, this.foot));
    this.root.addEventListener('close', () => {
      this.root.remove();
      this.closed();
    });
    this.root.addEventListener('pointerdown', (event) => {
      if (event.target === this.root) this.close(); // outside the box
    });
  }

  label(words: Words, title: string): void {
    this.title.textContent = title;
    this.closeButton.setAttribute('aria-label', words.say('close'));
  }

  open(): void {
    (document.fullscreenElement ?? document.body).append(this.root);
    this.root.showModal();
    (this.body.querySelector<HTMLElement>('[autofocus]') ?? this.title).focus();
  }

  get isOpen(): boolean {
    return this.root.open;
  }

  close(): void {
    if (this.root.open) this.root.close();
  }
}

let ids = 0;

/** A labelled field; `more` stands beneath it. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, ...more: (HTMLElement | false | null)[]): HTMLElement {
  control.id ||= `field-${++ids}`;
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, ...more);
}
