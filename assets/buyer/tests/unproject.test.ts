import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { project } from '../src/picture/projection';
import { mmPerPicture, unproject } from '../src/picture/unproject';
import { honest, lengthBetween, measuredPoint, type Tap } from '../src/point/measure';
import type { Anchor } from '../src/wire/scene_frame';
import type { Vec3 } from '../src/wire/show';
import { fixture } from './fixture';

interface Case {
  name: string;
  anchor: Anchor;
  points: { point: Vec3; expected: [number, number] | null }[];
}

const { cases } = JSON.parse(readFileSync(fixture('scene_frames/projection.json'), 'utf8')) as { cases: Case[] };

describe('unproject', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s: every point of the fixture that is drawn comes back', (_, { anchor, points }) => {
    let found = 0;
    for (const { point, expected } of points) {
      if (!expected) continue;
      const back = unproject(anchor, expected, point[2]);
      if (!back) {
        // Only a plane seen from its edge has no way back: then it is drawn as a line.
        const [a, b, c] = ([[0, 0], [100, 0], [0, 100]] as const).map(([x, y]) => project(anchor, [point[0] + x, point[1] + y, point[2]]));
        if (a && b && c) expect(Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))).toBeLessThan(1e-6);
        continue;
      }
      found += 1;
      // The fixture's numbers are exact to about 1e-9 of the picture; a point far out or near the horizon magnifies that.
      const again = project(anchor, back)!;
      expect(Math.hypot(again[0] - expected[0], again[1] - expected[1])).toBeLessThan(1e-6);
      if (Math.abs(expected[0]) < 2 && Math.abs(expected[1]) < 2) expect(Math.hypot(back[0] - point[0], back[1] - point[1])).toBeLessThan(0.01);
    }
    if (points.some(({ expected }) => expected)) expect(found).toBeGreaterThan(0);
  });

  it('gives nothing for what lies behind the camera or beyond the horizon', () => {
    for (const { anchor } of cases) {
      for (let x = -3; x <= 4; x += 0.5) {
        for (let y = -3; y <= 4; y += 0.5) {
          const at = unproject(anchor, [x, y]);
          if (at) expect(project(anchor, at)).not.toBeNull();
        }
      }
    }
  });

  it('gives nothing for a matrix that cannot be turned round', () => {
    const anchor: Anchor = { product: 'A', visibility: 1, homography: [1, 2, 3, 2, 4, 6, 1, 2, 3], pose: null, intrinsics: null };
    expect(unproject(anchor, [0.5, 0.5])).toBeNull();
    expect(unproject({ ...anchor, homography: [0, 0, 0, 0, 0, 0, 0, 0, 0] }, [0.5, 0.5])).toBeNull();
  });
});

describe('measuring', () => {
  // 0.002 of the width and 0.004 of the height for a millimetre: a square picture's pixels on a 500 mm wide scene.
  const flat: Anchor = { product: 'A', visibility: 1, homography: [0.002, 0, 0.1, 0, 0.004, 0.1, 0, 0, 1], pose: null, intrinsics: null };
  const program = { width: 1000, height: 500 };
  const tap = (x: number, y: number, zoom = 1, pointer: Tap['pointer'] = 'fine'): Tap => ({ at: [x, y], drawn: { width: 1000 * zoom, height: 500 * zoom }, pointer });

  it('knows what a step in the picture is on the plane', () => {
    const per = mmPerPicture(flat, [0.5, 0.5])!;
    expect(per[0][0]).toBeCloseTo(500, 3);
    expect(per[1][1]).toBeCloseTo(250, 3);
    expect(per[0][1]).toBeCloseTo(0, 3);
  });

  it('gives the length and how exactly it is known: 1.5 px of tap, 0.3 px of corners, at two ends, k = 2', () => {
    const [a, b] = [measuredPoint(flat, tap(0.3, 0.5), program)!, measuredPoint(flat, tap(0.5, 0.5), program)!];
    const { mm, uncertaintyMm } = lengthBetween(a, b);
    expect(mm).toBeCloseTo(100, 6);
    const pixel = 0.5; // mm
    const ends = Math.SQRT2 * Math.hypot(1.5, 0.3) * pixel;
    expect(uncertaintyMm).toBeCloseTo(2 * Math.hypot(ends, 0.002 * 100), 6);
  });

  it('is surer of it zoomed in, and less with a finger', () => {
    const length = (zoom: number, pointer: Tap['pointer']): number =>
      lengthBetween(measuredPoint(flat, tap(0.3, 0.4, zoom, pointer), program)!, measuredPoint(flat, tap(0.5, 0.6, zoom, pointer), program)!).uncertaintyMm;
    expect(length(4, 'fine')).toBeLessThan(length(1, 'fine') / 2.5);
    expect(length(1, 'coarse')).toBeGreaterThan(2 * length(1, 'fine'));
  });

  it('holds for random taps: at least 93 of 100 lengths lie within their uncertainty', () => {
    let seed = 7;
    const random = (): number => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
    const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    let within = 0;
    for (let i = 0; i < 1000; ++i) {
      const at = (x: number, y: number): Tap => tap(x + (1.5 * normal()) / 1000, y + (1.5 * normal()) / 500);
      const { mm, uncertaintyMm } = lengthBetween(measuredPoint(flat, at(0.3, 0.4), program)!, measuredPoint(flat, at(0.5, 0.6), program)!);
      if (Math.abs(mm - Math.hypot(100, 50)) <= uncertaintyMm) within += 1;
    }
    expect(within).toBeGreaterThan(930);
  });

  it('shows no digits that mean nothing', () => {
    expect(honest({ mm: 42.3456, uncertaintyMm: 0.8123 })).toEqual({ mm: 42.3, uncertaintyMm: 0.9, decimals: 1 });
    expect(honest({ mm: 142.56, uncertaintyMm: 3.2 })).toEqual({ mm: 143, uncertaintyMm: 4, decimals: 0 });
    expect(honest({ mm: 5.4321, uncertaintyMm: 0.1 })).toEqual({ mm: 5.43, uncertaintyMm: 0.1, decimals: 2 });
  });
});
