import { describe, expect, it } from 'vitest';
import { UnitRing, type Unit } from '../src/replay/ring';
import { codecOf, indexAt, indexOfCapture, keyBefore, trackOf, type Track } from '../src/replay/track';

const frame = 3000; // RTP time at 30 fps
const unit = (n: number, key: boolean, bytes = 100, from = 0): Unit => ({ rtp: (from + n * frame) >>> 0, key, data: new Uint8Array(bytes) });

describe('UnitRing', () => {
  it('keeps nothing before the first keyframe', () => {
    const ring = new UnitRing();
    ring.add(unit(0, false));
    expect(ring.length).toBe(0);
    ring.add(unit(1, true));
    ring.add(unit(2, false));
    expect(ring.length).toBe(2);
  });

  it('always holds the promised seconds and begins with a keyframe, also over the end of RTP time', () => {
    const ring = new UnitRing(20);
    const from = 2 ** 32 - 500 * frame;
    for (let n = 0; n < 3000; ++n) {
      ring.add(unit(n, n % 60 === 0, 100, from));
      const units = ring.all();
      expect(units[0]!.key).toBe(true);
      const seconds = ((units.at(-1)!.rtp - units[0]!.rtp) >>> 0) / 90_000;
      expect(seconds).toBeLessThan(22.1);
      if (n > 660) expect(seconds).toBeGreaterThanOrEqual(20);
    }
    expect(ring.bytes).toBe(ring.length * 100);
  });

  it('stays within its bytes, whatever comes', () => {
    const ring = new UnitRing(20, 10_000);
    for (let n = 0; n < 500; ++n) {
      ring.add(unit(n, n % 30 === 0, 150));
      expect(ring.bytes).toBeLessThanOrEqual(10_000);
      if (ring.length > 0) expect(ring.all()[0]!.key).toBe(true);
    }
    for (let n = 500; n < 700; ++n) ring.add(unit(n, false, 150)); // no keyframe any more
    expect(ring.bytes).toBeLessThanOrEqual(10_000);
  });

  it('begins anew with another stream', () => {
    const ring = new UnitRing();
    for (let n = 0; n < 10; ++n) ring.add(unit(n, n === 0));
    ring.add(unit(0, true, 50, 3_000_000_000));
    expect(ring.length).toBe(1);
    ring.add(unit(-5, true, 50, 3_000_000_000)); // time that goes back
    expect(ring.length).toBe(1);
  });
});

describe('track', () => {
  // 00 00 00 01 67: a sequence parameter set of constrained baseline, level 3.1
  const sps = Uint8Array.of(0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0, 0, 1, 0x65, 1, 2);

  it('names the codec by its sequence parameter set', () => {
    expect(codecOf(sps)).toBe('avc1.42C01F');
    expect(codecOf(Uint8Array.of(0, 0, 1, 0x65, 1, 2, 3))).toBeNull();
    expect(codecOf(new Uint8Array(0))).toBeNull();
  });

  it('knows times, keyframes and what is on screen', () => {
    const units = Array.from({ length: 90 }, (_, n): Unit => ({ rtp: (2 ** 32 - 30 * frame + n * frame) >>> 0, key: n % 30 === 0, data: n % 30 === 0 ? sps : new Uint8Array(5) }));
    const track = trackOf(units)!;
    expect(track.durationMs).toBeCloseTo((89 * 1000) / 30, 6);
    expect([indexAt(track, -5), indexAt(track, 0), indexAt(track, 33.4), indexAt(track, 1e9)]).toEqual([0, 0, 1, 89]);
    expect([keyBefore(track, 0), keyBefore(track, 29), keyBefore(track, 30), keyBefore(track, 89)]).toEqual([0, 0, 30, 60]);
    expect(trackOf(units.slice(1))).toBeNull();
    expect(trackOf([])).toBeNull();
  });

  it('finds the frame of a moment, and none for a moment long gone', () => {
    const scenes = [100, 133, 166].map((ms) => ({ captureUs: ms * 1000 }));
    const track = { scenes: [...scenes, null] } as unknown as Track;
    expect(indexOfCapture(track, 140_000)).toBe(1);
    expect(indexOfCapture(track, 5_000_000_000)).toBe(-1);
  });
});
