// Questions, or chat: what was said, what this buyer is saying just now and whether it arrived, and where to write. Messages are text and only text.

import type { Desk } from '../desk/desk';
import type { Pending } from '../desk/outbox';
import type { Words } from '../text/language';
import { el, icon, setText } from '../view/dom';
import { Keyed } from '../view/keyed';
import type { Message, SceneMoment } from '../wire/desk';
import type { ShowDocument } from '../wire/show';
import { Composer } from './composer';
import { said } from './said';

export interface ConversationReports {
  /** Null when the buyer did not want to say who they are. */
  say(kind: 'chat' | 'question', text: string, isPrivate: boolean): Promise<boolean>;
  product(id: string): void;
  jump(moment: SceneMoment): void;
  /** Whether the replay still holds that moment. */
  canJump(moment: SceneMoment): boolean;
}

type Entry = { is: 'message'; message: Message } | { is: 'pending'; pending: Pending };

const nearEnd = 80; // px

export class Conversation {
  readonly root: HTMLElement;
  readonly composer: Composer;
  private readonly kind: 'chat' | 'question';
  private readonly desk: Desk;
  private readonly reports: ConversationReports;
  private readonly list: HTMLElement;
  private readonly nothing = el('p', { class: 'nothing' });
  private readonly earlier = el('button', { type: 'button', class: 'button small earlier', 'data-part': 'earlier', hidden: true });
  private readonly scroll: HTMLElement;
  private readonly keyed: Keyed<Entry>;
  private words: Words | null = null;
  private show: ShowDocument | null = null;

  constructor(kind: 'chat' | 'question', desk: Desk, reports: ConversationReports) {
    this.kind = kind;
    this.desk = desk;
    this.reports = reports;
    this.list = el('ol', { class: `messages ${kind}` });
    this.scroll = el('div', { class: 'scroll', tabindex: 0, role: 'group' },
      ...(kind === 'chat' ? [this.earlier, this.nothing, this.list] : [this.nothing, this.list, this.earlier]));
    this.earlier.addEventListener('click', () => this.desk.askEarlier('messages'));
    this.composer = new Composer(kind, kind === 'question', (text, isPrivate) => reports.say(kind, text, isPrivate));
    this.root = el('section', { class: 'conversation' }, this.scroll, this.composer.root);
    this.keyed = new Keyed(this.list, keyOf, (entry) => this.make(entry));
  }

  label(words: Words, show: ShowDocument | null): void {
    this.words = words;
    this.show = show;
    const question = this.kind === 'question';
    this.composer.name(words, words.say(question ? 'ask_label' : 'chat_label'), words.say(question ? 'ask_placeholder' : 'chat_placeholder'));
    const closed = !question && show?.chat === 'off';
    this.composer.root.hidden = closed;
    setText(this.nothing, words.say(question ? 'no_questions' : closed ? 'chat_off' : 'no_chat'));
    this.scroll.setAttribute('aria-label', words.say(question ? 'questions' : 'chat'));
    this.update();
  }

  update(): void {
    const { words } = this;
    if (!words) return;
    const { messages } = this.desk.state;
    const there = [...messages.values()].filter((message) => this.holds(message));
    const pending = this.desk.pending.filter(({ act, result, state }) =>
      act.act === 'say' && act['kind'] === this.kind && !(state === 'sent' && result && messages.has(result.id)));
    const entries: Entry[] = [
      ...(this.kind === 'question' ? orderedQuestions(there, this.desk.state.me?.id ?? '') : orderedChat(there)).map((message): Entry => ({ is: 'message', message })),
    ];
    const waiting = pending.map((each): Entry => ({ is: 'pending', pending: each }));
    if (this.kind === 'question') entries.unshift(...waiting.reverse());
    else entries.push(...waiting);
    const before = this.desk.state.earlier.get('messages');
    this.nothing.hidden = entries.length > 0 || before !== undefined;
    this.earlier.hidden = before === undefined;
    this.earlier.disabled = before?.asked === true;
    setText(this.earlier, words.say(before?.asked ? 'earlier_coming' : 'earlier'));
    const { scroll } = this;
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearEnd;
    this.keyed.show(entries, (entry) => JSON.stringify([entry, words.language, this.show?.translation, this.liked(entry), this.jumps(entry)]));
    if (this.kind === 'chat' && atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  reveal(id: string): void {
    this.keyed.node(id)?.scrollIntoView({ block: 'nearest' });
  }

  private holds({ kind, state }: Message): boolean {
    if (state === 'hidden' && this.desk.state.me?.role !== 'helper') return false;
    return this.kind === 'question' ? kind === 'question' : kind !== 'question';
  }

  private liked(entry: Entry): boolean {
    return entry.is === 'message' && this.desk.liked.has(entry.message.id);
  }

  private jumps(entry: Entry): boolean {
    return entry.is === 'message' && this.reports.canJump(entry.message.moment);
  }

  private make(entry: Entry): HTMLElement {
    return entry.is === 'pending' ? this.makePending(entry.pending) : this.makeMessage(entry.message);
  }

  private makePending({ clientId, act, state, detail, again }: Pending): HTMLElement {
    const words = this.words!;
    const failed = state === 'failed';
    return el('li', { class: `message mine ${state}`, 'data-client': clientId },
      el('p', { class: 'who' }, words.say('you'), act['is_private'] === true && el('span', { class: 'tag' }, words.say('private'))),
      el('p', { class: 'said', dir: 'auto' }, String(act['text'] ?? '')),
      el('p', { class: 'sending', role: failed ? 'alert' : null },
        failed ? words.refusal(detail) : words.say(state === 'sent' ? 'sent' : state === 'waiting' ? 'waits_for_connection' : 'sending')),
      (failed || state === 'waiting') && el('p', { class: 'message-acts' },
        failed && again && el('button', { type: 'button', class: 'plain', click: () => this.desk.retry(clientId) }, words.say('try_again')),
        el('button', { type: 'button', class: 'plain', click: () => this.desk.drop(clientId) }, words.say('discard'))));
  }

  private makeMessage(message: Message): HTMLElement {
    const words = this.words!;
    const { me } = this.desk.state;
    const mine = me !== null && message.person === me.id;
    const translation = this.show?.translation ?? false;
    const kind = ['message', mine && 'mine', message.kind, message.pinned && 'pinned', message.answer && 'answered', message.state === 'hidden' && 'hidden-one'];
    return el('li', { class: kind.filter(Boolean).join(' '), 'data-id': message.id },
      el('p', { class: 'who' },
        el('bdi', { translate: 'no' }, mine ? words.say('you') : nameOf(message.person, message.name, words)),
        message.pinned && el('span', { class: 'tag' }, words.say('pinned')),
        message.isPrivate && el('span', { class: 'tag' }, words.say('private')),
        message.kind === 'announcement' && el('span', { class: 'tag' }, words.say('announcement')),
        message.state === 'waiting' && el('span', { class: 'tag' }, words.say('waits_for_presenter')),
        el('time', { datetime: isoOf(message.madeUs) }, words.clock(message.madeUs / 1000))),
      said({ message: message.id, part: 'text', text: message.text, language: message.language }, words, translation),
      this.spokeOf(message),
      message.answer !== '' && el('div', { class: 'answer' },
        el('p', { class: 'who' }, icon('check'), words.say('answer')),
        said({ message: message.id, part: 'answer', text: message.answer, language: message.answerLanguage }, words, translation)),
      message.kind === 'question' && !message.isPrivate && this.like(message, mine));
  }

  private spokeOf({ moment }: Message): HTMLElement | false {
    const words = this.words!;
    const product = this.show?.products.find(({ id }) => id === moment.product);
    const jump = this.reports.canJump(moment);
    if (!product && !jump) return false;
    return el('p', { class: 'spoke-of' },
      product && el('button', { type: 'button', class: 'chip', 'data-part': 'product', translate: 'no', click: () => this.reports.product(product.id) },
        el('bdi', {}, words.text(product.name))),
      jump && el('button', { type: 'button', class: 'chip', 'data-part': 'jump', click: () => this.reports.jump(moment) }, icon('replay'), words.say('see_moment')));
  }

  private like({ id, likes }: Message, mine: boolean): HTMLElement | false {
    const words = this.words!;
    const liked = this.desk.liked.has(id);
    if (mine) return likes > 0 && el('p', { class: 'caption likes' }, words.say('likes', { count: words.number(likes) }));
    return el('p', { class: 'message-acts' },
      el('button', { type: 'button', class: 'like', 'data-part': 'like', 'aria-pressed': String(liked), disabled: liked, click: () => this.desk.like(id) },
        icon('thumb'), el('span', {}, words.say('like')), likes > 0 && el('span', { class: 'like-count' }, words.number(likes))));
  }
}

const keyOf = (entry: Entry): string => (entry.is === 'message' ? entry.message.id : `pending ${entry.pending.clientId}`);

export function nameOf(person: string, name: string, words: Words): string {
  return person === '' ? words.say('presenter') : name || words.say('a_buyer');
}

/** Pinned first; then what waits for an answer, own ones before what more people want to know; then what was answered, newest first. */
export function orderedQuestions(messages: readonly Message[], me: string): Message[] {
  const rank = (message: Message): number => (message.pinned ? 0 : message.answer ? 2 : 1);
  return [...messages].sort((a, b) =>
    rank(a) - rank(b) ||
    (rank(a) === 2
      ? b.answeredUs - a.answeredUs
      : b.priority - a.priority || Number(b.person === me) - Number(a.person === me) || b.likes - a.likes || b.madeUs - a.madeUs));
}

/** By time; a pinned one stands at the top. */
export function orderedChat(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => Number(b.pinned) - Number(a.pinned) || a.madeUs - b.madeUs);
}

const isoOf = (us: number): string | null => (us > 0 ? new Date(us / 1000).toISOString() : null);
