// The show again, after it has ended: the recording in the page's own video element, its scene frames joined to the frame on screen by media time, so that
// callouts, cards, models and quotes work as they did live.

import type { Words } from '../text/language';
import type { Screen } from '../picture/screen';
import { el, icon, setIcon, setText } from '../view/dom';
import type { SceneFrame } from '../wire/scene_frame';
import type { Replay } from '../wire/show';
import { fromServer, SceneSegments } from './segments';

export interface RecordedReports {
  /** Whether anything is drawn over the picture by this scene frame. */
  covered(scene: SceneFrame): boolean;
  scene(scene: SceneFrame | null): void;
  leave(): void;
}

export class RecordedPlayer {
  readonly root: HTMLElement;
  private readonly video: HTMLVideoElement;
  private readonly screen: Screen;
  private readonly reports: RecordedReports;
  private readonly frameMs: number;
  private readonly range = el('input', { type: 'range', min: 0, max: 1000, step: 'any', class: 'scrub', value: 0 });
  private readonly time = el('span', { class: 'scrub-time' });
  private readonly play: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  private readonly said = el('p', { class: 'caption', role: 'status' });
  private readonly scenes: SceneSegments;
  private mediaMs = 0;
  private words: Words;
  private readonly leaving = new AbortController();
  /** For tests and support. */
  matched = 0;
  frames = 0;

  constructor(screen: Screen, { url, scenes }: Replay, fps: number, words: Words, reports: RecordedReports) {
    const { video } = screen;
    this.screen = screen;
    this.video = video;
    this.words = words;
    this.reports = reports;
    this.frameMs = 1000 / fps;
    this.play = el('button', { type: 'button', class: 'bar-button bare', click: () => this.toggle() }, icon('play'), el('span'));
    this.leave = el('button', { type: 'button', class: 'bar-button bare', 'data-part': 'leave', click: () => reports.leave() }, icon('close'));
    this.root = el('div', { class: 'picture-bar recorded-bar' }, this.play, el('div', { class: 'scrub-block' }, this.range, this.time), this.said, this.leave);
    const { signal } = this.leaving;
    for (const event of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked']) video.addEventListener(event, () => this.show(), { signal });
    video.addEventListener('error', () => setText(this.said, this.words.say('recording_failed')), { signal });
    this.range.addEventListener('input', () => {
      if (Number.isFinite(video.duration)) video.currentTime = (Number(this.range.value) / 1000) * video.duration;
    });
    video.srcObject = null;
    video.src = url;
    video.preload = 'auto';
    video.muted = false;
    this.start();
    // What came for a frame that stands still belongs to it too.
    this.scenes = new SceneSegments(fromServer(scenes, signal), () => this.reports.scene(this.scenes.at(this.mediaMs, this.frameMs)));
    this.watch();
    this.label(words);
  }

  label(words: Words): void {
    this.words = words;
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', words.say('recording'));
    this.range.setAttribute('aria-label', words.say('replay_position'));
    this.leave.setAttribute('aria-label', words.say('close'));
    this.leave.title = words.say('close');
    this.show();
  }

  close(): void {
    this.leaving.abort();
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
    this.screen.hide();
    this.root.remove();
  }

  private watch(): void {
    if (!('requestVideoFrameCallback' in HTMLVideoElement.prototype)) return;
    const next = (now: number, { mediaTime, expectedDisplayTime }: VideoFrameCallbackMetadata): void => {
      if (this.leaving.signal.aborted) return;
      this.video.requestVideoFrameCallback(next);
      const about = this.scenes.at(mediaTime * 1000, this.frameMs);
      const picture = this.screen.take({ rtp: null, mediaTime, now, displayAt: expectedDisplayTime }, about !== null && this.reports.covered(about));
      if (!picture) return;
      this.mediaMs = picture.mediaTime * 1000;
      const scene = this.scenes.at(this.mediaMs, this.frameMs);
      this.frames += 1;
      if (scene) this.matched += 1;
      this.reports.scene(scene);
    };
    this.video.requestVideoFrameCallback(next);
  }

  /** With sound; where the browser wants another tap for that, without. */
  private start(): void {
    this.video.play().catch(() => {
      this.video.muted = true;
      this.video.play().catch(() => undefined);
    });
  }

  private toggle(): void {
    if (this.video.paused) this.video.play().catch(() => undefined);
    else this.video.pause();
  }

  private show(): void {
    const { video, words } = this;
    const known = Number.isFinite(video.duration) && video.duration > 0;
    const share = known ? video.currentTime / video.duration : 0;
    this.range.value = String(share * 1000);
    this.range.style.setProperty('--share', `${share * 100}%`);
    setText(this.time, `${words.clockOf(video.currentTime)} / ${known ? words.clockOf(video.duration) : '–'}`);
    this.range.setAttribute('aria-valuetext', this.time.textContent);
    const said = words.say(video.paused ? 'play' : 'pause');
    setIcon(this.play, video.paused ? 'play' : 'pause_plain');
    setText(this.play.querySelector('span')!, said);
    this.play.title = said;
  }
}

