// Everything about a show's 3D models that the rest of the page meets: a layer over the picture, a panel in the product card, a viewer of one's own.

import type { Words } from '../text/language';
import type { Product, ShowDocument, Snapshot } from '../wire/show';
import type { SceneFrame } from '../wire/scene_frame';
import { Choices, type Choice } from './choice';
import { ModelLayer, type DrawnModels } from './layer';
import { ModelLibrary, type Held } from './library';
import { ModelPanel } from './panel';
import type { RoomViewer } from './three/room';

/** How long after its last frame a product still counts as seen. */
const seenForMs = 3000;

export interface ModelStats extends DrawnModels {
  held: Record<string, Held['is']>;
}

export class Models {
  readonly layer: ModelLayer;
  readonly panel: ModelPanel;
  private readonly choices = new Choices();
  private readonly library: ModelLibrary;
  private readonly seen = new Map<string, number>();
  private show: ShowDocument | null = null;
  private product: Product | null = null;
  private words: Words | null = null;
  private room: RoomViewer | null = null;
  private wanted: string | null = null; // whose room opens once its model is there

  constructor() {
    this.library = new ModelLibrary((product) => this.came(product));
    this.layer = new ModelLayer(this.library, this.choices);
    this.panel = new ModelPanel({
      choose: (choice) => this.product && this.choose(this.product, choice),
      follow: () => this.product && this.follow(this.product),
      room: () => this.product && this.openRoom(this.product),
    });
  }

  shows(show: ShowDocument): void {
    this.show = show;
    this.layer.show(show);
  }

  follows({ models, pinned }: Snapshot): void {
    this.choices.follow(models, pinned);
    this.update();
  }

  /** The product whose card is up. */
  card(product: Product | null, words: Words): void {
    this.product = product;
    this.words = words;
    this.update();
  }

  draw(scene: SceneFrame | null): void {
    const now = performance.now();
    for (const { product, pose, visibility } of scene?.anchors ?? []) if (pose && visibility > 0.2) this.seen.set(product, now);
    this.layer.draw(scene);
  }

  /** Once a second: what changes by time alone. */
  tick(): void {
    this.updatePanel();
  }

  forget(): void {
    this.show = null;
    this.product = null;
    this.room?.close();
    this.choices.forget();
    this.library.forget();
    this.layer.show(null);
    this.updatePanel();
  }

  stats(): ModelStats {
    const held = Object.fromEntries((this.show?.products ?? []).filter(({ model }) => model).map(({ id }) => [id, this.library.of(id).is]));
    return { ...this.layer.drawn, held };
  }

  private choose(product: Product, choice: Choice): void {
    this.choices.choose(product.id, choice);
    if (choice.shown) this.library.want(product, true);
    this.update();
  }

  private follow(product: Product): void {
    this.choices.reset(product.id);
    this.update();
  }

  private update(): void {
    this.layer.update();
    this.updatePanel();
  }

  private updatePanel(): void {
    const { product, words } = this;
    if (!words) return;
    this.panel.show(product, product && {
      state: this.choices.state(product.id),
      held: this.library.of(product.id),
      departs: this.choices.departs(product.id),
      inPicture: performance.now() - (this.seen.get(product.id) ?? -Infinity) < seenForMs,
    }, words);
    this.room?.update(words);
  }

  private came(id: string): void {
    this.update();
    const held = this.library.of(id);
    if (held.is === 'loading' || this.wanted !== id) return;
    this.wanted = null;
    const product = this.show?.products.find((each) => each.id === id);
    if (held.is === 'ready' && product) void this.enter(product, held.bytes);
  }

  private openRoom(product: Product): void {
    const held = this.library.of(product.id);
    if (held.is === 'ready') return void this.enter(product, held.bytes);
    this.wanted = product.id;
    this.library.want(product, true);
  }

  private async enter(product: Product, bytes: Uint8Array): Promise<void> {
    const code = await import('./three/room').catch(() => null);
    if (!code || !this.words || this.room) return void (code ?? this.library.fail(product.id, 'offline'));
    this.room = await code.RoomViewer.open(product, bytes, this.words, {
      state: () => this.choices.state(product.id),
      choose: (choice) => this.choose(product, choice),
      closed: () => (this.room = null),
    }).catch(() => null);
    if (!this.room) this.library.fail(product.id, 'lost');
  }
}

