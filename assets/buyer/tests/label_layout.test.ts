// The twin of overlays/painting/label_layout is held to the same files, and to the promises of its header on random input.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layoutLabels, type LayoutInput, type Placement, type Rect, type Side } from '../src/picture/label_layout';
import { fixture } from './fixture';

interface Written {
  bounds: Rect;
  product: Rect;
  obstacles?: Rect[];
  labels: { anchor_x: number; anchor_y: number; width: number; height: number; previous?: Side | null }[];
  gap: number;
  spacing: number;
}

function read(written: Written): LayoutInput {
  return {
    ...written,
    obstacles: written.obstacles ?? [],
    labels: written.labels.map(({ anchor_x, anchor_y, width, height, previous }) => ({
      anchorX: anchor_x,
      anchorY: anchor_y,
      width,
      height,
      previous: previous ?? null,
    })),
  };
}

const folder = fixture('label_layout');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('label layout fixtures', () => {
  it('are there', () => expect(files.length).toBeGreaterThan(0));
  it.each(files)('%s', (name) => {
    const cases = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as { input: Written; expected: Placement[] }[];
    expect(cases.length).toBeGreaterThan(0);
    cases.forEach(({ input, expected }, i) => expect(layoutLabels(read(input)), `case ${i}`).toEqual(expected));
  });
});

/** A small linear congruential generator (Numerical Recipes): the same cases on every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const within = (box: Rect, bounds: Rect): boolean =>
  box.x >= bounds.x &&
  box.y >= bounds.y &&
  box.x + box.width <= bounds.x + bounds.width &&
  box.y + box.height <= bounds.y + bounds.height;

describe('promises', () => {
  it('shown labels meet neither each other nor obstacles and lie inside the bounds', () => {
    const roll = dice(7);
    let shown = 0;
    for (let round = 0; round < 3000; ++round) {
      const bounds = { x: roll(40), y: roll(40), width: 300 + roll(900), height: 200 + roll(500) };
      const input: LayoutInput = {
        bounds,
        product: { x: bounds.x - 50 + roll(bounds.width), y: roll(bounds.height), width: 1 + roll(400), height: 1 + roll(300) },
        obstacles: Array.from({ length: roll(3) }, () => ({ x: roll(900), y: roll(500), width: 1 + roll(200), height: 1 + roll(80) })),
        labels: Array.from({ length: roll(9) }, () => ({
          anchorX: roll(1200),
          anchorY: roll(700),
          width: 30 + roll(200),
          height: 16 + roll(50),
          previous: ([null, 'left', 'right'] as const)[roll(3)]!,
        })),
        gap: roll(30),
        spacing: roll(10),
      };
      const boxes = layoutLabels(input).flatMap(({ shown: on, x, y }, i): Rect[] =>
        on ? [{ x, y, width: input.labels[i]!.width, height: input.labels[i]!.height }] : [],
      );
      shown += boxes.length;
      const broken = boxes.filter(
        (box, i) => !within(box, bounds) || [...input.obstacles, ...boxes.slice(0, i)].some((other) => meets(box, other)),
      );
      expect(broken, `round ${round}`).toEqual([]);
    }
    expect(shown).toBeGreaterThan(5000);
  });
});
