// The picture on a canvas of the page, so that it and what is drawn over it go up together. A video element is shown by the browser's compositor, past
// the page: by the time a frame's callback has run, that frame stands on the screen already, with the annotations of the one before; what the page
// draws comes a refresh later. Canvas and elements changed in one callback become visible in one refresh, a model that is still being drawn included.
//
// The element plays on beneath: for its sound, for who has nothing drawn over the picture (that costs nothing then), and as what is left when no
// canvas can be had.

import { el } from '../view/dom';
import { FrameDraw } from './frame_draw';

/** Which picture it is. `rtp`: null when the browser does not tell. */
export interface Shown {
  rtp: number | null;
  mediaTime: number; // s
}

/** What the callback of a video frame says. */
export interface Seen extends Shown {
  /** Start of this rendering, and when the element's own picture is expected on the screen: performance.now() scale. */
  now: number;
  displayAt: number;
}

export interface Picture extends Shown {
  displayAt: number;
}

type Described = VideoFrame & { metadata?: () => { rtpTimestamp?: number } };

/** A video frame's times are whole microseconds; its callback's are not. */
const sameTimeUs = 2;
const usualRefreshMs = 1000 / 60;
/** Frames without anything over them before the element is shown again: a product that comes and goes should not switch back and forth. */
const restFrames = 30;
/** So many pictures that cannot be named, one after the other: in this browser none can, and the callback's word has to do. */
const mostUnnamed = 10;

export class Screen {
  readonly canvas = el('canvas', { class: 'screen', 'aria-hidden': 'true', hidden: true });
  readonly video: HTMLVideoElement;
  private readonly draw: FrameDraw | null;
  private early: VideoFrame | null = null; // its callback has not come yet
  private refreshMs = usualRefreshMs;
  private measuredAt = -Infinity;
  private bare = 0;
  private unnamed = 'VideoFrame' in window ? 0 : Infinity; // pictures in a row
  private drawn: Shown | null = null;

  constructor(video: HTMLVideoElement) {
    this.video = video;
    const context = this.canvas.getContext('2d', { alpha: false });
    this.draw = context && new FrameDraw(context);
  }

  /** How the canvas comes to its pictures. */
  get way(): 'element' | 'draw' | 'copy' {
    return this.canvas.hidden || !this.draw ? 'element' : this.draw.way;
  }

  /** What has to be drawn of this picture to have it as the buyer sees it. */
  get source(): HTMLCanvasElement | HTMLVideoElement {
    return this.canvas.hidden ? this.video : this.canvas;
  }

  /**
   * In a frame callback: puts the newest picture that can be named on the canvas, and says which it is. Under load the element may be one ahead of
   * its callback: what is named is what is drawn. Null: nothing new that can be named is there, and what stood before stays.
   */
  take(seen: Seen, wanted: boolean): Picture | null {
    this.bare = wanted ? 0 : this.bare + 1;
    if (!this.draw || this.bare > restFrames) {
      this.hide();
      return seen;
    }
    if (this.canvas.hidden && !wanted) return seen;
    const displayAt = Math.max(seen.displayAt, seen.now + this.refresh(seen.now));
    if (this.unnamed > mostUnnamed) return this.put(this.video, this.video.videoWidth, this.video.videoHeight, { ...seen, displayAt });
    let frame: Described;
    try {
      frame = new VideoFrame(this.video) as Described;
    } catch {
      return this.canvas.hidden ? seen : null; // the element has no picture now
    }
    const named = this.named(frame, seen);
    this.unnamed = named ? 0 : this.unnamed + 1;
    if (!named) return this.canvas.hidden ? seen : null;
    const at = { rtp: named.rtp, mediaTime: named.frame.timestamp / 1e6 };
    const fresh = !this.drawn || this.canvas.hidden || this.drawn.mediaTime !== at.mediaTime;
    if (fresh) this.put(named.frame, named.frame.displayWidth, named.frame.displayHeight, { ...at, displayAt });
    named.frame.close();
    return fresh ? { ...at, displayAt } : null;
  }

  /** What the element's picture says of itself; null when it cannot be asked or does not tell its RTP time. */
  now(): Shown | null {
    if (!('VideoFrame' in window && 'metadata' in VideoFrame.prototype)) return null;
    try {
      const frame = new VideoFrame(this.video) as Described;
      const rtp = frame.metadata?.().rtpTimestamp;
      const mediaTime = frame.timestamp / 1e6;
      frame.close();
      return rtp === undefined ? null : { rtp, mediaTime };
    } catch {
      return null; // it has no picture now
    }
  }

  /** The element is shown; nothing may be drawn over it until take() has put a picture up again. */
  hide(): void {
    this.early?.close();
    this.early = this.drawn = null;
    this.canvas.hidden = true;
  }

  private named(frame: Described, seen: Seen): { frame: VideoFrame; rtp: number | null } | null {
    const own = frame.metadata?.().rtpTimestamp;
    if (own !== undefined) return { frame, rtp: own };
    const isOf = ({ timestamp }: VideoFrame): boolean => Math.abs(timestamp - seen.mediaTime * 1e6) <= sameTimeUs;
    if (isOf(frame)) return { frame, rtp: seen.rtp };
    const { early } = this;
    this.early = frame;
    if (early && isOf(early)) return { frame: early, rtp: seen.rtp };
    early?.close();
    return null;
  }

  private put(picture: VideoFrame | HTMLVideoElement, width: number, height: number, shown: Picture): Picture {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.draw!.put(picture);
    this.canvas.hidden = false;
    this.drawn = shown;
    return shown;
  }

  /** How long a refresh of this screen takes, looked at once in two seconds. */
  private refresh(now: number): number {
    if (now - this.measuredAt > 2000) {
      this.measuredAt = now;
      requestAnimationFrame(() => requestAnimationFrame((first) => requestAnimationFrame((next) => {
        if (next - first > 2) this.refreshMs = Math.min(next - first, 50);
      })));
    }
    return this.refreshMs;
  }
}
