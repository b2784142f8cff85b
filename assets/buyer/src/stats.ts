// What window.vitrine tells: the same numbers as the stream info view. Tests and support rely on these names.

import type { ModelStats } from './model/models';
import type { DrawnMarker } from './point/markers';
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
  /** How much later than its picture the sound is heard; null while that is not known. */
  soundAfterMs: number | null;
}

/** What is in the picture's place. "recorded": the show again, after it has ended. */
export type PictureMode = 'live' | 'frozen' | 'replay' | 'recorded';

export interface DeskFigures {
  known: boolean;
  me: { id: string; name: string; role: string } | null;
  messages: number;
  points: number;
  quotes: { id: string; number: string; state: string }[];
  poll: string | null;
  pending: { act: string; state: string; detail: string }[];
}

export type FrameListener = (frame: DisplayedFrame, scene: SceneFrame | null) => void;

export interface VitrineWindow {
  stats(): Stats;
  lastFrame(): DisplayedFrame | null;
  /** What became of the show's models, and which were drawn with the frame on screen. */
  models(): ModelStats;
  /** What is on the desk as this page has it: counts, and each of this buyer's acts that is not settled. */
  desk(): DeskFigures;
  /** Where each marker stood in the frame on screen, px of the picture's box, with that frame's number. */
  markers(): { sceneNumber: number | null; at: DrawnMarker[] };
  /** What the buyer looks at in the live picture's place, what is kept for looking again, and the last length measured. */
  looking(): object;
  /** Called inside the video frame callback of every displayed frame; returns how to stop. */
  onFrame(listener: FrameListener): () => void;
}
