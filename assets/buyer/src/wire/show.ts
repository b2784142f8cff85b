// The show document and the socket's messages as types. They come from our own server but through a network and across versions, so
// each field is looked at once here; the rest of the page trusts these types. What is missing gets an empty value, never undefined.

import type { Session } from '../link/machine';
import { counts, readDesk, type DeskNews } from './desk';
import { isObject, number, object, objects, positive, string, strings, word, type Json } from './json';

export type LocalText = Record<string, string>;

export type Vec3 = [number, number, number];

export interface Spec {
  key: string;
  label: LocalText;
  value: string;
  unit: string;
}

export interface Callout {
  id: string;
  at: Vec3; // mm in the target's frame
  text: LocalText;
  spec: string;
}

/** A length as in a drawing. Points in mm in the target's frame; `line`: where the dimension line itself runs. */
export interface Dimension {
  id: string;
  from: Vec3;
  to: Vec3;
  line: [Vec3, Vec3];
  lengthMm: number;
  decimals: number;
  toleranceMm: number | null;
  text: LocalText | null; // in place of the length
}

interface BadgeOfAnyKind {
  id: string;
  label: LocalText | null;
  scheme: string; // by which rule it was found
}

export type Badge =
  | (BadgeOfAnyKind & { kind: 'certificate'; text: string; image: string | null })
  | (BadgeOfAnyKind & { kind: 'energy'; grade: string })
  | (BadgeOfAnyKind & { kind: 'carbon'; value: number; unit: string });

export interface Speaker {
  id: string;
  name: LocalText;
  role: LocalText | null;
  language: string; // BCP 47 primary tag, or empty
}

export interface Tier {
  min: number;
  unit: number;
  currency: string;
}

export interface ProductModel {
  url: string;
  bytes: number;
  at: Vec3; // mm in the target's frame
  turn: Vec3; // degrees about the model's own x, then y, then z axis
  scale: number;
}

/** How a model is shown. `section`: share of the model's width that is kept, from its least x. */
export interface ModelState {
  shown: boolean;
  variant: string; // empty: as modelled
  explode: number; // 0…1
  xRay: boolean;
  section: number | null;
}

export interface Product {
  id: string;
  name: LocalText;
  description: LocalText | null;
  image: string | null;
  model: ProductModel | null;
  widthMm: number;
  heightMm: number;
  leadTime: LocalText | null;
  hsCode: string;
  incoterm: string;
  packing: Packing | null;
  certificates: string[];
  moqNegotiable: boolean;
  specs: Spec[];
  callouts: Callout[];
  dimensions: Dimension[];
  badges: Badge[];
  prices: Tier[]; // ascending by min
}

/** How a carton is packed; 0 and empty where the show does not say. */
export interface Packing {
  pieces: number;
  cartonMm: Vec3;
  grossKg: number;
  netKg: number;
  note: LocalText | null;
}

export interface ShowDocument {
  edition: number; // a snapshot with a later one says that this has been edited
  title: LocalText;
  factory: LocalText;
  languages: string[];
  program: { width: number; height: number; fps: number };
  iceServers: { urls: string }[];
  startsAtMs: number | null; // UTC; null: not announced
  chat: 'open' | 'moderated' | 'off';
  translation: boolean; // a service for free text is there
  rates: Rates | null;
  replay: Replay | null;
  scenes: { id: string; name: LocalText }[]; // for helpers
  templates: LocalText[]; // answers that helpers give often
  speakers: Speaker[];
  products: Product[];
}

/** What one unit of `base` is worth, for amounts shown beside the price that counts. */
export interface Rates {
  base: string;
  date: string; // ISO 8601
  of: Record<string, number>;
}

/** The show's recording and its scene frames, once it has ended. */
export interface Replay {
  url: string;
  scenes: string;
  durationS: number;
}

export interface Snapshot {
  version: number;
  edition: number; // of the show document
  safe: boolean; // the factory's holding picture in place of everything
  session: Session;
  pinned: string;
  card: boolean;
  badges: boolean;
  specs: boolean; // the pinned product's whole table in the picture
  speaker: string; // in the lower third; empty: none
  hiddenCallouts: Set<string>; // and dimensions
  models: Map<string, ModelState>; // as the presenter shows them, by product
  variants: Map<string, string[]>; // that a product's model offers
  viewers: number;
  scene: string;
  ticker: boolean; // orders are shown
  recording: Recording;
}

/** 'planned': as soon as the show is live. */
export type Recording = 'off' | 'planned' | 'on';

export type ServerMessage =
  | { type: 'snapshot'; snapshot: Snapshot; timeUs: number }
  | { type: 'scene'; rtp: number; cbor: string }
  | { type: 'desk'; news: DeskNews }
  | { type: 'reactions'; counts: Record<string, number> }
  | { type: 'ended' }
  | { type: 'ping'; t: unknown }
  | { type: 'pong'; t: number; timeUs: number };

export function readShow(raw: unknown): ShowDocument | null {
  if (!isObject(raw)) return null;
  const program = object(raw['program']);
  return {
    edition: number(raw['edition']),
    title: localText(raw['title']),
    factory: localText(raw['factory']),
    languages: strings(raw['languages']),
    program: {
      width: positive(program['width'], 1280),
      height: positive(program['height'], 720),
      fps: positive(program['fps'], 30),
    },
    iceServers: objects(raw['ice_servers']).map((server) => ({ urls: string(server['urls']) })).filter((s) => s.urls),
    startsAtMs: moment(raw['starts_at'] ?? raw['starts_at_us']),
    chat: word(raw['chat'], ['open', 'moderated', 'off'], 'open'),
    translation: raw['translation'] === true,
    rates: rates(raw['rates']),
    replay: replay(raw['replay']),
    scenes: objects(raw['scenes']).map((scene) => ({ id: string(scene['id']), name: localText(scene['name']) })).filter(({ id }) => id),
    templates: objects(raw['templates']).map((template) => localText(isObject(template['text']) ? template['text'] : template)),
    speakers: objects(raw['speakers']).map(speaker),
    products: objects(raw['products']).map(product),
  };
}

export function readMessage(text: string): ServerMessage | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(raw)) return null;
  switch (raw['type']) {
    case 'snapshot': {
      const session = sessions.find((known) => known === raw['session']);
      if (!session) return null;
      const snapshot = {
        version: number(raw['version']),
        edition: number(raw['edition']),
        safe: raw['safe'] === true,
        session,
        pinned: string(raw['pinned']),
        card: raw['card'] !== false,
        badges: raw['badges'] !== false,
        specs: raw['specs'] === true,
        speaker: string(raw['lower_third']),
        hiddenCallouts: new Set(strings(raw['hidden_callouts'])),
        models: new Map(Object.entries(object(raw['models'])).map(([id, model]) => [id, modelState(object(model))])),
        variants: new Map(Object.entries(object(raw['models'])).map(([id, model]) => [id, strings(object(model)['variants'])])),
        viewers: number(raw['viewers']),
        scene: string(raw['scene']),
        ticker: raw['ticker'] === true,
        recording: word(raw['recording'], ['off', 'planned', 'on'], 'off'),
      };
      return { type: 'snapshot', snapshot, timeUs: number(raw['time_us']) };
    }
    case 'scene':
      return { type: 'scene', rtp: number(raw['rtp']) >>> 0, cbor: string(raw['cbor']) };
    case 'desk':
      return { type: 'desk', news: readDesk(raw) };
    case 'reactions':
      return { type: 'reactions', counts: counts(raw['counts']) };
    case 'ended':
      return { type: 'ended' };
    case 'ping':
      return { type: 'ping', t: raw['t'] };
    case 'pong':
      return { type: 'pong', t: number(raw['t']), timeUs: number(raw['time_us']) };
    default:
      return null;
  }
}

const sessions: Session[] = ['idle', 'ready', 'live', 'paused', 'ended'];

function product(raw: Json): Product {
  return {
    id: string(raw['id']),
    name: localText(raw['name']),
    description: isObject(raw['description']) ? localText(raw['description']) : null,
    image: media(raw['image']),
    model: productModel(raw['model']),
    widthMm: number(raw['width_mm']),
    heightMm: number(raw['height_mm']),
    leadTime: isObject(raw['lead_time']) ? localText(raw['lead_time']) : null,
    hsCode: string(raw['hs_code']),
    incoterm: string(raw['incoterm']),
    packing: isObject(raw['packing']) ? packing(raw['packing']) : null,
    certificates: strings(raw['certificates']),
    moqNegotiable: raw['moq_negotiable'] !== false,
    specs: objects(raw['specs']).map((spec) => ({
      key: string(spec['key']),
      label: localText(spec['label']),
      value: typeof spec['value'] === 'number' ? String(spec['value']) : string(spec['value']),
      unit: string(spec['unit']),
    })),
    callouts: objects(raw['callouts']).map(callout),
    dimensions: objects(raw['dimensions']).map(dimension),
    badges: objects(raw['badges']).flatMap(badge),
    prices: objects(raw['prices'])
      .map((tier) => ({
        min: Math.max(1, Math.floor(number(tier['min']))),
        unit: number(tier['unit']),
        currency: string(tier['currency']),
      }))
      .sort((a, b) => a.min - b.min),
  };
}

function packing(raw: Json): Packing {
  return {
    pieces: number(raw['pieces']),
    cartonMm: vec3(raw['carton_mm']),
    grossKg: number(raw['gross_kg']),
    netKg: number(raw['net_kg']),
    note: isObject(raw['note']) ? localText(raw['note']) : null,
  };
}

function productModel(raw: unknown): ProductModel | null {
  const model = object(raw);
  const url = string(model['url']);
  if (!url.startsWith('/api/models/')) return null;
  const { at, turn } = { at: vec3(model['at']), turn: vec3(model['turn']) };
  return { url, bytes: number(model['bytes']), at, turn, scale: positive(model['scale'], 1) };
}

function modelState(raw: Json): ModelState {
  const share = (value: unknown): number => Math.min(Math.max(number(value), 0), 1);
  return {
    shown: raw['shown'] === true,
    variant: string(raw['variant']),
    explode: share(raw['explode']),
    xRay: raw['x_ray'] === true,
    section: typeof raw['section'] === 'number' ? share(raw['section']) : null,
  };
}

function vec3(raw: unknown): Vec3 {
  const at = Array.isArray(raw) ? raw.map(number) : [];
  return [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0];
}

function callout(raw: Json): Callout {
  return { id: string(raw['id']), at: vec3(raw['at']), text: localText(raw['text']), spec: string(raw['spec']) };
}

function dimension(raw: Json): Dimension {
  return {
    id: string(raw['id']),
    from: vec3(raw['from']),
    to: vec3(raw['to']),
    line: [vec3(raw['line_from']), vec3(raw['line_to'])],
    lengthMm: number(raw['length_mm']),
    decimals: Math.min(Math.max(Math.floor(number(raw['decimals'])), 0), 3),
    toleranceMm: number(raw['tolerance_mm']) > 0 ? number(raw['tolerance_mm']) : null,
    text: isObject(raw['text']) ? localText(raw['text']) : null,
  };
}

/** UTC µs, or a date and time as in ISO 8601. */
function moment(raw: unknown): number | null {
  const ms = typeof raw === 'number' && raw > 0 ? raw / 1000 : typeof raw === 'string' ? Date.parse(raw) : NaN;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function rates(raw: unknown): Rates | null {
  const { base, date, of } = { base: string(object(raw)['base']), date: string(object(raw)['date']), of: object(object(raw)['rates']) };
  const known = Object.entries(of).filter((entry): entry is [string, number] => number(entry[1]) > 0 && /^[A-Z]{3}$/.test(entry[0]));
  return /^[A-Z]{3}$/.test(base) && Number.isFinite(Date.parse(date)) && known.length > 0 ? { base, date, of: Object.fromEntries(known) } : null;
}

/** Both addresses are this server's own. */
function replay(raw: unknown): Replay | null {
  const { url, scenes } = { url: string(object(raw)['url']), scenes: string(object(raw)['scenes']) };
  const own = (path: string): boolean => /^\/(?!\/)/.test(path);
  return own(url) && own(scenes) ? { url, scenes, durationS: number(object(raw)['duration_s']) } : null;
}

/** None for a kind that this page does not know. */
function badge(raw: Json): Badge[] {
  const each = {
    id: string(raw['id']),
    label: isObject(raw['label']) ? localText(raw['label']) : null,
    scheme: string(raw['scheme']),
  };
  switch (raw['kind']) {
    case 'certificate':
      return [{ ...each, kind: 'certificate', text: string(raw['text']), image: media(raw['image']) }];
    case 'energy':
      return /^[A-G]$/.test(string(raw['grade'])) ? [{ ...each, kind: 'energy', grade: string(raw['grade']) }] : [];
    case 'carbon':
      return [{ ...each, kind: 'carbon', value: number(raw['value']), unit: string(raw['unit']) }];
    default:
      return [];
  }
}

function speaker(raw: Json): Speaker {
  return {
    id: string(raw['id']),
    name: localText(raw['name']),
    role: isObject(raw['role']) ? localText(raw['role']) : null,
    language: /^[a-z]{2,3}$/.test(string(raw['language'])) ? string(raw['language']) : '',
  };
}

/** Pictures come from this server's own media alone. */
function media(raw: unknown): string | null {
  return string(raw).startsWith('/media/') ? string(raw) : null;
}

export function localText(raw: unknown): LocalText {
  return Object.fromEntries(
    Object.entries(object(raw)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
