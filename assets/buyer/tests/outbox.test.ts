import { describe, expect, it } from 'vitest';
import { Outbox, type OutboxSurroundings } from '../src/desk/outbox';
import type { Answer } from '../src/link/api';

/** Time and answers in the test's hand. */
function bench(answers: (Answer<unknown> | 'hang')[], stored: string | null = null, person = 'ana') {
  let now = 1000;
  let ids = 0;
  const sent: Record<string, unknown>[] = [];
  const timers: { at: number; then: () => void }[] = [];
  const kept: { texts: string | null } = { texts: stored };
  const around: OutboxSurroundings = {
    send: (act) => {
      sent.push(act as Record<string, unknown>);
      const answer = answers.shift() ?? { status: 200, body: { id: `r${sent.length}` } };
      return answer === 'hang' ? new Promise(() => undefined) : Promise.resolve(answer);
    },
    changed: () => undefined,
    store: (texts) => (kept.texts = texts),
    later: (ms, then) => void timers.push({ at: now + ms, then }),
    now: () => now,
    newId: () => `c${++ids}`,
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; ++i) await Promise.resolve();
  };
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    for (;;) {
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers.splice(timers.indexOf(due), 1);
      now = Math.max(now, due.at);
      due.then();
      await settle();
    }
    now = end;
    await settle();
  };
  const outbox = new Outbox(around, stored);
  outbox.owner(person);
  return { outbox, sent, kept, settle, pass };
}

const say = (text: string) => ({ act: 'say', text });
const refused = (status: number, detail?: string): Answer<unknown> => ({ status, body: null, ...(detail && { detail }) });

describe('Outbox', () => {
  it('settles with what the server answered', async () => {
    const { outbox, sent } = bench([{ status: 200, body: { id: 'q1', number: 'Q-0001' } }]);
    expect(await outbox.put(say('a'))).toEqual({ id: 'q1', number: 'Q-0001' });
    expect(sent).toEqual([{ client_id: 'c1', act: 'say', text: 'a' }]);
    expect(outbox.pending[0]!.state).toBe('sent');
  });

  it.each([0, 401, 408, 429, 500, 503])('goes again with the same client id after status %i', async (status) => {
    const { outbox, sent, settle, pass } = bench([refused(status), refused(status)]);
    const done = outbox.put(say('a'));
    await settle();
    expect(outbox.pending[0]!.state).toBe('sending');
    await pass(5000);
    expect(await done).toEqual({ id: 'r3', number: '' });
    expect(sent.map((act) => act['client_id'])).toEqual(['c1', 'c1', 'c1']);
  });

  it('waits as long as the server asks', async () => {
    const { outbox, sent, settle, pass } = bench([{ status: 429, retryAfterMs: 7000, body: null }]);
    void outbox.put(say('a'));
    await settle();
    await pass(6900);
    expect(sent.length).toBe(1);
    await pass(200);
    expect(sent.length).toBe(2);
  });

  it.each([400, 403, 404, 413, 422])('fails for good after status %i, with the server\'s sentence', async (status) => {
    const { outbox, sent, pass } = bench([refused(status, 'No.')]);
    expect(await outbox.put(say('a'))).toBeNull();
    expect(outbox.pending[0]).toMatchObject({ state: 'failed', detail: 'No.', again: false });
    await pass(60_000);
    expect(sent.length).toBe(1);
  });

  it('a full disk fails with its sentence and may be tried again, by the same id', async () => {
    const { outbox, sent, settle } = bench([refused(507, 'Could not be stored.')]);
    expect(await outbox.put(say('a'))).toBeNull();
    expect(outbox.pending[0]).toMatchObject({ state: 'failed', again: true });
    outbox.retry('c1');
    await settle();
    expect(outbox.pending[0]!.state).toBe('sent');
    expect(sent.map((act) => act['client_id'])).toEqual(['c1', 'c1']);
  });

  it('keeps the order, also when the first has to wait', async () => {
    const { outbox, sent, settle } = bench(['hang']);
    void outbox.put(say('a'));
    void outbox.put(say('b'));
    await settle();
    expect(sent.map((act) => act['text'])).toEqual(['a']);
  });

  it('waits after six tries, and goes when the connection is back', async () => {
    const { outbox, sent, settle, pass } = bench(Array.from({ length: 6 }, () => refused(0)));
    const done = outbox.put(say('a'));
    await settle();
    await pass(60_000);
    expect(outbox.pending[0]).toMatchObject({ state: 'waiting', detail: '' });
    expect(sent.length).toBe(6);
    outbox.kick();
    await settle();
    expect((await done)?.id).toBe('r7');
    expect(new Set(sent.map((act) => act['client_id'])).size).toBe(1);
  });

  it('outlives a reload, but passing acts do not', async () => {
    const first = bench(['hang']);
    void first.outbox.put(say('a'));
    void first.outbox.put({ act: 'react', kind: 'heart' }, false);
    await first.settle();
    const second = bench([], first.kept.texts);
    expect(second.outbox.pending.map(({ act }) => act.act)).toEqual(['say']);
    second.outbox.kick();
    await second.settle();
    expect(second.sent[0]).toEqual({ client_id: 'c1', act: 'say', text: 'a' });
    expect(second.kept.texts).toBeNull();
  });

  it('what was refused is still told after a reload, and goes only when the buyer says so', async () => {
    const first = bench([refused(422, 'No.'), refused(507, 'Full.')]);
    expect(await first.outbox.put(say('a'))).toBeNull();
    expect(await first.outbox.put(say('b'))).toBeNull();
    const second = bench([], first.kept.texts);
    second.outbox.kick();
    await second.pass(60_000);
    expect(second.sent).toEqual([]);
    expect(second.outbox.pending.map(({ state, detail, again }) => [state, detail, again])).toEqual([['failed', 'No.', false], ['failed', 'Full.', true]]);
    second.outbox.retry('c2');
    await second.settle();
    expect(second.sent.map((act) => act['text'])).toEqual(['b']);
  });

  it('what one person wrote is not sent as another, nor kept for them', async () => {
    const first = bench([refused(0), refused(0)]);
    void first.outbox.put(say('a'));
    await first.settle();
    const other = bench([], first.kept.texts, 'bo');
    other.outbox.kick();
    await other.pass(60_000);
    expect([other.sent, other.outbox.pending, other.kept.texts]).toEqual([[], [], null]);
    // The same page becomes another person's, as when a link that many use is joined anew.
    const hanging = first.outbox.put(say('b'));
    first.outbox.owner('bo');
    expect(await hanging).toBeNull();
    expect([first.outbox.pending, first.kept.texts]).toEqual([[], null]);
  });

  it('nothing that was kept goes before it is known whose page this is', async () => {
    const first = bench(['hang']);
    void first.outbox.put(say('a'));
    await first.settle();
    const second = bench([], first.kept.texts, '');
    second.outbox.kick();
    await second.pass(60_000);
    expect([second.sent, second.kept.texts]).toEqual([[], first.kept.texts]);
    second.outbox.owner('ana');
    await second.settle();
    expect(second.sent.length).toBe(1);
  });

  it.each(['', '{', '[1]', '{"a":1}', '[{"clientId":1,"act":{}}]'])('reads nothing from storage that holds %j', (stored) => {
    expect(bench([], stored || null).outbox.pending).toEqual([]);
  });
});
