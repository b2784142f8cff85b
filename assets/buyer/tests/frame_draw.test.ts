import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameDraw } from '../src/picture/frame_draw';

interface Cost { drawMs: number; copyMs: number; settles: 'at once' | 'later' | 'never'; turned?: number }

/** A browser in which the two ways cost what is said; what was put up, in order. */
function browser(cost: Cost) {
  let clock = 0;
  let copies = 0;
  const put: string[] = [];
  const context = {
    canvas: { width: 4, height: 2 },
    drawImage: () => { clock += cost.drawMs; put.push('draw'); },
    putImageData: (image: ImageData) => { put.push(image.data.at(-1) === 255 ? 'copy' : 'nothing'); },
  } as unknown as CanvasRenderingContext2D;
  const frame = (): VideoFrame => ({
    displayWidth: 4, displayHeight: 2, visibleRect: { width: 4, height: 2 }, rotation: cost.turned ?? 0,
    copyTo: (to: Uint8ClampedArray) => {
      if (cost.settles === 'never') return Promise.reject(new Error('NotSupportedError'));
      clock += copies++ === 0 ? 33 : cost.copyMs; // its memory is new
      if (cost.settles === 'at once') { to.fill(255); return Promise.resolve([]); }
      return new Promise((done) => setTimeout(() => { to.fill(255); done([]); }, 0));
    },
  }) as unknown as VideoFrame;
  const draw = new FrameDraw(context, () => clock);
  const run = async (pictures: number) => {
    put.length = 0;
    for (let i = 0; i < pictures; ++i) { draw.put(frame()); await new Promise((done) => setTimeout(done, 0)); }
    return put;
  };
  return { draw, run, cost };
}

describe('frames onto a canvas', () => {
  beforeEach(() => {
    vi.stubGlobal('ImageData', function image(width: number, height: number) {
      return { width, height, data: new Uint8ClampedArray(4 * width * height) };
    });
  });

  it('are drawn while that is quick', async () => {
    const { draw, run } = browser({ drawMs: 0.3, copyMs: 0.1, settles: 'at once' });
    expect(new Set(await run(100))).toEqual(new Set(['draw']));
    expect(draw.way).toBe('draw');
  });

  it('are copied where drawing is slow, and each picture is put up once', async () => {
    const { draw, run } = browser({ drawMs: 24, copyMs: 1, settles: 'at once' });
    expect(await run(12)).toEqual([...Array(7).fill('draw'), ...Array(5).fill('copy')]);
    expect(draw.way).toBe('copy');
  });

  it('are never taken from a copy that comes later, is not made, or is no quicker', async () => {
    for (const [settles, copyMs] of [['later', 1], ['never', 1], ['at once', 20]] as const) {
      const { run } = browser({ drawMs: 24, copyMs, settles });
      expect(new Set(await run(40))).toEqual(new Set(['draw']));
    }
  });

  it('are drawn again from the picture on whose copy does not come', async () => {
    const { run, cost, draw } = browser({ drawMs: 24, copyMs: 1, settles: 'at once' });
    await run(10);
    cost.settles = 'later';
    expect(await run(3)).toEqual(['draw', 'draw', 'draw']);
    expect(draw.way).toBe('draw');
    cost.settles = 'at once';
    expect((await run(1000)).at(-1)).toBe('copy'); // tried again after a while
  });

  it('that must be turned are drawn', async () => {
    const { run } = browser({ drawMs: 24, copyMs: 1, settles: 'at once', turned: 90 });
    expect(new Set(await run(20))).toEqual(new Set(['draw']));
  });
});
