// MOQ tiers: what a quantity costs. Tiers ascend by `min`; the tier that counts is the last one whose `min` the quantity reaches.

import { totalOf } from '../text/money';
import type { Tier } from '../wire/show';

export interface Quote {
  /** Null below the minimum order. */
  tier: Tier | null;
  index: number; // of the tier; -1 below the minimum order
  total: number;
  next: Tier | null;
}

export function quote(tiers: readonly Tier[], quantity: number): Quote {
  const index = tiers.findLastIndex((tier) => tier.min <= quantity);
  const tier = tiers[index] ?? null;
  return { tier, index, total: tier ? totalOf(tier.unit, quantity, tier.currency) : 0, next: tiers[index + 1] ?? null };
}

export const sliderSteps = 1000;

/** The slider runs from the minimum order to twice the last tier, by ratio: each tier gets a fair share of its way. */
export function quantityAt(tiers: readonly Tier[], position: number): number {
  const [low, high] = range(tiers);
  return nice(low * (high / low) ** (Math.min(Math.max(position, 0), sliderSteps) / sliderSteps), low, high);
}

export function positionOf(tiers: readonly Tier[], quantity: number): number {
  const [low, high] = range(tiers);
  const inside = Math.min(Math.max(quantity, low), high);
  return Math.round((sliderSteps * Math.log(inside / low)) / Math.log(high / low));
}

function range(tiers: readonly Tier[]): [number, number] {
  const low = tiers[0]?.min ?? 1;
  return [low, Math.max(low + 1, (tiers.at(-1)?.min ?? low) * 2)];
}

/** Two significant digits: 1,240 becomes 1,200. The ends stay what they are. */
function nice(quantity: number, low: number, high: number): number {
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(quantity)) - 1));
  return Math.min(Math.max(Math.round(quantity / step) * step, low), high);
}
