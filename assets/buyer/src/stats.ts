// What window.vitrine tells: the same numbers as the stream info view. Tests and support rely on these names.

import type { ModelStats } from './model/models';
import type { TapKind } from './link/scene_tap';
import type { DisplayedFrame, Figures } from './picture/player';
import type { SceneFrame } from './wire/scene_frame';

export interface Stats extends Figures {
  /** "webrtc": scene frames come inside the stream and are joined exactly; "socket": beside it, nearly; "none": no media. */
  transport: 'webrtc' | 'socket' | 'none';
  scenes: TapKind;
  phase: string;
  language: string;
  viewers: number;
}

export type FrameListener = (frame: DisplayedFrame, scene: SceneFrame | null) => void;

export interface VitrineWindow {
  stats(): Stats;
  lastFrame(): DisplayedFrame | null;
  /** What became of the show's models, and which were drawn with the frame on screen. */
  models(): ModelStats;
  /** Called inside the video frame callback of every displayed frame; returns how to stop. */
  onFrame(listener: FrameListener): () => void;
}
