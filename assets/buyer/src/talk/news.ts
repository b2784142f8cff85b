// What happened for this buyer while they looked elsewhere: an answer, an announcement, a counter-offer. Stands at the picture's foot for some seconds, is
// read aloud, and leads to where it is.

import type { Words } from '../text/language';
import { el, icon, type IconName } from '../view/dom';

export interface NewsItem {
  icon: IconName;
  title: string;
  text?: string;
  language?: string;
  act?: { word: string; do: () => void };
}

const staysMs = 9000;
const most = 2;

export class News {
  readonly root = el('div', { class: 'news', role: 'status', 'aria-live': 'polite' });

  tell({ icon: sign, title, text, language, act }: NewsItem, words: Words): void {
    const away = (): void => {
      const held = item.contains(document.activeElement);
      item.remove();
      if (held) document.getElementById('product')?.focus();
    };
    const item = el('div', { class: 'news-item' },
      icon(sign),
      el('div', { class: 'news-text' },
        el('p', { class: 'news-title' }, title),
        text && el('p', { class: 'news-said', dir: 'auto', lang: language || null }, text)),
      act && el('button', { type: 'button', class: 'plain', click: () => {
        act.do();
        item.remove();
      } }, act.word),
      el('button', { type: 'button', class: 'round', 'aria-label': words.say('close'), click: away }, icon('close')));
    while (this.root.childElementCount >= most) this.root.firstElementChild!.remove();
    this.root.append(item);
    const rest = (): void => {
      if (!item.isConnected) return;
      if (item.matches(':hover, :focus-within')) window.setTimeout(rest, 2000);
      else item.remove();
    };
    window.setTimeout(rest, staysMs);
  }
}
