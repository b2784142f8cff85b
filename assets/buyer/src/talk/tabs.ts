// The side column's tabs (WAI-ARIA tabs pattern): arrow keys move, the chosen one's panel is shown. A count beside a tab's name says what waits there.

import { el, fill, setText } from '../view/dom';

export interface Tab {
  id: string;
  panel: HTMLElement;
}

export class Tabs {
  readonly list = el('div', { class: 'tabs', role: 'tablist' });
  readonly panels = el('div', { class: 'panels' });
  private readonly entries = new Map<string, { button: HTMLButtonElement; word: HTMLElement; count: HTMLElement; panel: HTMLElement }>();
  private readonly changed: (id: string) => void;
  private now = '';

  constructor(tabs: Tab[], changed: (id: string) => void) {
    this.changed = changed;
    for (const { id, panel } of tabs) this.add(id, panel);
    this.list.addEventListener('keydown', (event) => this.key(event));
    this.choose(tabs[0]!.id, false);
  }

  get chosen(): string {
    return this.now;
  }

  add(id: string, panel: HTMLElement): void {
    if (this.entries.has(id)) return;
    const [word, count] = [el('span'), el('span', { class: 'count', hidden: true })];
    const button = el('button', {
      type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, 'aria-selected': 'false', tabindex: -1, click: () => this.choose(id),
    }, word, count);
    panel.setAttribute('role', 'tabpanel');
    panel.id = `panel-${id}`;
    panel.setAttribute('aria-labelledby', button.id);
    panel.classList.add('panel');
    panel.hidden = true;
    this.entries.set(id, { button, word, count, panel });
    this.list.append(button);
    this.panels.append(panel);
  }

  label(name: string, words: Record<string, string>): void {
    this.list.setAttribute('aria-label', name);
    for (const [id, { word }] of this.entries) setText(word, words[id] ?? id);
  }

  /** `said`: the count in a sentence, for who hears it. */
  count(id: string, count: number, said = ''): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.count.hidden = count === 0;
    fill(entry.count, el('span', { 'aria-hidden': 'true' }, count > 99 ? '99+' : String(count)), el('span', { class: 'sr-only' }, ` ${said}`));
  }

  choose(id: string, tell = true): void {
    if (!this.entries.has(id)) return;
    this.now = id;
    for (const [each, { button, panel }] of this.entries) {
      const chosen = each === id;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen;
    }
    if (tell) this.changed(id);
  }

  private key(event: KeyboardEvent): void {
    const ids = [...this.entries.keys()];
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    const at = ids.indexOf(this.now);
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const id = ids[(to + ids.length) % ids.length]!;
    this.choose(id);
    this.entries.get(id)!.button.focus();
  }
}
