// Money, amounts in a buyer's own currency, lengths in a buyer's own units. What counts in a contract is the show's currency and millimetres; the
// rest is said beside it. A price of one piece is exact to four decimals in every currency, a total is rounded once, to the currency's own: as the
// factory's side reckons.

import type { Money } from '../wire/desk';
import type { Rates } from '../wire/show';

/** Decimals of a currency (ISO 4217): JPY 0, USD 2, KWD 3; 2 for what is no code. */
export function decimals(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

const scale = 10_000;
export const mostDecimals = 4;

export const toMoney = (amount: number, currency: string): Money => ({ e4: Math.round(amount * scale), currency });
export const amountOf = ({ e4 }: Money): number => e4 / scale;
/** As acts carry it: {"amount":"0.035","currency":"USD"}. */
export const wireMoney = ({ e4, currency }: Money): { amount: string; currency: string } => {
  const digits = String(e4).padStart(mostDecimals + 1, '0');
  return { amount: `${digits.slice(0, -mostDecimals)}.${digits.slice(-mostDecimals)}`, currency };
};

/** What so many pieces cost: rounded once, halves up. */
export function totalOf(unit: number, quantity: number, currency: string): number {
  const own = Math.min(decimals(currency), mostDecimals);
  const step = 10n ** BigInt(mostDecimals - own);
  const e4 = BigInt(Math.round(unit * scale)) * BigInt(quantity);
  return Number((e4 + step / 2n) / step) / 10 ** own;
}

/** An amount as typed, in the ways people write it: "4.2", "4,20", "1,234.50", "1.234,50", "0,035"; null for anything else, more than four decimals or
    less than nothing. "1.035" may be a little more than one or a thousand: `near`, what is being haggled over, decides; without it, it is a thousand. */
export function typedAmount(text: string, near?: number | null): number | null {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660)).replace(/\u066b/g, '.');
  if (!/^\d[\d.,]*$/.test(plain)) return null;
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  const kinds = new Set(plain.replace(/\d/g, ''));
  const times = plain.replace(/\d/g, '').length;
  // One mark alone: a decimal mark, unless it stands several times or before exactly three digits of a larger number.
  let groupsOnly = kinds.size === 1 && (times > 1 || (plain.length - last === 4 && plain[0] !== '0'));
  if (groupsOnly && times === 1 && near) {
    const small = Number(`${plain.slice(0, last)}.${plain.slice(last + 1)}`);
    groupsOnly = small * 1000 / near < near / small;
  }
  const whole = last < 0 || groupsOnly ? plain.replace(/[.,]/g, '') : plain.slice(0, last).replace(/[.,]/g, '');
  const part = last < 0 || groupsOnly ? '' : plain.slice(last + 1);
  if (part.replace(/0+$/, '').length > mostDecimals) return null;
  const amount = Number(`${whole}.${part || '0'}`);
  return Number.isFinite(amount) && amount < 1e9 ? amount : null;
}

/** Null when one of the two is not among the rates. */
export function converted(rates: Rates | null, amount: number, from: string, to: string): number | null {
  if (!rates || from === to) return null;
  const rate = (currency: string): number | undefined => (currency === rates.base ? 1 : rates.of[currency]);
  const [a, b] = [rate(from), rate(to)];
  return a && b ? (amount * b) / a : null;
}

export const currenciesOf = (rates: Rates | null): string[] => (rates ? [...new Set([rates.base, ...Object.keys(rates.of)])].sort() : []);

const perInch = 25.4;
const lengths: Record<string, number> = { mm: 1, cm: 10, m: 1000 };

/** Of a length in mm, cm or m as written, its inches ("4.72 in") or feet from two metres on; null for anything else. */
export function imperial(value: string, unit: string): { value: number; unit: 'in' | 'ft'; digits: number } | null {
  const factor = lengths[unit];
  if (!factor || !/^\d+(\.\d+)?$/.test(value)) return null;
  const mm = Number(value) * factor;
  return mm >= 2000 ? { value: mm / perInch / 12, unit: 'ft', digits: 1 } : { value: mm / perInch, unit: 'in', digits: mm < 254 ? 2 : 1 };
}
