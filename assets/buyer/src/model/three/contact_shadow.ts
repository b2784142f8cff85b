// The soft shadow of a model on the plane it stands before, made as overlays/ar makes it (contact_shadow.h): its height over the plane seen from
// straight above, blurred narrowly where it touches and widely where it only keeps the light away. Made anew when the model moves on its
// plane, not when the camera moves.

import {
  CustomBlending, HalfFloatType, LinearFilter, MaxEquation, Mesh, NoBlending, OneFactor, OneMinusSrcAlphaFactor, OrthographicCamera, PlaneGeometry,
  Plane, Scene, ShaderMaterial, Vector2, WebGLRenderTarget, type Matrix4, type WebGLRenderer,
} from 'three';
import type { ModelState } from '../../wire/show';
import type { LoadedModel } from './loaded_model';

const size = 128;
const far = 1000; // m; nothing is higher

const heightVertex = `
#include <clipping_planes_pars_vertex>
varying float vHeight;
void main() {
  vec4 mvPosition = modelViewMatrix * vec4(position, 1.0);
  vHeight = (modelMatrix * vec4(position, 1.0)).z;
  gl_Position = projectionMatrix * mvPosition;
  #include <clipping_planes_vertex>
}`;

const heightFragment = `
#include <clipping_planes_pars_fragment>
uniform float span;
varying float vHeight;
void main() {
  #include <clipping_planes_fragment>
  float h = max(vHeight, 0.0) / span;
  gl_FragColor = vec4(exp(-h / 0.07), exp(-h / 0.60), 0.0, 1.0);
}`;

const flatVertex = `
varying vec2 vAt;
void main() {
  vAt = uv;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`;

// A Gaussian along one axis, narrow in red (where the model touches), wide in green (what it keeps the light from).
const blurFragment = `
uniform sampler2D heights;
uniform vec2 pace;
varying vec2 vAt;
void main() {
  vec2 sum = vec2(0.0), weight = vec2(0.0);
  for (int i = -12; i <= 12; ++i) {
    vec2 w = exp(-0.5 * float(i * i) / vec2(2.2 * 2.2, 5.5 * 5.5));
    sum += w * texture2D(heights, vAt + float(i) * pace).rg;
    weight += w;
  }
  gl_FragColor = vec4(sum / weight, 0.0, 1.0);
}`;

const shadowVertex = `
varying vec2 vAt;
void main() {
  vAt = uv;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

const shadowFragment = `
uniform sampler2D heights;
uniform float strength;
varying vec2 vAt;
void main() {
  vec2 h = texture2D(heights, vAt).rg;
  float dark = 1.0 - (1.0 - 0.50 * h.r) * (1.0 - 0.42 * h.g);
  gl_FragColor = vec4(0.0, 0.0, 0.0, dark * strength);
}`;

export class ContactShadow {
  /** To be added to the frame whose plane z = 0 the shadow lies on. */
  readonly mesh: Mesh<PlaneGeometry, ShaderMaterial>;
  private readonly quad = new PlaneGeometry(2, 2);
  private readonly scene = new Scene();
  private readonly above = new OrthographicCamera();
  private readonly maps = [0, 1].map(() => new WebGLRenderTarget(size, size, { depthBuffer: false, type: HalfFloatType, magFilter: LinearFilter }));
  private readonly cut = new Plane();
  private readonly heights = new ShaderMaterial({
    vertexShader: heightVertex,
    fragmentShader: heightFragment,
    uniforms: { span: { value: 1 } },
    depthTest: false,
    blending: CustomBlending,
    blendEquation: MaxEquation,
    clipping: true,
    side: 2,
  });
  private readonly blur = new ShaderMaterial({
    vertexShader: flatVertex,
    fragmentShader: blurFragment,
    uniforms: { heights: { value: null }, pace: { value: new Vector2() } },
    depthTest: false,
    blending: NoBlending,
  });
  private readonly blurred = new Scene();
  private cause = '';
  private of: LoadedModel | null = null;

  constructor() {
    const material = new ShaderMaterial({
      vertexShader: shadowVertex,
      fragmentShader: shadowFragment,
      uniforms: { heights: { value: this.maps[0]!.texture }, strength: { value: 1 } },
      depthWrite: false, // not "transparent": what is comes last, and the shadow lies under everything
      depthTest: false,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
      side: 2,
    });
    this.mesh = new Mesh(new PlaneGeometry(1, 1), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -1;
    this.scene.overrideMaterial = this.heights;
    this.scene.matrixWorldAutoUpdate = false;
    const quad = new Mesh(this.quad, this.blur);
    quad.frustumCulled = false;
    this.blurred.add(quad);
  }

  /** `toGround`: from the model's frame to the plane's, whose z points up. Before the model is added to the scene it is drawn in. */
  update(renderer: WebGLRenderer, model: LoadedModel, toGround: Matrix4, { explode, section, xRay }: ModelState): void {
    this.mesh.material.uniforms['strength']!.value = xRay ? 0.5 : 1;
    const cause = JSON.stringify([explode, section, toGround.elements]);
    if (this.of === model && this.cause === cause) return;
    this.of = model;
    this.cause = cause;

    const box = model.reach(explode, toGround);
    const span = Math.max(box.max.x - box.min.x, box.max.y - box.min.y, 1e-6);
    box.expandByScalar(0.19 * span); // the blur reaches 24 / 128
    const [width, height] = [box.max.x - box.min.x, box.max.y - box.min.y];
    this.mesh.scale.set(width, height, 1);
    this.mesh.position.set((box.min.x + box.max.x) / 2, (box.min.y + box.max.y) / 2, 0);
    Object.assign(this.above, { left: box.min.x, right: box.max.x, top: box.max.y, bottom: box.min.y, near: 0, far: 2 * far });
    this.above.position.set(0, 0, far);
    this.above.updateProjectionMatrix();

    this.heights.uniforms['span']!.value = span;
    model.root.matrix.copy(toGround);
    this.scene.add(model.root);
    this.scene.updateMatrixWorld(true);
    this.heights.clippingPlanes = model.cutIn(this.cut) ? [this.cut] : null;
    const clear = renderer.autoClear;
    const before = renderer.getRenderTarget();
    renderer.autoClear = true;
    model.seeThrough(false);
    renderer.setRenderTarget(this.maps[0]!);
    renderer.render(this.scene, this.above);
    model.seeThrough(true);
    this.scene.remove(model.root);
    this.pass(renderer, 0, 1, (2 * span) / width / size, 0);
    this.pass(renderer, 1, 0, 0, (2 * span) / height / size);
    renderer.setRenderTarget(before);
    renderer.autoClear = clear;
  }

  dispose(): void {
    for (const map of this.maps) map.dispose();
    for (const material of [this.heights, this.blur, this.mesh.material]) material.dispose();
    this.quad.dispose();
    this.mesh.geometry.dispose();
  }

  private pass(renderer: WebGLRenderer, from: 0 | 1, to: 0 | 1, dx: number, dy: number): void {
    this.blur.uniforms['heights']!.value = this.maps[from]!.texture;
    (this.blur.uniforms['pace']!.value as Vector2).set(dx, dy);
    renderer.setRenderTarget(this.maps[to]!);
    renderer.render(this.blurred, this.above);
  }
}
