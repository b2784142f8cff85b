// What a buyer would have otherwise: a list of differences to what the product is, each of one property.

import type { Words } from '../text/language';
import { el, icon } from '../view/dom';
import { field } from '../view/dialog';
import type { Product } from '../wire/show';

export const plainKeys = ['colour', 'size', 'logo', 'packing', 'other'] as const;
const most = 12;

export interface Change {
  id: string;
  key: string;
  from: string;
  to: string;
  note: string;
}

export function keyName(key: string, product: Product | null, words: Words): string {
  const spec = product?.specs.find((each) => each.key === key);
  if (spec) return words.text(spec.label) || key;
  const plain = plainKeys.find((each) => each === key);
  return plain ? words.say(`change_${plain}`) : key;
}

/** As the buyer is shown it now; empty where the show does not say. */
export function nowOf(key: string, product: Product | null, words: Words): string {
  const spec = product?.specs.find((each) => each.key === key);
  if (spec) return `${spec.value} ${spec.unit}`.trim();
  if (key === 'size' && product && product.widthMm > 0) return `${product.widthMm} × ${product.heightMm} mm`;
  if (key === 'packing' && product?.packing) return words.packing(product.packing);
  return '';
}

export class ChangeList {
  readonly root = el('div', { class: 'changes' });
  private readonly list = el('ul');
  private readonly add: HTMLButtonElement;
  private readonly product: Product;
  private readonly words: Words;
  private rows: { change: Change; row: HTMLElement }[] = [];
  private made = 0;

  constructor(product: Product, words: Words, changes: readonly Change[]) {
    this.product = product;
    this.words = words;
    this.add = el('button', { type: 'button', class: 'plain', click: () => this.more() }, icon('plus'), words.say('change_add'));
    this.root.append(this.list, this.add);
    for (const change of changes) this.put(change);
  }

  /** Those that say something. */
  get changes(): Change[] {
    return this.rows.map(({ change }) => change).filter(({ to }) => to.trim() !== '');
  }

  private more(): void {
    const used = new Set(this.rows.map(({ change }) => change.key));
    const key = [...plainKeys, ...this.product.specs.map((spec) => spec.key)].find((each) => !used.has(each)) ?? 'other';
    const row = this.put({ id: `c${++this.made}`, key, from: '', to: '', note: '' });
    row.querySelector('select')?.focus();
  }

  private put(change: Change): HTMLElement {
    const { words, product } = this;
    this.made = Math.max(this.made, Number(/^c(\d+)$/.exec(change.id)?.[1] ?? 0));
    const key = el('select', {},
      ...[...plainKeys.slice(0, 4), ...product.specs.map((spec) => spec.key), 'other'].map((each) =>
        el('option', { value: each, selected: each === change.key }, keyName(each, product, words))));
    const now = el('p', { class: 'caption', dir: 'auto' });
    const to = el('input', { type: 'text', maxlength: 200, dir: 'auto', value: change.to });
    const note = el('input', { type: 'text', maxlength: 200, dir: 'auto', value: change.note });
    const tell = (): void => {
      change.key = key.value;
      change.from = nowOf(change.key, product, words);
      now.textContent = change.from ? words.say('change_now', { value: change.from }) : '';
    };
    key.addEventListener('change', tell);
    to.addEventListener('input', () => (change.to = to.value));
    note.addEventListener('input', () => (change.note = note.value));
    tell();
    const row = el('li', { class: 'change' },
      field(words.say('change_what'), key, now), field(words.say('change_to'), to), field(words.say('note'), note),
      el('button', { type: 'button', class: 'round', 'aria-label': words.say('remove'), click: () => this.remove(change) }, icon('close')));
    this.rows.push({ change, row });
    this.list.append(row);
    this.add.hidden = this.rows.length >= most;
    return row;
  }

  private remove(change: Change): void {
    const at = this.rows.findIndex((each) => each.change === change);
    this.rows.splice(at, 1)[0]?.row.remove();
    this.add.hidden = false;
    (this.rows[at]?.row.querySelector<HTMLElement>('select') ?? this.add).focus();
  }
}
