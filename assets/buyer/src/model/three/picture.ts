// Draws models over the picture. One canvas covers exactly the program's rectangle; the world is the camera's frame (metres), so that the
// studio's light stays with the camera. Drawing happens inside the video's frame callback and touches no layout.

import {
  CustomBlending, Matrix4, Mesh, MeshBasicMaterial, OrthographicCamera, PerspectiveCamera, PlaneGeometry, Scene, SrcAlphaFactor, Vector3, WebGLRenderer,
  ZeroFactor, AddEquation, Group, type Texture,
} from 'three';
import type { ModelState, Vec3 } from '../../wire/show';
import { depthRange, modelToTarget, projectionOf, type Placement, type View } from '../placement';
import type { Region, Share } from '../region';
import { ContactShadow } from './contact_shadow';
import { LoadedModel } from './loaded_model';
import { Pace } from './pace';
import { lightStudio, setTones } from './studio';

export { LoadedModel };

export interface PlacedModel {
  model: LoadedModel;
  placement: Placement;
  view: View;
  region: Region;
  opacity: number;
  state: ModelState;
}

const mostPixelRatio = 2;

interface Seen {
  placed: PlacedModel;
  near: number;
  far: number;
}

export class PictureRenderer {
  private readonly renderer: WebGLRenderer;
  private readonly studio: Texture;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly target = new Group(); // the target's frame
  private readonly shadows = new WeakMap<LoadedModel, ContactShadow>();
  private readonly veil = new Veil();
  private readonly pace: Pace;
  private size = { width: 0, height: 0 };
  private blank = true;

  /** Throws when there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true, stencil: true, powerPreference: 'high-performance' });
    this.renderer.autoClear = false;
    this.renderer.localClippingEnabled = true;
    this.renderer.setClearColor(0x000000, 0);
    setTones(this.renderer);
    this.studio = lightStudio(this.renderer);
    this.scene.environment = this.studio;
    this.target.matrixAutoUpdate = false;
    this.scene.add(this.target);
    this.scene.matrixWorldAutoUpdate = false;
    this.camera.matrixAutoUpdate = false;
    this.camera.matrixWorldAutoUpdate = false;
    this.pace = new Pace(this.renderer.getContext() as WebGL2RenderingContext, () => this.fit());
  }

  /** CSS px. */
  resize(width: number, height: number): void {
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.fit();
  }

  /** Share of the screen's own resolution that is drawn. */
  get resolution(): number {
    return this.pace.share;
  }

  /** Models whose camera looks away from them are left out. True when anything was drawn. */
  draw(models: readonly PlacedModel[]): boolean {
    const seen: Seen[] = [];
    for (const placed of models) {
      const range = placed.opacity > 0 ? this.range(placed) : null;
      if (range) seen.push({ placed, ...range });
    }
    if (seen.length === 0 && this.blank) return false;
    this.renderer.clear();
    this.blank = seen.length === 0;
    seen.sort((a, b) => a.placed.region.depth - b.placed.region.depth || b.far - a.far);
    for (const each of seen) this.drawOne(each);
    this.renderer.setScissorTest(false);
    if (!this.blank) this.pace.drawn();
    return !this.blank;
  }

  dispose(): void {
    this.veil.dispose();
    this.studio.dispose();
    this.renderer.dispose();
  }

  private range({ model, placement, view }: PlacedModel): { near: number; far: number } | null {
    const root = new Matrix4().fromArray(modelToTarget(placement));
    const toCamera = new Matrix4().fromArray(view.toCamera);
    const ball = model.ball.clone().applyMatrix4(root);
    const ground = new Vector3(ball.center.x, ball.center.y, 0); // the shadow lies on the target's plane
    const radius = ball.radius * 1.3 + ground.distanceTo(ball.center);
    return depthRange(ball.center.applyMatrix4(toCamera).toArray() as Vec3, radius * toCamera.getMaxScaleOnAxis());
  }

  private drawOne({ placed, near, far }: Seen): void {
    const { model, placement, view, region, opacity, state } = placed;
    this.camera.projectionMatrix.fromArray(projectionOf(view.intrinsics, near, far));
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    this.target.matrix.fromArray(view.toCamera);
    model.look(state);
    const toTarget = new Matrix4().fromArray(modelToTarget(placement));
    const shadow = this.shadowOf(model);
    this.renderer.setScissorTest(false);
    shadow.update(this.renderer, model, toTarget, state);
    model.root.matrix.copy(toTarget);
    this.target.add(shadow.mesh, model.root);
    this.target.updateMatrixWorld(true);
    model.placed();

    this.scissor(region.shown);
    this.renderer.clearDepth();
    this.renderer.render(this.scene, this.camera);
    if (opacity < 1) this.veil.draw(this.renderer, opacity);
    this.target.remove(shadow.mesh, model.root);
    for (const covered of region.covered) {
      this.scissor(covered);
      this.renderer.clear();
    }
  }

  private shadowOf(model: LoadedModel): ContactShadow {
    let shadow = this.shadows.get(model);
    if (!shadow) this.shadows.set(model, (shadow = new ContactShadow()));
    return shadow;
  }

  private scissor([x, y, width, height]: Share): void {
    const { size } = this;
    // Whole CSS px outwards would let a model hang over an edge; three scales them by the pixel ratio.
    this.renderer.setScissor(x * size.width, (1 - y - height) * size.height, width * size.width, height * size.height);
    this.renderer.setScissorTest(true);
  }

  private fit(): void {
    const { width, height } = this.size;
    if (width <= 0 || height <= 0) return;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, mostPixelRatio) * this.pace.share);
    this.renderer.setSize(width, height, false);
    this.blank = true; // a canvas whose size was set is clear
  }
}

/** Thins everything drawn so far: colour and coverage times an opacity. A model fades as a whole, its inside does not shine through. */
class Veil {
  private readonly camera = new OrthographicCamera();
  private readonly scene = new Scene();
  private readonly material = new MeshBasicMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
    blending: CustomBlending,
    blendEquation: AddEquation,
    blendSrc: ZeroFactor,
    blendDst: SrcAlphaFactor,
    blendSrcAlpha: ZeroFactor,
    blendDstAlpha: SrcAlphaFactor,
  });
  private readonly quad = new Mesh(new PlaneGeometry(2, 2), this.material);

  constructor() {
    this.quad.frustumCulled = false;
    this.quad.position.set(0, 0, -1);
    this.scene.add(this.quad);
  }

  draw(renderer: WebGLRenderer, opacity: number): void {
    this.material.opacity = opacity;
    renderer.render(this.scene, this.camera);
  }

  dispose(): void {
    this.quad.geometry.dispose();
    this.material.dispose();
  }
}
