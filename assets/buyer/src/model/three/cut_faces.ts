// The faces of a model that is cut open: along a ray a closed surface shows one more back than front where the cut goes through its inside, so the
// stencil counts them, and a hatched rectangle in the plane of the cut is drawn where the count is not zero. The look is that of overlays/ar.

import {
  AlwaysStencilFunc, BackSide, Color, DecrementWrapStencilOp, DoubleSide, FrontSide, Group, IncrementWrapStencilOp, KeepStencilOp, Mesh,
  MeshBasicMaterial, NotEqualStencilFunc, PlaneGeometry, ShaderMaterial, Vector2, ZeroStencilOp, type Box3, type Plane,
} from 'three';

const accent = new Color().setRGB(0x3b / 255, 0xa7 / 255, 0xa0 / 255); // of look.toml, dark; used as encoded

const vertex = `
uniform vec2 least, greatest; // y and z
varying vec2 vAcross;
void main() {
  vAcross = mix(least, greatest, uv);
  gl_Position = projectionMatrix * modelViewMatrix * vec4(0.0, vAcross, 1.0);
}`;

const fragment = `
uniform vec3 colour;
uniform float pitch;
varying vec2 vAcross;
void main() {
  float stripe = (vAcross.x + vAcross.y) / pitch;
  float wide = max(fwidth(stripe), 1e-4);
  float line = 1.0 - smoothstep(0.14, 0.14 + wide, abs(fract(stripe) - 0.5));
  gl_FragColor = vec4(colour * (1.0 - 0.30 * line), 1.0);
}`;

/** Of one solid part. Lies in the part's group; `order` keeps the counts of parts apart. */
export class CutFace {
  readonly root = new Group();
  private readonly face: Mesh<PlaneGeometry, ShaderMaterial>;
  private readonly counting: MeshBasicMaterial[];
  private readonly box: Box3;

  constructor(meshes: readonly Mesh[], box: Box3, cut: Plane, pitch: number, order: number) {
    this.box = box;
    this.counting = [
      { side: FrontSide, op: DecrementWrapStencilOp },
      { side: BackSide, op: IncrementWrapStencilOp },
    ].map(({ side, op }) => new MeshBasicMaterial({
      side,
      colorWrite: false,
      depthWrite: false,
      depthTest: false,
      clippingPlanes: [cut],
      stencilWrite: true,
      stencilFunc: AlwaysStencilFunc,
      stencilFail: KeepStencilOp,
      stencilZFail: KeepStencilOp,
      stencilZPass: op,
    }));
    for (const mesh of meshes) {
      for (const material of this.counting) {
        const twin = new Mesh(mesh.geometry, material);
        twin.matrix.copy(mesh.matrix);
        twin.matrixAutoUpdate = false;
        twin.renderOrder = order;
        this.root.add(twin);
      }
    }
    const { min, max } = box;
    this.face = new Mesh(new PlaneGeometry(1, 1), new ShaderMaterial({
      vertexShader: vertex,
      fragmentShader: fragment,
      uniforms: {
        least: { value: new Vector2(min.y, min.z) },
        greatest: { value: new Vector2(max.y, max.z) },
        colour: { value: new Color() },
        pitch: { value: pitch },
      },
      side: DoubleSide,
      stencilWrite: true,
      stencilRef: 0,
      stencilFunc: NotEqualStencilFunc,
      stencilFail: ZeroStencilOp,
      stencilZFail: ZeroStencilOp,
      stencilZPass: ZeroStencilOp,
    }));
    this.face.frustumCulled = false;
    this.face.renderOrder = order + 0.0005;
    this.root.add(this.face);
  }

  /** `x`: where the cut is, in the part's own frame; `base`: what the part is made of. */
  lie(x: number, base: Color): void {
    this.root.visible = x > this.box.min.x && x < this.box.max.x;
    this.face.position.x = x;
    const encoded = base.clone().convertLinearToSRGB();
    (this.face.material.uniforms['colour']!.value as Color).copy(accent).multiplyScalar(0.62).add(encoded.multiplyScalar(0.38));
  }

  dispose(): void {
    this.face.geometry.dispose();
    this.face.material.dispose();
    for (const material of this.counting) material.dispose();
  }
}
