// The ways to look at a model: variant, taken apart, cut open, X-ray. The same controls stand in the product card and in the room viewer.
// Elements are made once for a product and language and then only updated, so that a slider keeps the finger and the focus that are on it.

import type { Words } from '../text/language';
import { el, fill, setText } from '../view/dom';
import type { ModelState, Product } from '../wire/show';
import type { Choice } from './choice';
import type { Swatch } from './three/loaded_model';

/** What is left of a model that is cut as far as the slider goes. */
const leastKept = 0.05;

/** The cut's slider runs from whole (0) to all but gone (1). */
export const sectionAt = (slid: number): number | null => (slid === 0 ? null : 1 - slid * (1 - leastKept));
export const slidAt = (section: number | null): number => (section === null ? 0 : Math.min((1 - section) / (1 - leastKept), 1));

let groups = 0;

export class ModelLooks {
  readonly root: HTMLElement;
  private readonly choose: (choice: Choice) => void;
  private readonly group = `variant-${++groups}`; // radio buttons of two such panels must not be one group
  private readonly swatches = el('div', { class: 'swatches', role: 'radiogroup' });
  private readonly explode = slider();
  private readonly cut = slider();
  private readonly xRay = el('button', { type: 'button', class: 'switch', role: 'switch' }, el('span'), el('span', { class: 'knob' }));
  private state: ModelState | null = null;
  private made = '';

  constructor(choose: (choice: Choice) => void) {
    this.choose = choose;
    this.root = el('div', { class: 'looks' },
      this.swatches,
      el('label', { class: 'look' }, el('span'), this.explode),
      el('label', { class: 'look' }, el('span'), this.cut),
      this.xRay);
    this.explode.addEventListener('input', () => choose({ explode: Number(this.explode.value) / 100 }));
    this.cut.addEventListener('input', () => choose({ section: sectionAt(Number(this.cut.value) / 100) }));
    this.xRay.addEventListener('click', () => choose({ xRay: !this.state?.xRay }));
  }

  show(product: Product, state: ModelState, swatches: readonly Swatch[], words: Words): void {
    this.state = state;
    const making = JSON.stringify([product.id, words.language, swatches]);
    if (this.made !== making) {
      this.made = making;
      this.make(swatches, words);
    }
    for (const radio of this.swatches.querySelectorAll('input')) radio.checked = radio.value === state.variant;
    move(this.explode, state.explode);
    move(this.cut, slidAt(state.section));
    this.xRay.setAttribute('aria-checked', String(state.xRay));
  }

  private make(swatches: readonly Swatch[], words: Words): void {
    setText(this.explode.previousElementSibling!, words.say('model_explode'));
    setText(this.cut.previousElementSibling!, words.say('model_cut'));
    setText(this.xRay.firstElementChild!, words.say('model_xray'));
    this.swatches.setAttribute('aria-label', words.say('model_variant'));
    this.swatches.hidden = swatches.length === 0;
    const all = [{ name: '', colour: '' }, ...swatches];
    fill(this.swatches, ...all.map((each) => this.swatch(each, each.name || words.say('model_standard'))));
  }

  private swatch({ name, colour }: Swatch, label: string): HTMLElement {
    const radio = el('input', { type: 'radio', name: this.group, value: name, class: 'sr-only', change: () => this.choose({ variant: name }) });
    const patch = el('span', { class: colour ? 'patch' : 'patch plain', 'aria-hidden': 'true' });
    if (colour) patch.style.setProperty('--patch', colour);
    return el('label', { class: 'swatch' }, radio, patch, el('span', { dir: 'auto' }, label));
  }
}

function slider(): HTMLInputElement {
  return el('input', { type: 'range', min: 0, max: 100, step: 1 });
}

function move(range: HTMLInputElement, share: number): void {
  const value = String(Math.round(100 * share));
  if (range.value !== value) range.value = value;
  range.style.setProperty('--share', `${value}%`);
  range.setAttribute('aria-valuetext', `${value} %`);
}
