// The buyer's pass: the invite from the address, and what it was exchanged for. The secret stands in the fragment, which no server or log
// sees; it is taken out of the address bar at once and kept for this tab only, so that a reload or a restarted server need no new link.

export interface Invite {
  id: string;
  secret: string;
}

const inviteKey = 'vitrine.invite';
const tokenKey = 'vitrine.token';

/** The invite of the address, or the one this tab came with; null when there is none. */
export function takeInvite(location: Location, history: History): Invite | null {
  const id = /^\/j\/([A-Za-z0-9_-]{1,128})\/?$/.exec(location.pathname)?.[1] ?? null;
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, '', location.pathname + location.search);
  const held = read();
  if (id && secret) {
    if (held?.id !== id || held.secret !== secret) forgetToken();
    keep(inviteKey, JSON.stringify({ id, secret }));
    return { id, secret };
  }
  return held && (id === null || held.id === id) ? held : null;
}

export function heldToken(): string | null {
  return get(tokenKey);
}

export function keepToken(token: string): void {
  keep(tokenKey, token);
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(tokenKey);
  } catch {
    // storage may be forbidden: then there was nothing to forget
  }
}

function read(): Invite | null {
  try {
    const held = JSON.parse(get(inviteKey) ?? 'null') as Partial<Invite> | null;
    return typeof held?.id === 'string' && typeof held.secret === 'string' ? { id: held.id, secret: held.secret } : null;
  } catch {
    return null;
  }
}

function get(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // forbidden or full: the page works, a reload will need the link again
  }
}
