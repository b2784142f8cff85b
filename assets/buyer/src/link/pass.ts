// The buyer's pass: the invite from the address. The secret stands in the fragment, which no server or log sees; it is taken out of the address bar
// at once and kept for this tab only, so that a restarted server needs no new link. The session itself is a cookie out of this page's sight; all
// that is remembered of it is which invite it was got by, so that a reload takes no second seat.

export interface Invite {
  id: string;
  secret: string;
}

const inviteKey = 'vitrine.invite';
const joinedKey = 'vitrine.joined';

/** The invite of the address, or the one this tab came with; null when there is none. */
export function takeInvite(location: Location, history: History): Invite | null {
  const id = inviteOf(location);
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, '', location.pathname + location.search);
  const held = read();
  if (id && secret) {
    keep(() => sessionStorage, inviteKey, JSON.stringify({ id, secret }));
    return { id, secret };
  }
  return held && (id === null || held.id === id) ? held : null;
}

export const inviteOf = (location: Location): string | null => /^\/j\/([A-Za-z0-9_-]{1,128})\/?$/.exec(location.pathname)?.[1] ?? null;

/** Whether this browser has come in by that invite before: then the cookie is tried first. */
export const hasJoined = (invite: string): boolean => get(() => localStorage, joinedKey) === invite;
export const keepJoined = (invite: string): void => keep(() => localStorage, joinedKey, invite);

export function forgetJoined(): void {
  try {
    localStorage.removeItem(joinedKey);
  } catch {
    // storage may be forbidden: then there was nothing to forget
  }
}

function read(): Invite | null {
  try {
    const held = JSON.parse(get(() => sessionStorage, inviteKey) ?? 'null') as Partial<Invite> | null;
    return typeof held?.id === 'string' && typeof held.secret === 'string' ? { id: held.id, secret: held.secret } : null;
  } catch {
    return null;
  }
}

function get(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function keep(storage: () => Storage, key: string, value: string): void {
  try {
    storage().setItem(key, value);
  } catch {
    // forbidden or full: the page works, a reload will need the link again
  }
}
