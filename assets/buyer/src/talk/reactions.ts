// Reactions: a small menu to give one, and what came from everybody rising quietly at the picture's edge. Who wants less motion sees counts.

import type { Words } from '../text/language';
import { calm, el, fill, icon, type IconName } from '../view/dom';

export const reactions = ['heart', 'clap', 'wow', 'question_mark', 'thumb'] as const;
export type Reaction = (typeof reactions)[number];

const icons: Record<Reaction, IconName> = { heart: 'heart', clap: 'clap', wow: 'wow', question_mark: 'ask', thumb: 'thumb' };
const mostAtOnce = 8;

export class ReactionFloat {
  readonly root = el('div', { class: 'floats', 'aria-hidden': 'true' });
  private rest: number | undefined;

  came(counts: Record<string, number>): void {
    const known = reactions.filter((kind) => counts[kind]);
    if (known.length === 0) return;
    if (calm()) return this.count(known.map((kind) => [kind, counts[kind]!] as const));
    let left = mostAtOnce - this.root.childElementCount;
    for (const kind of known) {
      for (let i = 0; i < Math.min(counts[kind]!, 3) && left > 0; ++i, --left) this.rise(kind);
    }
  }

  private rise(kind: Reaction): void {
    const each = el('span', { class: 'float' }, icon(icons[kind]));
    each.style.insetInlineEnd = `${Math.round(Math.random() * 44)}px`;
    this.root.append(each);
    const way = each.animate(
      [{ opacity: 0, transform: 'translateY(0)' }, { opacity: 0.9, offset: 0.15 }, { opacity: 0.9, offset: 0.6 }, { opacity: 0, transform: 'translateY(-120px)' }],
      { duration: 2400 + Math.random() * 800, delay: Math.random() * 500, easing: 'ease-out', fill: 'both' },
    );
    way.onfinish = way.oncancel = () => each.remove();
  }

  private count(counts: (readonly [Reaction, number])[]): void {
    fill(this.root, ...counts.map(([kind, count]) => el('span', { class: 'float still' }, icon(icons[kind]), `${count}`)));
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => fill(this.root), 2500);
  }
}

export class ReactionMenu {
  readonly root = el('div', { class: 'reaction-menu', role: 'group', hidden: true });

  constructor(react: (kind: Reaction) => void) {
    fill(this.root, ...reactions.map((kind) => el('button', { type: 'button', class: 'round', 'data-kind': kind, click: () => react(kind) }, icon(icons[kind]))));
    this.root.addEventListener('keydown', (event) => {
      const buttons = [...this.root.querySelectorAll('button')];
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (by) buttons[(at + by + buttons.length) % buttons.length]?.focus();
    });
  }

  label(words: Words): void {
    this.root.setAttribute('aria-label', words.say('react'));
    for (const button of this.root.querySelectorAll('button')) {
      const name = words.say(`reaction_${button.dataset['kind'] as Reaction}`);
      button.setAttribute('aria-label', name);
      button.title = name;
    }
  }
}
