// Acts on their way. Each has a client id and goes, with that same id, until it is answered, so nothing is lost and nothing done twice; what waits
// outlives a lost connection and a reload. One goes at a time, in the order they were made: two words of one buyer never change places.

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
  state: 'sending' | 'sent' | 'failed';
  /** Why it failed, in the server's words; empty: the connection. */
  detail: string;
  /** Another attempt may do. */
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
  tries: number;
  dueMs: number;
  settle: ((done: Done | null) => void)[];
}

const backoffMs = 500;
const mostBackoffMs = 8000;
const triesBeforeFailed = 6;
const sentForMs = 60_000; // how long an answered act is remembered for views that await its record

export class Outbox {
  private readonly around: OutboxSurroundings;
  private entries: Entry[] = [];
  private busy = false;

  constructor(around: OutboxSurroundings, stored: string | null = null) {
    this.around = around;
    for (const { clientId, act, madeMs } of readStored(stored)) this.entries.push(fresh(clientId, act, madeMs));
  }

  get pending(): readonly Pending[] {
    return this.entries;
  }

  /** Settles with the result, or with null when it failed for good. Passing acts (a reaction) are not kept over a reload. */
  put(act: Act, keep = true): Promise<Done | null> {
    const entry = fresh(this.around.newId(), act, this.around.now());
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

  /** The connection is back: what failed for want of one goes again. */
  kick(): void {
    for (const entry of this.entries) {
      if (entry.state === 'failed' && entry.again && !entry.detail) Object.assign(entry, { state: 'sending', tries: 0 });
      if (entry.state === 'sending') entry.dueMs = 0;
    }
    this.told();
    void this.run();
  }

  clear(): void {
    for (const entry of this.entries) for (const settle of entry.settle) settle(null);
    this.entries = [];
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
      if (entry.tries >= triesBeforeFailed) Object.assign(entry, { state: 'failed', again: true, detail: '' });
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
    const kept = this.entries.filter(({ state, act }) => state !== 'sent' && !(passing in act));
    this.around.store(kept.length > 0 ? JSON.stringify(kept.map(({ clientId, act, madeMs }) => ({ clientId, act, madeMs }))) : null);
    this.around.changed();
  }
}

const passing = Symbol('passing');

/** No answer, a server that is busy or starting again, a session that is being renewed. */
const passes = (status: number): boolean => status === 0 || status === 401 || status === 408 || status === 429 || (status >= 500 && status !== 507);

function fresh(clientId: string, act: Act, madeMs: number): Entry {
  return { clientId, act, state: 'sending', detail: '', again: true, result: null, madeMs, tries: 0, dueMs: 0, settle: [] };
}

function readStored(stored: string | null): { clientId: string; act: Act; madeMs: number }[] {
  try {
    const raw: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(raw)) return [];
    return raw.filter(({ clientId, act, madeMs }) => typeof clientId === 'string' && typeof act?.act === 'string' && typeof madeMs === 'number');
  } catch {
    return [];
  }
}
