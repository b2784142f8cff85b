// The scene frame that was on screen last: what a word or a mark of just now speaks of.

import type { SceneFrame } from '../wire/scene_frame';

export class SceneHistory {
  newest: SceneFrame | null = null;

  add(scene: SceneFrame): void {
    this.newest = scene;
  }

  clear(): void {
    this.newest = null;
  }
}
