// A product's specifications as rows: in the card, and over the picture while the presenter goes through them.

import type { Words } from '../text/language';
import { el } from '../view/dom';
import type { Spec } from '../wire/show';

/** `row` is told of each row. */
export function specTable(specs: readonly Spec[], words: Words, row?: (key: string, row: HTMLTableRowElement) => void): HTMLElement {
  const rows = specs.map(({ key, label, value, unit }) => {
    const each = el('tr', {},
      el('th', { scope: 'row', dir: 'auto' }, words.text(label) || key),
      el('td', {}, el('bdi', {}, words.value(value), unit && ' ', unit && el('span', { class: 'unit' }, unit))));
    row?.(key, each);
    return each;
  });
  return el('table', { class: 'rows' }, el('tbody', {}, ...rows));
}
