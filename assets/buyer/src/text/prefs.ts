// What a buyer chose for themself on this device.

export interface Prefs {
  currency: string; // empty: the show's
  units: 'metric' | 'imperial';
}

const key = 'vitrine.prefs';

export function readPrefs(): Prefs {
  const prefs: Prefs = { currency: '', units: 'metric' };
  try {
    const raw = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Prefs>;
    if (typeof raw.currency === 'string' && /^[A-Z]{3}$/.test(raw.currency)) prefs.currency = raw.currency;
    if (raw.units === 'imperial') prefs.units = 'imperial';
  } catch {
    // nothing kept, or nothing that can be read
  }
  return prefs;
}

export function keepPrefs(prefs: Prefs): void {
  try {
    localStorage.setItem(key, JSON.stringify(prefs));
  } catch {
    // forbidden: chosen for this visit only
  }
}
