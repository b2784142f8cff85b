// Which language the page speaks, and how it says numbers and prices in it. The five languages here are those of the page's own words;
// a show's texts may lack some of them and then come in the show's first language.

import type { Dimension, LocalText } from '../wire/show';
import { ar } from './ar';
import { en, type Catalogue } from './en';
import { es } from './es';
import { pt } from './pt';
import { zh } from './zh';

export const languages = ['en', 'zh', 'es', 'pt', 'ar'] as const;
export type Language = (typeof languages)[number];
export type Key = keyof Catalogue;
type Fill = Record<string, string>;

export const catalogues: Record<Language, Catalogue> = { en, zh, es, pt, ar };
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
    return filled(catalogues[this.language][key], fill);
  }

  /** "1 piece", "500 pieces". */
  pieces(count: number): string {
    const words = catalogues[this.language] as Record<string, string>;
    const form = new Intl.PluralRules(this.locale).select(count);
    return filled(words[`pieces_${form}`] ?? words['pieces_other']!, { count: this.number(count) });
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

  /** A language's name in this one: "Chinese". */
  nameOf(language: string): string {
    try {
      return new Intl.DisplayNames([this.language], { type: 'language', fallback: 'none' }).of(language) ?? language;
    } catch {
      return language;
    }
  }

  money(amount: number, currency: string): string {
    return this.together(this.plainMoney(amount, currency));
  }

  /** In a line that runs from the right "US$" and "± mm" would come apart: an isolate (U+2066 … U+2069) keeps figures together. */
  private together(said: string): string {
    return direction(this.language) === 'rtl' ? `\u2066${said.replace(/[\u200e\u200f\u061c]/g, '')}\u2069` : said;
  }

  private plainMoney(amount: number, currency: string): string {
    try {
      return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(amount);
    } catch {
      const plain = new Intl.NumberFormat(this.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount);
      return `${plain} ${currency}`.trim(); // not an ISO 4217 code: said as it was written
    }
  }
}

function filled(pattern: string, fill: Fill): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => fill[name] ?? whole);
}
