// Acts on their way. Each has a client id and goes, with that same id, until it is answered, so nothing is lost and nothing done twice; what waits
// outlives a lost connection and a reload. One goes at a time, in the order they were made: two words of one buyer never change places.
// What the page said was refused goes again only when the buyer says so, and what one person wrote is never sent as another's.

import type { Answer } from '../link/api';

export interface Act {
  act: string;
  [field: string]: unknown;
}

export interface Done {
  id: string;
  number: string;
}

export interface Pending {
  clientId: string;
  act: Act;
  /** waiting: there is no connection; it goes by itself when there is one again. failed: refused. */
  state: 'sending' | 'waiting' | 'sent' | 'failed';
  /** Why it failed, in the server's words. */
  detail: string;
  /** Of a failed one: another attempt may do. */
  again: boolean;
  result: Done | null;
  madeMs: number;
}

export interface OutboxSurroundings {
  send(act: object): Promise<Answer<unknown>>;
  changed(): void;
  store(texts: string | null): void;
  later(ms: number, then: () => void): void;
  now(): number;
  newId(): string;
}

interface Entry extends Pending {
  person: string; // who made it; empty: not yet known
  tries: number;
  dueMs: number;
  settle: ((done: Done | null) => void)[];
}

type Kept = Pick<Entry, 'clientId' | 'act' | 'madeMs' | 'person' | 'detail' | 'again'> & { failed: boolean };

const backoffMs = 500;
const mostBackoffMs = 8000;
const triesBeforeWaiting = 6;
const sentForMs = 60_000; // how long an answered act is remembered for views that await its record

export class Outbox {
  private readonly around: OutboxSurroundings;
  private entries: Entry[] = [];
  private stored: Kept[];
  private person = '';
  private busy = false;

  /** What is `stored` waits until it is known whose page this is. */
  constructor(around: OutboxSurroundings, stored: string | null = null) {
    this.around = around;
    this.stored = readStored(stored);
  }

  /** Who this page belongs to. What somebody else made here, before a reload or before this page was theirs, is dropped. */
  owner(person: string): void {
    if (person === this.person) return;
    this.person = person;
    const kept = this.stored.splice(0).filter((each) => each.person === person);
    const gone = this.entries.filter((entry) => entry.person !== '' && entry.person !== person);
    for (const entry of gone) this.settle(entry, null);
    const own = this.entries.filter((entry) => !gone.includes(entry));
    for (const entry of own) entry.person = person;
    this.entries = [...kept.map(restored), ...own];
    this.told();
    void this.run();
  }

  get pending(): readonly Pending[] {
    return this.entries;
  }

  /** Settles with the result, or with null when it failed for good. Passing acts (a reaction) are not kept over a reload. */
  put(act: Act, keep = true): Promise<Done | null> {
    const entry = fresh(this.around.newId(), act, this.around.now(), this.person);
    const settled = new Promise<Done | null>((settle) => entry.settle.push(settle));
    if (!keep) entry.act = Object.defineProperty({ ...act }, passing, { value: true, enumerable: false });
    this.entries.push(entry);
    this.told();
    void this.run();
    return settled;
  }

  retry(clientId: string): void {
    const entry = this.entries.find((each) => each.clientId === clientId);
    if (!entry || entry.state !== 'failed') return;
    Object.assign(entry, { state: 'sending', tries: 0, dueMs: 0, detail: '' });
    this.told();
    void this.run();
  }

  drop(clientId: string): void {
    this.entries = this.entries.filter((each) => each.clientId !== clientId);
    this.told();
  }

  /** The connection is back: what waits for one goes. */
  kick(): void {
    for (const entry of this.entries) {
      if (entry.state === 'waiting') Object.assign(entry, { state: 'sending', tries: 0 });
      if (entry.state === 'sending') entry.dueMs = 0;
    }
    this.told();
    void this.run();
  }

  clear(): void {
    for (const entry of this.entries) for (const settle of entry.settle) settle(null);
    this.entries = [];
    this.stored = [];
    this.told();
  }

  private async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let entry = this.next(); entry; entry = this.next()) await this.send(entry);
    } finally {
      this.busy = false;
    }
  }

  private next(): Entry | undefined {
    const now = this.around.now();
    return this.entries.find((entry) => entry.state === 'sending' && entry.dueMs <= now);
  }

  private async send(entry: Entry): Promise<void> {
    const answer = await this.around.send({ client_id: entry.clientId, ...entry.act });
    if (!this.entries.includes(entry)) return;
    if (answer.status >= 200 && answer.status < 300) {
      const body = (answer.body ?? {}) as { id?: unknown; number?: unknown };
      entry.result = { id: typeof body.id === 'string' ? body.id : '', number: typeof body.number === 'string' ? body.number : '' };
      entry.state = 'sent';
      this.around.later(sentForMs, () => this.drop(entry.clientId));
      this.settle(entry, entry.result);
    } else if (passes(answer.status)) {
      entry.tries += 1;
      const wait = Math.max(answer.retryAfterMs ?? 0, Math.min(mostBackoffMs, backoffMs * 2 ** (entry.tries - 1)));
      entry.dueMs = this.around.now() + wait;
      if (entry.tries >= triesBeforeWaiting) entry.state = 'waiting';
      else this.around.later(wait + 1, () => void this.run());
    } else {
      Object.assign(entry, { state: 'failed', again: answer.status === 507 || answer.status === 409, detail: answer.detail ?? String(answer.status) });
      this.settle(entry, null);
    }
    this.told();
  }

  private settle(entry: Entry, done: Done | null): void {
    for (const settle of entry.settle.splice(0)) settle(done);
  }

  private told(): void {
    const own = this.entries.filter(({ state, act }) => state !== 'sent' && !(passing in act));
    const kept = [...this.stored, ...own.map(({ clientId, act, madeMs, person, state, detail, again }): Kept => ({ clientId, act, madeMs, person, detail, again, failed: state === 'failed' }))];
    this.around.store(kept.length > 0 ? JSON.stringify(kept) : null);
    this.around.changed();
  }
}

const passing = Symbol('passing');

/** No answer, a server that is busy or starting again, a session that is being renewed. */
const passes = (status: number): boolean => status === 0 || status === 401 || status === 408 || status === 429 || (status >= 500 && status !== 507);

function fresh(clientId: string, act: Act, madeMs: number, person: string): Entry {
  return { clientId, act, person, state: 'sending', detail: '', again: true, result: null, madeMs, tries: 0, dueMs: 0, settle: [] };
}

function restored({ clientId, act, madeMs, person, detail, again, failed }: Kept): Entry {
  return { ...fresh(clientId, act, madeMs, person), ...(failed && { state: 'failed', detail, again }) };
}

function readStored(stored: string | null): Kept[] {
  try {
    const raw: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(raw)) return [];
    return raw
      .filter(({ clientId, act, madeMs, person }) => typeof clientId === 'string' && typeof act?.act === 'string' && typeof madeMs === 'number' && typeof person === 'string' && person !== '')
      .map(({ clientId, act, madeMs, person, detail, again, failed }) => ({ clientId, act, madeMs, person, detail: typeof detail === 'string' ? detail : '', again: again === true, failed: failed === true }));
  } catch {
    return [];
  }
}
