// A picture of its own with the annotations of its own scene frame: a frozen frame, a frame of the replay. It has an overlay like the live picture's, fed
// with what the buyer sees there.

import { Overlay } from '../picture/overlay';
import type { Marker, MeasuredLine } from '../point/markers';
import type { Words } from '../text/language';
import type { SceneFrame } from '../wire/scene_frame';
import type { Callout, Product, ShowDocument } from '../wire/show';

/** What the live overlay shows just now, for another one to show the same. */
export interface Annotations {
  show: ShowDocument;
  words: Words;
  pinned: string;
  hidden: Set<string>;
  markers: Marker[];
  lines: MeasuredLine[];
}

export function overlayLike({ show, words, pinned, hidden, markers, lines }: Annotations, callout: (product: Product, callout: Callout) => void = () => undefined): Overlay {
  const overlay = new Overlay({ callout, leftOut: () => undefined });
  overlay.show(show, words);
  overlay.state(pinned, hidden);
  overlay.markers.show(markers, lines, words);
  return overlay;
}

/** The frame that a video shows, at its own size. */
export function frameOf(video: HTMLVideoElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return canvas;
}

export interface Frozen {
  picture: HTMLCanvasElement;
  scene: SceneFrame | null;
  takenMs: number;
}
