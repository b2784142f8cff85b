// The scene frame: what is where in exactly one program frame (engine/scene_frame.h holds the format and its rules). It comes with
// the frame, through a network that may damage it: what does not read completely is dropped, never half used.

import { CborError, CborReader } from './cbor';

export const formatVersion = 1;
export const sceneFrameLimit = 1024;

export interface SceneSource {
  camera: string;
  sequence: number;
  rect: number[]; // x, y, width, height, normalised program coordinates
  opacity: number;
}

export interface Anchor {
  product: string;
  visibility: number; // 0…1
  homography: number[]; // row-major, target mm -> normalised program
  pose: number[] | null; // rx, ry, rz, tx, ty, tz: OpenCV, mm
  intrinsics: number[] | null; // fx, fy, cx, cy, normalised by the program's width and height
}

export interface DataValue {
  key: string;
  value: number | string;
  age: number; // s
}

export interface SceneFrame {
  number: number;
  captureUs: number; // UTC
  stateVersion: number;
  chapter: number;
  sources: SceneSource[];
  anchors: Anchor[];
  values: DataValue[];
}

/** Null for anything damaged, oversized or of another format version; never throws. */
export function readSceneFrame(bytes: Uint8Array): SceneFrame | null {
  if (bytes.length > sceneFrameLimit) return null;
  try {
    const from = new CborReader(bytes);
    const frame = readFrame(from);
    from.end();
    return frame;
  } catch (error) {
    if (error instanceof CborError) return null;
    throw error;
  }
}

function readFrame(from: CborReader): SceneFrame {
  const frame: SceneFrame = { number: 0, captureUs: 0, stateVersion: 0, chapter: 0, sources: [], anchors: [], values: [] };
  from.map({
    0: () => refuse(from.count() !== formatVersion),
    1: () => (frame.number = from.count()),
    2: () => (frame.captureUs = from.integer()),
    3: () => (frame.stateVersion = from.count()),
    4: () => {
      frame.chapter = from.count();
      refuse(frame.chapter > 2 ** 31 - 1);
    },
    5: () => (frame.sources = from.array(() => readSource(from))),
    6: () => (frame.anchors = from.array(() => readAnchor(from))),
    7: () => (frame.values = from.array(() => readValue(from))),
  });
  return frame;
}

function readSource(from: CborReader): SceneSource {
  const source: SceneSource = { camera: '', sequence: 0, rect: [0, 0, 1, 1], opacity: 1 };
  from.map({
    0: () => (source.camera = from.text()),
    1: () => (source.sequence = from.count()),
    2: () => (source.rect = floats(from, 4)),
    3: () => (source.opacity = share(from)),
  });
  refuse(source.rect[2]! < 0 || source.rect[3]! < 0);
  return source;
}

function readAnchor(from: CborReader): Anchor {
  const anchor: Anchor = { product: '', visibility: 0, homography: [1, 0, 0, 0, 1, 0, 0, 0, 1], pose: null, intrinsics: null };
  from.map({
    0: () => (anchor.product = from.text()),
    1: () => (anchor.visibility = share(from)),
    2: () => (anchor.homography = floats(from, 9)),
    3: () => (anchor.pose = floats(from, 6)),
    4: () => (anchor.intrinsics = floats(from, 4)),
  });
  refuse(anchor.intrinsics !== null && !(anchor.intrinsics[0]! > 0 && anchor.intrinsics[1]! > 0));
  return anchor;
}

function readValue(from: CborReader): DataValue {
  const value: DataValue = { key: '', value: 0, age: 0 };
  from.map({
    0: () => (value.key = from.text()),
    1: () => (value.value = from.numberOrText()),
    2: () => (value.age = float(from)),
  });
  refuse(value.age < 0);
  return value;
}

/** What the format calls a float is one of 32 bits, however it was written. */
function float(from: CborReader): number {
  const number = Math.fround(from.number());
  refuse(!Number.isFinite(number));
  return number;
}

function share(from: CborReader): number {
  const number = float(from);
  refuse(number < 0 || number > 1);
  return number;
}

function floats(from: CborReader, length: number): number[] {
  const numbers = from.array(() => float(from));
  refuse(numbers.length !== length);
  return numbers;
}

function refuse(bad: boolean): void {
  if (bad) throw new CborError('out of range');
}
