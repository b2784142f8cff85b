import { describe, expect, it } from 'vitest';
import { findSceneFrame, sceneFrameUuid, withoutEmulation } from '../src/wire/sei';

const start = [0, 0, 0, 1];
const shortStart = [0, 0, 1];
const sps = [...start, 0x67, 0x42, 0xc0, 0x1f, 0x8c];
const pps = [...start, 0x68, 0xce, 0x3c, 0x80];
const slice = [...start, 0x65, 0xb8, 0x00, 0x04];

/** One SEI message with its header; sizes of 255 and more take several bytes. */
function message(type: number, payload: number[]): number[] {
  const size: number[] = [];
  let left = payload.length;
  for (; left >= 255; left -= 255) size.push(255);
  return [type, ...size, left, ...payload];
}

/** Puts emulation prevention in, as an encoder does. */
function escaped(bytes: number[]): number[] {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out;
}

const sei = (...messages: number[][]): number[] => [...start, 0x06, ...escaped([...messages.flat(), 0x80])];
const ours = (scene: number[]): number[] => message(5, [...sceneFrameUuid, ...scene]);
const find = (...parts: number[][]): ReturnType<typeof findSceneFrame> => findSceneFrame(Uint8Array.from(parts.flat()));

describe('findSceneFrame', () => {
  const scene = [0xa1, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0, 0, 9];

  it('reads our message before the first slice', () => {
    expect([...find(sps, pps, sei(ours(scene)), slice).scene!]).toEqual(scene);
  });

  it('reads it after three-byte start codes and an access unit delimiter', () => {
    const short = sei(ours(scene)).slice(1);
    expect([...find([...shortStart, 0x09, 0x10], short, slice).scene!]).toEqual(scene);
  });

  it('reads messages longer than 255 bytes', () => {
    const long = Array.from({ length: 900 }, (_, i) => (i * 7) % 5);
    expect([...find(sei(ours(long)), slice).scene!]).toEqual(long);
  });

  it('finds it behind others: pic_timing, and another user_data_unregistered', () => {
    const other = message(5, Array.from({ length: 40 }, (_, i) => i));
    expect([...find(sei(message(1, [1, 2, 3]), other, ours(scene)), slice).scene!]).toEqual(scene);
    expect([...find(sei(other), sei(ours(scene)), slice).scene!]).toEqual(scene);
  });

  it('looks no further than the first slice', () => {
    expect(find(slice, sei(ours(scene)))).toEqual({ scene: null, damaged: false });
  });

  it('says nothing of units without it', () => {
    expect(find(sps, pps, slice)).toEqual({ scene: null, damaged: false });
    expect(find([])).toEqual({ scene: null, damaged: false });
    expect(find([0, 0, 1])).toEqual({ scene: null, damaged: false });
    expect(find(sei(message(5, [1, 2, 3])), slice)).toEqual({ scene: null, damaged: false });
  });

  it('reports our message as damaged when it is cut short', () => {
    const whole = sei(ours(Array.from({ length: 100 }, () => 7)));
    expect(find(whole.slice(0, 60), slice)).toEqual({ scene: null, damaged: true });
  });

  it('survives any cut of a unit', () => {
    const unit = Uint8Array.from([...sps, ...sei(message(1, [0, 0, 0]), ours(scene)), ...slice]);
    for (let length = 0; length <= unit.length; ++length) {
      expect(() => findSceneFrame(unit.subarray(0, length))).not.toThrow();
    }
  });
});

describe('withoutEmulation', () => {
  it('undoes what an encoder put in, for every mix of small bytes', () => {
    for (let seed = 0; seed < 4 ** 6; ++seed) {
      const bytes = Array.from({ length: 6 }, (_, i) => Math.floor(seed / 4 ** i) % 4);
      expect([...withoutEmulation(Uint8Array.from(escaped(bytes)))]).toEqual(bytes);
    }
  });
});
