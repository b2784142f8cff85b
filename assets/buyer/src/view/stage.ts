// The picture and what stands over it: callouts, badges, controls, stream info, state screen. The picture's box has exactly the
// program's shape, so overlay positions are shares of it.

import type { OpenOn } from '../link/api';
import type { Phase } from '../link/machine';
import { languages, ownNames, type Language, type Words } from '../text/language';
import { insets } from '../picture/insets';
import type { Rect } from '../picture/label_layout';
import type { ModelLayer } from '../model/layer';
import type { Overlay } from '../picture/overlay';
import { Screen } from '../picture/screen';
import type { Stats } from '../stats';
import type { SceneSource } from '../wire/scene_frame';
import { el, icon, setIcon, setText } from './dom';
import { Captions } from './captions';
import { LeftOut, type LeftOutNote } from './left_out';
import { placeOf } from './place';
import { StateScreen } from './state_screen';
import type { PictureMode } from '../stats';
import { StreamInfo } from './stream_info';

export interface StageReports {
  language(language: Language): void;
  again(): void;
  takeOver(): void;
  watch(): void;
  /** px from the picture's corner. */
  tap(x: number, y: number, pointer: 'fine' | 'coarse'): void;
  /** A long press; true when it meant something. */
  hold(x: number, y: number): boolean;
  annotations(on: boolean): void;
  note(note: LeftOutNote): void;
}

const restMs = 3000;
const holdMs = 550;
const holdStill = 10; // px

export class Stage {
  readonly video = el('video', { playsinline: true, autoplay: true, muted: true, disablepictureinpicture: true });
  readonly screen = new Screen(this.video);
  readonly root: HTMLElement;
  readonly frame: HTMLElement;
  private readonly foot: HTMLElement;
  readonly captions = new Captions();
  readonly leftOut: LeftOut;
  private readonly state: StateScreen;
  private readonly info: StreamInfo;
  private readonly overlay: Overlay;
  private readonly models: ModelLayer;
  private readonly badge = el('span', { class: 'badge' });
  private readonly badgeWord = el('span');
  private readonly latency = el('span', { class: 'latency' });
  private readonly recordingWord = el('span');
  private readonly recordingBadge = el('span', { class: 'badge recording', hidden: true }, el('span', { class: 'light', 'aria-hidden': 'true' }), this.recordingWord);
  private readonly poor = el('span', { class: 'badge poor', hidden: true });
  private readonly soundButton: HTMLButtonElement;
  private readonly soundCall: HTMLButtonElement;
  private readonly fullButton: HTMLButtonElement;
  private readonly infoButton: HTMLButtonElement;
  private readonly notesButton: HTMLButtonElement;
  private readonly languageSelect: HTMLSelectElement;
  private readonly controls: HTMLElement;
  private words: Words | null = null;
  private phase: Phase = 'joining';
  private shape = 16 / 9;
  private askedForSound = false;
  private rest: number | undefined;
  private heldAt = 0;
  private lastUp: PointerEvent | null = null;
  private roomThere = false;
  private held = false;

  constructor(overlay: Overlay, models: ModelLayer, reports: StageReports) {
    this.overlay = overlay;
    this.models = models;
    this.video.muted = true; // the attribute alone does not mute an element made by script
    this.state = new StateScreen(reports.again, reports.takeOver, reports.watch);
    this.info = new StreamInfo(() => this.showInfo(false));
    this.soundButton = el('button', { type: 'button', class: 'round', click: () => this.sound(this.video.muted) }, icon('muted'));
    this.soundCall = el('button', { type: 'button', class: 'sound-call', hidden: true, click: () => this.sound(true) },
      icon('muted'), el('span'));
    this.fullButton = el('button', { type: 'button', class: 'round', click: () => this.fullScreen() }, icon('expand'));
    this.fullButton.hidden = !document.fullscreenEnabled;
    this.infoButton = el('button',
      { type: 'button', class: 'round', 'aria-controls': 'stream-info', click: () => this.showInfo(!this.info.open) },
      icon('info'));
    this.leftOut = new LeftOut(reports.note);
    this.notesButton = el('button',
      { type: 'button', class: 'round notes', 'aria-pressed': 'true', click: () => reports.annotations(!this.annotated) }, icon('tag'));
    this.languageSelect = el('select',
      { change: () => reports.language(this.languageSelect.value as Language) },
      ...languages.map((language) => el('option', { value: language, lang: language }, ownNames[language])));
    this.badge.append(el('span', { class: 'light', 'aria-hidden': 'true' }), this.badgeWord, this.latency);
    this.controls = el('div', { class: 'controls' },
      el('label', { class: 'language' }, icon('globe'), this.languageSelect),
      this.notesButton, this.infoButton, this.soundButton, this.fullButton);
    const badges = el('div', { class: 'badges' }, this.badge, this.recordingBadge, this.poor, this.leftOut.button);
    this.foot = el('div', { class: 'foot' }, this.captions.lowerThird, this.soundCall);
    this.frame = el('div', { class: 'frame' },
      this.video,
      this.screen.canvas,
      models.root,
      overlay.root,
      this.captions.specs,
      this.foot,
      this.state.root,
      badges,
      this.captions.badges,
      this.leftOut.list,
      this.controls,
      this.info.root);
    this.root = el('section', { class: 'stage' }, this.frame);

    // What stands over the picture comes, goes and grows with its text: labels keep clear of where it is now.
    const sizes = new ResizeObserver(() => this.fit());
    const { captions } = this;
    const standing = [badges, this.soundCall, this.controls, captions.badges, captions.specs, captions.lowerThird];
    for (const part of [this.root, ...standing]) sizes.observe(part);
    this.video.addEventListener('resize', () => this.shaped(this.video.videoWidth, this.video.videoHeight));
    this.video.addEventListener('volumechange', () => this.update());
    this.frame.addEventListener('pointerup', (event) => (this.lastUp = event), { capture: true });
    this.frame.addEventListener('click', (event) => this.tapped(event, reports));
    this.watchHolds(reports);
    for (const act of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
      this.root.addEventListener(act, () => this.wake(), { passive: true });
    }
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      if (this.info.open) this.showInfo(false);
      this.leftOut.open(false);
    });
    document.addEventListener('fullscreenchange', () => this.update());
    this.wake();
  }

  label(words: Words): void {
    this.words = words;
    this.root.setAttribute('aria-label', words.say('picture'));
    this.languageSelect.setAttribute('aria-label', words.say('language'));
    this.languageSelect.value = words.language;
    this.infoButton.setAttribute('aria-label', words.say('stream_info'));
    this.infoButton.title = words.say('stream_info');
    setText(this.soundCall.querySelector('span')!, words.say('tap_for_sound'));
    setText(this.poor, words.say('poor_network'));
    setText(this.recordingWord, words.say('recording_on'));
    this.recordingBadge.title = words.say('recording_on_note');
    this.info.label(words);
    this.leftOut.label(words);
    this.update();
    this.fit();
  }

  /** Whether this buyer has callouts, dimension lines and captions over the picture. */
  get annotated(): boolean {
    return !this.root.classList.contains('plain');
  }

  annotate(on: boolean): void {
    this.root.classList.toggle('plain', !on);
    this.update();
    this.fit();
  }

  /** Where the invitation is open instead of here; before show('elsewhere'). */
  elsewhere(devices: OpenOn[]): void {
    this.state.openOn = devices;
  }

  show(phase: Phase): void {
    this.phase = phase;
    this.update();
  }

  /** The holding picture is in the picture's place. */
  hold(on: boolean): void {
    if (this.held === on) return;
    this.held = on;
    this.update();
  }

  /** There is a recording to offer once the show has ended. */
  recording(there: boolean): void {
    this.state.recording = there;
    this.update();
  }

  /** Whether the show is being recorded: said for as long as it is, whatever else is in the picture's place. */
  beingRecorded(on: boolean): void {
    if (this.recordingBadge.hidden === !on) return;
    this.recordingBadge.hidden = !on;
    this.fit();
  }

  /** Something else stands where the state screen would. */
  room(there: boolean): void {
    this.roomThere = there;
    this.update();
    this.fit();
  }

  /** What is in the picture's place; anything but "live" puts the live picture into the corner. */
  mode(mode: PictureMode): void {
    this.root.dataset['mode'] = mode;
    this.fit();
  }

  refit(): void {
    this.fit();
  }

  /** The models' own canvas, and where it lies as shares of the picture; only in the callback that drew it does it hold something. */
  modelPicture(): { canvas: HTMLCanvasElement; x: number; y: number; width: number; height: number } | null {
    const { canvas } = this.models;
    if (!canvas || canvas.width === 0) return null;
    const [box, at] = [this.frame.getBoundingClientRect(), canvas.getBoundingClientRect()];
    return { canvas, x: (at.left - box.left) / box.width, y: (at.top - box.top) / box.height, width: at.width / box.width, height: at.height / box.height };
  }

  /** The lower third stands beside an inset of the picture, not on it. */
  sources(sources: readonly SceneSource[]): void {
    const whole = 1000;
    const fromRight = document.documentElement.dir === 'rtl';
    const covered = insets(sources, [-1, -1], { width: whole, height: whole }).some(
      ({ x, y, width, height }) => y + height > whole / 2 && (fromRight ? x + width > 0.6 * whole : x < 0.4 * whole),
    );
    if (covered === this.foot.classList.contains('aside')) return;
    this.foot.classList.toggle('aside', covered);
    this.fit();
  }

  /** The program's size, from the show document or the stream itself. */
  shaped(width: number, height: number): void {
    if (!(width > 0 && height > 0)) return;
    this.shape = width / height;
    this.fit();
  }

  figures(stats: Stats, poor: boolean): void {
    const p50 = stats.latencyMs.p50;
    const known = this.phase === 'playing' && !this.held && p50 !== null && p50 > -1000;
    setText(this.latency, known && this.words ? this.words.say('latency', { ms: this.words.number(Math.max(0, p50)) }) : '');
    this.poor.hidden = !(poor && this.phase === 'playing' && !this.held);
    this.info.update(stats);
  }

  private update(): void {
    const { words, phase } = this;
    if (!words) return;
    this.state.show(phase, words, this.roomThere);
    this.root.dataset['phase'] = phase;
    this.badge.hidden = phase !== 'playing' && phase !== 'paused';
    this.badge.classList.toggle('live', phase === 'playing' && !this.held);
    setText(this.badgeWord, words.say(phase === 'paused' ? 'paused' : this.held ? 'holding' : 'live'));
    if (this.held) setText(this.latency, '');
    const muted = this.video.muted;
    setIcon(this.soundButton, muted ? 'muted' : 'sound');
    name(this.soundButton, words.say(muted ? 'sound_off' : 'sound_on'));
    this.soundButton.setAttribute('aria-pressed', String(!muted));
    name(this.notesButton, words.say(this.annotated ? 'annotations_hide' : 'annotations_show'));
    this.notesButton.setAttribute('aria-pressed', String(this.annotated));
    this.soundCall.hidden = this.askedForSound || phase !== 'playing' || !muted;
    this.soundButton.hidden = !this.soundCall.hidden; // one of them is enough
    const full = document.fullscreenElement === this.root;
    setIcon(this.fullButton, full ? 'shrink' : 'expand');
    name(this.fullButton, words.say(full ? 'leave_full_screen' : 'full_screen'));
  }

  private sound(on: boolean): void {
    this.askedForSound = true;
    this.video.muted = !on;
    if (on) {
      this.video.play().catch(() => {
        this.video.muted = true; // the browser wants another tap
      });
    }
    this.update();
  }

  private fullScreen(): void {
    const asked = document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen();
    asked.catch(() => undefined); // refused by the browser: the picture stays as it is
  }

  private showInfo(open: boolean): void {
    this.info.show(open);
    this.infoButton.setAttribute('aria-expanded', String(open));
    if (!open) this.infoButton.focus();
  }

  private tapped(event: MouseEvent, reports: StageReports): void {
    // By the event's path: a callout's own handler may have rebuilt it, and the target then hangs in the air.
    const control = 'button, select, label, input, form, table, .info, .state, .frozen, .replay, .waiting-room, .picture-bar, .tool-hint, .mark-name';
    if (event.composedPath().some((node) => node instanceof Element && node.matches(control))) return;
    if (event.timeStamp - this.heldAt < 700) return; // the end of a long press
    const box = this.frame.getBoundingClientRect();
    const [x, y] = placeOf(event, this.lastUp);
    reports.tap(x - box.left, y - box.top, (event as PointerEvent).pointerType === 'touch' ? 'coarse' : 'fine');
  }

  private watchHolds(reports: StageReports): void {
    let timer: number | undefined;
    let from: PointerEvent | null = null;
    const away = (): void => {
      window.clearTimeout(timer);
      from = null;
    };
    this.frame.addEventListener('pointerdown', (event) => {
      away();
      if (!event.isPrimary || event.button !== 0 || !(event.target instanceof Element) || event.target.closest('button, select, label, input, form, table, .info, .state, .frozen, .replay, .waiting-room, .picture-bar, .tool-hint')) return;
      from = event;
      timer = window.setTimeout(() => {
        const box = this.frame.getBoundingClientRect();
        if (reports.hold(event.clientX - box.left, event.clientY - box.top)) this.heldAt = performance.now();
      }, holdMs);
    });
    this.frame.addEventListener('pointermove', (event) => {
      if (from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > holdStill) away();
    });
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) this.frame.addEventListener(end, () => {
      if (this.heldAt > 0 && performance.now() - this.heldAt < holdMs * 10) this.heldAt = performance.now();
      away();
    });
    this.frame.addEventListener('contextmenu', (event) => {
      if ((event as PointerEvent).pointerType === 'touch') event.preventDefault(); // a long press means something else here
    });
  }

  /** The largest box of the program's shape that the stage holds. */
  private fit(): void {
    const { clientWidth, clientHeight } = this.root;
    const width = Math.floor(Math.min(clientWidth, clientHeight * this.shape));
    const height = Math.floor(Math.min(clientHeight, clientWidth / this.shape));
    if (width <= 0 || height <= 0) return;
    this.frame.style.width = `${width}px`;
    this.frame.style.height = `${height}px`;
    this.models.resize(width, height);
    this.overlay.resize(width, height, this.standing());
  }

  private standing(): Rect[] {
    const box = this.frame.getBoundingClientRect();
    return [...this.frame.querySelectorAll('.badges, .controls, .sound-call, .caption-badges, .caption-table, .lower-third, .tool-hint, .point-form')]
      .map((part) => part.getBoundingClientRect())
      .filter(({ width }) => width > 0)
      .map((part) => ({
        x: Math.floor(part.left - box.left),
        y: Math.floor(part.top - box.top),
        width: Math.ceil(part.width),
        height: Math.ceil(part.height),
      }));
  }

  private wake(): void {
    this.root.classList.remove('resting');
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.root.classList.add('resting'), restMs);
  }
}

function name(button: HTMLButtonElement, text: string): void {
  button.setAttribute('aria-label', text);
  button.title = text;
}
