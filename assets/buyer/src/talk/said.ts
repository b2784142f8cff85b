// One free text with its translation: the writer's own words first, a translation when asked for, and the original one tap away. The language is marked,
// so that the browser's own translation and a screen reader's voice know it.

import { translate } from '../link/api';
import type { Words } from '../text/language';
import { el, setText } from '../view/dom';

interface Translated {
  text: string;
  provider: string;
}

/** Per message, part and language; what was translated once stays so for the visit. */
const known = new Map<string, Translated>();
const shownTranslated = new Set<string>();

export interface SaidText {
  message: string; // its id
  part: 'text' | 'answer';
  text: string;
  language: string;
}

export function said({ message, part, text, language }: SaidText, words: Words, offered: boolean): HTMLElement {
  const key = `${message} ${part} ${words.language}`;
  const body = el('p', { class: 'said', dir: 'auto', lang: language || null }, text);
  const foreign = language !== '' && language !== words.language;
  if (!offered || !foreign) return body;
  const note = el('span', { class: 'caption' });
  const button = el('button', { type: 'button', class: 'plain', 'data-part': `translate-${part}` });
  const show = (): void => {
    const got = shownTranslated.has(key) ? known.get(key) : undefined;
    setText(body, got?.text ?? text);
    body.lang = got ? words.language : language;
    setText(button, words.say(got ? 'show_original' : 'translate'));
    setText(note, got ? words.say('translated_by', { provider: got.provider }) : '');
  };
  button.addEventListener('click', () => void (async () => {
    if (shownTranslated.has(key)) {
      shownTranslated.delete(key);
      return show();
    }
    if (!known.has(key)) {
      button.disabled = true;
      const { status, body: answer } = await translate(message, part, words.language);
      button.disabled = false;
      const got = answer as { text?: unknown; provider?: unknown } | null;
      const translated = got?.text;
      if (status !== 200 || typeof translated !== 'string') return setText(note, words.say('translate_failed'));
      known.set(key, { text: translated, provider: typeof got?.provider === 'string' ? got.provider : '' });
    }
    shownTranslated.add(key);
    show();
  })());
  show();
  return el('div', { class: 'said-block' }, body, el('div', { class: 'said-foot' }, button, note));
}
