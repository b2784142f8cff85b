// The buyer API over fetch. An answer is a status and what was read; status 0 means that none came. Nothing here throws.

export interface Answer<T> {
  status: number;
  retryAfterMs?: number;
  body: T | null;
}

export interface Joined {
  session: string;
  name: string;
  language: string;
}

const patience = 8000; // ms

export async function join(invite: string, secret: string, language: string): Promise<Answer<Joined>> {
  const answer = await ask('/api/join', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ invite, secret, language }),
  });
  const body = answer.body as Partial<Joined> | null;
  if (answer.status !== 200) return { ...answer, body: null };
  if (typeof body?.session !== 'string') return { status: 502, body: null };
  return { ...answer, body: { session: body.session, name: body.name ?? '', language: body.language ?? '' } };
}

export function fetchShow(token: string): Promise<Answer<unknown>> {
  return ask('/api/show', { headers: { Authorization: `Bearer ${token}` } });
}

async function ask(path: string, init: RequestInit): Promise<Answer<unknown>> {
  try {
    const response = await fetch(path, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(patience),
    });
    return withRetry(response, response.ok ? await response.json() : null);
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
