// Access units as a track that can be played: their times, their scene frames, which can be decoded by themselves, and the codec they are of.

import { readSceneFrame, type SceneFrame } from '../wire/scene_frame';
import { findSceneFrame } from '../wire/sei';
import { ahead, type Unit } from './ring';

export interface Track {
  units: Unit[];
  timesMs: number[]; // from the first
  scenes: (SceneFrame | null)[];
  durationMs: number;
  codec: string;
}

/** Null when there is nothing that can be decoded. */
export function trackOf(units: Unit[]): Track | null {
  const first = units[0];
  const codec = first?.key ? codecOf(first.data) : null;
  if (!first || !codec || units.length < 2) return null;
  const timesMs = units.map(({ rtp }) => ahead(first.rtp, rtp) / 90);
  const scenes = units.map(({ data }) => {
    const { scene } = findSceneFrame(data);
    return scene && readSceneFrame(scene);
  });
  return { units, timesMs, scenes, durationMs: timesMs.at(-1)!, codec };
}

/** The frame on screen at that time: the last one that is not later. */
export function indexAt({ timesMs }: Track, ms: number): number {
  let [low, high] = [0, timesMs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (timesMs[middle]! <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function keyBefore({ units }: Track, index: number): number {
  for (let i = index; i > 0; --i) if (units[i]!.key) return i;
  return 0;
}

/** The frame captured nearest to a moment, or -1 when it lies outside the track by more than a second. */
export function indexOfCapture({ scenes }: Track, captureUs: number): number {
  let [best, off] = [-1, 1e6];
  scenes.forEach((scene, i) => {
    const away = scene ? Math.abs(scene.captureUs - captureUs) : Infinity;
    if (away < off) [best, off] = [i, away];
  });
  return best;
}

/** "avc1.42C01F" from the unit's sequence parameter set (RFC 6381; ITU-T H.264 7.3.2.1.1). */
export function codecOf(unit: Uint8Array): string | null {
  for (let i = 0; i + 6 < unit.length; ++i) {
    if (unit[i] !== 0 || unit[i + 1] !== 0 || unit[i + 2] !== 1 || (unit[i + 3]! & 0x1f) !== 7) continue;
    return `avc1.${[...unit.subarray(i + 4, i + 7)].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase()}`;
  }
  return null;
}
