// Plays the stream and tells, for every displayed frame, which scene frame belongs to it. Also keeps the figures of stats().
// A scene frame that is late for its frame (the page was busy) is still joined to it; drawn only while that frame is the one on screen.
// While something is drawn over the picture, displayed is what stands on the page's own canvas (screen.ts): both go up together.

import { readSceneFrame, type SceneFrame, type SceneSource } from '../wire/scene_frame';
import { ClockOffset, Quality, Rate, Window, type Reception } from './meter';
import { SceneJoin } from './scene_join';
import type { Picture, Screen, Seen } from './screen';

export interface DisplayedFrame {
  /** Counts displayed frames, from 1. */
  number: number;
  rtp: number | null;
  mediaTime: number; // s
  sceneNumber: number | null;
  sources: SceneSource[];
}

export interface Figures {
  frames: number;
  sceneFrames: number;
  /** Frames whose very own scene frame is known. */
  matched: number;
  /** Frames of which it is not known which scene frame is theirs: of that near it only what stood still is drawn. */
  approximate: number;
  damaged: number;
  latencyMs: { p50: number | null; p95: number | null };
  freezes: number;
  fps: number;
  firstFrameMs: number | null;
  packetsLost: number;
  roundTripMs: number | null;
  clockOffsetMs: number;
  width: number;
  height: number;
  /** By what the picture stands on the screen: the video element, or a canvas that is drawn or copied to. */
  picture: Screen['way'];
}

type Shown = DisplayedFrame & { displayAt: number; guessed: boolean };

const mostUnjoined = 8;

const told = ({ number, rtp, mediaTime, sceneNumber, sources }: Shown): DisplayedFrame => ({
  number,
  rtp,
  mediaTime,
  sceneNumber,
  sources,
});

export class Player {
  readonly video: HTMLVideoElement;
  readonly screen: Screen;
  /** Whether anything is drawn over the picture by this scene frame. */
  covered: (scene: SceneFrame) => boolean = ({ anchors }) => anchors.length > 0;
  /** Called for every displayed frame, and again when its scene frame comes late; null: clear what was drawn. */
  onScene: (scene: SceneFrame | null) => void = () => undefined;
  /** Called for every displayed frame, and again when its scene frame comes late. */
  onFrame: (frame: DisplayedFrame, scene: SceneFrame | null) => void = () => undefined;
  /** Called for every displayed frame whose RTP time is known; performance.now() scale. */
  onShown: (rtp: number, displayAt: number) => void = () => undefined;
  /** True when scene frames come beside the stream and can only be joined nearly. */
  approximate = false;

  readonly clock = new ClockOffset();
  readonly quality = new Quality();
  private readonly join = new SceneJoin();
  private readonly latency = new Window(300);
  private readonly rate = new Rate();
  private last: Shown | null = null;
  private readonly unjoined = new Map<number, Shown>(); // by RTP time; the few newest
  private counts = { frames: 0, sceneFrames: 0, matched: 0, approximate: 0, damaged: 0 };
  private freezesBefore = 0; // of connections that are gone
  private freezesNow = 0;
  private packetsLost = 0;
  private firstFrameMs: number | null = null;
  private streaming = false;

  constructor(screen: Screen) {
    this.screen = screen;
    this.video = screen.video;
    this.watch();
  }

  get lastFrame(): DisplayedFrame | null {
    return this.last && told(this.last);
  }

  /** Null: the connection is gone; the last picture stays until the next one comes. */
  play(stream: MediaStream | null): void {
    this.quality.clear();
    this.latency.clear();
    this.freezesBefore += this.freezesNow;
    this.freezesNow = 0;
    this.last = null;
    this.unjoined.clear();
    this.screen.hide();
    this.onScene(null);
    this.streaming = stream !== null;
    if (!stream) return this.video.pause(); // a video whose tracks end goes black; a paused one keeps its picture
    this.join.clear();
    this.video.srcObject = stream;
    // Muted play is always allowed; a refusal means that the page is going away.
    this.video.play().catch(() => undefined);
  }

  scene(rtp: number, bytes: Uint8Array): void {
    const scene = readSceneFrame(bytes);
    if (!scene) return this.damaged();
    this.counts.sceneFrames += 1;
    this.join.add(rtp, scene);
    const late = this.unjoined.get(rtp);
    if (!late) return;
    this.unjoined.delete(rtp);
    if (late.guessed) this.counts.approximate -= 1;
    this.matched(late, this.approximate ? scene : this.join.take(rtp)!);
    if (late === this.last) this.onScene(scene);
    this.onFrame(told(late), scene);
  }

  damaged(): void {
    this.counts.damaged += 1;
  }

  reception(reading: Reception): void {
    this.quality.add(reading);
    this.freezesNow = reading.freezes;
    this.packetsLost = reading.packetsLost;
  }

  figures(): Figures {
    const rounded = (share: number): number | null => {
      const at = this.latency.percentile(share);
      return at === null ? null : Math.round(at * 10) / 10;
    };
    return {
      ...this.counts,
      latencyMs: { p50: rounded(0.5), p95: rounded(0.95) },
      freezes: this.freezesBefore + this.freezesNow,
      fps: Math.round(this.rate.perSecond(performance.now()) * 10) / 10,
      firstFrameMs: this.firstFrameMs,
      packetsLost: this.packetsLost,
      roundTripMs: this.clock.tripMs,
      clockOffsetMs: this.clock.ms,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      picture: this.screen.way,
    };
  }

  private watch(): void {
    if ('requestVideoFrameCallback' in HTMLVideoElement.prototype) {
      const next = (now: number, { rtpTimestamp, mediaTime, expectedDisplayTime }: VideoFrameCallbackMetadata): void => {
        this.video.requestVideoFrameCallback(next);
        this.seen({ rtp: rtpTimestamp ?? null, mediaTime, now, displayAt: expectedDisplayTime });
      };
      this.video.requestVideoFrameCallback(next);
      return;
    }
    let before = -1;
    const look = (now: number): void => {
      requestAnimationFrame(look);
      if (this.video.currentTime === before || this.video.readyState < 2) return;
      before = this.video.currentTime;
      if (this.streaming) this.displayed({ rtp: null, mediaTime: before, displayAt: now });
    };
    requestAnimationFrame(look);
  }

  private seen(callback: Seen): void {
    const seen = callback.rtp === null ? { ...callback, ...this.screen.now() } : callback;
    if (!this.streaming && seen.rtp === null) return; // the black of an ended track is no frame of ours
    const about = seen.rtp === null ? this.join.nearest(null) : (this.join.exactly(seen.rtp) ?? this.join.nearest(seen.rtp));
    const picture = this.screen.take(seen, about !== null && this.covered(about));
    if (picture) this.displayed(picture);
  }

  private displayed({ rtp, mediaTime, displayAt }: Picture): void {
    this.counts.frames += 1;
    this.firstFrameMs ??= Math.round(performance.now());
    this.rate.add(performance.now());
    const exact = rtp === null ? null : this.approximate ? this.join.exactly(rtp) : this.join.take(rtp);
    if (rtp !== null) this.onShown(rtp, displayAt);
    const frame: Shown = { number: this.counts.frames, rtp, mediaTime, displayAt, sceneNumber: null, sources: [], guessed: false };
    this.last = frame;
    const unknown = exact === null && (this.approximate || rtp === null);
    if (exact) this.matched(frame, exact);
    else if (rtp !== null) this.wait(rtp, frame);
    frame.guessed = unknown;
    if (unknown) this.counts.approximate += 1;
    const scene = exact ?? (unknown ? this.join.nearest(rtp) : null);
    this.onScene(scene);
    this.onFrame(told(frame), scene);
  }

  private wait(rtp: number, frame: Shown): void {
    this.unjoined.set(rtp, frame);
    if (this.unjoined.size > mostUnjoined) this.unjoined.delete(this.unjoined.keys().next().value!);
  }

  private matched(frame: Shown, scene: SceneFrame): void {
    frame.sceneNumber = scene.number;
    frame.sources = scene.sources;
    this.counts.matched += 1;
    const shownAt = performance.timeOrigin + frame.displayAt + this.clock.ms;
    if (scene.captureUs > 0) this.latency.add(shownAt - scene.captureUs / 1000);
  }
}
