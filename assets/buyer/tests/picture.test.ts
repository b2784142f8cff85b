import { describe, expect, it } from 'vitest';
import { ClockOffset, Quality, Rate, Window } from '../src/picture/meter';
import { fade, inside } from '../src/picture/overlay';
import { SceneJoin } from '../src/picture/scene_join';
import { placeOf } from '../src/view/place';
import type { SceneFrame } from '../src/wire/scene_frame';

const scene = (number: number): SceneFrame => ({
  number,
  captureUs: 0,
  stateVersion: 0,
  chapter: 0,
  sources: [],
  anchors: [],
  values: [],
});

describe('SceneJoin', () => {
  it('gives exactly the scene of the picture, once, and forgets older ones', () => {
    const join = new SceneJoin();
    for (const n of [1, 2, 3]) join.add(n * 3000, scene(n));
    expect(join.take(6000)?.number).toBe(2);
    expect(join.take(6000)).toBeNull();
    expect(join.take(3000)).toBeNull();
    expect(join.take(9000)?.number).toBe(3);
    expect(join.size).toBe(0);
  });

  it('gives nothing for a picture that has none', () => {
    const join = new SceneJoin();
    join.add(3000, scene(1));
    expect(join.take(3001)).toBeNull();
  });

  it('passes the end of RTP time', () => {
    const join = new SceneJoin();
    join.add(2 ** 32 - 3000, scene(1));
    join.add(0, scene(2));
    join.add(3000, scene(3));
    expect(join.take(0)?.number).toBe(2);
    expect(join.size).toBe(1);
    expect(join.nearest(5000)?.number).toBe(3);
  });

  it('holds no more than it may', () => {
    const join = new SceneJoin(120);
    for (let n = 0; n < 1000; ++n) join.add(n, scene(n));
    expect(join.size).toBe(120);
    expect(join.take(879)).toBeNull();
    expect(join.take(880)?.number).toBe(880);
  });

  it('nearest is never newer than the picture', () => {
    const join = new SceneJoin();
    for (const n of [1, 2, 3]) join.add(n * 3000, scene(n));
    expect(join.nearest(6500)?.number).toBe(2);
    expect(join.nearest(null)?.number).toBe(3);
    expect(join.nearest(100)).toBeNull();
    expect(join.nearest(9000 + 45_000)).toBeNull();
  });
});

describe('a picture that is not known', () => {
  const anchor = (product: string, x: number) => ({ product, visibility: 1, homography: [0.005, 0, x, 0, 0.005, 0.2, 0, 0, 1], pose: null, intrinsics: null });
  const of = (n: number, ...anchors: ReturnType<typeof anchor>[]): SceneFrame => ({ ...scene(n), anchors });

  it('keeps only what stood still for half a second: that is right whichever picture it is', () => {
    const join = new SceneJoin();
    for (let n = 0; n < 20; ++n) join.add(n * 3000, of(n, anchor('still', 0.1), anchor('moving', 0.1 + n / 500)));
    expect(join.nearest(null)?.anchors.map(({ product }) => product)).toEqual(['still']);
    expect(join.nearest(19 * 3000 + 100)?.number).toBe(19);
    join.add(20 * 3000, of(20, anchor('still', 0.1 + 3 / 1280)));
    expect(join.nearest(null)?.anchors).toEqual([]);
  });

  it('keeps nothing before it has been looked at for long enough', () => {
    const join = new SceneJoin();
    for (let n = 0; n < 5; ++n) join.add(n * 3000, of(n, anchor('still', 0.1)));
    expect(join.nearest(null)).toMatchObject({ number: 4, anchors: [] });
  });
});

describe('figures', () => {
  it('percentiles by nearest rank over the last samples', () => {
    const window = new Window(100);
    expect(window.percentile(0.5)).toBeNull();
    for (let i = 1; i <= 200; ++i) window.add(i);
    expect(window.percentile(0.5)).toBe(150);
    expect(window.percentile(0.95)).toBe(195);
    expect(window.percentile(0)).toBe(101);
    expect(window.percentile(1)).toBe(200);
  });

  it('frames per second, falling when they stop', () => {
    const rate = new Rate();
    for (let at = 0; at <= 3000; at += 40) rate.add(at);
    expect(rate.perSecond(3000)).toBeCloseTo(25, 1);
    expect(rate.perSecond(4000)).toBeLessThan(15);
    expect(rate.perSecond(6000)).toBe(0);
  });

  it('the clocks\' difference comes from the quickest answer', () => {
    const clock = new ClockOffset();
    expect(clock.ms).toBe(0);
    clock.add(1000, 1200, 6000); // slow
    clock.add(2000, 2004, 7002); // quick: 5000 ahead
    clock.add(3000, 3100, 8100);
    expect(clock.ms).toBe(5000);
    expect(clock.tripMs).toBe(4);
    clock.add(100, 50, 0); // an answer before its question says nothing
    expect(clock.ms).toBe(5000);
  });

  it('poor is five lost in a hundred, or a freeze while packets are missing, within five seconds', () => {
    const reading = (packetsReceived: number, packetsLost: number, freezes = 0, asked = 0) => ({
      framesDecoded: 0, packetsReceived, packetsLost, freezes, asked,
    });
    const quality = new Quality();
    quality.add(reading(1000, 0));
    expect(quality.poor).toBe(false);
    quality.add(reading(1096, 4));
    expect(quality.poor).toBe(false);
    quality.add(reading(1190, 11));
    expect(quality.poor).toBe(true);
    for (let i = 1; i < 7; ++i) quality.add(reading(1190 + 100 * i, 11));
    expect(quality.poor).toBe(false);
    quality.add(reading(1900, 11, 1)); // the camera stood still, or this device: nothing is missing
    expect(quality.poor).toBe(false);
    quality.add(reading(2000, 11, 2, 3)); // it stood still for want of packets
    expect(quality.poor).toBe(true);
    quality.add(reading(10, 0, 0)); // a new connection starts clean
    expect(quality.poor).toBe(false);
  });
});

describe('the overlay', () => {
  it('fades softly between what is not trusted and what is', () => {
    expect(fade(0.1)).toBe(0);
    expect(fade(0.2)).toBe(0);
    expect(fade(0.35)).toBe(0.5);
    expect(fade(0.5)).toBe(1);
    expect(fade(1)).toBe(1);
  });

  it('knows what a tap hits', () => {
    const tilted: [number, number][] = [[10, 0], [20, 10], [10, 20], [0, 10]];
    expect(inside(tilted, 10, 10)).toBe(true);
    expect(inside(tilted, 1, 1)).toBe(false);
    expect(inside(tilted, 19, 19)).toBe(false);
  });
});

describe('placeOf', () => {
  it('is where the pointer was, or the middle of the pixel that the click names', () => {
    expect(placeOf({ clientX: 10, clientY: 20 }, { clientX: 10.75, clientY: 20.25 })).toEqual([10.75, 20.25]);
    expect(placeOf({ clientX: 10, clientY: 20 }, { clientX: 10, clientY: 20 })).toEqual([10.5, 20.5]);
    expect(placeOf({ clientX: 10, clientY: 20 }, null)).toEqual([10.5, 20.5]);
    expect(placeOf({ clientX: 10, clientY: 20 }, { clientX: 300, clientY: 20.5 })).toEqual([10.5, 20.5]); // an earlier one
    expect(placeOf({ clientX: 10.25, clientY: 20.5 }, null)).toEqual([10.25, 20.5]);
  });
});
