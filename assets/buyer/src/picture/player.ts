// Plays the stream and tells, for every displayed frame, which scene frame belongs to it. Also keeps the figures of stats().
// A scene frame that is late for its frame (the page was busy) is still joined to it; drawn only while that frame is the one on screen.

import { readSceneFrame, type SceneFrame, type SceneSource } from '../wire/scene_frame';
import { ClockOffset, Quality, Rate, Window, type Reception } from './meter';
import { SceneJoin } from './scene_join';

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
  matched: number;
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
}

interface FrameTimes {
  rtp: number | null;
  mediaTime: number;
  displayAt: number; // performance.now() scale
}

type Shown = DisplayedFrame & { displayAt: number };

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
  /** Called for every displayed frame, and again when its scene frame comes late; null: clear what was drawn. */
  onScene: (scene: SceneFrame | null) => void = () => undefined;
  /** Called for every displayed frame, and again when its scene frame comes late. */
  onFrame: (frame: DisplayedFrame, scene: SceneFrame | null) => void = () => undefined;
  /** True when scene frames come beside the stream and can only be joined nearly. */
  approximate = false;

  readonly clock = new ClockOffset();
  readonly quality = new Quality();
  private readonly join = new SceneJoin();
  private readonly latency = new Window(300);
  private readonly rate = new Rate();
  private last: Shown | null = null;
  private readonly unjoined = new Map<number, Shown>(); // by RTP time; the few newest
  private counts = { frames: 0, sceneFrames: 0, matched: 0, damaged: 0 };
  private freezesBefore = 0; // of connections that are gone
  private freezesNow = 0;
  private packetsLost = 0;
  private firstFrameMs: number | null = null;
  private streaming = false;

  constructor(video: HTMLVideoElement) {
    this.video = video;
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
    this.matched(late, this.join.take(rtp)!);
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
    };
  }

  private watch(): void {
    if ('requestVideoFrameCallback' in HTMLVideoElement.prototype) {
      const next = (_: number, seen: VideoFrameCallbackMetadata): void => {
        this.video.requestVideoFrameCallback(next);
        this.displayed({
          rtp: seen.rtpTimestamp ?? null,
          mediaTime: seen.mediaTime,
          displayAt: seen.expectedDisplayTime,
        });
      };
      this.video.requestVideoFrameCallback(next);
      return;
    }
    let before = -1;
    const look = (now: number): void => {
      requestAnimationFrame(look);
      if (this.video.currentTime === before || this.video.readyState < 2) return;
      before = this.video.currentTime;
      this.displayed({ rtp: null, mediaTime: before, displayAt: now });
    };
    requestAnimationFrame(look);
  }

  private displayed({ rtp, mediaTime, displayAt }: FrameTimes): void {
    if (!this.streaming && rtp === null) return; // the black of an ended track is no frame of ours
    this.counts.frames += 1;
    this.firstFrameMs ??= Math.round(performance.now());
    this.rate.add(performance.now());
    const scene = this.approximate || rtp === null ? this.join.nearest(rtp) : this.join.take(rtp);
    const frame: Shown = { number: this.counts.frames, rtp, mediaTime, displayAt, sceneNumber: null, sources: [] };
    this.last = frame;
    if (scene) this.matched(frame, scene);
    else if (rtp !== null && !this.approximate) this.wait(rtp, frame);
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
