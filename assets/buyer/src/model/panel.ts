// The product card's part about its 3D model: on or off, how it is looked at, back to the presenter's view, and the way into the buyer's own room.

import type { Key, Words } from '../text/language';
import { el, fill, icon, setText } from '../view/dom';
import type { ModelState, Product } from '../wire/show';
import type { Choice } from './choice';
import type { Held, ModelProblem } from './library';
import { ModelLooks } from './looks';

export interface PanelReports {
  choose(choice: Choice): void;
  follow(): void;
  room(): void;
}

export interface PanelView {
  state: ModelState;
  held: Held;
  departs: boolean;
  /** Its product was seen lately, with a pose. */
  inPicture: boolean;
}

const problems: Record<ModelProblem, Key> = {
  large: 'model_large',
  damaged: 'model_damaged',
  unsupported: 'model_damaged',
  offline: 'model_offline',
  refused: 'model_refused',
  'no-webgl': 'model_no_webgl',
  lost: 'model_lost',
};

export class ModelPanel {
  readonly root = el('section', { class: 'model', hidden: true });
  private readonly heading = el('h3');
  private readonly onWord = el('span');
  private readonly roomWord = el('span');
  private readonly onButton = el('button', { type: 'button', class: 'act' }, icon('box'), this.onWord);
  private readonly roomButton = el('button', { type: 'button', class: 'act' }, icon('room'), this.roomWord);
  private readonly note = el('p', { class: 'hint', role: 'status' });
  private readonly followButton = el('button', { type: 'button', class: 'follow' });
  private readonly looks: ModelLooks;
  private state: ModelState | null = null;

  constructor(reports: PanelReports) {
    this.looks = new ModelLooks((choice) => reports.choose(choice));
    fill(this.root,
      this.heading,
      el('div', { class: 'acts' }, this.onButton, this.roomButton),
      this.note,
      this.looks.root,
      this.followButton);
    this.onButton.addEventListener('click', () => reports.choose({ shown: !this.state?.shown }));
    this.roomButton.addEventListener('click', () => reports.room());
    this.followButton.addEventListener('click', () => {
      reports.follow();
      this.onButton.focus(); // the button itself goes away
    });
  }

  /** Without a product that has a model there is nothing to show. */
  show(product: Product | null, view: PanelView | null, words: Words): void {
    this.root.hidden = !product?.model || !view;
    if (!product?.model || !view) return;
    const { state, held, departs } = view;
    this.state = state;
    setText(this.heading, words.say('model'));
    this.root.setAttribute('aria-label', words.say('model'));
    setText(this.onWord, words.say('model_show'));
    setText(this.roomWord, words.say('model_room'));
    setText(this.followButton, words.say('model_follow'));

    const failed = held.is === 'failed';
    const mendable = failed && (held.problem === 'offline' || held.problem === 'refused' || held.problem === 'lost');
    this.onButton.setAttribute('aria-pressed', String(state.shown && !failed));
    this.onButton.disabled = this.roomButton.disabled = failed && !mendable;
    setText(this.note, say(view, words));
    this.note.classList.toggle('warn', failed);
    this.looks.root.hidden = !state.shown || held.is !== 'ready';
    if (held.is === 'ready') this.looks.show(product, state, held.model.swatches, words);
    this.followButton.hidden = !departs;
  }
}

export function say({ state, held, departs, inPicture }: PanelView, words: Words): string {
  if (held.is === 'failed') return words.say(problems[held.problem]);
  if (held.is === 'loading') return words.say('model_loading', { percent: words.number(Math.round(100 * held.share)) });
  if (state.shown && held.is === 'ready' && !inPicture) return words.say('model_waits');
  return departs ? words.say('model_only_you') : '';
}
