// Dimension lines, badges and insets: what can be held without a browser.

import { beforeAll, describe, expect, it } from 'vitest';
import { badgeText } from '../src/card/badge_row';
import { dimensionShape, type DimensionSizes } from '../src/picture/dimension_shape';
import { insets } from '../src/picture/insets';
import type { Point } from '../src/picture/projection';
import { languages, learn, Words } from '../src/text/language';
import { readShow, type Badge, type Dimension } from '../src/wire/show';

beforeAll(async () => void (await Promise.all(languages.map(learn))));

const sizes: DimensionSizes = { arrow: 10, clear: 4, beyond: 5, plate: { width: 60, height: 20 } };

describe('a dimension line', () => {
  it('has its arrows at the extension lines, points outwards, and its length in the middle', () => {
    const shape = dimensionShape([100, 200], [300, 200], [[100, 170], [300, 170]], sizes)!;
    expect(shape.extensions).toEqual([[[100, 196], [100, 165]], [[300, 196], [300, 165]]]);
    expect(shape.lines).toEqual([[[100, 170], [300, 170]]]);
    const [left, right] = shape.arrows;
    expect(left![0]).toEqual([100, 170]);
    expect(left!.slice(1).every(([x]) => x === 110)).toBe(true);
    expect(right![0]).toEqual([300, 170]);
    expect(right!.slice(1).every(([x]) => x === 290)).toBe(true);
    expect(shape.at).toEqual([200, 170]);
  });

  it('too short for arrows and length has both outside, the length on the side away from the part', () => {
    const shape = dimensionShape([100, 200], [130, 200], [[100, 170], [130, 170]], sizes)!;
    expect(shape.lines).toEqual([[[80, 170], [100, 170]], [[100, 170], [130, 170]], [[130, 170], [150, 170]]]);
    expect(shape.arrows[0]!.slice(1).every(([x]) => x === 90)).toBe(true);
    expect(shape.at).toEqual([115, 155]);
  });

  it.each([
    ['left of the part', [[70, 100], [70, 300]], -1],
    ['right of the part', [[130, 100], [130, 300]], 1],
  ])('upright, %s: its plate does not cover the part', (_, line, side) => {
    const shape = dimensionShape([100, 100], [100, 300], line as [Point, Point], { ...sizes, plate: { width: 90, height: 20 } })!;
    expect(shape.at[1]).toBe(200);
    expect(side * (shape.at[0] - 100) - 45).toBeGreaterThanOrEqual(2);
  });

  it('seen from its end is not drawn', () => {
    expect(dimensionShape([100, 200], [104, 200], [[100, 170], [104, 170]], sizes)).toBeNull();
    expect(dimensionShape([100, 200], [100, 200], [[100, 170], [100, 170]], sizes)).toBeNull();
  });

  it('without an offset has no extension lines', () => {
    expect(dimensionShape([0, 0], [200, 0], [[0, 0], [200, 0]], sizes)!.extensions).toEqual([]);
  });
});

describe('a length', () => {
  const dimension: Dimension = {
    id: 'w', from: [0, 0, 0], to: [1200.5, 0, 0], line: [[0, -10, 0], [1200.5, -10, 0]],
    lengthMm: 1200.5, decimals: 1, toleranceMm: 0.5, text: null,
  };
  it.each([
    ['en', '1,200.5 ± 0.5 mm'],
    ['zh', '1,200.5 ± 0.5 mm'],
    ['es', '1200,5 ± 0,5 mm'],
    ['pt', '1.200,5 ± 0,5 mm'],
    ['ar', '\u20661,200.5 ± 0.5 mm\u2069'],
  ] as const)('in %s', (language, said) => expect(new Words(language).length(dimension)).toBe(said));

  it('has as many decimals as its tolerance, or a text in its place', () => {
    const words = new Words('en');
    expect(words.length({ ...dimension, lengthMm: 80, decimals: 0, toleranceMm: null })).toBe('80 mm');
    expect(words.length({ ...dimension, lengthMm: 120, toleranceMm: 0.25, decimals: 2 })).toBe('120.00 ± 0.25 mm');
    expect(words.length({ ...dimension, text: { en: 'M6 × 1' } })).toBe('M6 × 1');
  });
});

describe('badges', () => {
  const badges: Badge[] = [
    { id: 'ip', kind: 'certificate', text: 'IP65', image: null, label: { en: 'Jet-proof' }, scheme: '' },
    { id: 'energy', kind: 'energy', grade: 'E', label: null, scheme: 'EU 2019/2015' },
    { id: 'carbon', kind: 'carbon', value: 8.4, unit: 'kg CO₂e', label: null, scheme: 'ISO 14067' },
  ];

  it('say in words what they show', () => {
    expect(badges.map((badge) => badgeText(badge, new Words('en')))).toEqual([
      'Certificate IP65: Jet-proof',
      'Energy class E (EU 2019/2015)',
      'Carbon footprint 8.4 kg CO₂e (ISO 14067)',
    ]);
  });

  it.each(languages)('have words in %s', (language) => {
    for (const badge of badges) expect(badgeText(badge, new Words(language))).not.toMatch(/undefined|\{/);
  });
});

describe('the show document', () => {
  const show = (product: object): ReturnType<typeof readShow> => readShow({ products: [product], speakers: [{ id: 'lin', name: { en: 'Lin' }, language: 'Zh!' }] });

  it('gives dimensions and badges of kinds that the page knows, and nothing that is not ours', () => {
    const { products, speakers } = show({
      dimensions: [{ id: 'w', from: [0, 0], to: [120, 0, 'x'], line_from: [0, -12, 0], line_to: [120, -12, 0], length_mm: 120, decimals: 99, tolerance_mm: null }],
      badges: [
        { id: 'a', kind: 'certificate', text: 'CE', image: 'https://elsewhere/mark.png' },
        { id: 'b', kind: 'energy', grade: 'H' },
        { id: 'c', kind: 'smell' },
        { id: 'd', kind: 'carbon', value: 'much', unit: 'kg' },
      ],
    })!;
    const { dimensions, badges } = products[0]!;
    expect(dimensions[0]).toEqual({
      id: 'w', from: [0, 0, 0], to: [120, 0, 0], line: [[0, -12, 0], [120, -12, 0]], lengthMm: 120, decimals: 3, toleranceMm: null, text: null,
    });
    expect(badges.map(({ id }) => id)).toEqual(['a', 'd']);
    expect(badges[0]).toMatchObject({ image: null });
    expect(badges[1]).toMatchObject({ value: 0 });
    expect(speakers[0]).toEqual({ id: 'lin', name: { en: 'Lin' }, role: null, language: '' });
  });
});

describe('insets', () => {
  const source = (camera: string, ...rect: number[]) => ({ camera, sequence: 1, rect, opacity: 1 });
  const size = { width: 1000, height: 500 };

  it('are the pictures that lie in another one and do not show the product', () => {
    const pip = [source('bench', 0, 0, 1, 1), source('line', 0.75, 0.5, 0.25, 0.5)];
    expect(insets(pip, [200, 200], size)).toEqual([{ x: 750, y: 250, width: 250, height: 250 }]);
    expect(insets(pip, [800, 300], size)).toEqual([]);
  });

  it('are not pictures side by side, nor the two of a fade', () => {
    expect(insets([source('a', 0, 0, 0.5, 1), source('b', 0.5, 0, 0.5, 1)], [10, 10], size)).toEqual([]);
    expect(insets([source('a', 0, 0, 1, 1), source('b', 0, 0, 1, 1)], [10, 10], size)).toEqual([]);
  });
});
