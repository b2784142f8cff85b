import { afterEach, describe, expect, it, vi } from 'vitest';
import { Rewind } from '../src/replay/rewind';
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

describe('Rewind', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('never goes back on a decoder that is slower than the picture', () => {
    let now = 0;
    let turn: (now: number) => void = () => undefined;
    let output: (frame: { timestamp: number; close(): void }) => void = () => undefined;
    vi.stubGlobal('VideoDecoder', class {
      state = 'unconfigured';
      decodeQueueSize = 0;
      constructor(callbacks: { output: typeof output }) {
        output = callbacks.output;
      }
      configure(): void {
        this.state = 'configured';
      }
      decode(): void {}
      flush(): Promise<void> {
        return Promise.resolve();
      }
      close(): void {
        this.state = 'closed';
      }
    });
    vi.stubGlobal('EncodedVideoChunk', class {});
    vi.stubGlobal('requestAnimationFrame', (next: typeof turn) => {
      turn = next;
      return 1;
    });
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    vi.stubGlobal('performance', { now: () => now });
    const units = Array.from({ length: 60 }, (_, n) => unit(n, n === 0));
    const track: Track = { units, timesMs: units.map((_, n) => (n * 1000) / 30), scenes: units.map(() => null), durationMs: (59 * 1000) / 30, codec: 'avc1.42C01F' };
    const rewind = new Rewind(track);
    const shown: number[] = [];
    rewind.onShown = (_, index) => shown.push(index);
    const closed: number[] = [];
    const comes = (index: number): void => output({ timestamp: index, close: () => closed.push(index) });
    const passes = (ms: number): void => turn((now += ms));

    rewind.start(0);
    rewind.play(true);
    for (const index of [0, 1, 2]) comes(index); // the decoder is ahead
    passes(0);
    for (let i = 0; i < 3; ++i) passes(100); // and falls behind: 9 is wanted
    expect(shown).toEqual([0, 2]);
    comes(3);
    expect(shown).toEqual([0, 2, 3]); // late, but better than none
    passes(10);
    comes(4);
    passes(10);
    expect(shown).toEqual([0, 2, 3]);
    expect(closed).toContain(2);
    for (let index = 5; index <= 10; ++index) comes(index);
    passes(10);
    expect(shown.at(-1)).toBeGreaterThanOrEqual(9);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    rewind.close();
  });
});
