// Pointing at a part and measuring it, on the live picture or on a frozen one. A tap is judged by the scene frame of exactly the frame on screen; who has no
// pointer moves a reticle with the arrow keys (with Shift in small steps) and sets it with Enter.

import type { Words } from '../text/language';
import { el, icon, setText } from '../view/dom';
import type { SceneMoment } from '../wire/desk';
import type { Anchor, SceneFrame } from '../wire/scene_frame';
import type { Product, Vec3 } from '../wire/show';
import { imperial } from '../text/money';
import type { Prefs } from '../text/prefs';
import type { Marker, MeasuredLine } from './markers';
import { honest, lengthBetween, measuredPoint, type MeasuredPoint, type Tap } from './measure';

export interface Spot {
  product: Product;
  anchor: Anchor;
  scene: SceneFrame;
  mm: Vec3;
  at: [number, number]; // normalised program coordinates
}

/** A picture that can be pointed at. */
export interface Surface {
  readonly holder: HTMLElement;
  /** Of a point in px from the holder's top left corner. */
  spotAt(x: number, y: number): Spot | null;
  /** px that the whole picture is drawn at, zoom included. */
  drawn(): { width: number; height: number };
}

export interface ToolReports {
  mode(mode: ToolMode): void;
  marks(): void;
  point(spot: Spot, note: string): Promise<boolean>;
}

export type ToolMode = 'none' | 'point' | 'measure';
const mostNote = 200;

export class PictureTool {
  drafts: Marker[] = [];
  lines: MeasuredLine[] = [];
  /** The last length measured, as said. */
  measured: { mm: number; uncertaintyMm: number } | null = null;
  private readonly reports: ToolReports;
  private readonly hint = el('p', { class: 'tool-hint-text', role: 'status' });
  private readonly done = el('button', { type: 'button', class: 'plain', click: () => this.stop() });
  private readonly bar = el('div', { class: 'tool-hint' }, this.hint, this.done);
  private readonly reticle = el('button', { type: 'button', class: 'reticle' }, icon('target'));
  private readonly note = el('input', { type: 'text', maxlength: mostNote, id: 'point-note', dir: 'auto', autocomplete: 'off', enterkeyhint: 'send' });
  private readonly noteLabel = el('label', { for: 'point-note' });
  private readonly send = el('button', { type: 'submit', class: 'button primary' });
  private readonly cancel = el('button', { type: 'button', class: 'button', click: () => this.drop() });
  private readonly form: HTMLFormElement;
  private surface: Surface | null = null;
  private spot: Spot | null = null;
  private first: { point: MeasuredPoint; product: string } | null = null;
  private at = { x: 0.5, y: 0.5 };
  private words: Words | null = null;
  private program = { width: 1280, height: 720 };
  private prefs: Prefs = { currency: '', units: 'metric' };
  mode: ToolMode = 'none';

  constructor(reports: ToolReports) {
    this.reports = reports;
    this.form = el('form', { class: 'point-form', hidden: true }, this.noteLabel, this.note, el('div', { class: 'row' }, this.cancel, this.send));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.drop();
    });
    this.reticle.addEventListener('keydown', (event) => this.key(event));
    this.reticle.addEventListener('click', (event) => {
      if (event.detail > 0) return; // a pointer's click falls through to the picture
      event.stopPropagation();
      this.pick('fine');
    });
  }

  label(words: Words, program: { width: number; height: number }, prefs: Prefs): void {
    this.words = words;
    this.program = program;
    this.prefs = prefs;
    setText(this.done, words.say('done'));
    setText(this.noteLabel, words.say('point_note'));
    this.note.placeholder = words.say('point_note_example');
    setText(this.send, words.say('point_send'));
    setText(this.cancel, words.say('cancel'));
    this.reticle.setAttribute('aria-label', words.say('reticle'));
    this.say();
  }

  start(mode: 'point' | 'measure', surface: Surface): void {
    this.stop();
    this.mode = mode;
    this.surface = surface;
    surface.holder.append(this.bar, this.reticle, this.form);
    this.at = { x: 0.5, y: 0.5 };
    this.place();
    surface.holder.dataset['tool'] = mode;
    this.say();
    this.reports.mode(mode);
    this.reticle.focus({ preventScroll: true });
  }

  stop(): void {
    if (this.mode === 'none') return;
    delete this.surface?.holder.dataset['tool'];
    for (const part of [this.bar, this.reticle, this.form]) part.remove();
    Object.assign(this, { mode: 'none', surface: null, spot: null, first: null, drafts: [], lines: [] });
    this.form.hidden = true;
    this.reports.marks();
    this.reports.mode('none');
  }

  /** True when the tap was for this tool. px from the holder's top left corner. */
  tap(surface: Surface, x: number, y: number, pointer: 'fine' | 'coarse'): boolean {
    if (this.mode === 'none' || surface !== this.surface) return false;
    const spot = surface.spotAt(x, y);
    if (!spot) {
      this.say(this.words?.say('no_product_there'));
      return true;
    }
    if (this.mode === 'point') this.draft(spot);
    else this.end(spot, pointer);
    return true;
  }

  /** A long press: straight to the note. */
  hold(surface: Surface, x: number, y: number): boolean {
    const spot = surface.spotAt(x, y);
    if (!spot) return false;
    this.start('point', surface);
    this.draft(spot);
    return true;
  }

  private draft(spot: Spot): void {
    this.spot = spot;
    this.drafts = [{ id: 'draft', product: spot.product.id, at: spot.mm, name: '', note: '', own: true, kind: 'draft' }];
    this.form.hidden = false;
    this.reports.marks();
    this.say();
    this.note.focus({ preventScroll: true });
  }

  private drop(): void {
    this.spot = null;
    this.drafts = [];
    this.form.hidden = true;
    this.note.value = '';
    this.reports.marks();
    this.stop();
  }

  private async submit(): Promise<void> {
    const { spot } = this;
    if (!spot) return;
    const note = this.note.value.replace(/\p{Cc}+/gu, ' ').trim();
    if (await this.reports.point(spot, note)) this.drop();
  }

  private end(spot: Spot, pointer: 'fine' | 'coarse'): void {
    const tap: Tap = { at: spot.at, drawn: this.surface!.drawn(), pointer };
    const point = measuredPoint(spot.anchor, tap, this.program);
    if (!point) return this.say(this.words?.say('no_product_there'));
    const corner = (mm: Vec3, id: string): Marker => ({ id, product: spot.product.id, at: mm, name: '', note: '', own: true, kind: 'corner' });
    if (!this.first || this.first.product !== spot.product.id) {
      this.first = { point, product: spot.product.id };
      this.lines = [];
      this.measured = null;
      this.drafts = [corner(point.mm, 'a')];
    } else {
      const length = lengthBetween(this.first.point, point);
      this.measured = length;
      this.drafts = [corner(this.first.point.mm, 'a'), corner(point.mm, 'b')];
      this.lines = [{ product: spot.product.id, from: this.first.point.mm, to: point.mm, text: this.said() }];
      this.first = null;
    }
    this.reports.marks();
    this.say();
  }

  /** "42.3 ± 0.8 mm", with inches where the buyer wants them. */
  private said(): string {
    const { words, measured } = this;
    if (!words || !measured) return '';
    const { mm, uncertaintyMm, decimals } = honest(measured);
    const plain = words.measure(mm, uncertaintyMm, decimals, 'mm');
    const inches = this.prefs.units === 'imperial' ? imperial(mm.toFixed(decimals), 'mm') : null;
    return inches ? `${plain} (${words.quantity(Number(inches.value.toFixed(inches.digits)), inches.unit)})` : plain;
  }

  private say(instead?: string): void {
    const { words, mode } = this;
    if (!words || mode === 'none') return;
    const text = instead ?? (mode === 'point'
      ? words.say(this.spot ? 'point_write' : 'point_hint')
      : this.measured ? words.say('measured', { length: this.said() }) : words.say(this.first ? 'measure_second' : 'measure_first'));
    setText(this.hint, text);
  }

  private key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 0.004 : 0.02;
    const by = ({ ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] } as Record<string, [number, number]>)[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      return this.stop();
    }
    if (!by) return;
    event.preventDefault();
    const within = (value: number): number => Math.min(Math.max(value, 0), 1);
    this.at = { x: within(this.at.x + by[0]), y: within(this.at.y + by[1]) };
    this.reticle.classList.add('used');
    this.place();
  }

  private place(): void {
    this.reticle.style.left = `${this.at.x * 100}%`;
    this.reticle.style.top = `${this.at.y * 100}%`;
  }

  private pick(pointer: 'fine' | 'coarse'): void {
    if (!this.surface) return;
    const { width, height } = this.surface.holder.getBoundingClientRect();
    this.tap(this.surface, this.at.x * width, this.at.y * height, pointer);
  }
}

export function momentOf(scene: SceneFrame | null, product: string): SceneMoment {
  return { frame: scene?.number ?? 0, captureUs: scene?.captureUs ?? 0, product };
}

/** As acts carry it. */
export const wireMoment = ({ frame, captureUs, product }: SceneMoment): object => ({ frame, capture_us: captureUs, product });

