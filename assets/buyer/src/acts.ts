// Everything a buyer does beyond watching: the desk behind the tabs, the tools beneath the picture, points on it, and quotes. App feeds it with what came;
// it tells App what to draw anew.

import { Desk, type Change } from './desk/desk';
import { HelperTab } from './helper/helper_tab';
import { Introduction } from './join/introduce';
import { Looking, type LookingHost } from './looking';
import { Markers, type Marker } from './point/markers';
import { PictureTool, momentOf, wireMoment, type Spot, type Surface } from './point/picture_tool';
import { QuoteList } from './quote/list';
import { Conversation, nameOf } from './talk/conversation';
import { News, type NewsItem } from './talk/news';
import { PollView } from './talk/poll_view';
import { ReactionFloat, ReactionMenu } from './talk/reactions';
import type { Side } from './talk/side';
import { Ticker } from './talk/ticker';
import type { Words } from './text/language';
import type { Prefs } from './text/prefs';
import { calm } from './view/dom';
import { ToolBar, type Tool } from './view/tools';
import type { DeskNews, SceneMoment } from './wire/desk';
import type { Product, ShowDocument, Snapshot } from './wire/show';

export interface ActsHost extends Omit<LookingHost, 'tool' | 'annotations' | 'words' | 'attach' | 'changed' | 'tell'> {
  side(): Side;
  markers: Markers;
  hidden(): Set<string>;
  redraw(): void;
  live: Surface;
  playing(): boolean;
  /** A picture is there or to be expected. */
  showing(): boolean;
  ended(): boolean;
  annotate(): void;
  productNow(): Product | null;
  quantityOf(product: Product): number;
  chooseProduct(id: string): void;
  prefs(): Prefs;
  /** Over the socket. */
  send(message: object): void;
}

export class Acts {
  readonly desk: Desk;
  readonly introduction: Introduction;
  readonly questions: Conversation;
  readonly chat: Conversation;
  readonly quotes: QuoteList;
  readonly poll: PollView;
  readonly news = new News();
  readonly ticker = new Ticker();
  readonly floats = new ReactionFloat();
  readonly tools: ToolBar;
  readonly tool: PictureTool;
  readonly looking: Looking;
  private readonly menu: ReactionMenu;
  private readonly host: ActsHost;
  private helper: HelperTab | null = null;
  private words: Words | null = null;
  private show: ShowDocument | null = null;
  private snapshot: Snapshot | null = null;
  private seen = { questions: 0, chat: 0 };
  private hand = false;
  private form: { add: (picture: { blob: Blob; name: string }) => void } | null = null;

  constructor(host: ActsHost) {
    this.host = host;
    this.desk = new Desk({
      changed: (kinds) => this.deskChanged(kinds),
      answered: (message) => this.tell({
        icon: 'check', title: this.words!.say('news_answered'), text: message.answer, language: message.answerLanguage,
        act: { word: this.words!.say('see'), do: () => this.open('questions', message.id) },
      }),
      announced: (message) => this.tell({ icon: 'megaphone', title: nameOf(message.person, message.name, this.words!), text: message.text, language: message.language,
        act: { word: this.words!.say('see'), do: () => this.open(message.kind === 'question' ? 'questions' : 'chat', message.id) } }),
      quoteMoved: (quote) => this.tell({ icon: 'quote', title: this.words!.say('news_quote', { number: quote.number }), act: { word: this.words!.say('see'), do: () => this.open('quotes') } }),
      pointMoved: (point) => point.state === 'shown' && this.tell({ icon: 'point', title: this.words!.say('news_point') }),
      askEarlier: (list, place) => host.send({ type: 'earlier', list, before: place }),
      later: (ms, then) => void window.setTimeout(then, ms),
    });
    this.introduction = new Introduction(this.desk, () => host.side().sheet.reveal());
    const talk = {
      say: (kind: 'chat' | 'question', text: string, isPrivate: boolean) => this.say(kind, text, isPrivate),
      product: (id: string) => {
        host.chooseProduct(id);
        host.side().open('product');
      },
      jump: (moment: SceneMoment) => void this.looking.startReplay(moment),
      canJump: (moment: SceneMoment) => this.looking.canJump(moment),
    };
    this.questions = new Conversation('question', this.desk, talk);
    this.chat = new Conversation('chat', this.desk, talk);
    this.quotes = new QuoteList(this.desk);
    this.poll = new PollView(this.desk);
    this.menu = new ReactionMenu((kind) => {
      void this.desk.act({ act: 'react', kind }, false);
      if (!calm()) this.floats.came({ [kind]: 1 });
    });
    this.tools = new ToolBar((tool, button) => this.use(tool, button), this.menu.root);
    this.tool = new PictureTool({
      mode: (mode) => {
        this.tools.press('point', mode === 'point');
        this.tools.press('measure', mode === 'measure');
        host.stage.refit();
      },
      marks: () => this.mark(),
      point: (spot, note) => this.point(spot, note),
    });
    this.looking = new Looking({
      ...host, stage: host.stage, history: host.history, tool: this.tool,
      words: () => this.words!,
      annotations: () => this.annotations(),
      attach: (picture) => {
        if (this.form) this.form.add(picture);
        else void this.openQuote([picture]);
      },
      changed: () => this.offer(),
      tell: (text) => this.tell({ icon: 'info', title: text }),
    });
    this.menu.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.openMenu(false);
      this.tools.button('react').focus();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Element && !target.closest('.reaction-menu, [data-tool="react"]')) this.openMenu(false);
    });
    host.markers.onRemove = (id) => this.removePoint(id);
  }

  label(words: Words, show: ShowDocument | null): void {
    this.words = words;
    this.show = show;
    this.menu.label(words);
    this.tools.label(words);
    this.introduction.label(words);
    this.questions.label(words, show);
    this.chat.label(words, show);
    this.quotes.label(words, show);
    this.poll.show(words);
    this.tool.label(words, show?.program ?? { width: 1280, height: 720 }, this.host.prefs());
    this.helper?.label(words, show, this.snapshot);
    this.aboutWhat();
    this.counts();
    this.showTicker();
    this.mark();
    this.offer();
  }

  snapshotCame(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    if (this.words) this.helper?.label(this.words, this.show, snapshot);
    this.showTicker();
    this.looking.refresh();
    this.aboutWhat();
  }

  hear(news: DeskNews): void {
    this.desk.hear(news);
    if (!news.full || news.last) this.introduction.offer();
  }

  socket(open: boolean): void {
    if (open) this.desk.opened();
  }

  /** Once a second. */
  tick(): void {
    const near = [...this.desk.state.messages.values()].some(({ moment }) => moment.captureUs > 0 && this.host.serverMs() * 1000 - moment.captureUs < 25e6);
    if (near) for (const talk of [this.questions, this.chat]) talk.update();
    this.offer();
  }

  /** What is there to do depends on what is to be seen. */
  offer(): void {
    const playing = this.host.playing();
    const live = this.looking.mode === 'live';
    const why = this.words?.say('tool_needs_picture') ?? '';
    const showing = this.host.showing();
    const ended = this.host.ended();
    if (ended) this.openMenu(false);
    for (const tool of ['react', 'hand'] as const) this.tools.offer(tool, !ended);
    this.tools.root.hidden = this.show === null;
    for (const tool of ['point', 'measure'] as const) this.tools.offer(tool, showing, playing && live, why);
    this.tools.offer('freeze', showing, playing && this.looking.mode !== 'frozen', why);
    this.tools.offer('keep_picture', showing, playing, why);
    this.tools.offer('replay', showing && !ended && this.looking.replayOffered, playing && this.looking.mode !== 'replay', why);
    if (!playing && this.tool.mode !== 'none' && live) this.tool.stop();
  }

  tabOpened(roomy: boolean): void {
    const { chosen } = this.host.side().tabs;
    this.poll.fold(roomy && (chosen === 'questions' || chosen === 'chat'));
    this.counts();
  }

  open(tab: 'questions' | 'chat' | 'quotes', id = ''): void {
    this.host.side().open(tab);
    if (id) (tab === 'questions' ? this.questions : this.chat).reveal(id);
  }

  forget(): void {
    this.looking.back();
    this.tool.stop();
    this.host.tap()?.forget();
    this.host.history.clear();
    this.desk.forget();
    this.show = null;
    this.offer();
  }

  /** What to do with a tap on the live picture; false: it is not for a tool. */
  tapped(x: number, y: number, pointer: 'fine' | 'coarse'): boolean {
    return this.tool.tap(this.host.live, x, y, pointer);
  }

  held(x: number, y: number): boolean {
    if (this.tool.mode !== 'none' || !this.host.playing() || this.looking.mode !== 'live') return false;
    return this.tool.hold(this.host.live, x, y);
  }

  async openQuote(pictures: { blob: Blob; name: string }[] = []): Promise<void> {
    const { show, words } = this;
    const product = this.host.productNow();
    if (!show || !words || !product || this.form) return;
    const { openQuoteForm } = await import('./quote/form');
    const form = openQuoteForm(this.desk, {
      show, words, product, pictures,
      quantity: this.host.quantityOf(product),
      prefs: this.host.prefs(),
      variants: this.snapshot?.variants ?? new Map(),
      moment: (id) => this.moment(id),
      ensure: () => this.introduction.ensure(),
      sent: () => this.open('quotes'),
    });
    this.form = form;
    await form.closed;
    this.form = null;
  }

  private moment(product: string): SceneMoment {
    return momentOf(this.looking.freeze?.frozen.scene ?? this.host.history.newest, product);
  }

  private tell(item: NewsItem): void {
    if (this.words) this.news.tell(item, this.words);
  }

  private async say(kind: 'chat' | 'question', text: string, isPrivate: boolean): Promise<boolean> {
    if (!(await this.introduction.ensure())) return false;
    const moment = wireMoment(this.moment(this.host.productNow()?.id ?? ''));
    void this.desk.act({ act: 'say', kind, text, language: this.words!.language, is_private: isPrivate, moment });
    return true;
  }

  private async point(spot: Spot, note: string): Promise<boolean> {
    if (!(await this.introduction.ensure())) return false;
    const at = spot.mm.map((mm) => Math.round(mm * 100) / 100);
    void this.desk.act({ act: 'point', product: spot.product.id, note, at_mm: at, moment: wireMoment(momentOf(spot.scene, spot.product.id)) });
    this.tell({ icon: 'point', title: this.words!.say('point_sent') });
    return true;
  }

  private removePoint(id: string): void {
    const waiting = this.desk.pending.find(({ clientId }) => clientId === id);
    if (waiting) this.desk.drop(id);
    else void this.desk.act({ act: 'set_point', point: id, state: 'done' });
  }

  private use(tool: Tool, button: HTMLButtonElement): void {
    switch (tool) {
      case 'point':
      case 'measure':
        if (this.tool.mode === tool) return this.tool.stop();
        this.host.annotate();
        return this.tool.start(tool, this.host.live);
      case 'freeze':
        return void this.looking.startFreeze();
      case 'keep_picture':
        return void this.looking.keepPicture();
      case 'replay':
        return void this.looking.startReplay();
      case 'react':
        this.openMenu(this.menu.root.hidden);
        if (!this.menu.root.hidden) this.menu.root.querySelector('button')?.focus();
        return;
      case 'hand':
        return void this.raise(button);
    }
  }

  private openMenu(open: boolean): void {
    if (this.menu.root.hidden === !open) return;
    this.menu.root.hidden = !open;
    this.tools.press('react', open);
  }

  private async raise(button: HTMLButtonElement): Promise<void> {
    if (!this.hand && !(await this.introduction.ensure())) return;
    this.hand = !this.hand;
    this.tools.press('hand', this.hand);
    button.classList.toggle('up', this.hand);
    const done = await this.desk.act({ act: 'hand', up: this.hand }, false);
    if (done) {
      if (this.hand) this.tell({ icon: 'hand', title: this.words!.say('hand_raised') });
      return;
    }
    this.hand = !this.hand;
    this.tools.press('hand', this.hand);
  }

  private deskChanged(kinds: Set<Change>): void {
    const { words } = this;
    if (this.desk.state.me?.role === 'helper' && !this.helper) {
      this.helper = new HelperTab(this.desk);
      this.host.side().addHelper(this.helper.root);
      if (words) {
        this.helper.label(words, this.show, this.snapshot);
        this.host.side().label(words);
      }
    }
    if (!words) return;
    const any = (...wanted: Change[]): boolean => wanted.some((kind) => kinds.has(kind));
    if (any('message', 'pending', 'me')) {
      this.questions.update();
      this.chat.update();
      this.helper?.update();
    }
    if (any('quote', 'pending', 'me')) this.quotes.update();
    if (any('poll', 'pending')) this.poll.show(words);
    if (any('point', 'pending', 'me')) this.mark();
    if (any('order')) this.showTicker();
    this.counts();
  }

  /** Own points always, others' while the presenter shows them; those on their way as if they were there. */
  private markers(): Marker[] {
    const { state, pending } = this.desk;
    const words = this.words!;
    const there = [...state.points.values()].flatMap((point): Marker[] => {
      const own = point.person === state.me?.id;
      if (!own && point.state !== 'shown' && state.me?.role !== 'helper') return [];
      return [{ id: point.id, product: point.product, at: point.at, name: own ? words.say('you') : nameOf(point.person || 'a', point.name || (state.people.get(point.person)?.name ?? ''), words), note: point.note, own, kind: 'point' }];
    });
    const coming = pending
      .filter(({ act, result, state: is }) => act.act === 'point' && is !== 'failed' && !(result && state.points.has(result.id)) && !(is === 'sent' && !result))
      .filter(({ result }) => result === null)
      .map(({ clientId, act }): Marker => ({ id: clientId, product: String(act['product']), at: act['at_mm'] as [number, number, number], name: words.say('you'), note: String(act['note'] ?? ''), own: true, kind: 'point' }));
    return [...there, ...coming, ...this.tool.drafts];
  }

  private mark(): void {
    if (!this.words) return;
    this.host.markers.show(this.markers(), this.tool.lines, this.words);
    this.host.redraw();
    this.looking.refresh();
  }

  private annotations() {
    const { show, words, snapshot } = this;
    if (!show || !words) return null;
    return { show, words, pinned: snapshot?.pinned ?? '', hidden: this.host.hidden(), markers: this.markers(), lines: this.tool.lines };
  }

  private showTicker(): void {
    if (this.words) this.ticker.show(this.snapshot?.ticker ?? false, [...this.desk.state.orders.values()], this.show, this.words);
  }

  private aboutWhat(): void {
    const { words } = this;
    const product = this.host.productNow();
    if (words) this.questions.composer.speaksOf(product ? words.say('asks_about', { product: words.text(product.name) }) : '');
  }

  /** New since the tab was last open. */
  private counts(): void {
    const { words } = this;
    if (!words) return;
    const { tabs } = this.host.side();
    const me = this.desk.state.me?.id;
    const all = [...this.desk.state.messages.values()].filter(({ person, state }) => person !== me && state !== 'hidden');
    const newest = (kind: 'questions' | 'chat'): number[] => all.filter((message) => (message.kind === 'question') === (kind === 'questions')).map(({ madeUs, answeredUs }) => Math.max(madeUs, answeredUs));
    for (const kind of ['questions', 'chat'] as const) {
      const times = newest(kind);
      if (tabs.chosen === kind) this.seen[kind] = Math.max(this.seen[kind], ...times);
      const fresh = times.filter((us) => us > this.seen[kind]).length;
      tabs.count(kind, fresh, words.say('new_count', { count: words.number(fresh) }));
    }
    const { waiting } = this.quotes;
    tabs.count('quotes', waiting, words.say('waiting_for_you', { count: words.number(waiting) }));
    if (this.helper) tabs.count('helper', this.helper.waiting, words.say('unanswered'));
  }
}
