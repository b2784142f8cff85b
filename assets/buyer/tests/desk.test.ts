import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../src/desk/desk';
import { typeOf } from '../src/quote/attachments';
import { waitsForBuyer } from '../src/quote/list';
import { oneParagraph } from '../src/talk/composer';
import { orderedChat, orderedQuestions } from '../src/talk/conversation';
import { converted, decimals, imperial, toMoney, totalOf, typedAmount, amountOf, wireMoney } from '../src/text/money';
import { languages, learn, Words } from '../src/text/language';
import { readDesk, readMoney, type Message } from '../src/wire/desk';
import { readMessage, readShow } from '../src/wire/show';
import { panned, paneOf, start, within, zoomed } from '../src/still/zoom';
import { readScenes, sceneAt } from '../src/recorded/scenes';
import { SceneSegments, type Stretch } from '../src/recorded/segments';
import { deviceName } from '../src/link/api';
import { fixture } from './fixture';

beforeAll(async () => void (await Promise.all(languages.map(learn))));

describe('readDesk', () => {
  it('reads a whole account', () => {
    const news = readDesk({
      full: true, last: true, me: { id: 'p1', name: 'Ana', role: 'buyer' },
      messages: [{ id: 'm1', person: 'p1', kind: 'question', state: 'shown', text: 'IP67?', language: 'pt-BR', moment: { frame: 5, capture_us: 9, product: 'A' } }],
      points: [{ id: 'x', product: 'A', at_mm: [1, 2.5, 0], state: 'shown' }],
      poll: { id: 'o', question: { en: '?' }, options: [{ en: 'a' }, { en: 'b' }], votes: [1, 2], mine: 0 },
      quotes: [{ id: 'q', number: 'Q-0001', rounds: [{ by: 'presenter', unit_price: { amount: '3.90', currency: 'USD' } }], list_price: null }], orders: [{ id: '1', buyer: 'Omar', name_allowed: false }],
      hands: 2, people: 7,
    });
    expect(news.me?.name).toBe('Ana');
    expect(news.put.map(({ kind }) => kind)).toEqual(['message', 'point', 'quote', 'order']);
    expect(news.put[0]!.record).toMatchObject({ language: 'pt', moment: { frame: 5, captureUs: 9, product: 'A' }, isPrivate: false, likes: 0 });
    expect(news.put[1]!.record).toMatchObject({ at: [1, 2.5, 0], state: 'shown' });
    expect(news.put[2]!.record).toMatchObject({ rounds: [{ by: 'presenter', unitPrice: { e4: 39_000, currency: 'USD' } }], listPrice: null });
    expect(news.put[3]!.record).toMatchObject({ buyer: '' });
    expect(news.poll?.record?.mine).toBe(0);
    expect([news.hands, news.people, news.full, news.last]).toEqual([2, 7, true, true]);
  });

  it('reads changes; a message\'s own kind is not the record\'s', () => {
    const news = readDesk({ put: [{ record: 'message', id: 'm', kind: 'chat', text: 'x' }, { record: 'ghost', id: 'g' }, { record: 'point' }], gone: [{ record: 'point', id: 'x' }] });
    expect(news.put).toHaveLength(1);
    expect(news.put[0]).toMatchObject({ kind: 'message', record: { kind: 'chat' } });
    expect(news.gone).toEqual([{ kind: 'point', id: 'x' }]);
    expect(news.poll).toBeNull();
  });

  it('bears anything', () => {
    for (const raw of [{}, { messages: 5, points: [null, 1, []], poll: [], quotes: [{ id: 'q', rounds: 'x', changes: [1] }], put: {}, gone: [7], me: 'x' }]) expect(() => readDesk(raw)).not.toThrow();
    const hostile = readDesk({ messages: [{ id: 'm', kind: '__proto__', state: 'constructor', language: '"><script>', likes: 'NaN' }] }).put[0]!.record as Message;
    expect(hostile).toMatchObject({ kind: 'chat', state: 'shown', language: '', likes: 0 });
  });

  it('comes through the socket', () => {
    expect(readMessage('{"type":"desk","put":[]}')?.type).toBe('desk');
    expect(readMessage('{"type":"reactions","counts":{"heart":3,"clap":0,"x":"y"}}')).toEqual({ type: 'reactions', counts: { heart: 3 } });
  });
});

describe('a desk of which there is more', () => {
  const told: string[] = [];
  const announced: string[] = [];
  const timers: { ms: number; then: () => void }[] = [];
  const make = (): Desk => new Desk({
    changed: () => undefined, answered: () => announced.push('answered'), announced: ({ id }) => announced.push(id), quoteMoved: () => undefined, pointMoved: () => undefined,
    askEarlier: (list, place) => told.push(`${list} before ${place}`), later: (ms, then) => void timers.push({ ms, then }),
  });
  const hear = (desk: Desk, raw: object): void => desk.hear(readDesk(raw as Record<string, unknown>));

  it('asks for earlier messages when the buyer wants them, and they are no news', () => {
    const desk = make();
    hear(desk, { full: true, messages: [{ id: 'm9' }], me: { id: 'me' }, earlier: { messages: '9-m9' }, last: true });
    expect(told).toEqual([]);
    desk.askEarlier('messages');
    desk.askEarlier('messages');
    expect(told).toEqual(['messages before 9-m9']);
    expect(desk.state.earlier.get('messages')?.asked).toBe(true);
    hear(desk, { page: 'messages', messages: [{ id: 'm1', kind: 'announcement' }, { id: 'm2', to: 'me' }], earlier: { messages: '1-m1' } });
    expect(announced).toEqual([]);
    expect([...desk.state.messages.keys()]).toEqual(['m9', 'm1', 'm2']);
    expect(desk.state.earlier.get('messages')).toEqual({ place: '1-m1', asked: false });
    hear(desk, { put: [{ record: 'message', id: 'm10', kind: 'announcement' }] });
    expect(announced).toEqual(['m10']);
    hear(desk, { page: 'messages', messages: [], earlier: { messages: null } });
    expect(desk.state.earlier.has('messages')).toBe(false);
  });

  it('may ask again when no answer came, and fetches by itself what has no end to scroll to', () => {
    told.length = timers.length = 0;
    const desk = make();
    hear(desk, { full: true, last: true, earlier: { messages: '5-a', points: '7-b' } });
    timers.shift()!.then();
    expect(told).toEqual(['points before 7-b']);
    desk.askEarlier('messages');
    timers.forEach(({ then }) => then());
    expect(told).toEqual(['points before 7-b', 'messages before 5-a', 'points before 7-b']);
    expect(desk.state.earlier.get('messages')?.asked).toBe(false);
    // A new account: what was planned for the old one is off.
    timers.length = 0;
    hear(desk, { full: true, last: true });
    desk.askEarlier('messages');
    timers.forEach(({ then }) => then());
    expect(told).toHaveLength(3);
  });
});

describe('order of what was said', () => {
  const message = (id: string, more: Partial<Message>): Message => ({ ...(readDesk({ messages: [{ id, kind: 'question' }] }).put[0]!.record as Message), ...more });
  it('questions: pinned, then unanswered (priority, own, likes, newest), then answered', () => {
    const list = [
      message('old', { madeUs: 1 }), message('new', { madeUs: 9 }), message('liked', { madeUs: 2, likes: 4 }), message('mine', { person: 'me', madeUs: 3 }), message('urgent', { priority: 1 }),
      message('answered', { answer: 'a', answeredUs: 5 }), message('later', { answer: 'a', answeredUs: 8 }), message('pinned', { pinned: true, answer: 'a' }),
    ];
    expect(orderedQuestions(list, 'me').map(({ id }) => id)).toEqual(['pinned', 'urgent', 'mine', 'liked', 'new', 'old', 'later', 'answered']);
  });
  it('chat: by time, pinned at the top', () => {
    expect(orderedChat([message('b', { madeUs: 2 }), message('a', { madeUs: 1 }), message('p', { madeUs: 3, pinned: true })]).map(({ id }) => id)).toEqual(['p', 'a', 'b']);
  });
});

describe('money', () => {
  it('is exact to four decimals in every currency', () => {
    expect([decimals('USD'), decimals('JPY'), decimals('KWD'), decimals('no code')]).toEqual([2, 0, 3, 2]);
    expect(toMoney(4.2, 'USD')).toEqual({ e4: 42_000, currency: 'USD' });
    expect(amountOf({ e4: 12_500, currency: 'KWD' })).toBe(1.25);
    for (const amount of [0.0001, 0.035, 1.005, 4.2, 1200, 999_999_999.9999]) {
      for (const currency of ['USD', 'JPY', 'KWD']) expect(amountOf(readMoney(wireMoney(toMoney(amount, currency)))!)).toBe(amount);
    }
    expect(wireMoney(toMoney(0.035, 'USD'))).toEqual({ amount: '0.0350', currency: 'USD' });
    expect(['-1', '1e3', '.5', '1.', '0.00001', '', '1,5', 4.2].map((amount) => readMoney({ amount, currency: 'USD' }))).toEqual(Array<null>(8).fill(null));
  });

  it('rounds a total once, to what the currency has', () => {
    expect(totalOf(0.035, 1, 'USD')).toBe(0.04);
    expect(totalOf(0.0349, 1, 'USD')).toBe(0.03);
    expect(totalOf(0.035, 10_000, 'USD')).toBe(350);
    expect(totalOf(0.1, 3, 'USD')).toBe(0.3);
    expect(totalOf(0.5, 3, 'JPY')).toBe(2);
    expect(totalOf(1.2345, 1, 'KWD')).toBe(1.235);
    expect(totalOf(999_999_999, 1_000_000_000, 'USD')).toBe(999_999_999e9);
  });

  it('shows a price below a cent as it is, and an approximation no finer than a rate', () => {
    const english = new Words('en');
    expect(english.money(0.035, 'USD')).toBe('$0.035');
    expect(english.money(4.2, 'USD')).toBe('$4.20');
    expect(english.money(900, 'JPY')).toBe('¥900');
    expect(english.money(0.5, 'JPY')).toBe('¥0.5');
    expect(english.approximately(3.6123, 'EUR', '2026-11-20')).toContain('€3.61');
    expect(english.approximately(3.6123, 'EUR', '2026-11-20')).not.toContain('€3.612');
    expect(english.approximately(0.030134, 'EUR', '2026-11-20')).toContain('€0.0301');
  });

  it.each([
    ['1.035', 0.9, 1.035], ['1,035', 0.9, 1.035], ['1.035', 900, 1035], ['1,234', 1.5, 1.234], ['1,234', null, 1234], ['0,035', null, 0.035], ['0.0351', null, 0.0351], ['0.03510', null, 0.0351],
    ['0.03512', null, null], ['1.234.567', 2, 1234567],
  ])('reads %s near %s', (text, near, amount) => expect(typedAmount(text, near)).toBe(amount));

  it.each([
    ['4.2', 4.2], ['4,20', 4.2], ['1,234.50', 1234.5], ['1.234,50', 1234.5], ['1 234,5', 1234.5], ["1'234", 1234], ['1,234', 1234], ['1.234.567', 1234567], ['0.125', 0.125], ['3', 3], ['٤٫٢', 4.2],
    ['', null], ['free', null], ['-3', null], ['4.2 USD', null], ['1e9', null], ['99999999999', null],
  ])('reads %j as %j', (typed, amount) => expect(typedAmount(typed)).toBe(amount));

  it('converts through the base, or not at all', () => {
    const rates = { base: 'USD', date: '2026-11-20', of: { EUR: 0.5, CNY: 7 } };
    expect(converted(rates, 10, 'USD', 'EUR')).toBe(5);
    expect(converted(rates, 10, 'EUR', 'CNY')).toBe(140);
    expect(converted(rates, 10, 'EUR', 'USD')).toBe(20);
    expect([converted(rates, 10, 'USD', 'XAU'), converted(rates, 1, 'USD', 'USD'), converted(null, 1, 'USD', 'EUR')]).toEqual([null, null, null]);
  });

  it('says an amount in the buyer\'s currency with its date', () => {
    expect(new Words('en').approximately(3.61, 'EUR', '2026-11-20')).toBe('≈ €3.61 (rate of Nov 20, 2026)');
    expect(new Words('zh').approximately(3.61, 'EUR', '2026-11-20')).toContain('2026年11月20日');
  });

  it('says lengths in inches or feet, nothing else', () => {
    expect(imperial('120', 'mm')).toMatchObject({ unit: 'in', digits: 2 });
    expect(imperial('120', 'mm')!.value).toBeCloseTo(4.724, 3);
    expect(imperial('3', 'm')).toMatchObject({ unit: 'ft' });
    expect([imperial('12', 'W'), imperial('IP65', 'mm'), imperial('-3', 'mm')]).toEqual([null, null, null]);
  });
});

describe('what is typed', () => {
  it('becomes one paragraph without control characters', () => {
    expect(oneParagraph('  a\r\nb\tc\u0000\u2028d ')).toBe('a b c d');
    expect(oneParagraph('\n\n')).toBe('');
  });
});

describe('attachments', () => {
  const blob = (...bytes: number[]): Blob => new Blob([new Uint8Array(bytes)]);
  it('are judged by their first bytes', async () => {
    expect(await typeOf(blob(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe('image/png');
    expect(await typeOf(blob(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg');
    expect(await typeOf(new Blob(['%PDF-1.7']))).toBe('application/pdf');
    expect(await typeOf(new Blob(['<svg onload=alert(1)>']))).toBeNull();
    expect(await typeOf(blob())).toBeNull();
  });
});

describe('quotes', () => {
  it('wait for the buyer when the factory spoke last', () => {
    const quote = (state: string, by: string) => readDesk({ quotes: [{ id: 'q', state, rounds: [{ by: 'buyer' }, { by }] }] }).put[0]!.record as Parameters<typeof waitsForBuyer>[0];
    expect(waitsForBuyer(quote('countered', 'presenter'))).toBe(true);
    expect(waitsForBuyer(quote('countered', 'buyer'))).toBe(false);
    expect(waitsForBuyer(quote('accepted', 'presenter'))).toBe(false);
  });
});

describe('zoom', () => {
  const size = { width: 800, height: 450 };
  const pane = paneOf(size, { width: 1280, height: 720 });
  it('keeps the point under the finger where it is', () => {
    const zoom = zoomed(start, 3, 200, 100, pane);
    expect((200 - zoom.x) / zoom.scale).toBeCloseTo(200, 9);
    expect((100 - zoom.y) / zoom.scale).toBeCloseTo(100, 9);
  });
  it('never shows anything beside the picture', () => {
    let zoom = zoomed(start, 2.5, 790, 440, pane);
    for (const [dx, dy] of [[5000, 5000], [-9000, 30], [10, -9000]] as const) {
      zoom = panned(zoom, dx, dy, pane);
      expect(zoom.x).toBeLessThanOrEqual(0);
      expect(zoom.x + size.width * zoom.scale).toBeGreaterThanOrEqual(size.width - 1e-9);
      expect(zoom.y + size.height * zoom.scale).toBeGreaterThanOrEqual(size.height - 1e-9);
    }
    expect(zoomed(zoom, 0.0001, 1, 1, pane)).toEqual(start);
    expect(within({ scale: 99, x: 0, y: 0 }, pane).scale).toBe(12);
  });
});

describe('zoom on a phone held upright', () => {
  const pane = paneOf({ width: 390, height: 760 }, { width: 1280, height: 720 });
  it('shows the whole picture undistorted in the middle, and fills the window once it is large enough', () => {
    expect(pane.whole.width / pane.whole.height).toBeCloseTo(16 / 9, 9);
    expect(within(start, pane)).toEqual({ scale: 1, x: 0, y: (760 - pane.whole.height) / 2 });
    const near = zoomed(within(start, pane), 5, 100, 380, pane);
    expect(near.y).toBeLessThanOrEqual(0);
    expect(near.y + pane.whole.height * 5).toBeGreaterThanOrEqual(760);
  });
});

describe('show document', () => {
  it('reads what buyers act on', () => {
    const show = readShow({
      starts_at: '2026-11-26T14:00:00Z', translation: true, rates: { base: 'USD', date: '2026-11-20', rates: { EUR: 0.86, bad: 1, CNY: -1 } },
      replay: { url: '/replay/x.mp4', scenes: '/replay/x.scenes', duration_s: 60 }, products: [{ id: 'A', packing: { pieces: 10, carton_mm: [420, 310, 260], gross_kg: 6.2, net_kg: 5.5, note: { en: 'Export carton' } }, certificates: ['CE', 5] }, { id: 'B', packing: 'x' }], chat: 'nonsense',
    })!;
    expect(show.startsAtMs).toBe(Date.UTC(2026, 10, 26, 14));
    expect(show.rates).toEqual({ base: 'USD', date: '2026-11-20', of: { EUR: 0.86 } });
    expect(show.replay?.durationS).toBe(60);
    expect(show.products[0]!.packing?.pieces).toBe(10);
    expect([show.products[0]!.certificates, show.products[1]!.packing, show.chat]).toEqual([['CE'], null, 'open']);
    expect(readShow({ starts_at_us: 1_795_000_000_000_000 })!.startsAtMs).toBe(1_795_000_000_000);
  });
  it('takes a recording from this server alone', () => {
    for (const url of ['https://elsewhere/x', '//elsewhere/x', 'javascript:alert(1)', '']) expect(readShow({ replay: { url, scenes: '/s' } })!.replay).toBeNull();
  });
});

const empty = 'oA=='; // an empty map: all defaults

describe('scenes of a recording', () => {
  it('belong to the frame at their time', () => {
    const scenes = readScenes(`{"t":0,"cbor":"${empty}"}\nnonsense\n{"t":0.0333,"cbor":"${empty}"}\n{"t":1,"cbor":"AAAA"}\n{"t":2,"cbor":"${empty}"}\n`);
    expect(scenes.map(({ ms }) => Math.round(ms))).toEqual([0, 33, 2000]);
    expect(sceneAt(scenes, 33.4, 33.3)).toBe(scenes[1]!.scene);
    expect(sceneAt(scenes, 1000, 33.3)).toBeNull();
    expect(sceneAt([], 0, 33.3)).toBeNull();
  });
});

describe('deviceName', () => {
  it('names the kind of device, not the device', () => {
    expect(deviceName('Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120')).toBe('Android');
    expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)')).toBe('iPhone');
    expect(deviceName('curl')).toBe('');
  });
});

describe('packing', () => {
  // The server's tests make the same "sent" from "toml".
  const cases = JSON.parse(readFileSync(fixture('packing/packing.json'), 'utf8')) as { toml: string; sent: object; said: string }[];
  it.each(cases)('$said', ({ sent, said }) => {
    const show = readShow({ products: [{ id: 'P', packing: sent }] })!;
    expect(new Words('en').packing(show.products[0]!.packing!)).toBe(said);
  });
});

describe('scene frames of a long recording', () => {
  const frameMs = 1000 / 30;
  const hours = 3;
  const last = hours * 3600 * 30;
  const stretchFrames = 900;
  /** A server with a line for each frame; answers when told. */
  class Server {
    asked: number[] = [];
    answers: (() => void)[] = [];
    fails = false;
    readonly fetch = (from: number): Promise<Stretch | null> => {
      this.asked.push(from);
      return new Promise((done) => this.answers.push(() => {
        if (this.fails) return done(null);
        const first = Math.ceil(from * 30 - 1e-3);
        const count = Math.max(0, Math.min(stretchFrames, last - first));
        const text = Array.from({ length: count }, (_, i) => `{"t":${((first + i) / 30).toFixed(6)},"cbor":"${empty}"}\n`).join('');
        done({ text, next: first + count < last ? Number(((first + count) / 30).toFixed(6)) : null });
      }));
    };
    async answer(): Promise<void> {
      this.answers.shift()?.();
      await new Promise((done) => setTimeout(done));
    }
  }

  it('plays through without a gap, holding a few stretches', async () => {
    const server = new Server();
    let came = 0;
    const segments = new SceneSegments(server.fetch, () => (came += 1), () => 0);
    expect(segments.at(0, frameMs)).toBeNull();
    await server.answer();
    expect(came).toBe(1);
    let missed = 0;
    for (let frame = 0; frame < 20 * stretchFrames; ++frame) {
      if (!segments.at((frame / 30) * 1000, frameMs)) missed += 1;
      if (server.answers.length > 0) await server.answer();
    }
    expect(missed).toBe(0);
    expect(server.asked.length).toBe(21);
    expect(segments.held).toBeLessThanOrEqual(8);
  });

  it('jumps anywhere, asks once for where it is, and again only after a while when that fails', async () => {
    const server = new Server();
    let now = 0;
    const segments = new SceneSegments(server.fetch, () => undefined, () => now);
    const there = hours * 3600 * 1000 - 5 * frameMs;
    expect(segments.at(there, frameMs)).toBeNull();
    expect(segments.at(there, frameMs)).toBeNull();
    expect(server.asked).toHaveLength(1);
    server.fails = true;
    await server.answer();
    expect(segments.at(there, frameMs)).toBeNull();
    expect(server.asked).toHaveLength(1);
    now = 2001;
    server.fails = false;
    expect(segments.at(there, frameMs)).toBeNull();
    await server.answer();
    expect(segments.at(there, frameMs)).not.toBeNull();
    expect(server.asked).toHaveLength(2); // the end is known: no more is asked
    segments.at(5_000_000, frameMs);
    await server.answer();
    expect(segments.at(5_000_000, frameMs)).not.toBeNull();
    expect(segments.at(there, frameMs)).not.toBeNull();
  });
});
