// The buyer API over fetch. The session is a cookie that this page cannot read; it goes with every request to our own origin. An answer is a status
// and what was read; status 0 means that none came. Nothing here throws.

export interface Answer<T> {
  status: number;
  retryAfterMs?: number;
  body: T | null;
  /** The server's sentence when it refused. */
  detail?: string;
  /** All that it said then. */
  problem?: Record<string, unknown>;
}

/** One device that an invitation is open on: what it is, "" when it did not say, and how long it has not been used, s. */
export interface OpenOn {
  device: string;
  idleS: number;
}

export interface Joined {
  name: string;
  language: string;
}

const patience = 8000; // ms

/** `takeOver`: when the invitation is open on as many devices as it is for, the one unused longest is signed off. */
export async function join(invite: string, secret: string, language: string, takeOver: boolean): Promise<Answer<Joined>> {
  const device = deviceName(navigator.userAgent);
  const answer = await ask('/api/join', json('POST', { invite, secret, language, ...(device && { device }), ...(takeOver && { take_over: true }) }));
  const body = answer.body as Record<string, unknown> | null;
  if (answer.status !== 200 || !body) return { ...answer, body: null };
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  return { ...answer, body: { name: text('name'), language: text('language') } };
}

/** Where the invitation is open instead, of a refused join, the one that would give way first; null when that is not why. */
export function openElsewhere({ problem }: Answer<unknown>): OpenOn[] | null {
  const devices = problem?.['devices'];
  if (!Array.isArray(devices)) return null;
  return devices.slice(0, 20).map((raw: unknown) => {
    const { device, idle_s: idleS } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
    return { device: typeof device === 'string' ? device.slice(0, 40) : '', idleS: typeof idleS === 'number' && idleS > 0 ? idleS : 0 };
  });
}

export const leave = (): Promise<Answer<unknown>> => ask('/api/leave', json('POST', {}));
export const fetchShow = (): Promise<Answer<unknown>> => ask('/api/show', {});
export const fetchMe = (): Promise<Answer<unknown>> => ask('/api/me', {});

/** One act; the same client id may go again until it is answered. */
export const sendAct = (act: object): Promise<Answer<unknown>> => ask('/api/act', json('POST', act));
export const showCommand = (command: object): Promise<Answer<unknown>> => ask('/api/show-command', json('POST', command));

export const translate = (message: string, part: 'text' | 'answer', to: string): Promise<Answer<unknown>> =>
  ask(`/api/translate?message=${encodeURIComponent(message)}&to=${encodeURIComponent(to)}${part === 'answer' ? '&part=answer' : ''}`, {});

/** The newest clean program frame at full quality, with its own scene frame (CBOR in base64; empty: none). */
export async function fetchStill(): Promise<Answer<{ picture: Blob; scene: string }>> {
  try {
    const response = await fetch('/api/still', dressed({}));
    if (!response.ok) return { status: response.status, body: null };
    return { status: response.status, body: { picture: await response.blob(), scene: response.headers.get('X-Scene') ?? '' } };
  } catch {
    return { status: 0, body: null };
  }
}

function json(method: string, body: object): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

export function dressed(init: RequestInit): RequestInit {
  return {
    ...init,
    cache: 'no-store',
    credentials: 'same-origin',
    signal: init.signal ?? AbortSignal.timeout(patience),
  };
}

export async function ask(path: string, init: RequestInit): Promise<Answer<unknown>> {
  try {
    const response = await fetch(path, dressed(init));
    const body: unknown = response.status === 204 ? {} : await response.json().catch(() => null);
    if (response.ok) return withRetry(response, body);
    const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const { detail } = problem;
    return { ...withRetry(response, null), problem, ...(typeof detail === 'string' && detail && { detail }) };
  } catch {
    return { status: 0, body: null };
  }
}

export function withRetry<T>(response: Response, body: T): Answer<T> {
  const retryAfterMs = retryAfter(response.headers.get('Retry-After'), Date.now());
  return retryAfterMs === null ? { status: response.status, body } : { status: response.status, retryAfterMs, body };
}

/** Seconds or a date (RFC 9110, 10.2.3); at most a minute, because a buyer is waiting. */
export function retryAfter(header: string | null, nowMs: number): number | null {
  if (!header) return null;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : null;
}

/** What a buyer would call this device: "Android", "iPhone"; nothing that tells one device of a kind from another. */
export function deviceName(agent: string): string {
  const kinds = ['iPhone', 'iPad', 'Android', 'Windows', 'Macintosh', 'CrOS', 'Linux'];
  return kinds.find((kind) => agent.includes(kind)) ?? '';
}
