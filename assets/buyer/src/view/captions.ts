// What stands over the picture without pointing at anything: the pinned product's badges, its whole spec table while the presenter goes through it,
// and who is speaking. Parts come and go by fading; one that is gone is out of reach of keyboard and screen reader too.

import { badgeRow } from '../card/badge_row';
import { specTable } from '../card/spec_table';
import type { Words } from '../text/language';
import type { Product, ShowDocument, Snapshot, Speaker } from '../wire/show';
import { el, fill, icon } from './dom';

export class Captions {
  readonly badges = el('div', { class: 'caption-badges', hidden: true });
  readonly specs = el('section', { class: 'caption-specs', hidden: true });
  readonly lowerThird = el('aside', { class: 'lower-third', hidden: true });
  private said = '';
  private closed = ''; // the product whose table this buyer has put away

  /** `productAt`: x of the pinned product's middle as a share of the picture, null when it is not seen; the table opens on the other side. */
  show(show: ShowDocument | null, snapshot: Snapshot | null, words: Words, productAt: number | null): void {
    const product = show?.products.find(({ id }) => id === snapshot?.pinned) ?? null;
    const speaker = show?.speakers.find(({ id }) => id === snapshot?.speaker) ?? null;
    if (!snapshot?.specs) this.closed = '';
    const specs = snapshot?.specs && product && product.specs.length > 0 && product.id !== this.closed ? product : null;
    const badges = snapshot?.badges && product && product.badges.length > 0 ? product : null;
    // Rebuilt when it says something else, not with every snapshot.
    const now = JSON.stringify([words.language, badges?.id, specs?.id, speaker?.id]);
    if (now === this.said) return;
    this.said = now;
    if (specs && this.specs.hidden) this.specs.classList.toggle('on-left', productAt !== null && productAt > 0.5);
    appear(this.badges, badges && badgeRow(badges, words, 'compact'));
    appear(this.specs, specs && this.table(specs, words));
    appear(this.lowerThird, speaker && who(speaker, words));
    this.lowerThird.setAttribute('aria-label', words.say('speaking'));
    this.specs.setAttribute('aria-label', words.say('specifications'));
  }

  private table(product: Product, words: Words): HTMLElement {
    const close = el('button', { type: 'button', class: 'round', 'aria-label': words.say('close'), click: () => {
      this.closed = product.id;
      this.said = '';
      appear(this.specs, null);
    } }, icon('close'));
    return el('div', { class: 'caption-table' },
      el('header', {}, el('h2', { dir: 'auto' }, words.text(product.name)), close),
      specTable(product.specs, words));
  }
}

function who({ name, role, language }: Speaker, words: Words): HTMLElement {
  return el('div', { class: 'speaker' },
    el('p', { class: 'speaker-name', dir: 'auto' }, words.text(name)),
    role && el('p', { class: 'speaker-role', dir: 'auto' }, words.text(role)),
    language && el('p', { class: 'speaker-language' }, icon('globe'), words.say('speaks', { language: words.nameOf(language) })));
}

/** Fades in with new content, fades out with the old. */
function appear(holder: HTMLElement, content: HTMLElement | null): void {
  if (content) {
    fill(holder, content);
    holder.hidden = false;
    void holder.offsetWidth; // from here on the transition runs
    holder.classList.add('there');
    return;
  }
  holder.classList.remove('there');
  const gone = (): void => {
    if (holder.classList.contains('there')) return;
    holder.hidden = true;
    fill(holder);
  };
  if (holder.hidden || getComputedStyle(holder).transitionDuration.split(',').every((time) => parseFloat(time) === 0)) gone();
  else holder.addEventListener('transitionend', gone, { once: true });
}
