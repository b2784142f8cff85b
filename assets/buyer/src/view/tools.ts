// What a buyer can do with the picture, beneath it: each an icon and a word; a tool that is not there (no replay in this browser) is not shown.

import type { Key, Words } from '../text/language';
import { el, icon, setText, type IconName } from './dom';

export const tools = ['point', 'freeze', 'keep_picture', 'replay', 'measure', 'react', 'hand'] as const;
export type Tool = (typeof tools)[number];

const icons: Record<Tool, IconName> = {
  point: 'point', freeze: 'freeze', keep_picture: 'save', replay: 'replay', measure: 'measure', react: 'heart', hand: 'hand',
};
const toggles: Tool[] = ['point', 'measure', 'react', 'hand'];

export class ToolBar {
  readonly root: HTMLElement;
  private readonly bar = el('div', { class: 'tools', role: 'toolbar' });
  private readonly buttons = new Map<Tool, HTMLButtonElement>();

  constructor(use: (tool: Tool, button: HTMLButtonElement) => void, menu: HTMLElement) {
    for (const tool of tools) {
      const button: HTMLButtonElement = el('button', {
        type: 'button', class: 'tool', 'data-tool': tool, 'aria-pressed': toggles.includes(tool) && tool !== 'react' ? 'false' : null,
        'aria-expanded': tool === 'react' ? 'false' : null, tabindex: this.buttons.size === 0 ? 0 : -1, click: () => use(tool, button),
      }, icon(icons[tool]), el('span'));
      this.buttons.set(tool, button);
      this.bar.append(button);
    }
    this.root = el('div', { class: 'tools-block' }, menu, this.bar);
    this.bar.addEventListener('keydown', (event) => this.key(event));
    this.bar.addEventListener('focusin', ({ target }) => this.rove(target as HTMLButtonElement));
  }

  label(words: Words): void {
    this.bar.setAttribute('aria-label', words.say('tools'));
    for (const [tool, button] of this.buttons) setText(button.querySelector('span')!, words.say(`tool_${tool}` as Key));
  }

  button(tool: Tool): HTMLButtonElement {
    return this.buttons.get(tool)!;
  }

  press(tool: Tool, pressed: boolean): void {
    this.buttons.get(tool)!.setAttribute(tool === 'react' ? 'aria-expanded' : 'aria-pressed', String(pressed));
  }

  /** Nothing to point at, or no way to do it. */
  offer(tool: Tool, there: boolean, able = true, why = ''): void {
    const button = this.buttons.get(tool)!;
    button.hidden = !there;
    button.disabled = !able;
    button.title = able ? '' : why;
    const all = [...this.buttons.values()];
    if (all.every((each) => each.tabIndex < 0 || each.hidden || each.disabled)) this.rove(all.find((each) => !each.hidden && !each.disabled));
  }

  /** One of them is reached by Tab. */
  private rove(to: HTMLButtonElement | undefined): void {
    if (to) for (const button of this.buttons.values()) button.tabIndex = button === to ? 0 : -1;
  }

  private key(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLButtonElement) || !event.target.classList.contains('tool')) return;
    const there = [...this.buttons.values()].filter((button) => !button.hidden && !button.disabled);
    const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
    const at = there.indexOf(event.target);
    const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: there.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    there[(to + there.length) % there.length]?.focus();
  }
}
