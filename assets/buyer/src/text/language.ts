// Which language the page speaks, and how it says numbers and prices in it. The five languages here are those of the page's own words;
// a show's texts may lack some of them and then come in the show's first language.

import type { Money } from '../wire/desk';
import type { Dimension, LocalText, Packing } from '../wire/show';
import { en, type Catalogue } from './en';
import { amountOf, decimals, mostDecimals } from './money';

export const languages = ['en', 'zh', 'es', 'pt', 'ar'] as const;
export type Language = (typeof languages)[number];
export type Key = keyof Catalogue;
type Fill = Record<string, string>;

/** What the page can say now: English comes with it, another language when it is first spoken. */
const spoken: Partial<Record<Language, Catalogue>> = { en };
const others: Record<Exclude<Language, 'en'>, () => Promise<Catalogue>> = {
  zh: () => import('./zh').then(({ zh }) => zh),
  es: () => import('./es').then(({ es }) => es),
  pt: () => import('./pt').then(({ pt }) => pt),
  ar: () => import('./ar').then(({ ar }) => ar),
};

export const canSpeak = (language: Language): boolean => spoken[language] !== undefined;

/** False when its words did not come: the page stays in the language it speaks. */
export async function learn(language: Language): Promise<boolean> {
  if (language === 'en' || canSpeak(language)) return true;
  try {
    spoken[language] = await others[language]();
    return true;
  } catch {
    return false;
  }
}

const words = (language: Language): Catalogue => spoken[language] ?? en;
export const ownNames: Record<Language, string> = { en: 'English', zh: '中文', es: 'Español', pt: 'Português', ar: 'العربية' };

export const direction = (language: Language): 'rtl' | 'ltr' => (language === 'ar' ? 'rtl' : 'ltr');

/** The first of the wishes ("pt-BR", "zh_Hans", …) that the page speaks; English when none. Empty wishes are passed over. */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find((language) => language === primary);
    if (found) return found;
  }
  return 'en';
}

export class Words {
  readonly language: Language;
  private readonly fallback: string;
  private readonly locale: string;

  /** `fallback`: the show's first language, for texts that are not in `language`. */
  constructor(language: Language, fallback = 'en') {
    this.language = language;
    this.fallback = fallback;
    // Latin digits also in Arabic: prices and part numbers must read the same in the picture, in the panel and in a contract.
    this.locale = `${language}-u-nu-latn`;
  }

  say(key: Key, fill: Fill = {}): string {
    return filled(words(this.language)[key], fill);
  }

  /** "1 piece", "500 pieces". */
  pieces(count: number): string {
    const forms = words(this.language) as Record<string, string>;
    const form = new Intl.PluralRules(this.locale).select(count);
    return filled(forms[`pieces_${form}`] ?? forms['pieces_other']!, { count: this.number(count) });
  }

  text(text: LocalText | null | undefined): string {
    if (!text) return '';
    return text[this.language] ?? text[this.fallback] ?? text['en'] ?? Object.values(text)[0] ?? '';
  }

  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: digits }).format(value);
  }

  /** A spec's value as written, its digits kept, grouped when it is a plain number of five digits or more. */
  value(written: string): string {
    if (!/^-?\d{5,15}$/.test(written)) return written;
    return this.number(Number(written));
  }

  /** "120.0 ± 0.5 mm", or the text that stands in its place. */
  length({ lengthMm, decimals, toleranceMm, text }: Dimension): string {
    if (text) return this.text(text);
    const say = (mm: number): string =>
      new Intl.NumberFormat(this.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(mm);
    return this.together(`${say(lengthMm)}${toleranceMm === null ? '' : ` ± ${say(toleranceMm)}`} mm`);
  }

  /** A figure with its unit. */
  quantity(value: number, unit: string): string {
    return this.together(`${this.number(value, 3)} ${unit}`.trim());
  }

  /** A text of the show in another language than the page's, as far as it has it. */
  inLanguage(text: LocalText, language: string): string {
    return text[language] ?? this.text(text);
  }

  percent(share: number): string {
    return this.together(new Intl.NumberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 }).format(share));
  }

  /** "14:05", as clocks are read where this language is spoken. */
  clock(ms: number): string {
    return ms > 0 ? new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit' }).format(ms) : '';
  }

  /** "1:02:03" or "2:03". */
  clockOf(seconds: number): string {
    const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (part: number): string => String(part).padStart(2, '0');
    return this.together(h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`);
  }

  size(bytes: number): string {
    return bytes < 1e5 ? this.quantity(Math.ceil(bytes / 1000), 'kB') : this.quantity(Math.round(bytes / 1e5) / 10, 'MB');
  }

  /** What is left, days first when there are some. */
  countdown(ms: number): string {
    const days = Math.floor(ms / 86_400_000);
    const clock = this.clockOf((ms % 86_400_000) / 1000);
    return days > 0 ? `${this.say('days', { count: this.number(days) })} ${clock}` : clock;
  }

  /** Date and time of this device, its zone named. */
  moment(ms: number): string {
    return this.together(new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms));
  }

  /** "2026-11-20" as it is written here. */
  date(iso: string): string {
    const at = Date.parse(iso);
    return Number.isFinite(at) ? this.together(new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at)) : iso;
  }

  sum(money: Money): string {
    return this.money(amountOf(money), money.currency);
  }

  /** "≈ €3.61 (rate of 20 Nov 2026)". */
  approximately(amount: number, currency: string, date: string): string {
    // No more digits than a rate has a say in: cents, below one three that count.
    const shown = amount >= 1 ? Number(amount.toFixed(Math.min(decimals(currency), 2))) : Number(amount.toPrecision(3));
    return this.say('approximately', { amount: this.money(shown, currency), date: this.date(date) });
  }

  /** A measured figure with what is not known about it. */
  measure(value: number, uncertainty: number, decimals: number, unit: string): string {
    const say = (figure: number): string => new Intl.NumberFormat(this.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(figure);
    return this.together(`${say(value)} ± ${say(uncertainty)} ${unit}`);
  }

  /** The server's own sentence, which is in English. */
  refusal(detail: string): string {
    return this.language === 'en' ? detail : this.say('refused_because', { reason: detail });
  }

  /** "10 pieces per carton · 420 × 310 × 260 mm · gross 6.2 kg". */
  packing({ pieces, cartonMm, grossKg, netKg, note }: Packing): string {
    const size = cartonMm.every((mm) => mm > 0) ? this.together(`${cartonMm.map((mm) => new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 }).format(mm)).join(' × ')} mm`) : '';
    return [
      pieces > 0 ? this.say('per_carton', { pieces: this.pieces(pieces) }) : '',
      size,
      grossKg > 0 ? this.say('gross', { weight: this.quantity(grossKg, 'kg') }) : '',
      netKg > 0 ? this.say('net', { weight: this.quantity(netKg, 'kg') }) : '',
      this.text(note),
    ].filter(Boolean).join(' · ');
  }

  /** A device of the same person: "iPhone", "another device". */
  device(name: string): string {
    return name || this.say('some_device');
  }

  /** When it was used last: "in use", "5 minutes ago". */
  used(idleS: number): string {
    const minutes = Math.floor(idleS / 60);
    if (minutes < 1) return this.say('in_use');
    const relative = new Intl.RelativeTimeFormat(this.locale, { numeric: 'always' });
    return minutes < 120 ? relative.format(-minutes, 'minute') : relative.format(-Math.floor(minutes / 60), 'hour');
  }

  /** A language's name in this one: "Chinese". */
  nameOf(language: string): string {
    try {
      return new Intl.DisplayNames([this.language], { type: 'language', fallback: 'none' }).of(language) ?? language;
    } catch {
      return language;
    }
  }

  /** A price of one piece may have more decimals than its currency; they are shown when they count. */
  money(amount: number, currency: string): string {
    return this.together(this.plainMoney(amount, currency));
  }

  /** In a line that runs from the right "US$" and "± mm" would come apart: an isolate (U+2066 … U+2069) keeps figures together. */
  private together(said: string): string {
    return direction(this.language) === 'rtl' ? `\u2066${said.replace(/[\u200e\u200f\u061c]/g, '')}\u2069` : said;
  }

  private plainMoney(amount: number, currency: string): string {
    try {
      return new Intl.NumberFormat(this.locale, { style: 'currency', currency, maximumFractionDigits: Math.max(decimals(currency), mostDecimals) }).format(amount);
    } catch {
      const plain = new Intl.NumberFormat(this.locale, { minimumFractionDigits: 2, maximumFractionDigits: mostDecimals }).format(amount);
      return `${plain} ${currency}`.trim(); // not an ISO 4217 code: said as it was written
    }
  }
}

function filled(pattern: string, fill: Fill): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => fill[name] ?? whole);
}
