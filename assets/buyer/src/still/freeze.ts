// A frozen frame to look at closely: at once the frame that was on screen, then the server's still at full quality with the annotations of its own scene
// frame. Pinch, wheel, double tap, + and − zoom; dragging and arrow keys move. The live picture goes on in the corner.

import type { Overlay } from '../picture/overlay';
import type { Spot, Surface } from '../point/picture_tool';
import { el, icon, setText, type IconName } from '../view/dom';
import type { Callout, Product } from '../wire/show';
import { overlayLike, type Annotations, type Frozen } from './annotated';
import { panned, paneOf, start, within, zoomed, type Pane, type Zoom } from './zoom';

export interface FreezeReports {
  close(): void;
  keep(): void;
  attach(): void;
  measure(surface: Surface): void;
  point(surface: Surface): void;
  tap(surface: Surface, x: number, y: number, pointer: 'fine' | 'coarse'): boolean;
  callout(product: Product, callout: Callout): void;
}

export class FreezeView implements Surface {
  readonly root: HTMLElement;
  readonly holder: HTMLElement;
  frozen: Frozen;
  full = false; // the server's still is shown
  private overlay: Overlay;
  private readonly world = el('div', { class: 'frozen-world' });
  private readonly state = el('span', { class: 'frozen-state', role: 'status' });
  private readonly bar: HTMLElement;
  private readonly reports: FreezeReports;
  private annotations: Annotations;
  private zoom: Zoom = start;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private moved = 0;
  private drawing = 0;
  private readonly sizes = new ResizeObserver(() => this.fit());

  constructor(frozen: Frozen, annotations: Annotations, reports: FreezeReports) {
    this.frozen = frozen;
    this.annotations = annotations;
    this.reports = reports;
    this.overlay = this.newOverlay();
    const { words } = annotations;
    this.holder = el('div', { class: 'frozen-window', tabindex: 0, role: 'group', 'aria-label': words.say('frozen_picture'), 'aria-describedby': 'frozen-help' }, this.world);
    const button = (sign: IconName, text: string, act: () => void, kind = ''): HTMLElement =>
      el('button', { type: 'button', class: `bar-button ${kind}`, title: text, click: act }, icon(sign), el('span', {}, text));
    this.bar = el('div', { class: 'picture-bar' },
      button('live', words.say('back_to_live'), () => reports.close(), 'primary'),
      el('span', { class: 'bar-gap' }),
      button('minus', words.say('zoom_out'), () => this.by(1 / 1.6), 'bare'),
      button('plus', words.say('zoom_in'), () => this.by(1.6), 'bare'),
      button('point', words.say('point'), () => reports.point(this)),
      button('measure', words.say('measure'), () => reports.measure(this)),
      button('save', words.say('keep_picture'), () => reports.keep()),
      button('attach', words.say('attach_to_quote'), () => reports.attach()));
    this.root = el('section', { class: 'frozen', 'aria-label': words.say('frozen_picture') },
      this.holder, this.state, this.bar, el('p', { class: 'sr-only', id: 'frozen-help' }, words.say('zoom_help')));
    this.listen();
    this.showPicture();
    this.say(words.say('still_coming'));
    this.sizes.observe(this.holder);
  }

  focus(): void {
    this.holder.focus({ preventScroll: true });
  }

  get scale(): number {
    return this.zoom.scale;
  }

  /** The server's still has come, with its own scene frame where it is known. */
  better(frozen: Frozen): void {
    this.frozen = frozen;
    this.full = true;
    this.showPicture();
    this.say(this.annotations.words.say('still_full'));
  }

  /** No still: what was frozen stays. */
  noStill(text: string): void {
    this.say(text);
  }

  show(annotations: Annotations): void {
    const anew = annotations.words !== this.annotations.words || annotations.show !== this.annotations.show;
    this.annotations = annotations;
    if (anew) {
      this.overlay = this.newOverlay();
      return this.showPicture();
    }
    this.overlay.state(annotations.pinned, annotations.hidden);
    this.overlay.markers.show(annotations.markers, annotations.lines, annotations.words);
    this.overlay.redraw();
  }

  close(): void {
    this.sizes.disconnect();
    cancelAnimationFrame(this.drawing);
    this.root.remove();
  }

  spotAt(x: number, y: number): Spot | null {
    return this.overlay.spotAt(x - this.zoom.x, y - this.zoom.y);
  }

  drawn(): { width: number; height: number } {
    const { whole } = this.pane();
    return { width: whole.width * this.zoom.scale, height: whole.height * this.zoom.scale };
  }

  private newOverlay(): Overlay {
    return overlayLike(this.annotations, (product, callout) => this.reports.callout(product, callout));
  }

  private say(text: string): void {
    setText(this.state, text);
  }

  private showPicture(): void {
    this.frozen.picture.classList.add('frozen-picture');
    this.world.replaceChildren(this.frozen.picture, this.overlay.root);
    this.fit();
  }

  private pane(): Pane {
    return paneOf({ width: this.holder.clientWidth, height: this.holder.clientHeight }, this.frozen.picture);
  }

  private fit(): void {
    const pane = this.pane();
    if (pane.window.width === 0) return;
    this.zoom = within(this.zoom, pane);
    const { scale, x, y } = this.zoom;
    const { width, height } = this.drawn();
    Object.assign(this.world.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${x}px, ${y}px)` });
    this.overlay.resize(width, height, []);
    this.overlay.draw(this.frozen.scene);
    this.root.dataset['zoom'] = scale.toFixed(2);
  }

  private to(zoom: Zoom): void {
    this.zoom = zoom;
    cancelAnimationFrame(this.drawing);
    this.drawing = requestAnimationFrame(() => this.fit());
  }

  private by(factor: number, at?: { x: number; y: number }): void {
    const pane = this.pane();
    this.to(zoomed(this.zoom, factor, at?.x ?? pane.window.width / 2, at?.y ?? pane.window.height / 2, pane));
  }

  private listen(): void {
    const { holder } = this;
    const place = (event: MouseEvent): { x: number; y: number } => {
      const box = holder.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    holder.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.by(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)), place(event));
    }, { passive: false });
    holder.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Element && event.target.closest('.point-form, .tool-hint, .callout')) return;
      this.pointers.set(event.pointerId, place(event));
      if (this.pointers.size === 1) this.moved = 0;
      try {
        holder.setPointerCapture(event.pointerId);
      } catch {
        // gone already
      }
    });
    holder.addEventListener('pointermove', (event) => this.pull(event, place(event)));
    for (const end of ['pointerup', 'pointercancel'] as const) holder.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    holder.addEventListener('click', (event) => {
      if (this.moved > 8 || (event.target instanceof Element && event.target.closest('button, form, .tool-hint') && event.detail === 0)) return;
      if (event.target instanceof Element && event.target.closest('.callout, .point-form, .tool-hint, .mark-remove')) return;
      const { x, y } = place(event);
      this.reports.tap(this, x, y, (event as PointerEvent).pointerType === 'touch' ? 'coarse' : 'fine');
    });
    holder.addEventListener('dblclick', (event) => {
      if (holder.dataset['tool']) return;
      if (this.zoom.scale > 1.05) this.to(start);
      else this.by(2.5, place(event));
    });
    holder.addEventListener('keydown', (event) => this.key(event));
  }

  private pull(event: PointerEvent, now: { x: number; y: number }): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const size = this.pane();
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.pointers.set(event.pointerId, now);
    this.moved += Math.hypot(now.x - before.x, now.y - before.y);
    const other = others[0];
    if (!other) return this.to(panned(this.zoom, now.x - before.x, now.y - before.y, size));
    const apart = (at: { x: number; y: number }): number => Math.max(Math.hypot(at.x - other.x, at.y - other.y), 1);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const shifted = panned(this.zoom, (now.x - before.x) / 2, (now.y - before.y) / 2, size);
    this.to(zoomed(shifted, apart(now) / apart(before), middle.x, middle.y, size));
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.holder) return;
    const step = 60;
    const way = ({ ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] } as Record<string, [number, number]>)[event.key];
    if (way) this.to(panned(this.zoom, way[0], way[1], this.pane()));
    else if (event.key === '+' || event.key === '=') this.by(1.25);
    else if (event.key === '-') this.by(1 / 1.25);
    else if (event.key === '0' || event.key === 'Home') this.to(start);
    else if (event.key === 'Escape') this.reports.close();
    else return;
    event.preventDefault();
  }
}

/** What the still says of itself, or why there is none. */
export async function pictureOf(blob: Blob): Promise<HTMLCanvasElement | null> {
  try {
    const image = await createImageBitmap(blob);
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    image.close();
    return canvas;
  } catch {
    return null;
  }
}

