// The page's reader is held to the files that the engine's reader is held to.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSceneFrame, type SceneFrame } from '../src/wire/scene_frame';
import { project } from '../src/picture/projection';
import { fixture } from './fixture';

const folder = fixture('scene_frames');
const names = readdirSync(folder).filter((name) => name.endsWith('.cbor')).map((name) => name.slice(0, -5));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}.cbor`));
const expectedOf = (name: string): Record<string, unknown> => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));

/** The fixtures' words for our fields. */
function told(frame: SceneFrame): object {
  const { number, captureUs, stateVersion, chapter, sources, anchors, values } = frame;
  return { number, capture: captureUs, state: stateVersion, chapter, sources, anchors, values };
}

/** -0 is 0 here. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('scene frame fixtures', () => {
  it('are there', () => expect(names.length).toBeGreaterThan(20));

  it.each(names)('%s', (name) => {
    const frame = readSceneFrame(bytesOf(name));
    const expected = expectedOf(name);
    if ('error' in expected) expect(frame).toBeNull();
    else expect(plain(told(frame!))).toEqual(plain(expected));
  });

  it('every cut of every good frame is refused', () => {
    for (const name of names.filter((each) => !('error' in expectedOf(each)))) {
      const bytes = bytesOf(name);
      const lengths = Array.from(bytes, (_, length) => length);
      expect(lengths.filter((length) => readSceneFrame(bytes.subarray(0, length)) !== null)).toEqual([]);
    }
  });

  it('damage to a byte is refused or read as another frame, never thrown', () => {
    let refused = 0;
    for (const name of names) {
      const damaged = bytesOf(name);
      for (let at = 0; at < damaged.length; ++at) {
        const was = damaged[at]!;
        for (const flip of [0x01, 0x20, 0x80, 0xff]) {
          damaged[at] = was ^ flip;
          if (readSceneFrame(damaged) === null) refused += 1; // what it throws fails the test
        }
        damaged[at] = was;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

interface ProjectionCase {
  name: string;
  anchor: { homography: number[]; pose: number[] | null; intrinsics: number[] | null };
  points: { point: [number, number, number]; expected: [number, number] | null }[];
}

describe('a point towards the camera', () => {
  it('is drawn further from the middle, one away from it nearer', () => {
    const facing = {
      product: '',
      visibility: 1,
      homography: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      pose: [0, 0, 0, -60, -35, 500],
      intrinsics: [0.86, 1.53, 0.5, 0.5],
    };
    const fromMiddle = (z: number): number => {
      const [x, y] = project(facing, [120, 70, z])!;
      return Math.hypot(x - 0.5, y - 0.5);
    };
    expect(fromMiddle(20) / fromMiddle(0)).toBeCloseTo(500 / 480, 9);
    expect(fromMiddle(-20) / fromMiddle(0)).toBeCloseTo(500 / 520, 9);
    expect(project(facing, [60, 35, 501])).toBeNull();
  });
});

describe('projection fixtures', () => {
  const { cases } = JSON.parse(readFileSync(`${folder}/projection.json`, 'utf8')) as { cases: ProjectionCase[] };
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, { anchor, points }) => {
    for (const { point, expected } of points) {
      const at = project({ product: '', visibility: 1, ...anchor }, point);
      if (expected === null) {
        expect(at).toBeNull();
      } else {
        expect(Math.abs(at![0] - expected[0])).toBeLessThan(1e-6);
        expect(Math.abs(at![1] - expected[1])).toBeLessThan(1e-6);
      }
    }
  });
});
