// Before the show: who invites to what, when it begins, what a buyer can try meanwhile, and what will happen next. Stands in place of the picture.

import { localClock } from '../link/live_socket';
import type { Words } from '../text/language';
import { el, fill, icon, setText } from '../view/dom';
import type { Recording, ShowDocument } from '../wire/show';
import { checkVideo, playTone, type VideoCheck } from './checks';
import { measurePath, type Path } from './path';

export class WaitingRoom {
  readonly root = el('section', { class: 'waiting-room', hidden: true });
  private readonly video: HTMLVideoElement;
  private readonly measured: (kbps: number) => void;
  private readonly countdown = el('p', { class: 'countdown', role: 'timer' });
  private readonly soundSaid = el('p', { class: 'check-said', role: 'status' });
  private readonly videoSaid = el('p', { class: 'check-said', role: 'status' });
  private readonly pathSaid = el('p', { class: 'check-said', role: 'status' });
  private readonly tone: HTMLButtonElement;
  private path: Path | 'untried' | 'measuring' | 'unknown' = 'untried';
  private videoCheck: VideoCheck | null = null;
  private sound: 'untried' | 'playing' | 'played' | 'failed' = 'untried';
  private startsAtMs: number | null = null;
  private serverAhead = (): number => 0;
  private words: Words | null = null;
  /** Of the tone that was played last, for tests and support. */
  toneLevel = 0;

  /** `measured`: what the way to here carries, kbit/s. */
  constructor(video: HTMLVideoElement, measured: (kbps: number) => void) {
    this.video = video;
    this.measured = measured;
    this.tone = el('button', { type: 'button', class: 'button', click: () => void this.play() });
    window.setInterval(() => this.tick(), 1000);
  }

  /** `serverAhead`: the server's clock minus this device's, ms. */
  show(there: boolean, show: ShowDocument | null, name: string, recording: Recording, words: Words, serverAhead: () => number): void {
    this.words = words;
    this.serverAhead = serverAhead;
    this.startsAtMs = show?.startsAtMs ?? null;
    const came = there && this.root.hidden;
    this.root.hidden = !there;
    if (!there) return;
    if (came && this.videoCheck === null) void checkVideo().then((check) => {
      this.videoCheck = check;
      this.tell();
    });
    if (came && this.path === 'untried') void this.measure();
    const title = words.text(show?.title) || words.say('waiting_title');
    const factory = words.text(show?.factory) === title ? '' : words.text(show?.factory);
    const when = this.startsAtMs === null ? null : words.moment(this.startsAtMs);
    const steps = (['next_1', 'next_2', 'next_3'] as const).map((key) => el('li', {}, words.say(key)));
    fill(this.root,
      el('div', { class: 'waiting-head' },
        factory && el('p', { class: 'factory', dir: 'auto' }, factory),
        el('h2', { dir: 'auto' }, title),
        name && el('p', { class: 'greeting', dir: 'auto' }, words.say('greeting', { name })),
        this.countdown,
        when && el('p', { class: 'secondary' }, words.say('starts_at', { time: when })),
        recording !== 'off' && el('p', { class: 'recording-note' }, words.say(recording === 'on' ? 'recording_on_note' : 'recording_planned'))),
      el('ul', { class: 'checks' },
        el('li', { class: 'check-item' }, icon('sound'), el('div', {}, el('h3', {}, words.say('check_sound')), this.soundSaid), this.tone),
        el('li', { class: 'check-item' }, icon('screen'), el('div', {}, el('h3', {}, words.say('check_video')), this.videoSaid)),
        el('li', { class: 'check-item' }, icon('link'), el('div', {}, el('h3', {}, words.say('check_path')), this.pathSaid))),
      el('div', { class: 'next' }, el('h3', {}, words.say('what_next')), el('ol', {}, ...steps)));
    setText(this.tone, words.say('play_tone'));
    this.tell();
    this.tick();
  }

  private async play(): Promise<void> {
    if (this.sound === 'playing') return;
    this.sound = 'playing';
    this.tell();
    try {
      this.toneLevel = await playTone(this.video);
      this.sound = this.toneLevel > 0.01 ? 'played' : 'failed';
    } catch {
      this.sound = 'failed';
    }
    this.tell();
  }

  private async measure(): Promise<void> {
    this.path = 'measuring';
    let found = await measurePath();
    // Many come at once, and few are measured together.
    for (let left = 20; found && 'againMs' in found && left > 0 && !this.root.hidden; --left) {
      const ms = found.againMs + Math.random() * 2000;
      await new Promise((done) => window.setTimeout(done, ms));
      found = await measurePath();
    }
    this.path = found && !('againMs' in found) ? found : 'unknown';
    if (typeof this.path !== 'string') this.measured(Math.round(this.path.kbps));
    this.tell();
  }

  private tell(): void {
    const { words, path } = this;
    if (!words) return;
    const megabits = (kbps: number): string => words.number(kbps / 1000, kbps < 10_000 ? 1 : 0);
    const enough = typeof path !== 'string' && path.kbps >= path.needKbps;
    setText(this.pathSaid, typeof path === 'string'
      ? words.say(path === 'unknown' ? 'path_unknown' : 'path_measuring')
      : words.say(enough ? 'path_good' : 'path_slow', { carries: megabits(path.kbps), need: megabits(path.needKbps) }));
    this.pathSaid.classList.toggle('good', enough);
    this.pathSaid.classList.toggle('bad', typeof path !== 'string' && !enough);
    setText(this.soundSaid, words.say(`sound_${this.sound}`));
    const video = this.videoCheck === null ? 'video_checking' : this.videoCheck === 'good' ? 'video_good' : this.videoCheck === 'no-h264' ? 'video_no_h264' : 'video_no_webrtc';
    setText(this.videoSaid, words.say(video));
    this.soundSaid.classList.toggle('good', this.sound === 'played');
    this.videoSaid.classList.toggle('good', this.videoCheck === 'good');
    this.videoSaid.classList.toggle('bad', this.videoCheck !== null && this.videoCheck !== 'good');
  }

  private tick(): void {
    const { words, startsAtMs } = this;
    if (this.root.hidden || !words) return;
    const left = startsAtMs === null ? null : startsAtMs - (localClock() + this.serverAhead());
    setText(this.countdown, left === null ? words.say('waiting_any_moment') : left <= 0 ? words.say('waiting_soon') : words.countdown(left));
    this.countdown.classList.toggle('numbers', left !== null && left > 0);
  }
}
