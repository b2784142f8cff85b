// Ways to look at the picture that are this buyer's alone: frozen and near, again, or kept as a file. The live picture goes on meanwhile, in the corner. What
// each needs is loaded when it is first used.

import { fetchStill } from './link/api';
import type { SceneTap } from './link/scene_tap';
import type { SceneHistory } from './picture/history';
import type { PictureTool, Surface } from './point/picture_tool';
import type { ReplayView } from './replay/view';
import type { Annotations, Frozen } from './still/annotated';
import type { FreezeView } from './still/freeze';
import type { Words } from './text/language';
import { el } from './view/dom';
import type { Stage } from './view/stage';
import type { SceneMoment } from './wire/desk';
import { bytesOf } from './wire/base64';
import { readSceneFrame, type SceneFrame } from './wire/scene_frame';
import type { Callout, Product } from './wire/show';

export interface LookingHost {
  stage: Stage;
  history: SceneHistory;
  tap(): SceneTap | null;
  tool: PictureTool;
  annotations(): Annotations | null;
  words(): Words;
  callout(product: Product, callout: Callout): void;
  attach(picture: { blob: Blob; name: string }): void;
  changed(): void;
  tell(text: string): void;
  /** The server's clock now, ms. */
  serverMs(): number;
}

/** A moment is offered for looking again while it is surely still kept. */
const offeredMs = 19_000;

export class Looking {
  private readonly host: LookingHost;
  private freezer: FreezeView | null = null;
  private replayer: ReplayView | null = null;
  private awaiting: ((scene: SceneFrame) => void)[] = [];
  private opening = false;

  constructor(host: LookingHost) {
    this.host = host;
  }

  get mode(): 'live' | 'frozen' | 'replay' {
    return this.freezer ? 'frozen' : this.replayer ? 'replay' : 'live';
  }

  get freeze(): FreezeView | null {
    return this.freezer;
  }

  get replayOffered(): boolean {
    const tap = this.host.tap();
    return tap !== null && tap.kind !== 'socket' && 'VideoDecoder' in window && 'EncodedVideoChunk' in window;
  }

  /** For tests and support. */
  figures(): object {
    return { mode: this.mode, kept: this.host.tap()?.kept ?? null, replay: this.replayer?.figures() ?? null, zoom: this.freezer?.scale ?? null, full: this.freezer?.full ?? null, still: this.freezer?.frozen.scene?.number ?? null };
  }

  /** In the callback of each displayed frame, after everything was drawn. */
  displayed(scene: SceneFrame | null): void {
    if (!scene || this.awaiting.length === 0) return;
    for (const then of this.awaiting.splice(0)) then(scene);
  }

  canJump({ captureUs }: SceneMoment): boolean {
    const newest = this.host.history.newest;
    return this.replayOffered && captureUs > 0 && newest !== null && captureUs <= newest.captureUs && newest.captureUs - captureUs < offeredMs * 1000;
  }

  async startFreeze(): Promise<void> {
    if (this.freezer || this.opening) return;
    const frozen = await this.now();
    if (frozen) await this.openFreeze(frozen, true);
  }

  async keepPicture(): Promise<void> {
    const frozen = this.freezer?.frozen ?? (await this.now());
    if (frozen) await this.keep(frozen);
  }

  async startReplay(moment: SceneMoment | null = null): Promise<void> {
    const tap = this.host.tap();
    if (!this.replayOffered || !tap || this.opening) return;
    this.opening = true;
    try {
      const [units, { trackOf, indexOfCapture }, { ReplayView: View }] = await Promise.all([tap.units(), import('./replay/track'), import('./replay/view')]);
      const track = trackOf(units);
      const annotations = this.host.annotations();
      if (!track || !annotations) return this.host.tell(this.host.words().say('replay_nothing'));
      this.back();
      const view = new View(track, annotations, {
        close: () => this.back(true),
        freeze: (frozen) => void this.openFreeze(frozen, false),
        callout: this.host.callout,
      });
      this.replayer = view;
      this.enter('replay', view.root);
      const at = moment ? indexOfCapture(track, moment.captureUs) : -1;
      view.start(at >= 0 ? Math.max(0, track.timesMs[at]! - 1000) : 0);
    } finally {
      this.opening = false;
    }
  }

  /** Markers, language or what the presenter shows have changed. */
  refresh(): void {
    const annotations = this.host.annotations();
    if (!annotations) return;
    this.freezer?.show(annotations);
    this.replayer?.show(annotations);
  }

  /** To the live picture. */
  back(focus = false): void {
    if (this.mode === 'live') return;
    const from = this.mode;
    this.host.tool.stop();
    this.freezer?.close();
    this.replayer?.close();
    this.freezer = this.replayer = null;
    this.host.stage.mode('live');
    this.host.changed();
    if (focus) document.querySelector<HTMLElement>(`[data-tool="${from === 'frozen' ? 'freeze' : 'replay'}"]`)?.focus({ preventScroll: true });
  }

  private enter(mode: 'frozen' | 'replay', root: HTMLElement): void {
    this.host.tool.stop();
    this.host.stage.mode(mode);
    this.host.stage.frame.append(root);
    this.host.changed();
  }

  /** The frame on screen with its scene frame: taken in its own callback, so that both are of one frame. */
  private now(): Promise<Frozen | null> {
    return new Promise((done) => {
      const timer = window.setTimeout(() => done(null), 1500);
      this.awaiting.push((scene) => {
        window.clearTimeout(timer);
        const { video, screen } = this.host.stage;
        const picture = document.createElement('canvas');
        picture.width = video.videoWidth;
        picture.height = video.videoHeight;
        const context = picture.getContext('2d')!;
        context.drawImage(screen.source, 0, 0, picture.width, picture.height);
        const models = this.host.stage.modelPicture(); // drawn in this very callback, so it is still there
        if (models) context.drawImage(models.canvas, models.x * picture.width, models.y * picture.height, models.width * picture.width, models.height * picture.height);
        done({ picture, scene, takenMs: this.host.serverMs() });
      });
    });
  }

  private async openFreeze(frozen: Frozen, wantStill: boolean): Promise<void> {
    if (this.opening && wantStill) return;
    this.opening = true;
    try {
      const still = wantStill ? fetchStill() : null; // asked for before anything else: it should be of nearly the same moment
      const { FreezeView: View, pictureOf } = await import('./still/freeze');
      const annotations = this.host.annotations();
      if (!annotations) return;
      this.back();
      const view = new View(frozen, annotations, {
        close: () => this.back(true),
        keep: () => void this.keep(view.frozen),
        attach: () => void this.attach(view.frozen),
        measure: (surface) => this.use('measure', surface),
        point: (surface) => this.use('point', surface),
        tap: (surface, x, y, pointer) => this.host.tool.tap(surface, x, y, pointer),
        callout: this.host.callout,
      });
      this.freezer = view;
      this.enter('frozen', view.root);
      view.focus();
      if (still) void this.improve(view, still, pictureOf);
      else view.noStill(this.host.words().say('still_replay'));
    } finally {
      this.opening = false;
    }
  }

  private use(mode: 'point' | 'measure', surface: Surface): void {
    if (this.host.tool.mode === mode) this.host.tool.stop();
    else this.host.tool.start(mode, surface);
  }

  private async improve(view: FreezeView, asked: ReturnType<typeof fetchStill>, pictureOf: (blob: Blob) => Promise<HTMLCanvasElement | null>): Promise<void> {
    const { status, body } = await asked;
    const words = this.host.words();
    if (!body) return view.noStill(words.say(status === 429 ? 'still_too_often' : 'still_none'));
    const bytes = bytesOf(body.scene);
    const scene = bytes && readSceneFrame(bytes);
    const picture = await pictureOf(body.picture);
    if (this.freezer !== view) return;
    // A picture without its scene frame has no annotations: then the frozen frame, which has, is worth more.
    if (!picture || !scene) return view.noStill(words.say('still_none'));
    view.better({ picture, scene, takenMs: scene.captureUs / 1000 });
  }

  private async compose(frozen: Frozen): Promise<{ blob: Blob; name: string } | null> {
    const annotations = this.host.annotations();
    if (!annotations) return null;
    const { composePicture } = await import('./still/compose');
    const { show, words } = annotations;
    const anchored = frozen.scene?.anchors.map(({ product }) => product) ?? [];
    const product = show.products.find(({ id }) => id === annotations.pinned && anchored.includes(id)) ?? show.products.find(({ id }) => anchored.includes(id));
    const title = [words.text(product?.name), words.text(show.factory)].filter(Boolean).join(' · ');
    const line = [words.text(show.title), words.moment(frozen.takenMs), frozen.scene && words.say('frame_number', { number: String(frozen.scene.number) })].filter(Boolean).join(' · ');
    const blob = await composePicture(frozen, annotations, { title, line });
    const stamp = new Date(frozen.takenMs).toISOString().slice(0, 19).replace(/[:T]/g, '-');
    return blob && { blob, name: `${(product?.id ?? 'vitrine').replace(/[^\w-]+/g, '_')}-${stamp}.png` };
  }

  private async keep(frozen: Frozen): Promise<void> {
    const made = await this.compose(frozen);
    if (!made) return;
    const url = URL.createObjectURL(made.blob);
    const link = el('a', { href: url, download: made.name });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.host.tell(this.host.words().say('picture_kept'));
  }

  private async attach(frozen: Frozen): Promise<void> {
    const made = await this.compose(frozen);
    if (made) this.host.attach(made);
  }
}
