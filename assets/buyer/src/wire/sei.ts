// Finds our SEI message in an H.264 access unit (Annex B, ITU-T H.264 7.3.2.3 and D.1.6: user_data_unregistered, payload type 5).
// Runs for every frame of the stream, so it looks at NAL headers only and stops at the first slice: a scene frame stands before it.

export const sceneFrameUuid = Uint8Array.of(
  0x56, 0xf7, 0xe1, 0xa4, 0x5d, 0x0b, 0x4e, 0x2e, 0x9a, 0x5c, 0x7d, 0x3b, 0x8c, 0x1f, 0x2e, 0x90,
);

const nalSei = 6;
const userDataUnregistered = 5;

export interface Found {
  /** The message's bytes after the UUID; null when there is none. */
  scene: Uint8Array | null;
  /** Our mark was there and the message is cut short. */
  damaged: boolean;
}

const nothing: Found = { scene: null, damaged: false };

export function findSceneFrame(unit: Uint8Array): Found {
  for (let at = afterStartCode(unit, 0); at >= 0 && at < unit.length; at = afterStartCode(unit, at)) {
    const type = unit[at]! & 0x1f;
    if (type >= 1 && type <= 5) return nothing;
    if (type !== nalSei) continue;
    const found = inSei(withoutEmulation(unit.subarray(at + 1, endOfNal(unit, at + 1))));
    if (found.scene || found.damaged) return found;
  }
  return nothing;
}

/** Index of the byte after the next 00 00 01, or -1. */
function afterStartCode(unit: Uint8Array, from: number): number {
  for (let i = from; i + 3 <= unit.length; ++i) {
    if (unit[i + 2]! > 1) {
      i += 2; // no start code can hold this byte
    } else if (unit[i] === 0 && unit[i + 1] === 0 && unit[i + 2] === 1) {
      return i + 3;
    }
  }
  return -1;
}

function endOfNal(unit: Uint8Array, from: number): number {
  const next = afterStartCode(unit, from);
  return next < 0 ? unit.length : next - 3;
}

/** 00 00 03 stands for 00 00 (7.4.1). */
export function withoutEmulation(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

function inSei(payload: Uint8Array): Found {
  let at = 0;
  const extended = (): number => {
    let sum = 0;
    while (at < payload.length && payload[at] === 0xff) {
      sum += 255;
      ++at;
    }
    return at < payload.length ? sum + payload[at++]! : -1;
  };
  // The last byte holds the stop bit (0x80): a message needs at least its two header bytes before it.
  while (at + 2 < payload.length) {
    const type = extended();
    const size = extended();
    if (type < 0 || size < 0) return nothing;
    const marked = type === userDataUnregistered && isOurs(payload, at);
    if (at + size > payload.length) return { scene: null, damaged: marked };
    if (marked) {
      if (size < sceneFrameUuid.length) return { scene: null, damaged: true };
      return { scene: payload.slice(at + sceneFrameUuid.length, at + size), damaged: false };
    }
    at += size;
  }
  return nothing;
}

function isOurs(payload: Uint8Array, at: number): boolean {
  if (at + sceneFrameUuid.length > payload.length) return false;
  return sceneFrameUuid.every((byte, i) => payload[at + i] === byte);
}
