import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { depthRange, modelToTarget, multiply, projectionOf, transform, viewOf, type Placement } from '../src/model/placement';
import { visibleRegion } from '../src/model/region';
import { project } from '../src/picture/projection';
import type { Anchor } from '../src/wire/scene_frame';
import type { Vec3 } from '../src/wire/show';
import { fixture } from './fixture';

interface Case {
  name: string;
  anchor: Anchor;
  points: { point: Vec3; expected: [number, number] | null }[];
}

const { cases } = JSON.parse(readFileSync(fixture('scene_frames/projection.json'), 'utf8')) as { cases: Case[] };
const posed = cases.filter(({ anchor }) => anchor.pose && anchor.intrinsics);

/** Where WebGL puts a point of the model: shares of the picture from its top left corner; null behind the camera. */
function drawn(anchor: Anchor, placement: Placement, point: Vec3): [number, number] | null {
  const { toCamera, intrinsics } = viewOf(anchor, 16 / 9)!;
  const [x, y, , w] = transform(multiply(multiply(projectionOf(intrinsics, 0.001, 100), toCamera), modelToTarget(placement)), point);
  return w > 0 ? [(x / w + 1) / 2, (1 - y / w) / 2] : null;
}

const plain: Placement = { at: [0, 0, 0], turn: [0, 0, 0], scale: 1 };

describe('what WebGL draws', () => {
  it('is where project() puts the same point, for every pose of the fixture', () => {
    expect(posed.length).toBeGreaterThan(3);
    for (const { name, anchor, points } of posed) {
      for (const { point, expected } of points) {
        const [x, y, z] = point;
        const at = drawn(anchor, plain, [x / 1000, -y / 1000, z / 1000]);
        if (expected === null) expect(at, name).toBeNull();
        else {
          expect(at![0], name).toBeCloseTo(expected[0], 5);
          expect(at![1], name).toBeCloseTo(expected[1], 5);
        }
      }
    }
  });

  it('stands at model_at, in the show\'s millimetres', () => {
    const at: Vec3 = [60, 40, 12];
    for (const { anchor } of posed) {
      const wanted = project(anchor, [60 + 10, 40 - 20, 12 + 5]);
      const got = drawn(anchor, { ...plain, at }, [0.01, 0.02, 0.005]);
      expect(got?.map((v) => Math.round(v * 1e9))).toEqual(wanted?.map((v) => Math.round(v * 1e9)));
    }
  });
});

describe('without a pose', () => {
  const flat = cases.filter(({ anchor }) => !anchor.pose && anchor.homography.slice(6).some((entry) => entry !== 0));

  it('the target\'s plane is drawn where the homography has it', () => {
    expect(flat.length).toBeGreaterThan(1);
    for (const { name, anchor, points } of flat) {
      for (const { point, expected } of points) {
        if (expected === null || !viewOf(anchor, 16 / 9)) continue;
        const at = drawn(anchor, plain, [point[0] / 1000, -point[1] / 1000, 0])!;
        expect(at[0], name).toBeCloseTo(expected[0], 5);
        expect(at[1], name).toBeCloseTo(expected[1], 5);
      }
    }
  });

  it('what stands towards the camera comes nearer, by about as much as its height', () => {
    // A target seen straight on, one pixel of 1280 × 720 to a millimetre.
    const straight = { product: 'a', visibility: 1, pose: null, intrinsics: null, homography: [1 / 1280, 0, 0.4, 0, 1 / 720, 0.4, 0, 0, 1] };
    const { toCamera } = viewOf(straight, 1280 / 720)!;
    const [foot, tip] = [transform(toCamera, [0, 0, 0]), transform(toCamera, [0, 0, 0.1])];
    expect(tip[2] - foot[2]).toBeCloseTo(0.1, 6);
    expect(viewOf({ ...straight, homography: [0, 0, 0, 0, 0, 0, 0, 0, 1] }, 1)).toBeNull();
  });
});

describe('visibleRegion', () => {
  const source = (camera: string, rect: number[], opacity = 1) => ({ camera, sequence: 1, rect, opacity });
  const wide = source('line', [0, 0, 1, 1]);
  const corner = source('bench', [0.7, 0.7, 0.3, 0.3]);

  it('is the frontmost picture under the point, less what stands before it', () => {
    expect(visibleRegion([wide, corner], [0.8, 0.8])).toEqual({ shown: corner.rect, covered: [], depth: 1 });
    expect(visibleRegion([wide, corner], [0.2, 0.2])).toEqual({ shown: wide.rect, covered: [corner.rect], depth: 0 });
    expect(visibleRegion([wide, { ...corner, opacity: 0.4 }], [0.2, 0.2]).covered).toEqual([]);
  });

  it('is everything where no picture is named', () => {
    expect(visibleRegion([], [0.5, 0.5])).toEqual({ shown: [0, 0, 1, 1], covered: [], depth: 0 });
  });
});

describe('modelToTarget', () => {
  const turn = (degrees: Vec3, point: Vec3): number[] => transform(modelToTarget({ ...plain, turn: degrees }), point).map((v) => Math.round(v * 1e6) / 1e6 + 0);

  it('turns counterclockwise about each axis of its own', () => {
    expect(turn([90, 0, 0], [0, 1, 0])).toEqual([0, 0, 1, 1]);
    expect(turn([0, 90, 0], [0, 0, 1])).toEqual([1, 0, 0, 1]);
    expect(turn([0, 0, 90], [1, 0, 0])).toEqual([0, 1, 0, 1]);
  });

  it('turns about x first, then y, then z', () => {
    expect(turn([90, 90, 0], [0, 1, 0])).toEqual([1, 0, 0, 1]); // y -> z -> x
    expect(turn([90, 0, 90], [0, 1, 0])).toEqual([0, 0, 1, 1]); // y -> z, which stays
    expect(turn([0, 90, 90], [0, 0, 1])).toEqual([0, 1, 0, 1]); // z -> x -> y
  });

  it('scales about its origin', () => {
    expect(transform(modelToTarget({ at: [1000, 2000, 3000], turn: [0, 0, 0], scale: 2 }), [1, 1, 1])).toEqual([3, 0, 5, 1]);
  });
});

describe('depthRange', () => {
  it('holds the ball, and keeps the near plane before the camera', () => {
    expect(depthRange([0, 0, -10], 1)).toEqual({ near: 9, far: 11 });
    const inside = depthRange([0, 0, -1], 2)!;
    expect(inside.near).toBeGreaterThan(0);
    expect(inside.far).toBe(3);
    expect(depthRange([0, 0, 5], 2)).toBeNull();
  });
});
