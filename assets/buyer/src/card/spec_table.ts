// A product's specifications as rows: in the card, and over the picture while the presenter goes through them.

import type { Words } from '../text/language';
import { imperial } from '../text/money';
import type { Prefs } from '../text/prefs';
import { el } from '../view/dom';
import type { Spec } from '../wire/show';

/** Beside the length that counts. */
function inches(value: string, unit: string, words: Words): HTMLElement | false {
  const other = imperial(value, unit);
  return other !== null && el('span', { class: 'unit' }, ` (${words.quantity(Number(other.value.toFixed(other.digits)), other.unit)})`);
}

/** `row` is told of each row. */
export function specTable(specs: readonly Spec[], words: Words, row?: (key: string, row: HTMLTableRowElement) => void, units: Prefs['units'] = 'metric'): HTMLElement {
  const rows = specs.map(({ key, label, value, unit }) => {
    const each = el('tr', {},
      el('th', { scope: 'row', dir: 'auto' }, words.text(label) || key),
      el('td', {}, el('bdi', { translate: 'no' }, words.value(value), unit && ' ', unit && el('span', { class: 'unit' }, unit), units === 'imperial' && inches(value, unit, words))));
    row?.(key, each);
    return each;
  });
  return el('table', { class: 'rows' }, el('tbody', {}, ...rows));
}
