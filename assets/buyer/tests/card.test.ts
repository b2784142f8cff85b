import { describe, expect, it } from 'vitest';
import { nearestHeight } from '../src/card/sheet';
import { positionOf, quantityAt, quote, sliderSteps } from '../src/card/tiers';
import type { Tier } from '../src/wire/show';

const tiers: Tier[] = [
  { min: 500, unit: 4.2, currency: 'USD' },
  { min: 2000, unit: 3.9, currency: 'USD' },
  { min: 10_000, unit: 3.55, currency: 'USD' },
];

describe('quote', () => {
  it.each([
    [499, -1, 0, 500],
    [500, 0, 2100, 2000],
    [1999, 0, 8395.8, 2000],
    [2000, 1, 7800, 10_000],
    [9999, 1, 38_996.1, 10_000],
    [10_000, 2, 35_500, null],
  ])('of %i pieces', (quantity, index, total, next) => {
    const told = quote(tiers, quantity);
    expect(told.index).toBe(index);
    expect(told.tier).toBe(tiers[index] ?? null);
    expect(told.total).toBe(total);
    expect(told.next?.min ?? null).toBe(next);
  });

  it('has no cents that are not there', () => {
    expect(quote([{ min: 1, unit: 0.1, currency: 'USD' }], 3).total).toBe(0.3);
  });

  it('knows no price without tiers', () => expect(quote([], 5)).toEqual({ tier: null, index: -1, total: 0, next: null }));
});

describe('the slider', () => {
  it('runs from the minimum order to twice the last tier', () => {
    expect(quantityAt(tiers, 0)).toBe(500);
    expect(quantityAt(tiers, sliderSteps)).toBe(20_000);
    expect(quantityAt(tiers, -5)).toBe(500);
  });

  it('only rises, in round numbers, and its position comes back', () => {
    let before = 0;
    for (let position = 0; position <= sliderSteps; position += 5) {
      const quantity = quantityAt(tiers, position);
      expect(quantity).toBeGreaterThanOrEqual(before);
      expect(quantityAt(tiers, positionOf(tiers, quantity))).toBe(quantity);
      before = quantity;
    }
    expect(quantityAt(tiers, 300) % 100).toBe(0);
  });

  it('works for one tier of one piece', () => {
    const single = [{ min: 1, unit: 99, currency: 'EUR' }];
    expect(quantityAt(single, 0)).toBe(1);
    expect(quantityAt(single, sliderSteps)).toBe(2);
    expect(positionOf(single, 5)).toBe(sliderSteps);
  });
});

describe('the sheet', () => {
  it('comes to rest at the nearest height', () => {
    const pixels = { peek: 128, half: 600, full: 790 };
    const at = (height: number): string => nearestHeight(height, (name) => pixels[name]);
    expect([0, 200, 400, 690, 700, 2000].map(at)).toEqual(['peek', 'peek', 'half', 'half', 'full', 'full']);
  });
});
