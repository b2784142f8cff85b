// The page: one state, the views that show it, the link that feeds it. Everything that changes passes through one of the methods below.

import { Acts } from './acts';
import { CardView } from './card/card_view';
import type { OwnCurrency } from './card/price_view';
import { ProductList } from './card/product_list';
import type { Height } from './card/sheet';
import { WaitingRoom } from './join/waiting_room';
import { fetchShow } from './link/api';
import { Link } from './link/link';
import type { Phase } from './link/machine';
import { localClock } from './link/live_socket';
import { inviteOf, takeInvite } from './link/pass';
import { Models } from './model/models';
import { SceneHistory } from './picture/history';
import { Interval } from './picture/meter';
import { Overlay } from './picture/overlay';
import { Player } from './picture/player';
import { receptionOf } from './picture/reception';
import type { RecordedPlayer } from './recorded/player';
import type { DeskFigures, FrameListener, Stats, VitrineWindow } from './stats';
import { Side } from './talk/side';
import type { DeskNews } from './wire/desk';
import { canSpeak, chooseLanguage, direction, learn, Words, type Language } from './text/language';
import { converted, currenciesOf } from './text/money';
import { keepPrefs, readPrefs, type Prefs } from './text/prefs';
import { el, fill, setText } from './view/dom';
import { Stage } from './view/stage';
import type { SceneFrame } from './wire/scene_frame';
import { readShow, type Callout, type Product, type Recording, type ShowDocument, type Snapshot } from './wire/show';

const languageKey = 'vitrine.language';
/** Tools beneath the picture on a phone. */
const toolsPx = 56;
const narrow = '(max-width: 760px) and (orientation: portrait)';

/** Of a page whose clock is not yet set against the show's, nothing is told. */
const delay = (ms: number | null): number => (ms === null || ms < 0 ? 0 : Math.round(ms));

export class App {
  private readonly overlay = new Overlay({
    callout: (product, callout) => this.calloutTapped(product, callout),
    leftOut: (notes) => this.stage.leftOut.show(notes),
  });
  private readonly models = new Models();
  private readonly stage = new Stage(this.overlay, this.models.layer, {
    language: (language) => this.speak(language, true),
    again: () => this.again(),
    takeOver: () => this.link?.tell({ type: 'take-over' }),
    watch: () => void this.startRecording(),
    tap: (x, y, pointer) => this.pictureTapped(x, y, pointer),
    hold: (x, y) => this.acts.held(x, y),
    annotations: (on) => this.annotate(on),
    note: ({ product, callout }) => this.calloutTapped(product, callout),
  });
  private readonly player = new Player(this.stage.screen);
  private readonly card = new CardView();
  private readonly products = new ProductList((product) => this.choose(product.id));
  private readonly brand = el('div', { class: 'brand' });
  private readonly follow = el('button', { type: 'button', class: 'follow', hidden: true, click: () => this.choose(null) });
  private readonly room = new WaitingRoom(this.stage.video, (kbps) => this.link?.send({ type: 'quality', path_kbps: kbps }));
  private readonly history = new SceneHistory();
  private prefs: Prefs = readPrefs();
  private readonly productPanel = el('div', { class: 'product-panel' }, this.follow, this.card.root);
  private readonly acts: Acts = new Acts({
    stage: this.stage,
    history: this.history,
    tap: () => this.link?.scenes ?? null,
    callout: (product, callout) => this.calloutTapped(product, callout),
    serverMs: () => localClock() + this.player.clock.ms,
    side: () => this.side,
    markers: this.overlay.markers,
    hidden: () => this.snapshot?.hiddenCallouts ?? new Set(),
    redraw: () => this.overlay.redraw(),
    live: { holder: this.stage.frame, spotAt: (x, y) => this.overlay.spotAt(x, y), drawn: () => ({ width: this.stage.frame.clientWidth, height: this.stage.frame.clientHeight }) },
    playing: () => this.onAir || this.recorded !== null,
    showing: () => this.recorded !== null || ['connecting', 'playing', 'retrying', 'paused', 'offline'].includes(this.phase),
    ended: () => this.phase === 'ended',
    annotate: () => !this.stage.annotated && this.annotate(true),
    productNow: () => this.productNow(),
    quantityOf: (product) => this.card.quantityOf(product),
    chooseProduct: (id) => this.choose(id),
    prefs: () => this.prefs,
    send: (message) => this.link?.send(message),
  });
  private readonly side: Side = new Side((height) => this.sheetPixels(height),
    { brand: this.brand, product: this.productPanel, questions: this.acts.questions.root, chat: this.acts.chat.root, quotes: this.acts.quotes.root, poll: this.acts.poll.root, greet: this.acts.introduction.root },
    { tab: () => this.acts.tabOpened(!this.layout.matches), quote: () => void this.acts.openQuote() });
  private readonly skip = el('a', { class: 'skip', href: '#product' });
  private readonly status = el('p', { class: 'sr-only', role: 'status' });
  private readonly root: HTMLElement;
  private readonly main: HTMLElement;
  private readonly layout = window.matchMedia(narrow);
  private readonly listeners = new Set<FrameListener>();
  private readonly asked: string | null;
  private readonly knownId = inviteOf(window.location);
  private readonly invite = takeInvite(window.location, window.history);
  private readonly interval = new Interval();
  private recorded: RecordedPlayer | null = null;
  private name = '';
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
    this.main = el('main', { class: 'main' }, this.stage.root, this.acts.ticker.root, this.acts.tools.root, this.products.root);
    this.stage.frame.append(this.room.root, this.acts.floats.root);
    root.append(this.skip, this.main, this.side.sheet.root, this.acts.news.root, this.status);
    this.card.onUnits = (units) => this.prefer({ ...this.prefs, units });
    this.skip.addEventListener('click', (event) => {
      event.preventDefault(); // the fragment stays empty: it is where a secret stands
      this.side.open('product');
      this.card.root.focus();
    });
    this.player.covered = (scene) => this.covers(scene);
    this.player.onScene = (scene) => {
      if (scene) this.stage.sources(scene.sources);
      this.drawScene(scene);
    };
    this.player.onShown = (rtp, displayAt) => this.link?.shown(rtp, displayAt);
    this.player.onFrame = (frame, scene) => {
      this.link?.tell({ type: 'frame' });
      for (const listener of this.listeners) listener(frame, scene);
    };
    this.layout.addEventListener('change', () => this.arrange());
    window.addEventListener('resize', () => this.arrange());
    this.acts.tabOpened(!this.layout.matches);
    this.arrange();
    this.relabel();
    this.learn(this.words.language);
  }

  start(): void {
    const id = this.invite?.id ?? this.knownId;
    if (!id) return this.enter('refused');
    this.link = new Link(this.invite, id, this.words.language, {
      phase: (phase) => this.enter(phase),
      joined: (name, language) => this.invited(name, language),
      elsewhere: (devices) => this.stage.elsewhere(devices),
      show: (show) => this.showCame(show),
      snapshot: (snapshot) => this.snapshotCame(snapshot),
      desk: (news) => this.deskCame(news),
      reactions: (counts) => this.acts.floats.came(counts),
      socket: (open) => this.acts.socket(open),
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
      desk: () => this.deskFigures(),
      markers: () => ({ sceneNumber: this.overlay.scene?.number ?? null, at: this.overlay.markers.standing() }),
      looking: () => ({ ...this.acts.looking.figures(), measured: this.acts.tool.measured, tone: this.room.toneLevel, recorded: this.recorded && { frames: this.recorded.frames, matched: this.recorded.matched } }),
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
      soundAfterMs: this.soundAfterMs,
    };
  }

  /** Once a second. A hidden page gets no frame callbacks; what the decoder counted says that the stream lives. */
  private decoded = 0;
  private soundAfterMs: number | null = null;
  private seconds = 0;
  private async look(): Promise<void> {
    const report = await this.link?.stats();
    const reading = report ? receptionOf(report) : null;
    if (report) this.soundAfterMs = this.link?.inStep(report, !this.stage.video.muted) ?? null;
    if (reading) {
      if (reading.framesDecoded > this.decoded && document.hidden) this.link?.tell({ type: 'frame' });
      this.decoded = reading.framesDecoded;
      this.player.reception(reading);
    }
    this.models.tick();
    this.acts.tick();
    const stats = this.stats();
    this.stage.figures(stats, this.player.quality.poor);
    this.seconds += 1;
    if (this.seconds % 5 === 0 && reading) this.link?.send({ type: 'quality', rtt_ms: Math.round(stats.roundTripMs ?? 0), loss: this.interval.loss(reading), fps: stats.fps, delay_ms: delay(stats.latencyMs.p50), delay95_ms: delay(stats.latencyMs.p95) });
    if (this.seconds % 10 === 0 && this.phase === 'ended' && this.show && !this.show.replay) void this.askForReplay();
  }

  private enter(phase: Phase): void {
    const before = this.phase;
    this.phase = phase;
    this.stage.show(phase);
    if (phase !== 'ended' && this.recorded) this.leaveRecording();
    if (phase !== 'playing') this.player.onScene(null);
    const shut = phase === 'refused' || phase === 'elsewhere' || phase === 'moved' || phase === 'full';
    if (phase === 'ended' || shut) this.acts.looking.back();
    this.showRoom();
    if (before === 'waiting' && phase !== 'waiting' && this.layout.matches && this.side.sheet.height === 'peek') this.side.sheet.set('half');
    if (phase === 'waiting' && before !== 'waiting' && this.layout.matches) this.side.sheet.set('peek');
    this.acts.offer();
    if (shut && this.show) this.forget();
    this.root.classList.toggle('bare', !this.show && (shut || phase === 'unsupported'));
    this.announce();
    this.redraw();
  }

  /** A live picture of the show is on this page: not before, between or after, and not the holding picture. */
  private get onAir(): boolean {
    return this.phase === 'playing' && !this.snapshot?.safe;
  }

  /** Who may not enter any more keeps nothing of the show. */
  private forget(): void {
    this.show = null;
    this.models.forget();
    this.acts.forget();
    this.stage.video.srcObject = null;
    fill(this.card.root);
    fill(this.products.root);
    fill(this.brand);
    this.relabel();
  }

  private deskCame(news: DeskNews): void {
    this.acts.hear(news);
    const name = this.acts.desk.state.me?.name ?? '';
    if (name === this.name) return;
    this.name = name;
    this.showRoom();
  }

  private deskFigures(): DeskFigures {
    const { state, known, pending } = this.acts.desk;
    return {
      known,
      me: state.me && { id: state.me.id, name: state.me.name, role: state.me.role },
      messages: state.messages.size,
      points: state.points.size,
      quotes: [...state.quotes.values()].map(({ id, number, state: is }) => ({ id, number, state: is })),
      poll: state.poll?.id ?? null,
      pending: pending.map(({ act, state: is, detail }) => ({ act: act.act, state: is, detail })),
    };
  }

  private showRoom(): void {
    if (!canSpeak(this.words.language)) return;
    const there = this.phase === 'waiting';
    this.stage.room(there || this.recorded !== null);
    this.room.show(there, this.show, this.name, this.snapshot?.recording ?? 'off', this.words, () => this.player.clock.ms);
  }

  /** The show has ended, and this buyer wants to see its recording, with its sound: the tap that asked for it allows that. */
  private async startRecording(): Promise<void> {
    const { show } = this;
    if (!show?.replay || this.recorded) return;
    const { RecordedPlayer: Recorded } = await import('./recorded/player');
    if (this.phase !== 'ended' || this.recorded) return;
    this.recorded = new Recorded(this.stage.screen, show.replay, show.program.fps, this.words, {
      covered: (scene) => this.covers(scene),
      scene: (scene) => this.drawScene(scene),
      leave: () => this.leaveRecording(),
    });
    this.stage.mode('recorded');
    this.stage.frame.append(this.recorded.root);
    this.showRoom();
    this.acts.offer();
  }

  private leaveRecording(): void {
    this.acts.looking.back();
    this.recorded?.close();
    this.recorded = null;
    this.stage.mode('live');
    this.drawScene(null);
    this.showRoom();
    this.acts.offer();
  }

  private async askForReplay(): Promise<void> {
    const { status, body } = await fetchShow();
    const show = status === 200 ? readShow(body) : null;
    if (!show?.replay || this.phase !== 'ended') return;
    this.showCame(show);
  }

  private covers(scene: SceneFrame): boolean {
    const aside = this.acts.looking.mode !== 'live'; // the picture is small and in the corner
    return !aside && (this.overlay.covers(scene) || this.models.layer.covers(scene));
  }

  private drawScene(scene: SceneFrame | null): void {
    if (scene) this.history.add(scene);
    this.models.draw(scene);
    this.overlay.draw(scene);
    this.acts.looking.displayed(scene);
  }

  private ownCurrency(show: ShowDocument): OwnCurrency {
    const { rates } = show;
    return {
      choices: currenciesOf(rates),
      chosen: this.prefs.currency,
      choose: (currency) => this.prefer({ ...this.prefs, currency }),
      about: (amount, currency) => {
        const other = this.prefs.currency ? converted(rates, amount, currency, this.prefs.currency) : null;
        return other === null ? null : this.words.approximately(other, this.prefs.currency, rates!.date);
      },
    };
  }

  private prefer(prefs: Prefs): void {
    this.prefs = prefs;
    keepPrefs(prefs);
    this.relabel();
  }

  private productNow(): Product | null {
    const { show, chosen, snapshot } = this;
    const find = (id: string | undefined | null): Product | undefined => show?.products.find((product) => product.id === id);
    return find(chosen) ?? find(snapshot?.pinned) ?? show?.products[0] ?? null;
  }

  private announce(): void {
    if (!canSpeak(this.words.language)) return;
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
    this.stage.recording(show.replay !== null);
    this.root.classList.remove('bare');
    this.arrange();
    this.words = new Words(this.words.language, show.languages[0]);
    this.relabel();
  }

  private snapshotCame(came: Snapshot): void {
    // Over the holding picture there is nothing to say.
    const snapshot = came.safe ? { ...came, badges: false, specs: false, speaker: '' } : came;
    const before = this.snapshot;
    this.snapshot = snapshot;
    this.tellRecording(before?.recording ?? null);
    this.acts.snapshotCame(snapshot);
    this.stage.hold(snapshot.safe);
    if (snapshot.safe && !before?.safe) this.hideThePast();
    if (snapshot.safe !== before?.safe) this.acts.offer();
    this.models.follows(snapshot);
    this.overlay.state(snapshot.pinned, snapshot.hiddenCallouts);
    if (!canSpeak(this.words.language)) return;
    this.stage.captions.show(this.show, snapshot, this.words, this.overlay.across(snapshot.pinned));
    if (snapshot.specs && !before?.specs && this.layout.matches) {
      this.side.open('product'); // too small a picture for a table
      this.card.showSpecs();
    }
    if (before?.pinned !== snapshot.pinned || before.card !== snapshot.card || before.safe !== snapshot.safe) this.redraw();
  }

  /** What the presenter hides now is not to be had by looking at the last seconds again. */
  private hideThePast(): void {
    if (this.acts.looking.mode === 'replay') this.acts.looking.back();
    this.link?.scenes?.forget();
    this.history.clear();
  }

  /** Who is there when it begins gets it told beside the badge; who comes later finds the badge. */
  private tellRecording(before: Recording | null): void {
    const now = this.snapshot?.recording ?? 'off';
    this.stage.beingRecorded(now === 'on');
    if (before === now) return;
    this.showRoom();
    const { words } = this;
    if (before !== null && now === 'on' && canSpeak(words.language))
      this.acts.news.tell({ icon: 'info', title: words.say('recording_on'), text: words.say('recording_on_note') }, words);
  }

  /** The language an invite was made for counts until the buyer has chosen one. */
  private invited(name: string, language: string): void {
    this.name = name;
    if (language && !this.asked && !remembered()) this.speak(chooseLanguage([language, this.words.language]), false);
  }

  private speak(language: Language, remember: boolean): void {
    if (remember) keep(language);
    if (language === this.words.language) return;
    if (!canSpeak(language)) return this.learn(language);
    this.words = new Words(language, this.show?.languages[0]);
    this.link?.speak(language);
    this.relabel();
  }

  /** Fetches the words of a language, and speaks it once they are there. Until the first are, the page says nothing rather than something else. */
  private learn(language: Language): void {
    if (canSpeak(language)) return;
    void learn(language).then((known) => {
      if (known && language !== this.words.language) return this.speak(language, false);
      if (!known) this.words = new Words('en', this.show?.languages[0]);
      this.relabel();
    });
  }

  private relabel(): void {
    if (!canSpeak(this.words.language)) return;
    const { words, show } = this;
    document.documentElement.lang = words.language;
    document.documentElement.dir = direction(words.language);
    const title = words.text(show?.title);
    const factory = words.text(show?.factory);
    document.title = [title, factory, 'Vitrine'].filter(Boolean).join(' · ');
    fill(this.brand, factory && el('p', { class: 'factory', dir: 'auto' }, factory), title && el('h1', { class: 'show-title', dir: 'auto' }, title));
    setText(this.skip, words.say('skip_to_product'));
    this.stage.label(words);
    this.side.label(words);
    this.side.offerQuote(show !== null && show.products.length > 0);
    this.card.own = show ? this.ownCurrency(show) : null;
    this.card.units = this.prefs.units;
    this.showRoom();
    this.recorded?.label(words);
    this.stage.captions.show(show, this.snapshot, words, this.overlay.across(this.snapshot?.pinned ?? ''));
    if (show) this.overlay.show(show, words);
    this.acts.label(words, show);
    this.announce();
    this.redraw();
  }

  /** Product card and list. */
  private redraw(): void {
    const { show, words } = this;
    const pinned = this.snapshot?.pinned ?? '';
    const showing = this.onAir ? pinned : '';
    this.side.sheet.root.classList.toggle('empty', !show);
    if (!show || !canSpeak(words.language)) return;
    const find = (id: string | null): Product | null => show.products.find((product) => product.id === id) ?? null;
    const product = this.productNow();
    const shown = find(showing);
    this.models.card(product, words);
    this.card.show(product, product !== null && product.id === showing, words, this.models.panel.root);
    this.products.show(show.products, product?.id ?? '', { pinned, showing }, words);
    this.follow.hidden = !shown || shown === product;
    setText(this.follow, shown ? words.say('show_pinned', { product: words.text(shown.name) }) : '');
  }

  private choose(id: string | null): void {
    this.chosen = id === this.snapshot?.pinned ? null : id;
    this.redraw();
    this.acts.label(this.words, this.show);
    this.side.open('product');
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

  private pictureTapped(x: number, y: number, pointer: 'fine' | 'coarse'): void {
    if (this.acts.tapped(x, y, pointer)) return;
    const product = this.overlay.productAt(x, y);
    if (product) return this.choose(product.id);
    if (this.openCallout !== null) this.overlay.openCallout((this.openCallout = null));
  }

  /** On a phone the list of products belongs into the sheet; on a desk under the picture. */
  private arrange(): void {
    const holder = this.layout.matches ? this.productPanel : this.main;
    if (this.products.root.parentElement !== holder) {
      if (this.layout.matches) holder.insertBefore(this.products.root, this.card.root);
      else holder.append(this.products.root);
    }
    document.documentElement.style.setProperty('--sheet-half', `${Math.round(this.sheetPixels('half'))}px`);
    this.side.sheet.set(this.side.sheet.height);
  }

  /** Half: the picture keeps its full width above it. Full: a strip of the picture stays. */
  private sheetPixels(height: Height): number {
    const { innerWidth, innerHeight } = window;
    const peek = 168;
    if (height === 'peek') return peek;
    if (height === 'full') return innerHeight - 56;
    const program = this.show?.program ?? { width: 16, height: 9 };
    const picture = Math.min((innerWidth * program.height) / program.width, innerHeight * 0.55);
    return Math.max(innerHeight - picture - toolsPx, peek);
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
