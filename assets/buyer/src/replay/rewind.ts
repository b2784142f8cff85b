// Decodes a track for a picture that can stand, run, run slowly and be moved through by hand. The decoder is fed a few units ahead of what is wanted; moving
// backwards, or past a keyframe, starts it anew there. Frames are closed as soon as another one is on screen: the browser has only a few.

import { indexAt, keyBefore, type Track } from './track';

const lookAhead = 6;
const mostQueued = 12;
const lagFrames = 8; // how far the clock may run ahead of a decoder that is slower than the picture
const lateMs = 60; // a late frame is shown rather than none for so long

export class Rewind {
  readonly track: Track;
  speed = 1;
  playing = false;
  onShown: (frame: VideoFrame, index: number) => void = () => undefined;
  onMoved: (ms: number, playing: boolean) => void = () => undefined;
  onFailed: () => void = () => undefined;
  private decoder: VideoDecoder | null = null;
  private fed = 0; // next unit to go into the decoder
  private due = 0; // next frame to come out of it
  private shownAt = 0;
  private flushing = false;
  private wanted = 0;
  private shown = -1;
  private readonly ready = new Map<number, VideoFrame>();
  private ms = 0;
  private before: number | null = null;
  private loop = 0;
  private closed = false;
  private failures = 0;

  constructor(track: Track) {
    this.track = track;
  }

  static get offered(): boolean {
    return 'VideoDecoder' in window && 'EncodedVideoChunk' in window;
  }

  get positionMs(): number {
    return this.ms;
  }

  get index(): number {
    return this.shown;
  }

  start(atMs: number): void {
    this.restart(keyBefore(this.track, indexAt(this.track, atMs)));
    this.seek(atMs);
    const turn = (now: number): void => {
      if (this.closed) return;
      this.loop = requestAnimationFrame(turn);
      this.advance(now);
    };
    this.loop = requestAnimationFrame(turn);
  }

  play(playing: boolean): void {
    if (playing && this.ms >= this.track.durationMs) this.seek(0);
    this.playing = playing;
    this.before = null;
    this.onMoved(this.ms, this.playing);
  }

  seek(ms: number): void {
    this.ms = Math.min(Math.max(ms, 0), this.track.durationMs);
    this.want(indexAt(this.track, this.ms));
    this.onMoved(this.ms, this.playing);
  }

  step(by: number): void {
    this.play(false);
    const index = Math.min(Math.max(indexAt(this.track, this.ms) + by, 0), this.track.units.length - 1);
    this.seek(this.track.timesMs[index]!);
  }

  close(): void {
    this.closed = true;
    cancelAnimationFrame(this.loop);
    for (const frame of this.ready.values()) frame.close();
    this.ready.clear();
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
  }

  private advance(now: number): void {
    const elapsed = this.before === null ? 0 : Math.min(now - this.before, 100);
    this.before = this.playing ? now : null;
    const waits = this.wanted - this.due > lagFrames;
    if (!this.playing || elapsed === 0 || waits) return this.show();
    this.ms = Math.min(this.ms + elapsed * this.speed, this.track.durationMs);
    if (this.ms >= this.track.durationMs) this.playing = false;
    this.want(indexAt(this.track, this.ms));
    this.show();
    this.onMoved(this.ms, this.playing);
  }

  private want(index: number): void {
    this.wanted = index;
    const key = keyBefore(this.track, index);
    const lost = index < this.due && index !== this.shown && !this.ready.has(index);
    if (lost || key > this.fed) this.restart(key);
    this.feed();
  }

  private restart(key: number): void {
    for (const frame of this.ready.values()) frame.close();
    this.ready.clear();
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => this.came(decoder, frame),
      error: () => this.decoder === decoder && this.failed(),
    });
    decoder.configure({ codec: this.track.codec, optimizeForLatency: true });
    this.decoder = decoder;
    this.fed = this.due = key;
    this.flushing = false;
  }

  private feed(): void {
    const { decoder, track } = this;
    if (!decoder || decoder.state !== 'configured' || this.flushing) return;
    while (this.fed < track.units.length && this.fed <= this.wanted + lookAhead && this.ready.size + decoder.decodeQueueSize < mostQueued + (this.wanted > this.fed ? 64 : 0)) {
      const { key, data } = track.units[this.fed]!;
      decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: this.fed, data }));
      this.fed += 1;
    }
    if (this.fed === track.units.length) {
      this.flushing = true; // the last frames come out; after it only a keyframe may follow
      decoder.flush().catch(() => undefined);
    }
  }

  private came(from: VideoDecoder, frame: VideoFrame): void {
    const index = frame.timestamp;
    if (this.closed || from !== this.decoder) return frame.close();
    this.due = index + 1;
    if (index >= this.wanted) {
      this.ready.set(index, frame);
      return this.show();
    }
    const late = this.playing && performance.now() - this.shownAt > lateMs;
    if (late) this.put(frame, index);
    frame.close();
    this.feed();
  }

  private show(): void {
    let best = this.shown <= this.wanted ? this.shown : -1; // a late frame that stands is newer than what waited before it came
    for (const index of this.ready.keys()) if (index <= this.wanted && index > best) best = index;
    if (best >= 0 && best !== this.shown) this.put(this.ready.get(best)!, best);
    for (const [index, frame] of this.ready) {
      if (index >= best) continue;
      frame.close();
      this.ready.delete(index);
    }
    this.feed();
  }

  private put(frame: VideoFrame, index: number): void {
    this.shown = index;
    this.shownAt = performance.now();
    this.onShown(frame, index);
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures > 3) return this.onFailed();
    this.restart(keyBefore(this.track, this.wanted));
    this.feed();
  }
}
