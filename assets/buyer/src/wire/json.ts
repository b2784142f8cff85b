// Reading JSON that came through a network and across versions: each field is looked at once, what is missing gets an empty value.

export type Json = Record<string, unknown>;

export function isObject(raw: unknown): raw is Json {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export const object = (raw: unknown): Json => (isObject(raw) ? raw : {});
export const objects = (raw: unknown): Json[] => (Array.isArray(raw) ? raw.filter(isObject) : []);
export const string = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
export const strings = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.filter((entry): entry is string => typeof entry === 'string') : [];
export const number = (raw: unknown): number => (typeof raw === 'number' && Number.isFinite(raw) ? raw : 0);
export const positive = (raw: unknown, absent: number): number => (number(raw) > 0 ? number(raw) : absent);

/** One of the words this page knows, or the given one. */
export const word = <T extends string>(raw: unknown, known: readonly T[], absent: T): T => known.find((each) => each === raw) ?? absent;
