// The model by itself, in its true size: turned on the page by anyone, and put into the buyer's own room where the device has a way to. It has
// a copy of the model of its own, so that the one over the live picture goes on undisturbed.

import {
  GridHelper, Group, Matrix4, type Object3D, PerspectiveCamera, Scene, Sphere, type Texture, Vector3, WebGLRenderer, type LineBasicMaterial,
} from 'three';
import type { Words } from '../../text/language';
import { calm, el, fill, icon, setText } from '../../view/dom';
import type { ModelState, Product } from '../../wire/show';
import type { Choice } from '../choice';
import { ModelLooks } from '../looks';
import { ContactShadow } from './contact_shadow';
import { LoadedModel } from './loaded_model';
import { between, eye, fitting, moved, turned, type Orbit, type OrbitLimits } from './orbit';
import { canQuickLook, quickLook } from './quick_look';
import { canPlace, placeInRoom } from './room_xr';
import { lightStudio, setTones } from './studio';

export interface RoomReports {
  state(): ModelState;
  choose(choice: Choice): void;
  closed(): void;
}

const fieldOfView = 32; // degrees
const keyTurn = Math.PI / 18;

type Way = 'webxr' | 'quick-look' | null;

export class RoomViewer {
  private readonly dialog = el('dialog', { class: 'room' });
  private readonly stage = el('div', { class: 'room-stage', tabindex: 0, role: 'img' });
  private readonly title = el('h2', { dir: 'auto' });
  private readonly closeButton = el('button', { type: 'button', class: 'round' }, icon('close'));
  private readonly size = el('p', { class: 'caption' });
  private readonly grid = el('p', { class: 'caption' });
  private readonly placeButton = el('button', { type: 'button', class: 'button place', hidden: true }, icon('room'), el('span'));
  private readonly frontButton = el('button', { type: 'button', class: 'button' });
  private readonly note = el('p', { class: 'hint', role: 'status' });
  private readonly looks: ModelLooks;
  private readonly canvas = el('canvas');
  private readonly renderer: WebGLRenderer;
  private readonly studio: Texture;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(fieldOfView, 1, 0.01, 100);
  private readonly standing = new Group(); // its origin is where the model's foot touches the ground
  private readonly ground = new Group();
  private readonly upright = new Matrix4(); // the model's frame -> the ground it stands on
  private readonly shadow = new ContactShadow();
  private readonly floor: GridHelper;
  private readonly squareMm: number;
  private readonly ball: Sphere;
  private readonly limits: OrbitLimits;
  private readonly sizes = new ResizeObserver(() => this.fit());
  private readonly product: Product;
  private readonly model: LoadedModel;
  private readonly reports: RoomReports;
  private words: Words;
  private orbit: Orbit = { around: 0, above: 0, distance: 1 };
  private goal: Orbit = this.orbit;
  private untouched = true;
  private asked = 0;
  private way: Way = null;
  private fault = false;

  static async open(product: Product, bytes: Uint8Array, words: Words, reports: RoomReports): Promise<RoomViewer> {
    const model = await LoadedModel.parse(bytes);
    const viewer = new RoomViewer(product, model, words, reports);
    viewer.way = canQuickLook() ? 'quick-look' : (await canPlace()) ? 'webxr' : null;
    viewer.update(words);
    return viewer;
  }

  private constructor(product: Product, model: LoadedModel, words: Words, reports: RoomReports) {
    this.product = product;
    this.model = model;
    this.words = words;
    this.reports = reports;
    this.looks = new ModelLooks((choice) => reports.choose(choice));
    this.renderer = new WebGLRenderer({ canvas: this.canvas, alpha: true, antialias: true, stencil: true });
    this.renderer.localClippingEnabled = true;
    setTones(this.renderer);
    this.studio = lightStudio(this.renderer);
    this.scene.environment = this.studio;

    const { scale } = product.model!;
    this.stand(scale);
    this.ball = model.box.getBoundingSphere(new Sphere()).applyMatrix4(this.upright);
    const near = fitting(this.ball.radius, (fieldOfView * Math.PI) / 180, 1);
    this.limits = { nearest: near * 0.25, farthest: near * 5 };
    this.squareMm = niceSquare(this.ball.radius * 2000);
    this.floor = makeFloor(this.squareMm / 1000);
    this.scene.add(this.standing, this.floor);

    this.build();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.sizes.observe(this.stage);
    this.stage.focus();
    this.update(words);
    this.front(false);
  }

  close(): void {
    this.dialog.close();
  }

  update(words: Words): void {
    this.words = words;
    const name = words.text(this.product.name);
    setText(this.title, words.say('room_title', { product: name }));
    this.stage.setAttribute('aria-label', `${words.say('room_title', { product: name })}. ${words.say('room_help')}`);
    this.closeButton.setAttribute('aria-label', words.say('close'));
    setText(this.placeButton.querySelector('span')!, words.say('room_place'));
    setText(this.frontButton, words.say('room_front'));
    setText(this.size, words.say('room_size', { size: this.trueSize() }));
    setText(this.grid, words.say('room_grid', { mm: words.number(this.squareMm) }));
    this.placeButton.hidden = !this.way;
    const advice = this.way ? '' : ` ${words.say('room_no_ar')}`;
    setText(this.note, this.fault ? words.say('room_failed') : `${words.say('room_help')}${advice}`);
    this.looks.show(this.product, this.reports.state(), this.model.swatches, words);
    if (this.untouched) this.goal = this.home();
    this.ask();
  }

  private build(): void {
    fill(this.stage, this.canvas);
    fill(this.dialog,
      el('header', {}, this.title, this.closeButton),
      this.stage,
      el('div', { class: 'room-side' },
        el('div', {}, this.size, this.grid),
        this.placeButton,
        this.looks.root,
        this.frontButton,
        this.note));
    this.closeButton.addEventListener('click', () => this.close());
    this.frontButton.addEventListener('click', () => this.front(true));
    this.placeButton.addEventListener('click', () => void this.place());
    this.dialog.addEventListener('close', () => this.leave());
    this.stage.addEventListener('keydown', (event) => this.key(event));
    this.stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.go(moved(this.goal, Math.exp(Math.sign(event.deltaY) * 0.12), this.limits));
    }, { passive: false });
    this.followFingers();
  }

  /** Upright on the ground, its middle over the origin, in true size. */
  private stand(scale: number): void {
    const { box, root } = this.model;
    const middle = box.getCenter(new Vector3());
    root.matrix.copy(new Matrix4().makeScale(scale, scale, scale));
    root.matrix.multiply(new Matrix4().makeTranslation(-middle.x, -box.min.y, -middle.z));
    this.ground.rotation.x = -Math.PI / 2; // the shadow's frame has z up
    this.ground.add(this.shadow.mesh);
    this.standing.add(this.ground, root);
    this.standing.updateMatrixWorld(true);
    this.upright.copy(root.matrix);
  }

  private trueSize(): string {
    const size = this.model.box.getSize(new Vector3()).multiplyScalar(1000 * this.product.model!.scale);
    return size.toArray().map((mm) => this.words.number(mm, mm < 20 ? 1 : 0)).join(' × ');
  }

  private followFingers(): void {
    const fingers = new Map<number, { x: number; y: number }>();
    const spread = (): number => {
      const [a, b] = [...fingers.values()];
      return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
    };
    this.stage.addEventListener('pointerdown', (event) => {
      this.stage.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    this.stage.addEventListener('pointermove', (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const apart = spread();
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 1) {
        const perPixel = Math.PI / this.stage.clientHeight;
        this.go(turned(this.goal, (before.x - event.clientX) * perPixel, (event.clientY - before.y) * perPixel));
      } else if (apart > 0) {
        this.go(moved(this.goal, apart / Math.max(spread(), 1), this.limits));
      }
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.stage.addEventListener(end, (event) => fingers.delete(event.pointerId));
    }
  }

  private key(event: KeyboardEvent): void {
    const { goal, limits } = this;
    const to = {
      ArrowLeft: () => turned(goal, -keyTurn, 0),
      ArrowRight: () => turned(goal, keyTurn, 0),
      ArrowUp: () => turned(goal, 0, keyTurn),
      ArrowDown: () => turned(goal, 0, -keyTurn),
      '+': () => moved(goal, 0.85, limits),
      '=': () => moved(goal, 0.85, limits),
      '-': () => moved(goal, 1 / 0.85, limits),
      Home: () => this.home(),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    this.go(to());
  }

  private home(): Orbit {
    const apart = this.model.reach(this.reports.state().explode, this.upright).getBoundingSphere(new Sphere());
    const radius = Math.max(this.ball.radius, apart.radius + apart.center.distanceTo(this.ball.center));
    const distance = fitting(radius, (fieldOfView * Math.PI) / 180, this.camera.aspect) * 1.08;
    return { around: 0.5, above: 0.35, distance }; // from the side that a cut opens
  }

  private front(softly: boolean): void {
    const home = this.home();
    if (softly) return this.go({ ...home, around: 0, above: 0.12 });
    this.orbit = this.goal = home;
    this.ask();
  }

  private go(goal: Orbit): void {
    this.untouched = false;
    this.goal = goal;
    if (calm()) this.orbit = goal;
    this.ask();
  }

  private ask(): void {
    if (this.asked === 0 && !this.renderer.xr.isPresenting) this.asked = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.asked = 0;
    this.orbit = between(this.orbit, this.goal, 0.25);
    const still = Math.abs(this.orbit.around - this.goal.around) + Math.abs(this.orbit.above - this.goal.above) < 1e-3
      && Math.abs(this.orbit.distance / this.goal.distance - 1) < 1e-3;
    const state = this.reports.state();
    this.dress(state);
    this.model.placed();
    this.camera.position.set(...eye(this.orbit)).add(this.ball.center);
    this.camera.lookAt(this.ball.center);
    this.camera.near = this.orbit.distance / 50;
    this.camera.far = this.orbit.distance + 24 * this.ball.radius;
    this.camera.updateProjectionMatrix();
    this.renderer.render(this.scene, this.camera);
    if (!still) this.ask();
  }

  private dress(state: ModelState): void {
    const { model } = this;
    model.look(state);
    const toGround = new Matrix4().makeRotationX(Math.PI / 2).multiply(this.upright);
    this.shadow.update(this.renderer, model, toGround, state);
    model.root.matrix.copy(this.upright);
    this.standing.add(model.root);
    this.standing.updateMatrixWorld(true);
  }

  private fit(): void {
    const { clientWidth, clientHeight } = this.stage;
    if (clientWidth === 0 || clientHeight === 0 || this.renderer.xr.isPresenting) return;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    if (this.untouched) this.front(false);
    this.draw();
  }

  private async place(): Promise<void> {
    this.fault = false;
    try {
      if (this.way === 'quick-look') await quickLook(this.model, this.product.model!.scale, this.reports.state());
      else await this.placeByXr();
    } catch {
      this.fault = true;
    }
    this.update(this.words);
    this.fit();
  }

  private async placeByXr(): Promise<void> {
    this.floor.visible = false;
    this.dress(this.reports.state());
    const words = { find: this.words.say('room_find'), tap: this.words.say('room_tap'), close: this.words.say('close') };
    try {
      this.camera.near = 0.02;
      this.camera.far = 50;
      const { renderer, scene, camera, standing, model } = this;
      await placeInRoom({ renderer, scene, camera, model: standing, beforeFrame: () => model.placed() }, words);
    } finally {
      this.floor.visible = true;
      this.standing.visible = true;
      this.standing.matrixAutoUpdate = true;
      this.standing.position.set(0, 0, 0);
      this.standing.rotation.set(0, 0, 0);
      this.standing.updateMatrixWorld(true);
    }
  }

  private leave(): void {
    cancelAnimationFrame(this.asked);
    this.sizes.disconnect();
    this.dialog.remove();
    this.model.dispose();
    this.shadow.dispose();
    this.floor.dispose();
    this.studio.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.reports.closed();
  }
}

/** A square of 1, 2 or 5 × 10^n mm, some six to ten to the model's width. */
export function niceSquare(widthMm: number): number {
  const wish = Math.max(widthMm, 1) / 6;
  const power = 10 ** Math.floor(Math.log10(wish));
  return [1, 2, 5, 10].map((step) => step * power).findLast((square) => square <= wish) ?? power;
}

function makeFloor(square: number): GridHelper {
  const squares = 24;
  const floor = new GridHelper(squares * square, squares, 0x7f8a96, 0x7f8a96);
  const material = floor.material as LineBasicMaterial;
  material.transparent = true;
  material.opacity = 0.28;
  material.depthWrite = false;
  (floor as Object3D).renderOrder = -2;
  return floor;
}
