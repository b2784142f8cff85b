// The last seconds again, for this buyer alone: the frames as they came with the annotations of their own scene frames. Space plays and stands still, arrow
// keys step by frames. The live picture goes on in the corner.

import type { Overlay } from '../picture/overlay';
import { overlayLike, type Annotations, type Frozen } from '../still/annotated';
import { el, icon, setIcon, setText, type IconName } from '../view/dom';
import type { Callout, Product } from '../wire/show';
import { Rewind } from './rewind';
import type { Track } from './track';

export interface ReplayReports {
  close(): void;
  freeze(frozen: Frozen): void;
  callout(product: Product, callout: Callout): void;
}

const speeds = [1, 0.5, 0.25] as const;

export class ReplayView {
  readonly root: HTMLElement;
  private readonly rewind: Rewind;
  private readonly canvas = el('canvas', { class: 'replay-picture' });
  private readonly holder = el('div', { class: 'replay-window', tabindex: -1 });
  private readonly range = el('input', { type: 'range', min: 0, step: 1, class: 'scrub' });
  private readonly time = el('span', { class: 'scrub-time' });
  private readonly playButton: HTMLButtonElement;
  private readonly speedSelect: HTMLSelectElement;
  private overlay: Overlay;
  private annotations: Annotations;
  private readonly reports: ReplayReports;
  private readonly sizes = new ResizeObserver(() => this.fit());

  constructor(track: Track, annotations: Annotations, reports: ReplayReports) {
    this.annotations = annotations;
    this.reports = reports;
    const { words } = annotations;
    this.overlay = this.newOverlay();
    this.rewind = new Rewind(track);
    const button = (sign: IconName, text: string, act: () => void, kind = ''): HTMLButtonElement =>
      el('button', { type: 'button', class: `bar-button ${kind}`, title: text, click: act }, icon(sign), el('span', {}, text));
    this.playButton = button('play', words.say('play'), () => this.rewind.play(!this.rewind.playing), 'bare');
    this.speedSelect = el('select', { 'aria-label': words.say('speed'), change: () => (this.rewind.speed = Number(this.speedSelect.value)) },
      ...speeds.map((speed) => el('option', { value: speed }, `${words.number(speed, 2)}×`)));
    this.range.max = String(Math.round(track.durationMs));
    this.range.setAttribute('aria-label', words.say('replay_position'));
    this.range.addEventListener('input', () => {
      const ms = Number(this.range.value); // before standing still writes the old place into it
      this.rewind.play(false);
      this.rewind.seek(ms);
    });
    this.holder.append(this.canvas, this.overlay.root);
    this.root = el('section', { class: 'replay', 'aria-label': words.say('replay') },
      this.holder,
      el('div', { class: 'picture-bar' },
        button('live', words.say('back_to_live'), () => reports.close(), 'primary'),
        this.playButton,
        button('back', words.say('frame_back'), () => this.rewind.step(-1), 'bare wide-only'),
        button('forward', words.say('frame_forward'), () => this.rewind.step(1), 'bare wide-only'),
        el('div', { class: 'scrub-block' }, this.range, this.time),
        el('label', { class: 'speed' }, this.speedSelect),
        button('freeze', words.say('freeze'), () => this.freeze())));
    this.rewind.onShown = (frame, index) => this.shown(frame, index);
    this.rewind.onMoved = (ms, playing) => this.moved(ms, playing);
    this.rewind.onFailed = () => reports.close();
    this.root.addEventListener('keydown', (event) => this.key(event));
    this.sizes.observe(this.holder);
  }

  /** Runs from there. */
  start(atMs: number): void {
    this.rewind.start(atMs);
    this.rewind.play(true);
    this.playButton.focus({ preventScroll: true });
  }

  show(annotations: Annotations): void {
    const anew = annotations.words !== this.annotations.words || annotations.show !== this.annotations.show;
    this.annotations = annotations;
    if (anew) {
      this.overlay.root.remove();
      this.overlay = this.newOverlay();
      this.holder.append(this.overlay.root);
      this.fit();
    }
    this.overlay.state(annotations.pinned, annotations.hidden);
    this.overlay.markers.show(annotations.markers, annotations.lines, annotations.words);
    this.overlay.draw(this.scene());
  }

  /** For tests and support. */
  figures(): { positionMs: number; durationMs: number; sceneNumber: number | null; playing: boolean } {
    return { positionMs: this.rewind.positionMs, durationMs: this.rewind.track.durationMs, sceneNumber: this.scene()?.number ?? null, playing: this.rewind.playing };
  }

  close(): void {
    this.sizes.disconnect();
    this.rewind.close();
    this.root.remove();
  }

  private scene(): Track['scenes'][number] {
    return this.rewind.track.scenes[this.rewind.index] ?? null;
  }

  private newOverlay(): Overlay {
    return overlayLike(this.annotations, (product, callout) => this.reports.callout(product, callout));
  }

  private fit(): void {
    const { clientWidth, clientHeight } = this.holder;
    if (clientWidth === 0) return;
    this.overlay.resize(clientWidth, clientHeight, []);
    this.overlay.draw(this.scene());
  }

  private shown(frame: VideoFrame, index: number): void {
    if (this.canvas.width !== frame.displayWidth || this.canvas.height !== frame.displayHeight) {
      this.canvas.width = frame.displayWidth;
      this.canvas.height = frame.displayHeight;
    }
    this.canvas.getContext('2d')!.drawImage(frame, 0, 0);
    this.overlay.draw(this.rewind.track.scenes[index] ?? null);
  }

  private moved(ms: number, playing: boolean): void {
    const { words } = this.annotations;
    const { durationMs } = this.rewind.track;
    this.range.value = String(Math.round(ms));
    this.range.style.setProperty('--share', `${durationMs > 0 ? (100 * ms) / durationMs : 0}%`);
    const back = words.number((ms - durationMs) / 1000, 1);
    setText(this.time, words.say('seconds_ago', { seconds: back }));
    this.range.setAttribute('aria-valuetext', this.time.textContent);
    setIcon(this.playButton, playing ? 'pause_plain' : 'play');
    const said = words.say(playing ? 'pause' : 'play');
    this.playButton.title = said;
    setText(this.playButton.querySelector('span')!, said);
  }

  private freeze(): void {
    const picture = document.createElement('canvas');
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    picture.getContext('2d')!.drawImage(this.canvas, 0, 0);
    const scene = this.scene();
    this.reports.freeze({ picture, scene, takenMs: scene ? scene.captureUs / 1000 : Date.now() });
  }

  private key(event: KeyboardEvent): void {
    const inRange = event.target === this.range;
    if (event.key === 'Escape') this.reports.close();
    else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) this.rewind.play(!this.rewind.playing);
    else if (event.key === 'ArrowLeft' && (inRange || event.target === this.holder)) this.rewind.step(-1);
    else if (event.key === 'ArrowRight' && (inRange || event.target === this.holder)) this.rewind.step(1);
    else return;
    event.preventDefault();
  }
}
