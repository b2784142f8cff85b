// The poll that is open: choose one; afterwards what all chose, as far as the presenter shows it. A vote may be changed while the poll is open.

import type { Desk } from '../desk/desk';
import type { Words } from '../text/language';
import { el, fill, icon } from '../view/dom';

export class PollView {
  readonly root = el('section', { class: 'poll', hidden: true });
  private readonly desk: Desk;
  private closed = ''; // put away by this buyer
  private said = '';
  private open = true;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** Only its question, or all of it. */
  fold(open: boolean): void {
    this.open = open;
    this.root.classList.toggle('open', open);
    this.root.querySelector('.poll-toggle')?.setAttribute('aria-expanded', String(open));
  }

  show(words: Words): void {
    const { poll } = this.desk.state;
    const asked = this.desk.pending.findLast(({ act, state }) => act.act === 'vote' && act['poll'] === poll?.id && state === 'sending');
    const mine = asked ? Number(asked.act['option']) : (poll?.mine ?? null);
    const there = poll && poll.options.length > 0 && poll.id !== this.closed && (poll.open || mine !== null || poll.resultsShown) ? poll : null;
    const now = JSON.stringify([there, mine, words.language]);
    if (now === this.said) return;
    this.said = now;
    this.root.hidden = there === null;
    this.root.classList.toggle('open', this.open);
    if (!there) return fill(this.root);
    const title = words.text(there.question);
    this.root.setAttribute('aria-label', words.say('poll'));
    const all = there.votes.reduce((sum, votes) => sum + votes, 0);
    const results = there.resultsShown && (mine !== null || !there.open) && all > 0;
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.getAttribute('data-option') : null;
    fill(this.root,
      el('header', {},
        el('h3', {}, el('button', { type: 'button', class: 'poll-toggle', 'aria-expanded': String(this.open), click: () => this.fold(!this.open) }, icon('play'), el('span', { dir: 'auto' }, title))),
        el('button', { type: 'button', class: 'round', 'aria-label': words.say('close'), click: () => {
          this.closed = there.id;
          this.show(words);
        } }, icon('close'))),
      el('div', { class: 'options', role: 'radiogroup', 'aria-label': title }, ...there.options.map((option, i) => {
        const share = all > 0 ? (there.votes[i] ?? 0) / all : 0;
        const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
        bar.style.inlineSize = results ? `${Math.round(share * 100)}%` : '0';
        return el('button', {
          type: 'button', role: 'radio', class: 'option', 'data-option': i, 'aria-checked': String(mine === i), disabled: !there.open,
          click: () => void this.desk.act({ act: 'vote', poll: there.id, option: i }),
        }, bar, el('span', { class: 'option-text', dir: 'auto' }, words.text(option)), results && el('span', { class: 'share' }, words.percent(share)));
      })),
      el('p', { class: 'caption' }, there.open ? (mine === null ? words.say('poll_choose') : words.say('poll_voted')) : words.say('poll_closed')));
    if (focused) this.root.querySelector<HTMLElement>(`[data-option="${focused}"]`)?.focus();
  }
}
