// What is on the desk as this buyer may see it, put together from the socket's messages, and the way to act on it. Views read `state` and are told which
// kinds changed.

import { sendAct } from '../link/api';
import { localClock } from '../link/live_socket';
import type { DeskKind, DeskNews, DeskRecord, Message, Order, Person, Point, Poll, Quote } from '../wire/desk';
import { Outbox, type Act, type Done, type Pending } from './outbox';

export interface DeskState {
  me: Person | null;
  messages: Map<string, Message>;
  points: Map<string, Point>;
  quotes: Map<string, Quote>;
  orders: Map<string, Order>;
  people: Map<string, Person>; // for helpers
  poll: Poll | null;
  hands: number;
  watching: number;
  /** By list: where to ask for what came before, and whether that has been asked. */
  earlier: Map<string, { place: string; asked: boolean }>;
}

export type Change = DeskKind | 'me' | 'pending' | 'count';

export interface DeskReports {
  changed(kinds: Set<Change>): void;
  /** Something this buyer waits for happened while they were here. */
  answered(message: Message): void;
  announced(message: Message): void;
  quoteMoved(quote: Quote): void;
  pointMoved(point: Point): void;
  /** Asks the server for what came before in a list. */
  askEarlier(list: string, place: string): void;
  later(ms: number, then: () => void): void;
}

const pageEveryMs = 1100; // the server gives one a second
const answerWithinMs = 5000;

const storeKey = 'vitrine.outbox';
const likedKey = 'vitrine.liked';

const empty = (): DeskState => ({
  me: null, messages: new Map(), points: new Map(), quotes: new Map(), orders: new Map(), people: new Map(), poll: null, hands: 0, watching: 0, earlier: new Map(),
});

export class Desk {
  state = empty();
  /** False until the first whole account came. */
  known = false;
  readonly liked: Set<string>;
  private readonly reports: DeskReports;
  private readonly outbox: Outbox;
  private collecting = false;
  private settled = false;

  constructor(reports: DeskReports) {
    this.reports = reports;
    this.liked = new Set(stored(likedKey)?.split(' '));
    this.outbox = new Outbox({
      send: sendAct,
      changed: () => this.reports.changed(new Set(['pending'])),
      store: (texts) => store(storeKey, texts),
      later: (ms, then) => void window.setTimeout(then, ms),
      now: localClock, // a device whose clock is set back must not sit on what it has to send
      newId: () => crypto.randomUUID(),
    }, stored(storeKey));
  }

  get pending(): readonly Pending[] {
    return this.outbox.pending;
  }

  act(act: Act, keep = true): Promise<Done | null> {
    return this.outbox.put(act, keep);
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
  }

  drop(clientId: string): void {
    this.outbox.drop(clientId);
  }

  like(message: string): void {
    if (this.liked.has(message)) return;
    this.liked.add(message);
    store(likedKey, [...this.liked].join(' '));
    void this.act({ act: 'like', message });
  }

  /** What came before is fetched by the page: lists that have no end to scroll to by themselves, messages when the buyer asks. */
  askEarlier(list: string): void {
    const { earlier } = this.state;
    const next = earlier.get(list);
    if (!next || next.asked) return;
    next.asked = true;
    this.reports.askEarlier(list, next.place);
    this.reports.changed(new Set(['message']));
    // No answer (too many asked at once, the socket went): it may be asked again.
    this.reports.later(answerWithinMs, () => {
      if (earlier.get(list) !== next || this.state.earlier !== earlier) return;
      next.asked = false;
      this.reports.changed(new Set(['message']));
      if (list !== 'messages') this.askEarlier(list);
    });
  }

  private goesOn(places: Record<string, string | null>): void {
    const { earlier } = this.state;
    for (const [list, place] of Object.entries(places)) {
      if (place === null) earlier.delete(list);
      else earlier.set(list, { place, asked: false });
      if (place !== null && list !== 'messages') this.reports.later(pageEveryMs, () => earlier === this.state.earlier && this.askEarlier(list));
    }
  }

  /** A socket is there: a whole account follows. */
  opened(): void {
    this.collecting = false;
    this.outbox.kick();
  }

  hear(news: DeskNews): void {
    const kinds = new Set<Change>();
    if (news.full && !this.collecting) {
      this.state = { ...empty(), me: this.state.me };
      this.settled = false;
      for (const kind of ['message', 'point', 'poll', 'quote', 'order', 'person'] as const) kinds.add(kind);
    }
    if (news.full) this.collecting = !news.last;
    const { state } = this;
    // What came before is no news.
    const { settled } = this;
    if (news.page) this.settled = false;
    if (news.me) {
      state.me = news.me;
      this.outbox.owner(news.me.id);
      kinds.add('me');
    }
    if (news.poll) {
      state.poll = news.poll.record;
      kinds.add('poll');
    }
    for (const each of news.put) {
      kinds.add(each.kind);
      this.put(each);
      if (each.kind === 'person' && each.record.id === state.me?.id) kinds.add('me');
    }
    for (const { kind, id } of news.gone) this.remove(kind, id, kinds);
    if (news.hands !== null) state.hands = news.hands;
    if (news.people !== null) state.watching = news.people;
    if (news.hands !== null || news.people !== null) kinds.add('count');
    if (news.page) this.settled = settled;
    if (Object.keys(news.earlier).length > 0) {
      this.goesOn(news.earlier);
      kinds.add('message');
    }
    if (news.full && !this.collecting) {
      this.known = true;
      this.settled = true;
    }
    this.reports.changed(kinds);
  }

  /** Who may not see the show any more keeps nothing of it. */
  forget(): void {
    this.state = empty();
    this.known = false;
    this.outbox.clear();
    this.reports.changed(new Set(['message', 'point', 'poll', 'quote', 'order', 'me']));
  }

  private put(change: DeskRecord): void {
    const { state } = this;
    const mine = (person: string): boolean => state.me !== null && person === state.me.id;
    switch (change.kind) {
      case 'message': {
        const before = state.messages.get(change.record.id);
        state.messages.set(change.record.id, change.record);
        if (!this.settled) return;
        const { record } = change;
        if (record.kind === 'announcement' && !before) this.reports.announced(record);
        else if (record.answer && record.answer !== before?.answer && (mine(record.person) || this.liked.has(record.id))) this.reports.answered(record);
        else if (!before && record.to && mine(record.to)) this.reports.announced(record);
        return;
      }
      case 'point': {
        const before = state.points.get(change.record.id);
        if (change.record.state === 'done') state.points.delete(change.record.id);
        else state.points.set(change.record.id, change.record);
        if (this.settled && mine(change.record.person) && before && before.state !== change.record.state) this.reports.pointMoved(change.record);
        return;
      }
      case 'poll':
        state.poll = { ...change.record, mine: change.record.mine ?? (state.poll?.id === change.record.id ? state.poll.mine : null) };
        return;
      case 'quote': {
        const before = state.quotes.get(change.record.id);
        state.quotes.set(change.record.id, change.record);
        if (this.settled && before && mine(change.record.person) && before.changedUs !== change.record.changedUs) this.reports.quoteMoved(change.record);
        return;
      }
      case 'order':
        state.orders.set(change.record.id, change.record);
        return;
      case 'person':
        state.people.set(change.record.id, change.record);
        if (mine(change.record.id)) state.me = change.record;
        return;
    }
  }

  private remove(kind: string, id: string, kinds: Set<Change>): void {
    const { state } = this;
    const lists: Partial<Record<string, Map<string, unknown>>> = {
      message: state.messages, point: state.points, quote: state.quotes, order: state.orders, person: state.people,
    };
    if (lists[kind]?.delete(id)) kinds.add(kind as DeskKind);
    if (kind === 'poll' && state.poll?.id === id) {
      state.poll = null;
      kinds.add('poll');
    }
  }
}

function stored(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, texts: string | null): void {
  try {
    if (texts === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, texts);
  } catch {
    // forbidden or full: kept as long as the page is open
  }
}
