// The twin of overlays/painting/label_layout is held to the same files, and to the promises of its header on random input.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layoutLabels, type LayoutInput, type Placement, type Rect } from '../src/picture/label_layout';
import { fixture } from './fixture';
import { faultOf, figures, Lcg, randomPoseInput } from './label_scenes';

interface Written {
  bounds: Rect;
  product: Rect;
  obstacles?: Rect[];
  labels: { anchor_x: number; anchor_y: number; width: number; height: number; previous?: Placement | null }[];
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

  it('poses, turns and shaking give the figures of the program painter', () => {
    expect(figures()).toEqual(JSON.parse(readFileSync(`${folder}/summary/figures.json`, 'utf8')));
  }, 60_000); // 7,500 layouts: two seconds on an idle machine
});

describe('promises', () => {
  it('twelve labels over 1,000 random poses meet nothing and lie inside the bounds', () => {
    const random = new Lcg(77);
    for (let i = 0; i < 1000; ++i) {
      const input = randomPoseInput(random);
      expect(faultOf(input, layoutLabels(input)), `pose ${i}`).toBe('');
    }
  });

  it('on a phone the columns are narrow, and rows take what they do not hold', () => {
    const labels = [[150, 90], [180, 110], [230, 100], [240, 130]].map(([anchorX, anchorY]) => ({
      anchorX: anchorX!, anchorY: anchorY!, width: 120, height: 26, previous: null,
    }));
    const input: LayoutInput = {
      bounds: { x: 12, y: 7, width: 366, height: 205 },
      product: { x: 130, y: 75, width: 130, height: 70 },
      obstacles: [{ x: 8, y: 8, width: 90, height: 28 }],
      labels,
      gap: 10,
      spacing: 6,
    };
    const placed = layoutLabels(input);
    expect(placed.every(({ shown, side }) => shown && (side === 'above' || side === 'below'))).toBe(true);
    expect(faultOf(input, placed)).toBe('');
  });
});
