// What stands in place of the picture while there is none to see, and why.

import type { Phase } from '../link/machine';
import type { Key, Words } from '../text/language';
import { el, icon, setIcon, setText, type IconName } from './dom';

interface Look {
  key: string;
  icon: IconName;
  busy?: boolean;
  again?: boolean;
  through?: boolean; // the last picture shows through
}

const looks: Record<Exclude<Phase, 'playing'>, Look> = {
  joining: { key: 'joining', icon: 'link', busy: true },
  waiting: { key: 'waiting', icon: 'clock' },
  connecting: { key: 'connecting', icon: 'wave', busy: true },
  retrying: { key: 'retrying', icon: 'wave', busy: true, again: true, through: true },
  paused: { key: 'paused', icon: 'pause', through: true },
  ended: { key: 'ended', icon: 'check' },
  refused: { key: 'refused', icon: 'broken', again: true },
  unsupported: { key: 'unsupported', icon: 'screen', again: true },
  offline: { key: 'offline', icon: 'broken', through: true },
};

export class StateScreen {
  readonly root: HTMLElement;
  private readonly sign = icon('link');
  private readonly title = el('h2');
  private readonly body = el('p');
  private readonly again: HTMLButtonElement;

  constructor(again: () => void) {
    this.again = el('button', { type: 'button', class: 'button', click: again });
    this.root = el('div', { class: 'state' },
      el('div', { class: 'state-sign' }, this.sign), this.title, this.body, this.again);
  }

  /** `room`: something else stands here. */
  show(phase: Phase, words: Words, room: boolean): void {
    const look = phase === 'playing' || room ? null : looks[phase];
    this.root.hidden = look === null;
    if (!look) return;
    setIcon(this.sign.parentElement!, look.icon);
    this.root.classList.toggle('busy', !!look.busy);
    this.root.classList.toggle('through', !!look.through);
    setText(this.title, words.say(`${look.key}_title` as Key));
    setText(this.body, words.say(`${look.key}_body` as Key));
    setText(this.again, words.say('try_again'));
    this.again.hidden = !look.again;
  }
}
