import { beforeAll, describe, expect, it } from 'vitest';
import { ar } from '../src/text/ar';
import { en } from '../src/text/en';
import { es } from '../src/text/es';
import { pt } from '../src/text/pt';
import { zh } from '../src/text/zh';
import { learn, chooseLanguage, direction, languages, Words } from '../src/text/language';

const catalogues = { en, zh, es, pt, ar };
beforeAll(async () => {
  for (const language of languages) expect(await learn(language)).toBe(true);
});

describe('catalogues', () => {
  const english = catalogues.en as Record<string, string>;
  const names = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

  it.each(languages)('%s says everything, with the same blanks', (language) => {
    const words = catalogues[language] as Record<string, string>;
    for (const [key, text] of Object.entries(english)) {
      expect(words[key]?.trim(), key).toBeTruthy();
      if (!key.startsWith('pieces_')) expect(names(words[key]!), key).toEqual(names(text));
    }
    const extra = Object.keys(words).filter((key) => !(key in english) && !/^pieces_(zero|two|few|many)$/.test(key));
    expect(extra).toEqual([]);
  });

  it.each(languages.filter((language) => language !== 'en'))('%s is translated', (language) => {
    const words = catalogues[language] as Record<string, string>;
    const same = Object.keys(english).filter((key) => words[key] === english[key]);
    expect(same.filter((key) => !['latency', 'incoterm', 'total', 'days', 'seconds_ago', 'chat'].includes(key))).toEqual([]);
  });

  it.each(languages)('%s has a form for every count', (language) => {
    const words = new Words(language);
    for (const count of [0, 1, 2, 3, 11, 100, 500]) expect(words.pieces(count)).not.toMatch(/\{|undefined/);
  });
});

describe('chooseLanguage', () => {
  it.each([
    [[null, undefined, '', 'zh-Hans-CN'], 'zh'],
    [['xx', 'PT_br', 'es'], 'pt'],
    [['ar-AE'], 'ar'],
    [['de', 'fr'], 'en'],
    [[], 'en'],
  ] as const)('%j', (wishes, chosen) => expect(chooseLanguage(wishes)).toBe(chosen));

  it('only Arabic runs from the right', () => {
    expect(languages.filter((language) => direction(language) === 'rtl')).toEqual(['ar']);
  });
});

describe('Words', () => {
  it('falls back to the show\'s first language, to English, to any', () => {
    const words = new Words('ar', 'zh');
    expect(words.text({ ar: 'ع', zh: '中', en: 'e' })).toBe('ع');
    expect(words.text({ zh: '中', en: 'e' })).toBe('中');
    expect(words.text({ en: 'e', es: 's' })).toBe('e');
    expect(words.text({ es: 's' })).toBe('s');
    expect(words.text({})).toBe('');
    expect(words.text(null)).toBe('');
  });

  it('says money as the language does, with Latin digits everywhere', () => {
    expect(new Words('en').money(4.2, 'USD')).toBe('$4.20');
    expect(new Words('es').money(1234.5, 'EUR')).toMatch(/^1234,50\s€$/);
    expect(new Words('ar').money(4.2, 'USD')).toBe('\u20664.20\u00a0US$\u2069');
    expect(new Words('en').money(4.2, 'not a code')).toBe('4.20 not a code');
  });

  it('keeps the digits of a specification', () => {
    const words = new Words('en');
    expect(words.value('1.50')).toBe('1.50');
    expect(words.value('IP65')).toBe('IP65');
    expect(words.value('0012')).toBe('0012');
    expect(words.value('50000')).toBe('50,000');
  });
});
