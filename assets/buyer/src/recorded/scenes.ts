// The scene frames of a recording, by media time: which belongs to the frame that a video element shows.

import { bytesOf } from '../wire/base64';
import { readSceneFrame, type SceneFrame } from '../wire/scene_frame';

export interface TimedScene {
  ms: number;
  scene: SceneFrame;
}

/**
 * Lines of JSON, `{"t": seconds, "cbor": "base64"}`, in order of time. What cannot be read is left out: that frame then shows no annotations.
 */
export function readScenes(text: string): TimedScene[] {
  const scenes: TimedScene[] = [];
  for (const line of text.split('\n')) {
    if (!line.trim()) continue;
    try {
      const { t, cbor } = JSON.parse(line) as { t?: unknown; cbor?: unknown };
      if (typeof t !== 'number' || typeof cbor !== 'string') continue;
      const bytes = bytesOf(cbor);
      const scene = bytes && readSceneFrame(bytes);
      if (scene) scenes.push({ ms: t * 1000, scene });
    } catch {
      // a damaged line
    }
  }
  return scenes.sort((a, b) => a.ms - b.ms);
}

/** The scene frame of the frame at that media time: within half a frame of it. */
export function sceneAt(scenes: readonly TimedScene[], ms: number, frameMs: number): SceneFrame | null {
  let [low, high] = [0, scenes.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scenes[middle]!.ms < ms - frameMs / 2) low = middle + 1;
    else high = middle;
  }
  const found = scenes[low];
  return found && Math.abs(found.ms - ms) <= frameMs * 0.75 ? found.scene : null;
}
