// The page: one state, the views that show it, the link that feeds it. Everything that changes passes through one of the methods below.

import { CardView } from './card/card_view';
import { ProductList } from './card/product_list';
import { Sheet, type Height } from './card/sheet';
import { Link } from './link/link';
import type { Phase } from './link/machine';
import { takeInvite } from './link/pass';
import { Models } from './model/models';
import { Overlay } from './picture/overlay';
import { Player } from './picture/player';
import { receptionOf } from './picture/reception';
import type { FrameListener, Stats, VitrineWindow } from './stats';
import { chooseLanguage, direction, Words, type Language } from './text/language';
import { el, fill, setText } from './view/dom';
import { Stage } from './view/stage';
import type { Callout, Product, ShowDocument, Snapshot } from './wire/show';

const languageKey = 'vitrine.language';
const narrow = '(max-width: 760px) and (orientation: portrait)';

export class App {
  private readonly overlay = new Overlay({
    callout: (product, callout) => this.calloutTapped(product, callout),
    leftOut: (notes) => this.stage.leftOut.show(notes),
  });
  private readonly models = new Models(() => this.link?.session ?? null);
  private readonly stage = new Stage(this.overlay, this.models.layer, {
    language: (language) => this.speak(language, true),
    again: () => this.again(),
    tap: (x, y) => this.pictureTapped(x, y),
    annotations: (on) => this.annotate(on),
    note: ({ product, callout }) => this.calloutTapped(product, callout),
  });
  private readonly player = new Player(this.stage.video);
  private readonly card = new CardView();
  private readonly products = new ProductList((product) => this.choose(product.id));
  private readonly brand = el('div', { class: 'brand' });
  private readonly follow = el('button', { type: 'button', class: 'follow', hidden: true, click: () => this.choose(null) });
  private readonly sheet = new Sheet((height) => this.sheetPixels(height), () => undefined, this.brand, this.follow, this.card.root);
  private readonly skip = el('a', { class: 'skip', href: '#product' });
  private readonly status = el('p', { class: 'sr-only', role: 'status' });
  private readonly root: HTMLElement;
  private readonly main: HTMLElement;
  private readonly layout = window.matchMedia(narrow);
  private readonly listeners = new Set<FrameListener>();
  private readonly asked: string | null;
  private readonly invite = takeInvite(window.location, window.history);
  private link: Link | null = null;
  private words: Words;
  private phase: Phase = 'joining';
  private show: ShowDocument | null = null;
  private snapshot: Snapshot | null = null;
  private chosen: string | null = null; // null: follow the pinned product
  private openCallout: string | null = null;

  constructor(root: HTMLElement) {
    this.root = root;
    this.asked = new URLSearchParams(window.location.search).get('lang');
    this.words = new Words(chooseLanguage([this.asked, remembered(), ...navigator.languages]));
    this.main = el('main', { class: 'main' }, this.stage.root, this.products.root);
    root.append(this.skip, this.main, this.sheet.root, this.status);
    this.skip.addEventListener('click', (event) => {
      event.preventDefault(); // the fragment stays empty: it is where a secret stands
      this.card.root.focus();
    });
    this.player.onScene = (scene) => {
      if (scene) this.stage.sources(scene.sources);
      this.models.draw(scene);
      this.overlay.draw(scene);
    };
    this.player.onFrame = (frame, scene) => {
      this.link?.tell({ type: 'frame' });
      for (const listener of this.listeners) listener(frame, scene);
    };
    this.layout.addEventListener('change', () => this.arrange());
    window.addEventListener('resize', () => this.arrange());
    this.arrange();
    this.relabel();
  }

  start(): void {
    if (!this.invite) return this.enter('refused');
    this.link = new Link(this.invite, this.words.language, {
      phase: (phase) => this.enter(phase),
      joined: (_, language) => this.invited(language),
      show: (show) => this.showCame(show),
      snapshot: (snapshot) => this.snapshotCame(snapshot),
      stream: (stream) => this.player.play(stream),
      scene: (rtp, bytes) => this.player.scene(rtp, bytes),
      damaged: () => this.player.damaged(),
      clock: (sent, received, server) => this.player.clock.add(sent, received, server),
    });
    this.player.approximate = this.link.sceneTransport === 'socket';
    window.addEventListener('online', () => this.link?.tell({ type: 'network', online: true }));
    window.addEventListener('offline', () => this.link?.tell({ type: 'network', online: false }));
    window.addEventListener('pagehide', () => this.link?.tell({ type: 'leave' }));
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.again());
    window.setInterval(() => void this.look(), 1000);
    this.link.start();
  }

  /** What window.vitrine offers. */
  door(): VitrineWindow {
    return {
      stats: () => this.stats(),
      lastFrame: () => this.player.lastFrame,
      models: () => this.models.stats(),
      onFrame: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  private stats(): Stats {
    const scenes = this.link?.sceneTransport ?? 'socket';
    const transport = !this.link?.connected ? 'none' : scenes === 'socket' ? 'socket' : 'webrtc';
    return {
      transport,
      scenes,
      phase: this.phase,
      language: this.words.language,
      viewers: this.snapshot?.viewers ?? 0,
      ...this.player.figures(),
    };
  }

  /** Once a second. A hidden page gets no frame callbacks; what the decoder counted says that the stream lives. */
  private decoded = 0;
  private async look(): Promise<void> {
    const report = await this.link?.stats();
    const reading = report ? receptionOf(report) : null;
    if (reading) {
      if (reading.framesDecoded > this.decoded && document.hidden) this.link?.tell({ type: 'frame' });
      this.decoded = reading.framesDecoded;
      this.player.reception(reading);
    }
    this.models.tick();
    this.stage.figures(this.stats(), this.player.quality.poor);
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.stage.show(phase);
    if (phase !== 'playing') this.player.onScene(null);
    if (phase === 'refused' && this.show) this.forget();
    this.root.classList.toggle('bare', !this.show && (phase === 'refused' || phase === 'unsupported'));
    this.announce();
  }

  /** Who may not enter any more keeps nothing of the show. */
  private forget(): void {
    this.show = null;
    this.models.forget();
    this.stage.video.srcObject = null;
    fill(this.card.root);
    fill(this.products.root);
    this.relabel();
  }

  private announce(): void {
    setText(this.status, this.phase === 'playing' ? this.words.say('live') : this.words.say(`${this.phase}_title`));
  }

  private again(): void {
    if (this.link) this.link.tell({ type: 'again' });
    else window.location.reload();
  }

  private showCame(show: ShowDocument): void {
    this.show = show;
    this.models.shows(show);
    this.stage.shaped(show.program.width, show.program.height);
    this.root.classList.remove('bare');
    this.arrange();
    this.words = new Words(this.words.language, show.languages[0]);
    this.relabel();
  }

  private snapshotCame(snapshot: Snapshot): void {
    const before = this.snapshot;
    this.snapshot = snapshot;
    this.models.follows(snapshot);
    this.overlay.state(snapshot.pinned, snapshot.hiddenCallouts);
    this.stage.captions.show(this.show, snapshot, this.words, this.overlay.across(snapshot.pinned));
    if (snapshot.specs && !before?.specs && this.layout.matches) {
      this.sheet.reveal(); // too small a picture for a table
      this.card.showSpecs();
    }
    if (before?.pinned !== snapshot.pinned || before.card !== snapshot.card) this.redraw();
  }

  /** The language an invite was made for counts until the buyer has chosen one. */
  private invited(language: string): void {
    if (language && !this.asked && !remembered()) this.speak(chooseLanguage([language, this.words.language]), false);
  }

  private speak(language: Language, remember: boolean): void {
    if (remember) keep(language);
    if (language === this.words.language) return;
    this.words = new Words(language, this.show?.languages[0]);
    this.link?.speak(language);
    this.relabel();
  }

  private relabel(): void {
    const { words, show } = this;
    document.documentElement.lang = words.language;
    document.documentElement.dir = direction(words.language);
    const title = words.text(show?.title);
    const factory = words.text(show?.factory);
    document.title = [title, factory, 'Vitrine'].filter(Boolean).join(' · ');
    fill(this.brand, factory && el('p', { class: 'factory', dir: 'auto' }, factory), title && el('h1', { class: 'show-title', dir: 'auto' }, title));
    setText(this.skip, words.say('skip_to_product'));
    this.stage.label(words);
    this.sheet.label(words);
    this.sheet.root.setAttribute('aria-label', words.say('product'));
    this.stage.captions.show(show, this.snapshot, words, this.overlay.across(this.snapshot?.pinned ?? ''));
    if (show) this.overlay.show(show, words);
    this.announce();
    this.redraw();
  }

  /** Product card and list. */
  private redraw(): void {
    const { show, words } = this;
    const pinned = this.snapshot?.pinned ?? '';
    this.sheet.root.classList.toggle('empty', !show);
    if (!show) return;
    const find = (id: string | null): Product | null => show.products.find((product) => product.id === id) ?? null;
    const product = find(this.chosen) ?? find(pinned) ?? show.products[0] ?? null;
    const shown = find(pinned);
    this.models.card(product, words);
    this.card.show(product, product !== null && product.id === pinned, words, this.models.panel.root);
    this.products.show(show.products, product?.id ?? '', pinned, words);
    this.follow.hidden = !shown || shown === product;
    setText(this.follow, shown ? words.say('show_pinned', { product: words.text(shown.name) }) : '');
  }

  private choose(id: string | null): void {
    this.chosen = id === this.snapshot?.pinned ? null : id;
    this.redraw();
    this.sheet.reveal();
  }

  private calloutTapped(product: Product, callout: Callout): void {
    this.openCallout = this.openCallout === callout.id ? null : callout.id;
    this.overlay.openCallout(this.openCallout);
    if (this.openCallout === null) return;
    this.choose(product.id);
    if (callout.spec) this.card.highlight(callout.spec);
  }

  private annotate(on: boolean): void {
    this.stage.annotate(on);
    this.overlay.switch(on);
  }

  private pictureTapped(x: number, y: number): void {
    const product = this.overlay.productAt(x, y);
    if (product) return this.choose(product.id);
    if (this.openCallout !== null) this.overlay.openCallout((this.openCallout = null));
  }

  /** On a phone the list of products belongs into the sheet; on a desk under the picture. */
  private arrange(): void {
    const holder = this.layout.matches ? this.card.root.parentElement! : this.main;
    if (this.products.root.parentElement !== holder) {
      if (this.layout.matches) holder.insertBefore(this.products.root, this.card.root);
      else holder.append(this.products.root);
    }
    document.documentElement.style.setProperty('--sheet-half', `${Math.round(this.sheetPixels('half'))}px`);
    this.sheet.set(this.sheet.height);
  }

  /** Half: the picture keeps its full width above it. Full: a strip of the picture stays. */
  private sheetPixels(height: Height): number {
    const { innerWidth, innerHeight } = window;
    const peek = 164;
    if (height === 'peek') return peek;
    if (height === 'full') return innerHeight - 56;
    const program = this.show?.program ?? { width: 16, height: 9 };
    const picture = Math.min((innerWidth * program.height) / program.width, innerHeight * 0.55);
    return Math.max(innerHeight - picture, peek);
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(languageKey);
  } catch {
    return null;
  }
}

function keep(language: Language): void {
  try {
    localStorage.setItem(languageKey, language);
  } catch {
    // forbidden: chosen for this visit only
  }
}
