// The scene frame: what is where in exactly one program frame (engine/scene_frame.h holds the format and its rules). It comes with
// the frame, through a network that may damage it: what does not read completely is dropped, never half used.

import { CborError, readCbor, type CborMap, type CborValue } from './cbor';

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
  try {
    const root = map(readCbor(bytes, sceneFrameLimit));
    if (count(root, 0, formatVersion) !== formatVersion) return null;
    return {
      number: count(root, 1, 0),
      captureUs: integer(root, 2, 0),
      stateVersion: count(root, 3, 0),
      chapter: integer(root, 4, 0),
      sources: list(root, 5).map(source),
      anchors: list(root, 6).map(anchor),
      values: list(root, 7).map(value),
    };
  } catch (error) {
    if (error instanceof CborError) return null;
    throw error;
  }
}

function source(item: CborValue): SceneSource {
  const from = map(item);
  return {
    camera: text(from, 0),
    sequence: count(from, 1, 0),
    rect: floats(from, 2, 4) ?? [0, 0, 1, 1],
    opacity: number(from, 3, 1),
  };
}

function anchor(item: CborValue): Anchor {
  const from = map(item);
  return {
    product: text(from, 0),
    visibility: number(from, 1, 0),
    homography: floats(from, 2, 9) ?? [1, 0, 0, 0, 1, 0, 0, 0, 1],
    pose: floats(from, 3, 6),
    intrinsics: floats(from, 4, 4),
  };
}

function value(item: CborValue): DataValue {
  const from = map(item);
  const held = from.get(1) ?? 0;
  if (typeof held !== 'number' && typeof held !== 'string') throw new CborError('a value is neither number nor text');
  return { key: text(from, 0), value: held, age: number(from, 2, 0) };
}

function map(item: CborValue): CborMap {
  if (!(item instanceof Map)) throw new CborError('not a map');
  return item;
}

function list(from: CborMap, key: number): CborValue[] {
  const held = from.get(key);
  if (held === undefined) return [];
  if (!Array.isArray(held)) throw new CborError('not an array');
  return held;
}

function number(from: CborMap, key: number, absent: number): number {
  const held = from.get(key);
  if (held === undefined) return absent;
  if (typeof held !== 'number') throw new CborError('not a number');
  return held;
}

function integer(from: CborMap, key: number, absent: number): number {
  const held = number(from, key, absent);
  if (!Number.isInteger(held)) throw new CborError('not an integer');
  return held;
}

function count(from: CborMap, key: number, absent: number): number {
  const held = integer(from, key, absent);
  if (held < 0) throw new CborError('negative');
  return held;
}

function text(from: CborMap, key: number): string {
  const held = from.get(key);
  if (held === undefined) return '';
  if (typeof held !== 'string') throw new CborError('not text');
  return held;
}

function floats(from: CborMap, key: number, length: number): number[] | null {
  const held = from.get(key);
  if (held === undefined) return null;
  if (!Array.isArray(held) || held.length !== length) throw new CborError('wrong number of floats');
  return held.map((entry) => {
    if (typeof entry !== 'number') throw new CborError('not a number');
    return entry;
  });
}
