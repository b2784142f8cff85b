import { describe, expect, it } from 'vitest';
import { Choices, hidden } from '../src/model/choice';
import { explodeOffsets, innerParts, partLeaders, readExplode, type TreeNode } from '../src/model/explode';
import { Glide } from '../src/model/glide';
import { isSolid } from '../src/model/solid';
import { boxes_model } from '../../../tests/e2e/support/glb.mjs';
import { sectionAt, slidAt } from '../src/model/looks';
import { between, eye, fitting, moved, turned } from '../src/model/three/orbit';
import { readMessage, readShow } from '../src/wire/show';

describe('Choices', () => {
  it('follows the presenter in everything the buyer did not choose', () => {
    const choices = new Choices();
    expect(choices.state('a')).toEqual(hidden);
    choices.follow(new Map([['a', { ...hidden, shown: true, variant: 'Red', section: 0.5 }]]), 'a');
    choices.choose('a', { explode: 0.4 });
    expect(choices.state('a')).toEqual({ shown: true, variant: 'Red', explode: 0.4, xRay: false, section: 0.5 });
    choices.follow(new Map([['a', { ...hidden, shown: true, variant: 'Blue', explode: 1 }]]), 'a');
    expect(choices.state('a')).toMatchObject({ variant: 'Blue', explode: 0.4, section: null });
  });

  it('shows the presenter\'s model of the pinned product only, the buyer\'s own of any', () => {
    const choices = new Choices();
    choices.follow(new Map([['a', { ...hidden, shown: true, explode: 0.5 }], ['b', { ...hidden, shown: true }]]), 'b');
    expect(choices.state('a')).toEqual({ ...hidden, explode: 0.5 });
    expect(choices.state('b').shown).toBe(true);
    choices.choose('a', { shown: true });
    expect(choices.state('a').shown).toBe(true);
  });

  it('keeps products apart', () => {
    const choices = new Choices();
    choices.choose('a', { shown: true });
    expect(choices.state('b').shown).toBe(false);
  });

  it('knows a choice of nothing from no choice', () => {
    const choices = new Choices();
    choices.follow(new Map([['a', { ...hidden, section: 0.5 }]]), 'a');
    choices.choose('a', { section: null });
    expect(choices.state('a').section).toBeNull();
    expect(choices.departs('a')).toBe(true);
  });

  it('departs only while something is seen otherwise, and comes back', () => {
    const choices = new Choices();
    choices.choose('a', { shown: true });
    expect(choices.departs('a')).toBe(true);
    choices.follow(new Map([['a', { ...hidden, shown: true }]]), 'a');
    expect(choices.departs('a')).toBe(false);
    choices.choose('a', { xRay: true });
    choices.reset('a');
    expect(choices.state('a')).toEqual({ ...hidden, shown: true });
  });
});

describe('isSolid', () => {
  const { binary } = boxes_model();
  const positions = new Float32Array(binary.buffer, 0, 72);
  const indices = new Uint16Array(binary.buffer, 576, 36);

  it('is so for a box of six faces that share no vertex', () => {
    expect(isSolid([{ positions, indices }])).toBe(true);
    expect(isSolid([{ positions, indices: indices.subarray(0, 18) }, { positions, indices: indices.subarray(18) }])).toBe(true);
  });

  it('is not so with a hole, a face turned over, or nothing', () => {
    expect(isSolid([{ positions, indices: indices.subarray(3) }])).toBe(false);
    const over = indices.slice();
    [over[0], over[1]] = [over[1]!, over[0]!];
    expect(isSolid([{ positions, indices: over }])).toBe(false);
    expect(isSolid([])).toBe(false);
  });
});

describe('Glide', () => {
  it('takes 0.6 s, smoothly, and turns round where it is', () => {
    const glide = new Glide();
    expect(glide.at(1, 1000, true)).toBe(0);
    expect(glide.at(1, 1300, true)).toBeCloseTo(0.5);
    expect(glide.at(0, 1300, true)).toBeCloseTo(0.5);
    expect(glide.at(0, 1600, true)).toBeCloseTo(0.25);
    expect(glide.at(0, 5000, true)).toBe(0);
  });

  it('follows a finger at once', () => {
    const glide = new Glide();
    expect(glide.at(0.7, 0, false)).toBe(0.7);
    expect(glide.at(0.2, 1, false)).toBe(0.2);
  });
});

describe('the cut slider', () => {
  it('runs from whole to nearly nothing', () => {
    expect(sectionAt(0)).toBeNull();
    expect(sectionAt(1)).toBeCloseTo(0.05);
    for (const slid of [0.1, 0.5, 1]) expect(slidAt(sectionAt(slid))).toBeCloseTo(slid);
    expect(slidAt(null)).toBe(0);
    expect(slidAt(0)).toBe(1);
  });
});

describe('parts', () => {
  const node = (parent: number | null, hasMesh: boolean, explode: TreeNode['explode'] = null): TreeNode => ({ parent, hasMesh, explode });

  it('are led by the nearest node that says where it goes, else by the highest that has a mesh', () => {
    //            0 group   1 body           2 its screw    3 its lens, on its own     4 the lens' ring
    const nodes = [node(null, false), node(0, true), node(1, true), node(1, true, [0, 0, 1]), node(3, true)];
    expect(partLeaders(nodes)).toEqual([0, 1, 1, 3, 3]);
  });

  it('are each node with a mesh when none says so', () => {
    expect(partLeaders([node(null, false), node(0, true), node(1, true)])).toEqual([0, 1, 2]);
  });

  it('are inner when they lie within a larger one', () => {
    const cube = (least: number, greatest: number) => ({ least: [least, least, least] as const, greatest: [greatest, greatest, greatest] as const });
    const extents = [cube(0, 10), cube(2, 4), cube(8, 12), cube(-0.1, 9)].map(({ least, greatest }) => ({ least: [...least], greatest: [...greatest] }));
    expect(innerParts(extents as unknown as Parameters<typeof innerParts>[0])).toEqual([false, true, false, true]);
  });

  it('go where they say', () => {
    const parts = [{ explode: [0, 0, 1] as [number, number, number], middle: [5, 0, 0] as [number, number, number] },
      { explode: null, middle: [1, 0, 0] as [number, number, number] }];
    expect(explodeOffsets(parts, [0, 0, 0])).toEqual([[0, 0, 1], [0, 0, 0]]);
  });

  it('go away from the middle when none says where', () => {
    const parts = [{ explode: null, middle: [3, 1, 0] as [number, number, number] }, { explode: null, middle: [1, 1, 1] as [number, number, number] }];
    expect(explodeOffsets(parts, [1, 1, 1])).toEqual([[2, 0, -1], [0, 0, 0]]);
  });

  it('read only three finite numbers', () => {
    expect(readExplode({ explode: [1, 2, 3] })).toEqual([1, 2, 3]);
    for (const bad of [undefined, null, 7, {}, { explode: [1, 2] }, { explode: ['1', 2, 3] }, { explode: [1, 2, Infinity] }]) {
      expect(readExplode(bad)).toBeNull();
    }
  });
});

describe('the orbit', () => {
  const start = { around: 0, above: 0, distance: 2 };

  it('starts in front and goes round to the right', () => {
    expect(eye(start)).toEqual([0, 0, 2]);
    const right = eye(turned(start, Math.PI / 2, 0));
    expect(right[0]).toBeCloseTo(2);
    expect(right[2]).toBeCloseTo(0);
  });

  it('neither tips over nor goes through or away', () => {
    expect(turned(start, 0, 10).above).toBeLessThan(Math.PI / 2);
    expect(turned(start, 0, -10).above).toBeLessThan(0);
    const limits = { nearest: 1, farthest: 5 };
    expect(moved(start, 100, limits).distance).toBe(5);
    expect(moved(start, 0.001, limits).distance).toBe(1);
  });

  it('takes the shorter way round', () => {
    const half = between({ ...start, around: 3 }, { ...start, around: -3 }, 0.5);
    expect(half.around).toBeCloseTo(Math.PI);
    expect(between(start, { ...start, distance: 8 }, 0.5).distance).toBeCloseTo(4);
  });

  it('fits the model into the narrower side', () => {
    const wide = fitting(1, Math.PI / 2, 2);
    expect(wide).toBeCloseTo(Math.SQRT2);
    expect(fitting(1, Math.PI / 2, 0.5)).toBeGreaterThan(wide);
  });
});

describe('models on the wire', () => {
  it('reads the show document\'s part', () => {
    const read = (model: unknown) => readShow({ products: [{ id: 'a', model }] })!.products[0]!.model;
    expect(read({ url: '/api/models/a', bytes: 5, at: [1, 2, 3], turn: [4, 5, 6], scale: 2 })).toEqual({
      url: '/api/models/a', bytes: 5, at: [1, 2, 3], turn: [4, 5, 6], scale: 2,
    });
    expect(read({ url: '/api/models/a' })).toEqual({ url: '/api/models/a', bytes: 0, at: [0, 0, 0], turn: [0, 0, 0], scale: 1 });
    expect(read({ url: 'https://example.org/a.glb' })).toBeNull();
    expect(read(null)).toBeNull();
    expect(read({ url: '/api/models/a', scale: -1 })!.scale).toBe(1);
  });

  it('reads what the presenter shows', () => {
    const models = { a: { shown: true, variant: 'Red', explode: 3, x_ray: true, section: 0.25 }, b: 7, c: { section: null } };
    const message = readMessage(JSON.stringify({ type: 'snapshot', session: 'live', models }));
    if (message?.type !== 'snapshot') throw new Error('no snapshot');
    expect(message.snapshot.models.get('a')).toEqual({ shown: true, variant: 'Red', explode: 1, xRay: true, section: 0.25 });
    expect(message.snapshot.models.get('b')).toEqual(hidden);
    expect(message.snapshot.models.get('c')).toEqual(hidden);
  });
});
