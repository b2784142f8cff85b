// What a helper of the presenter's has beside a buyer's page: the questions that wait, with an answer to all or to the asker alone, ready-made answers, what to
// hide and what to pin; and the scenes and products to put on air.

import type { Desk } from '../desk/desk';
import { showCommand } from '../link/api';
import { mostLetters, oneParagraph } from '../talk/composer';
import { nameOf } from '../talk/conversation';
import type { Words } from '../text/language';
import { el, fill, icon, setText } from '../view/dom';
import { Keyed } from '../view/keyed';
import type { Message } from '../wire/desk';
import type { ShowDocument, Snapshot } from '../wire/show';

export class HelperTab {
  readonly root: HTMLElement;
  private readonly desk: Desk;
  private readonly list = el('ol', { class: 'messages question' });
  private readonly nothing = el('p', { class: 'nothing' });
  private readonly earlier = el('button', { type: 'button', class: 'button small earlier', 'data-part': 'earlier', hidden: true });
  private readonly stage = el('section', { class: 'helper-stage' });
  private readonly said = el('p', { class: 'caption', role: 'status' });
  private readonly heads = { stage: el('h3'), questions: el('h3') };
  private readonly keyed: Keyed<Message>;
  private readonly drafts = new Map<string, { text: string; alone: boolean }>();
  private words: Words | null = null;
  private show: ShowDocument | null = null;
  private snapshot: Snapshot | null = null;
  private stageSaid = '';

  constructor(desk: Desk) {
    this.desk = desk;
    this.root = el('div', { class: 'helper' }, this.heads.stage, this.stage, this.said, this.heads.questions, this.nothing, this.list, this.earlier);
    this.earlier.addEventListener('click', () => this.desk.askEarlier('messages'));
    this.keyed = new Keyed(this.list, ({ id }) => id, (message) => this.make(message));
  }

  label(words: Words, show: ShowDocument | null, snapshot: Snapshot | null): void {
    Object.assign(this, { words, show, snapshot });
    setText(this.heads.stage, words.say('on_air'));
    setText(this.heads.questions, words.say('unanswered'));
    setText(this.nothing, words.say('none_unanswered'));
    this.showStage();
    this.update();
  }

  get waiting(): number {
    return this.unanswered().length;
  }

  update(): void {
    const { words } = this;
    if (!words) return;
    const open = this.unanswered();
    const before = this.desk.state.earlier.get('messages');
    this.nothing.hidden = open.length > 0 || before !== undefined;
    this.earlier.hidden = before === undefined;
    this.earlier.disabled = before?.asked === true;
    setText(this.earlier, words.say(before?.asked ? 'earlier_coming' : 'earlier'));
    const sending = this.desk.pending.filter(({ state }) => state !== 'sent').map(({ act, state, detail }) => [act['message'], act.act, state, detail]);
    this.keyed.show(open, (message) => JSON.stringify([message, words.language, this.show?.templates, sending.filter(([id]) => id === message.id)]));
  }

  private unanswered(): Message[] {
    return [...this.desk.state.messages.values()]
      .filter(({ kind, state, answer }) => kind === 'question' && state !== 'hidden' && answer === '')
      .sort((a, b) => b.priority - a.priority || b.likes - a.likes || a.madeUs - b.madeUs);
  }

  private showStage(): void {
    const words = this.words!;
    const { show, snapshot } = this;
    const now = JSON.stringify([show?.scenes, show?.products.map(({ id }) => id), snapshot?.scene, snapshot?.pinned, words.language]);
    if (now === this.stageSaid) return;
    this.stageSaid = now;
    const command = async (body: object): Promise<void> => {
      const { status, detail } = await showCommand(body);
      setText(this.said, status >= 200 && status < 300 ? words.say('done_said') : detail ? words.refusal(detail) : words.say('not_sent'));
    };
    const button = (text: string, pressed: boolean, body: object): HTMLElement =>
      el('button', { type: 'button', class: 'button small', 'aria-pressed': String(pressed), dir: 'auto', click: () => void command(body) }, text);
    fill(this.stage,
      el('div', { class: 'helper-row', role: 'group', 'aria-label': words.say('scenes') },
        ...(show?.scenes ?? []).map(({ id, name }) => button(words.text(name) || id, snapshot?.scene === id, { command: 'switch_scene', scene: id }))),
      el('div', { class: 'helper-row', role: 'group', 'aria-label': words.say('products') },
        ...(show?.products ?? []).map(({ id, name }) => button(words.text(name) || id, snapshot?.pinned === id, { command: 'pin', product: id }))));
  }

  private make(message: Message): HTMLElement {
    const words = this.words!;
    const { id } = message;
    const draft = this.drafts.get(id) ?? { text: '', alone: message.isPrivate };
    this.drafts.set(id, draft);
    const person = this.desk.state.people.get(message.person);
    const who = [person?.name || nameOf(message.person, message.name, words), person?.company, person?.country].filter(Boolean).join(' · ');
    const text = el('textarea', { rows: 2, maxlength: mostLetters, dir: 'auto', id: `answer-${id}`, 'data-part': 'answer' });
    text.value = draft.text;
    text.addEventListener('input', () => (draft.text = text.value));
    const alone = el('input', { type: 'checkbox', checked: draft.alone });
    alone.addEventListener('change', () => (draft.alone = alone.checked));
    const templates = this.show?.templates ?? [];
    const choose = el('select', { 'aria-label': words.say('template'), change: () => {
      const chosen = templates[Number(choose.value)];
      if (chosen) draft.text = text.value = words.inLanguage(chosen, message.language);
      choose.value = '';
      text.focus();
    } }, el('option', { value: '' }, words.say('template')), ...templates.map((template, i) => el('option', { value: i }, words.text(template))));
    const answer = (): void => {
      const said = oneParagraph(text.value);
      if (!said) return text.focus();
      void this.desk.act({ act: 'answer', message: id, text: said, language: words.language, is_private: alone.checked });
      this.drafts.delete(id);
    };
    const failed = this.desk.pending.find(({ act, state }) => act['message'] === id && state === 'failed');
    const moderate = (change: object) => (): void => void this.desk.act({ act: 'moderate', message: id, ...change });
    return el('li', { class: 'message', 'data-id': id },
      el('p', { class: 'who' }, el('bdi', { translate: 'no' }, who), message.isPrivate && el('span', { class: 'tag' }, words.say('private')),
        message.likes > 0 && el('span', { class: 'tag' }, words.say('likes', { count: words.number(message.likes) }))),
      el('p', { class: 'said', dir: 'auto', lang: message.language || null }, message.text),
      el('label', { class: 'sr-only', for: `answer-${id}` }, words.say('answer')), text,
      templates.length > 0 && choose,
      el('label', { class: 'check' }, alone, el('span', {}, words.say('answer_privately'))),
      failed && el('p', { class: 'field-error', role: 'alert' }, words.refusal(failed.detail)),
      el('div', { class: 'quote-acts' },
        el('button', { type: 'button', class: 'button small primary', 'data-part': 'send', click: answer }, words.say('answer_send')),
        el('button', { type: 'button', class: 'button small', 'data-part': 'pin', 'aria-pressed': String(message.pinned), click: moderate({ pinned: !message.pinned }) }, icon('tag'), words.say(message.pinned ? 'unpin' : 'pin')),
        el('button', { type: 'button', class: 'button small', 'data-part': 'hide', click: moderate({ state: 'hidden' }) }, words.say('hide'))));
  }
}
