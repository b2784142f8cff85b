// Models over the picture, for exactly the frame on screen and beneath the callouts. Like these, nothing is drawn for a frame without a scene
// frame.

import { project } from '../picture/projection';
import { calm, el, fill } from '../view/dom';
import type { Product, ShowDocument } from '../wire/show';
import type { SceneFrame } from '../wire/scene_frame';
import type { Choices } from './choice';
import { Glide } from './glide';
import type { ModelLibrary } from './library';
import { opacityOf, viewOf } from './placement';
import { visibleRegion } from './region';
import type { PictureRenderer, PlacedModel } from './three/picture';

/** What was drawn last; for tests and support. */
export interface DrawnModels {
  sceneNumber: number | null;
  products: string[];
  resolution: number;
}

export class ModelLayer {
  readonly root = el('div', { class: 'models', 'aria-hidden': 'true' });
  readonly drawn: DrawnModels = { sceneNumber: null, products: [], resolution: 1 };
  private readonly library: ModelLibrary;
  private readonly choices: Choices;
  private products = new Map<string, Product>();
  private renderer: PictureRenderer | null = null;
  private readonly glides = new Map<string, Glide>();
  private aspect = 16 / 9; // of the program
  private size = { width: 0, height: 0 };
  private last: SceneFrame | null = null;

  constructor(library: ModelLibrary, choices: Choices) {
    this.library = library;
    this.choices = choices;
  }

  get canvas(): HTMLCanvasElement | null {
    return this.root.querySelector('canvas');
  }

  show(show: ShowDocument | null): void {
    if (show) this.aspect = show.program.width / show.program.height;
    this.products = new Map(show?.products.filter(({ model }) => model).map((product) => [product.id, product]));
    this.update();
  }

  resize(width: number, height: number): void {
    this.size = { width, height };
    this.renderer?.resize(width, height);
    this.draw(this.last);
  }

  /** After a choice, a snapshot or a model that was loaded. */
  update(): void {
    for (const product of this.products.values()) if (this.choices.state(product.id).shown) this.library.want(product);
    this.draw(this.last);
  }

  /** Whether a model is drawn over the picture by it. */
  covers(scene: SceneFrame): boolean {
    return scene.anchors.some(({ product }) => this.products.has(product) && this.library.of(product).is === 'ready' && this.choices.state(product).shown);
  }

  draw(scene: SceneFrame | null): void {
    this.last = scene;
    const placed: PlacedModel[] = [];
    this.drawn.products = [];
    this.drawn.sceneNumber = scene?.number ?? null;
    for (const anchor of scene?.anchors ?? []) {
      const product = this.products.get(anchor.product);
      const held = this.library.of(anchor.product);
      const state = this.choices.state(anchor.product);
      if (!product?.model || held.is !== 'ready' || !state.shown) continue;
      const view = viewOf(anchor, this.aspect);
      const middle = project(anchor, [product.widthMm / 2, product.heightMm / 2, 0]);
      if (!view || !middle) continue;
      const region = visibleRegion(scene!.sources, middle);
      const explode = this.exploded(anchor.product, state.explode);
      placed.push({ model: held.model, placement: product.model, view, region, opacity: opacityOf(anchor.visibility), state: { ...state, explode } });
      this.drawn.products.push(anchor.product);
    }
    if (placed.length > 0) this.renderer ??= this.begin();
    if (this.renderer?.draw(placed)) this.drawn.resolution = this.renderer.resolution;
  }

  private exploded(product: string, wanted: number): number {
    let glide = this.glides.get(product);
    if (!glide) this.glides.set(product, (glide = new Glide()));
    return glide.at(wanted, performance.now(), !this.choices.owns(product, 'explode') && !calm());
  }

  private begin(): PictureRenderer | null {
    const canvas = el('canvas');
    canvas.addEventListener('webglcontextlost', () => this.lost());
    try {
      const renderer = new this.library.drawing!.PictureRenderer(canvas);
      renderer.resize(this.size.width, this.size.height);
      fill(this.root, canvas);
      return renderer;
    } catch {
      this.failAll('no-webgl');
      return null;
    }
  }

  /** The GPU gave up, perhaps over a model: what was shown is taken away until the buyer asks again, on a new canvas. */
  private lost(): void {
    if (!this.renderer) return;
    this.renderer = null;
    fill(this.root);
    this.failAll('lost');
  }

  private failAll(problem: 'no-webgl' | 'lost'): void {
    for (const id of this.products.keys()) if (this.library.of(id).is === 'ready') this.library.fail(id, problem);
  }
}
