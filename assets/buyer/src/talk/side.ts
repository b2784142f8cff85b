// The side column (on a phone the bottom sheet): show, tabs, who one is and a poll when they are asked, and the way to a quote at its foot, always within reach.

import { Sheet, type Height } from '../card/sheet';
import type { Words } from '../text/language';
import { el, icon, setText } from '../view/dom';
import { Tabs } from './tabs';

export type TabId = 'product' | 'questions' | 'chat' | 'quotes' | 'helper';

export interface SideParts {
  brand: HTMLElement;
  product: HTMLElement;
  questions: HTMLElement;
  chat: HTMLElement;
  quotes: HTMLElement;
  poll: HTMLElement;
  greet: HTMLElement;
}

export class Side {
  readonly sheet: Sheet;
  readonly tabs: Tabs;
  private readonly quoteButton = el('button', { type: 'button', class: 'button primary quote-call' }, icon('quote'), el('span'));
  private readonly foot = el('div', { class: 'side-foot' }, this.quoteButton);

  constructor(pixels: (height: Height) => number, parts: SideParts, reports: { tab(id: TabId): void; quote(): void }) {
    this.tabs = new Tabs(
      (['product', 'questions', 'chat', 'quotes'] as const).map((id) => ({ id, panel: el('div', {}, parts[id]) })),
      (id) => {
        this.sheet.root.dataset['tab'] = id;
        reports.tab(id as TabId);
      });
    this.quoteButton.addEventListener('click', () => reports.quote());
    this.sheet = new Sheet(pixels, () => undefined, [parts.brand, this.tabs.list], [parts.greet, parts.poll, this.tabs.panels], [this.foot]);
    this.sheet.root.dataset['tab'] = 'product';
  }

  label(words: Words): void {
    this.sheet.label(words);
    this.sheet.root.setAttribute('aria-label', words.say('side'));
    this.tabs.label(words.say('side'), {
      product: words.say('product'), questions: words.say('questions'), chat: words.say('chat'), quotes: words.say('quotes'), helper: words.say('helper'),
    });
    setText(this.quoteButton.querySelector('span')!, words.say('request_quote'));
  }

  addHelper(panel: HTMLElement): void {
    this.tabs.add('helper', el('div', {}, panel));
  }

  offerQuote(there: boolean): void {
    this.foot.hidden = !there;
  }

  open(tab: TabId): void {
    this.tabs.choose(tab);
    this.sheet.reveal();
  }
}
