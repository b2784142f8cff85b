// What buyers, helpers and the presenter do, as it travels (pipelines/deliver/DESK.md; engine/desk/records.h): records, and the socket's messages about them.
// Free text is as its writer wrote it; it only ever becomes text nodes.

import { isObject, number, object, objects, string, word, type Json } from './json';
import type { LocalText, Vec3 } from './show';

export type Role = 'buyer' | 'helper' | 'presenter';

/** Minor units (cents), whole. */
export interface Money {
  e4: number; // ten-thousandths, in every currency
  currency: string;
}

export interface SceneMoment {
  frame: number;
  captureUs: number;
  product: string;
}

export interface Person {
  id: string;
  role: Role;
  name: string;
  company: string;
  country: string;
  language: string;
  email: string;
  phone: string;
}

export interface Message {
  id: string;
  person: string; // empty: the presenter
  name: string; // of the person, as far as this buyer may know it
  kind: 'chat' | 'question' | 'announcement';
  state: 'waiting' | 'shown' | 'answered' | 'hidden';
  isPrivate: boolean;
  to: string;
  text: string;
  language: string;
  replyTo: string;
  moment: SceneMoment;
  likes: number;
  priority: number;
  pinned: boolean;
  answer: string;
  answerLanguage: string;
  answeredBy: string;
  madeUs: number;
  answeredUs: number;
}

export interface Point {
  id: string;
  person: string;
  name: string;
  product: string;
  note: string;
  state: 'open' | 'shown' | 'done';
  at: Vec3;
  moment: SceneMoment;
  madeUs: number;
}

export interface Poll {
  id: string;
  question: LocalText;
  options: LocalText[];
  open: boolean;
  resultsShown: boolean;
  votes: number[];
  mine: number | null;
}

export type ChangeState = 'proposed' | 'accepted' | 'countered' | 'declined';
export interface SpecChange {
  id: string;
  key: string;
  from: string;
  to: string;
  note: string;
  state: ChangeState;
  counter: string;
}

export interface QuoteRound {
  by: Role;
  atUs: number;
  quantity: number;
  unitPrice: Money | null;
  leadTime: string;
  note: string;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  bytes: number;
}

export type QuoteState = 'requested' | 'countered' | 'accepted' | 'declined' | 'withdrawn';
export interface Quote {
  id: string;
  person: string;
  product: string;
  variant: string;
  number: string;
  state: QuoteState;
  sample: boolean;
  quantity: number;
  belowMinimum: boolean;
  listPrice: Money | null;
  incoterm: string;
  destination: string;
  wantedBy: string;
  notes: string;
  changes: SpecChange[];
  attachments: Attachment[];
  snapshot: string;
  rounds: QuoteRound[];
  madeUs: number;
  changedUs: number;
}

export type OrderState = 'placed' | 'confirmed' | 'in_production' | 'shipped' | 'delivered' | 'cancelled';
export interface Order {
  id: string;
  product: string;
  buyer: string;
  place: string;
  slot: string;
  state: OrderState;
  quantity: number;
  madeUs: number;
}

export type DeskRecord =
  | { kind: 'message'; record: Message }
  | { kind: 'point'; record: Point }
  | { kind: 'poll'; record: Poll }
  | { kind: 'quote'; record: Quote }
  | { kind: 'order'; record: Order }
  | { kind: 'person'; record: Person };
export type DeskKind = DeskRecord['kind'];

/** One of the socket's "desk" messages. */
export interface DeskNews {
  full: boolean;
  /** Of a full account in several messages: nothing more comes. */
  last: boolean;
  me: Person | null;
  put: DeskRecord[];
  gone: { kind: string; id: string }[];
  /** Null: the message does not speak of polls. */
  poll: { record: Poll | null } | null;
  reactions: Record<string, number> | null;
  hands: number | null;
  people: number | null;
  /** A page of what came before in one list, as it was asked for; else empty. */
  page: string;
  /** By list: where to ask for what came before; null: there is nothing. */
  earlier: Record<string, string | null>;
}

const kinds: DeskKind[] = ['message', 'point', 'poll', 'quote', 'order', 'person'];

export function readDesk(raw: Json): DeskNews {
  const full = raw['full'] === true;
  const put = objects(raw['put']).flatMap((each): DeskRecord[] => {
    const kind = kinds.find((known) => known === each['record']); // "kind" is a message's own
    return kind ? [recordOf(kind, each)] : [];
  });
  const listed = ([['messages', 'message'], ['points', 'point'], ['quotes', 'quote'], ['orders', 'order']] as const).flatMap(([list, kind]) =>
    objects(raw[list]).map((each) => recordOf(kind, each)));
  const counted = (key: string): number | null => (typeof raw[key] === 'number' ? number(raw[key]) : null);
  return {
    full,
    last: raw['last'] === true,
    me: isObject(raw['me']) ? readPerson(raw['me']) : null,
    put: [...put, ...listed].filter(({ record }) => 'id' in record && record.id !== ''),
    gone: objects(raw['gone']).map((each) => ({ kind: string(each['record']), id: string(each['id']) })),
    poll: 'poll' in raw ? { record: isObject(raw['poll']) ? readPoll(raw['poll']) : null } : null,
    reactions: isObject(raw['reactions']) ? counts(raw['reactions']) : null,
    hands: counted('hands'),
    people: counted('people'),
    page: string(raw['page']),
    earlier: Object.fromEntries(Object.entries(object(raw['earlier'])).map(([list, place]) => [list, typeof place === 'string' ? place : null])),
  };
}

export const counts = (raw: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(object(raw)).map(([kind, count]) => [kind, number(count)] as const).filter(([, count]) => count > 0));

function recordOf(kind: DeskKind, raw: Json): DeskRecord {
  switch (kind) {
    case 'message':
      return { kind, record: readDeskMessage(raw) };
    case 'point':
      return { kind, record: readPoint(raw) };
    case 'poll':
      return { kind, record: readPoll(raw) };
    case 'quote':
      return { kind, record: readQuote(raw) };
    case 'order':
      return { kind, record: readOrder(raw) };
    case 'person':
      return { kind, record: readPerson(raw) };
  }
}

export function readPerson(raw: Json): Person {
  return {
    id: string(raw['id']),
    role: word(raw['role'], ['buyer', 'helper', 'presenter'], 'buyer'),
    name: string(raw['name']),
    company: string(raw['company']),
    country: string(raw['country']),
    language: string(raw['language']),
    email: string(raw['email']),
    phone: string(raw['phone']),
  };
}

function moment(raw: unknown): SceneMoment {
  const of = object(raw);
  return { frame: number(of['frame']), captureUs: number(of['capture_us']), product: string(of['product']) };
}

function readDeskMessage(raw: Json): Message {
  return {
    id: string(raw['id']),
    person: string(raw['person']),
    name: string(raw['name']),
    kind: word(raw['kind'], ['chat', 'question', 'announcement'], 'chat'),
    state: word(raw['state'], ['waiting', 'shown', 'answered', 'hidden'], 'shown'),
    isPrivate: raw['is_private'] === true,
    to: string(raw['to']),
    text: string(raw['text']),
    language: tag(raw['language']),
    replyTo: string(raw['reply_to']),
    moment: moment(raw['moment']),
    likes: number(raw['likes']),
    priority: number(raw['priority']),
    pinned: raw['pinned'] === true,
    answer: string(raw['answer']),
    answerLanguage: tag(raw['answer_language']),
    answeredBy: string(raw['answered_by']),
    madeUs: number(raw['made_us']),
    answeredUs: number(raw['answered_us']),
  };
}

function readPoint(raw: Json): Point {
  const at = Array.isArray(raw['at_mm']) ? raw['at_mm'].map(number) : [];
  return {
    id: string(raw['id']),
    person: string(raw['person']),
    name: string(raw['name']),
    product: string(raw['product']),
    note: string(raw['note']),
    state: word(raw['state'], ['open', 'shown', 'done'], 'open'),
    at: [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0],
    moment: moment(raw['moment']),
    madeUs: number(raw['made_us']),
  };
}

export function readPoll(raw: Json): Poll {
  return {
    id: string(raw['id']),
    question: texts(raw['question']),
    options: objects(raw['options']).map(texts),
    open: raw['open'] !== false,
    resultsShown: raw['results_shown'] !== false,
    votes: Array.isArray(raw['votes']) ? raw['votes'].map(number) : [],
    mine: typeof raw['mine'] === 'number' && raw['mine'] >= 0 ? number(raw['mine']) : null,
  };
}

function readQuote(raw: Json): Quote {
  return {
    id: string(raw['id']),
    person: string(raw['person']),
    product: string(raw['product']),
    variant: string(raw['variant']),
    number: string(raw['number']),
    state: word(raw['state'], ['requested', 'countered', 'accepted', 'declined', 'withdrawn'], 'requested'),
    sample: raw['sample'] === true,
    quantity: number(raw['quantity']),
    belowMinimum: raw['below_minimum'] === true,
    listPrice: readMoney(raw['list_price']),
    incoterm: string(raw['incoterm']),
    destination: string(raw['destination']),
    wantedBy: string(raw['wanted_by']),
    notes: string(raw['notes']),
    changes: objects(raw['changes']).map((change) => ({
      id: string(change['id']),
      key: string(change['key']),
      from: string(change['from']),
      to: string(change['to']),
      note: string(change['note']),
      state: word(change['state'], ['proposed', 'accepted', 'countered', 'declined'], 'proposed'),
      counter: string(change['counter']),
    })),
    attachments: objects(raw['attachments']).map((file) => ({
      id: string(file['id']),
      name: string(file['name']),
      type: string(file['type']),
      bytes: number(file['bytes']),
    })),
    snapshot: string(raw['snapshot']),
    rounds: objects(raw['rounds']).map((round) => ({
      by: word(round['by'], ['buyer', 'helper', 'presenter'], 'buyer'),
      atUs: number(round['at_us']),
      quantity: number(round['quantity']),
      unitPrice: readMoney(round['unit_price']),
      leadTime: string(round['lead_time']),
      note: string(round['note']),
    })),
    madeUs: number(raw['made_us']),
    changedUs: number(raw['changed_us']),
  };
}

function readOrder(raw: Json): Order {
  return {
    id: string(raw['id']),
    product: string(raw['product']),
    buyer: raw['name_allowed'] === false ? '' : string(raw['buyer']),
    place: string(raw['place']),
    slot: string(raw['slot']),
    state: word(raw['state'], ['placed', 'confirmed', 'in_production', 'shipped', 'delivered', 'cancelled'], 'placed'),
    quantity: number(raw['quantity']),
    madeUs: number(raw['made_us']),
  };
}

export function readMoney(raw: unknown): Money | null {
  if (!isObject(raw) || typeof raw['amount'] !== 'string' || typeof raw['currency'] !== 'string') return null;
  const [, whole, part = ''] = /^(\d{1,13})(?:\.(\d{1,4}))?$/.exec(raw['amount']) ?? [];
  return whole === undefined ? null : { e4: Number(whole) * 10_000 + Number(part.padEnd(4, '0')), currency: raw['currency'] };
}

/** A BCP 47 tag's primary part, for a lang attribute; anything else is none. */
const tag = (raw: unknown): string => /^[a-z]{2,3}/.exec(string(raw).toLowerCase())?.[0] ?? '';

const texts = (raw: unknown): LocalText =>
  Object.fromEntries(Object.entries(object(raw)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

