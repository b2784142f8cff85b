// What stands in place of the picture while there is none to see, and why.

import type { OpenOn } from '../link/api';
import type { Phase } from '../link/machine';
import type { Key, Words } from '../text/language';
import { el, fill, icon, setIcon, setText, type IconName } from './dom';

interface Look {
  key: string;
  icon: IconName;
  busy?: boolean;
  again?: boolean;
  takeOver?: boolean;
  through?: boolean; // the last picture shows through
}

const looks: Record<Exclude<Phase, 'playing'>, Look> = {
  joining: { key: 'joining', icon: 'link', busy: true },
  waiting: { key: 'waiting', icon: 'clock' },
  connecting: { key: 'connecting', icon: 'wave', busy: true },
  retrying: { key: 'retrying', icon: 'wave', busy: true, again: true, through: true },
  paused: { key: 'paused', icon: 'pause' }, // the picture behind has words of its own
  ended: { key: 'ended', icon: 'check' },
  refused: { key: 'refused', icon: 'broken', again: true },
  elsewhere: { key: 'elsewhere', icon: 'screen', takeOver: true },
  moved: { key: 'moved', icon: 'screen', takeOver: true },
  full: { key: 'full', icon: 'clock', again: true },
  unsupported: { key: 'unsupported', icon: 'screen', again: true },
  offline: { key: 'offline', icon: 'broken', through: true },
};

export class StateScreen {
  readonly root: HTMLElement;
  private readonly sign = icon('link');
  private readonly title = el('h2');
  private readonly body = el('p');
  private readonly devices = el('ul', { class: 'state-devices' });
  private readonly after = el('p');
  private readonly again: HTMLButtonElement;
  private readonly here: HTMLButtonElement;
  private readonly watch: HTMLButtonElement;
  /** Where the invitation is open instead of here. */
  openOn: OpenOn[] = [];
  /** The show that has ended can be seen again. */
  recording = false;

  constructor(again: () => void, takeOver: () => void, watch: () => void) {
    this.again = el('button', { type: 'button', class: 'button', click: again });
    this.here = el('button', { type: 'button', class: 'button primary', click: takeOver });
    this.watch = el('button', { type: 'button', class: 'button primary', 'data-part': 'watch', click: watch });
    this.root = el('div', { class: 'state' },
      el('div', { class: 'state-sign' }, this.sign), this.title, this.body, this.devices, this.after, this.again, this.here, this.watch);
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
    setText(this.here, words.say('continue_here'));
    this.here.hidden = !look.takeOver;
    setText(this.watch, words.say('watch_recording'));
    this.watch.hidden = !(phase === 'ended' && this.recording);
    const devices = phase === 'elsewhere' ? this.openOn : [];
    fill(this.devices, ...devices.map((open) => el('li', {}, el('bdi', {}, words.device(open.device)), ' · ', words.used(open.idleS))));
    this.devices.hidden = devices.length === 0;
    setText(this.after, devices[0] ? words.say('elsewhere_after', { device: words.device(devices[0].device) }) : '');
    this.after.hidden = devices.length === 0;
  }
}
