// The bottom sheet of the phone layout: three heights, dragged by its handle or moved with the arrow keys. Where the layout is the desk's the
// same element is a plain column and the handle is not shown.

import type { Words } from '../text/language';
import { el } from '../view/dom';

export type Height = 'peek' | 'half' | 'full';
const heights: Height[] = ['peek', 'half', 'full'];

export class Sheet {
  readonly root = el('aside', { class: 'side' });
  private readonly handle = el('div', { class: 'handle', role: 'slider', tabindex: 0, 'aria-orientation': 'vertical' });
  private readonly body = el('div', { class: 'side-body' });
  private readonly pixels: (height: Height) => number;
  private readonly moved: () => void;
  private words: Words | null = null;
  private now: Height = 'half';
  private drag: { fromY: number; fromHeight: number; lastY: number; lastAt: number; speed: number } | null = null;

  /** `head` and `foot` stay where they are; `body` scrolls between them. */
  constructor(pixels: (height: Height) => number, moved: () => void, head: HTMLElement[], body: HTMLElement[], foot: HTMLElement[]) {
    this.pixels = pixels;
    this.moved = moved;
    this.body.append(...body);
    this.root.append(this.handle, el('div', { class: 'side-head' }, ...head), this.body, ...foot);
    this.handle.setAttribute('aria-valuemin', '0');
    this.handle.setAttribute('aria-valuemax', '2');
    this.handle.addEventListener('keydown', (event) => this.key(event));
    this.handle.addEventListener('pointerdown', (event) => this.grab(event));
    this.handle.addEventListener('pointermove', (event) => this.pull(event));
    this.handle.addEventListener('pointerup', () => this.drop());
    this.handle.addEventListener('pointercancel', () => this.drop());
  }

  get height(): Height {
    return this.now;
  }

  label(words: Words): void {
    this.words = words;
    this.handle.setAttribute('aria-label', words.say('sheet'));
    this.tell();
  }

  set(height: Height): void {
    this.now = height;
    this.tell();
    this.apply(this.pixels(height));
    this.moved();
  }

  /** At least half open: something in it is being pointed at. */
  reveal(): void {
    if (this.now === 'peek') this.set('half');
  }

  private tell(): void {
    this.handle.setAttribute('aria-valuenow', String(heights.indexOf(this.now)));
    if (this.words) this.handle.setAttribute('aria-valuetext', this.words.say(`sheet_${this.now}`));
    this.root.dataset['height'] = this.now;
  }

  private apply(pixels: number): void {
    document.documentElement.style.setProperty('--sheet', `${Math.round(pixels)}px`);
  }

  private key(event: KeyboardEvent): void {
    const at = heights.indexOf(this.now);
    const to = { ArrowUp: at + 1, ArrowDown: at - 1, Home: 0, End: 2, Enter: (at + 1) % 3, ' ': (at + 1) % 3, Escape: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.set(heights[Math.min(Math.max(to, 0), 2)]!);
  }

  private grab(event: PointerEvent): void {
    this.handle.setPointerCapture(event.pointerId);
    const height = this.root.getBoundingClientRect().height;
    this.drag = { fromY: event.clientY, fromHeight: height, lastY: event.clientY, lastAt: event.timeStamp, speed: 0 };
    this.root.classList.add('dragged');
  }

  private pull(event: PointerEvent): void {
    if (!this.drag) return;
    const elapsed = Math.max(1, event.timeStamp - this.drag.lastAt);
    this.drag.speed = (this.drag.lastY - event.clientY) / elapsed;
    this.drag.lastY = event.clientY;
    this.drag.lastAt = event.timeStamp;
    const height = this.drag.fromHeight + this.drag.fromY - event.clientY;
    this.apply(Math.min(Math.max(height, this.pixels('peek')), this.pixels('full')));
  }

  /** A tap goes to the next height; a drag to the nearest one, a flick to the next in its direction. */
  private drop(): void {
    if (!this.drag) return;
    const { fromY, fromHeight, lastY, speed } = this.drag;
    this.drag = null;
    this.root.classList.remove('dragged');
    if (Math.abs(lastY - fromY) < 6) return this.set(this.now === 'half' ? 'full' : 'half');
    this.set(nearestHeight(fromHeight + fromY - lastY + speed * 150, this.pixels));
  }
}

export function nearestHeight(height: number, pixels: (height: Height) => number): Height {
  const away = (each: Height): number => Math.abs(pixels(each) - height);
  return heights.reduce((best, each) => (away(each) < away(best) ? each : best));
}
