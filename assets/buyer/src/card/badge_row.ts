// A product's badges: certificates, energy class, carbon footprint. In the card with words beside them; over the picture compact, the words
// for those who have it read aloud.

import type { Words } from '../text/language';
import { el, svg } from '../view/dom';
import type { Badge, Product } from '../wire/show';

export function badgeRow(product: Product, words: Words, style: 'full' | 'compact'): HTMLElement | null {
  if (product.badges.length === 0) return null;
  return el('ul', { class: `product-badges ${style}`, 'aria-label': words.say('badges') },
    ...product.badges.map((badge) => el('li', { class: `product-badge ${badge.kind}`, title: badgeText(badge, words) },
      sign(badge, words),
      style === 'full' && caption(badge, words),
      el('span', { class: 'sr-only' }, badgeText(badge, words)))));
}

/** "Energy class E (EU 2019/2015)": what the badge says, in one sentence. */
export function badgeText(badge: Badge, words: Words): string {
  const label = words.text(badge.label);
  const scheme = badge.scheme && `(${badge.scheme})`;
  const said = {
    certificate: () => `${words.say('certificate')} ${(badge as { text: string }).text}${label && `: ${label}`}`,
    energy: () => `${label || words.say('energy_class')} ${(badge as { grade: string }).grade}`,
    carbon: () => {
      const { value, unit } = badge as { value: number; unit: string };
      return `${label || words.say('carbon_footprint')} ${words.quantity(value, unit)}`;
    },
  }[badge.kind]();
  return [said, scheme].filter(Boolean).join(' ');
}

function sign(badge: Badge, words: Words): HTMLElement {
  const hidden = { 'aria-hidden': 'true' };
  switch (badge.kind) {
    case 'certificate': {
      const mark = el('span', { class: 'mark', ...hidden }, badge.text);
      if (badge.image) {
        const image = el('img', { src: badge.image, alt: '', decoding: 'async' });
        image.addEventListener('load', () => mark.replaceChildren(image));
      }
      return mark;
    }
    case 'energy':
      // As products are advertised with the European label: the range of classes, and the arrow with this one.
      return el('span', { class: `grade grade-${badge.grade.toLowerCase()}`, ...hidden },
        el('span', { class: 'range' }, el('span', {}, 'A'), el('span', {}, 'G')),
        svg('svg', { viewBox: '0 0 32 28' }, svg('path', { d: 'M0 0H20L32 14 20 28H0z' })),
        el('b', {}, badge.grade));
    case 'carbon':
      return el('span', { class: 'mark', ...hidden }, el('bdi', {}, words.number(badge.value, 3), ' ', el('small', {}, badge.unit)));
  }
}

function caption(badge: Badge, words: Words): HTMLElement | null {
  const own = { certificate: '', energy: words.say('energy_class'), carbon: words.say('carbon_footprint') }[badge.kind];
  const text = words.text(badge.label) || own;
  if (!text && !badge.scheme) return null;
  return el('span', { class: 'badge-words', 'aria-hidden': 'true' },
    text && el('span', { dir: 'auto' }, text),
    badge.scheme && el('small', { class: 'caption' }, el('bdi', {}, badge.scheme)));
}
