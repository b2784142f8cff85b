// A model of a checked GLB as three.js objects: flat parts under one root in the model's frame (metres), and the ways to look at it. Nothing
// of it is fetched: images are decoded from the file's own bytes, so the page's policy needs no address for them.

import {
  Box3, Color, DoubleSide, Group, LinearFilter, LinearMipmapLinearFilter, ClampToEdgeWrapping, Material, Mesh, MeshStandardMaterial,
  MirroredRepeatWrapping, NearestFilter, NearestMipmapLinearFilter, NearestMipmapNearestFilter, LinearMipmapNearestFilter, type Matrix4, Plane,
  RepeatWrapping, Sphere, Texture, Vector3, type MagnificationTextureFilter, type MinificationTextureFilter, type Object3D, type Side,
  type Wrapping,
} from 'three';
import { GLTFLoader, type GLTF, type GLTFLoaderPlugin, type GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js';
import type { ModelState, Vec3 } from '../../wire/show';
import { explodeOffsets, innerParts, partLeaders, readExplode, type TreeNode } from '../explode';
import { isSolid, type Triangles } from '../solid';
import { CutFace } from './cut_faces';
import { shellMaterial } from './x_ray';

export interface Swatch {
  name: string;
  colour: string; // #rrggbb
}

interface Surface {
  mesh: Mesh;
  material: Material; // as modelled
  variants: Map<string, Material>;
  inner: boolean; // an X-ray shows it as it is
}

type Look = Pick<ModelState, 'variant' | 'explode' | 'xRay' | 'section'>;

export class LoadedModel {
  readonly root = new Group();
  readonly box = new Box3(); // not exploded, in the model's frame
  readonly ball = new Sphere(); // holds it, exploded too
  readonly swatches: Swatch[];
  private readonly parts: { group: Group; offset: Vector3; box: Box3; inner: boolean }[] = [];
  private faces: Map<Group, CutFace> | null = null; // made with the first cut
  private readonly surfaces: Surface[];
  private readonly cut = new Plane();
  private shells: { whole: Material; cut: Material } | null = null;
  private looked: Look = { variant: '', explode: 0, xRay: false, section: null };

  static async parse(bytes: Uint8Array): Promise<LoadedModel> {
    const loader = new GLTFLoader().register((parser) => new EmbeddedTextures(parser));
    const own = bytes.slice().buffer; // the parser keeps views into what it is given
    const gltf = await loader.parseAsync(own, '');
    const surfaces = await readSurfaces(gltf);
    return new LoadedModel(gltf, surfaces);
  }

  private constructor(gltf: GLTF, surfaces: Surface[]) {
    this.surfaces = surfaces;
    this.build(gltf);
    this.swatches = swatchesOf(gltf, surfaces);
  }

  look(wanted: Look): void {
    const before = this.looked;
    this.looked = { ...wanted };
    if (wanted.explode !== before.explode) {
      for (const { group, offset } of this.parts) group.position.copy(offset).multiplyScalar(wanted.explode);
      this.root.updateMatrixWorld(true);
    }
    const cut = wanted.section !== null;
    if (cut || this.faces) this.cutFaces();
    if (wanted.variant !== before.variant || wanted.xRay !== before.xRay || cut !== (before.section !== null)) this.dress();
  }

  /** After the root was placed: where the cut lies in the world. Keeps what has less x. */
  placed(): void {
    this.cutIn(this.cut);
  }

  /** Sets `plane` to the cut in the world the root stands in; false: not cut. */
  cutIn(plane: Plane): boolean {
    const { section } = this.looked;
    if (section === null) return false;
    plane.set(new Vector3(-1, 0, 0), this.cutAt(section)).applyMatrix4(this.root.matrixWorld);
    return true;
  }

  private cutAt(section: number): number {
    return this.box.min.x + section * (this.box.max.x - this.box.min.x);
  }

  /** The box of all parts, so far exploded, in another frame. */
  reach(explode: number, to: Matrix4): Box3 {
    const out = new Box3();
    for (const { box, offset } of this.parts) {
      out.union(box.clone().translate(offset.clone().multiplyScalar(explode)).applyMatrix4(to));
    }
    return out;
  }

  /** Whether what casts no shadow is drawn: what lets light through, and the faces of a cut. */
  seeThrough(shown: boolean): void {
    for (const { mesh, material } of this.surfaces) if (material.transparent) mesh.visible = shown;
    for (const { group } of this.parts) {
      const face = this.faces?.get(group);
      if (!face) continue;
      if (shown) group.add(face.root);
      else group.remove(face.root);
    }
  }

  dispose(): void {
    for (const { mesh, material, variants } of this.surfaces) {
      mesh.geometry.dispose();
      for (const each of [material, ...variants.values()]) discard(each);
    }
    for (const face of this.faces?.values() ?? []) face.dispose();
    this.shells?.whole.dispose();
    this.shells?.cut.dispose();
  }

  private cutFaces(): void {
    const { section, xRay, explode, variant } = this.looked;
    this.faces ??= this.makeFaces();
    const x = section === null ? 0 : this.cutAt(section);
    for (const { group, offset, inner } of this.parts) {
      const face = this.faces.get(group);
      if (!face) continue;
      const outside = this.surfaces.find(({ mesh, material }) => mesh.parent === group && !material.transparent)!;
      face.lie(x - offset.x * explode, baseColour(outside.variants.get(variant) ?? outside.material));
      if (section === null || (xRay && !inner)) face.root.visible = false;
    }
  }

  private makeFaces(): Map<Group, CutFace> {
    const faces = new Map<Group, CutFace>();
    const size = this.box.getSize(new Vector3());
    const pitch = Math.max(size.x, size.y, size.z) / 28;
    for (const { group, box } of this.parts) {
      const meshes = this.surfaces.filter(({ mesh, material }) => mesh.parent === group && !material.transparent).map(({ mesh }) => mesh);
      if (meshes.length === 0 || !isSolid(meshes.map(trianglesOf))) continue;
      const face = new CutFace(meshes, box, this.cut, pitch, 0.001 * (1 + faces.size));
      faces.set(group, face);
      group.add(face.root);
    }
    return faces;
  }

  private dress(): void {
    const { variant, xRay, section } = this.looked;
    const cut = section !== null;
    for (const { mesh, material, variants, inner } of this.surfaces) {
      const shell = xRay && !inner;
      mesh.renderOrder = shell ? 1 : 0; // after everything solid
      mesh.material = shell ? this.shell(cut) : this.worn(variants.get(variant) ?? material, cut);
    }
  }

  /** Cut open, a surface is seen from behind too. */
  private worn(material: Material, cut: boolean): Material {
    const own = material.userData as { vitrineSide?: Side };
    own.vitrineSide ??= material.side;
    const side = cut ? DoubleSide : own.vitrineSide;
    if (material.side !== side) material.needsUpdate = true;
    material.side = side;
    material.clippingPlanes = cut ? [this.cut] : null;
    return material;
  }

  private shell(cut: boolean): Material {
    this.shells ??= { whole: shellMaterial(null), cut: shellMaterial(this.cut) };
    return cut ? this.shells.cut : this.shells.whole;
  }

  private build(gltf: GLTF): void {
    gltf.scene.updateMatrixWorld(true);
    const { nodes, indexOf } = tree(gltf);
    const leaders = partLeaders(nodes);
    const groups = new Map<number, Group>();
    const boxes = new Map<number, Box3>();
    for (const { mesh } of this.surfaces) {
      const leader = leaders[indexOf(mesh)]!;
      const group = groups.get(leader) ?? new Group();
      groups.set(leader, group);
      const box = boxes.get(leader) ?? new Box3();
      boxes.set(leader, box);
      mesh.geometry.computeBoundingBox();
      box.union(mesh.geometry.boundingBox!.clone().applyMatrix4(mesh.matrixWorld));
      mesh.matrix.copy(mesh.matrixWorld);
      mesh.matrixAutoUpdate = false;
      group.add(mesh);
    }
    for (const box of boxes.values()) this.box.union(box);
    const middle = this.box.getCenter(new Vector3()).toArray() as Vec3;
    const keys = [...groups.keys()];
    const offsets = explodeOffsets(
      keys.map((key) => ({ explode: nodes[key]!.explode, middle: boxes.get(key)!.getCenter(new Vector3()).toArray() as Vec3 })),
      middle,
    );
    const extents = keys.map((key) => {
      const { min, max } = boxes.get(key)!;
      return { least: min.toArray() as Vec3, greatest: max.toArray() as Vec3 };
    });
    const inner = new Map(innerParts(extents).map((is, i) => [groups.get(keys[i]!)!, is]));
    for (const surface of this.surfaces) surface.inner = inner.get(surface.mesh.parent as Group) ?? false;
    const reach = this.box.clone();
    keys.forEach((key, i) => {
      const offset = new Vector3(...offsets[i]!);
      reach.union(boxes.get(key)!.clone().translate(offset));
      this.parts.push({ group: groups.get(key)!, offset, box: boxes.get(key)!, inner: inner.get(groups.get(key)!) ?? false });
      this.root.add(groups.get(key)!);
    });
    reach.getBoundingSphere(this.ball);
    this.root.matrixAutoUpdate = false;
  }
}

/** In the part's frame, so that meshes of one part meet. */
function trianglesOf(mesh: Mesh): Triangles {
  const { attributes, index } = mesh.geometry;
  const position = attributes['position']!;
  const at = new Vector3();
  const positions = new Float32Array(3 * position.count);
  for (let i = 0; i < position.count; ++i) at.fromBufferAttribute(position, i).applyMatrix4(mesh.matrix).toArray(positions, 3 * i);
  return { positions, indices: index?.array ?? positions.map((_, i) => i).subarray(0, position.count) };
}

/** The file's nodes, and which of them a mesh of three's tree comes from. */
function tree(gltf: GLTF): { nodes: TreeNode[]; indexOf(mesh: Object3D): number } {
  const defs = (gltf.parser.json as { nodes: { children?: number[]; mesh?: number; extras?: unknown }[] }).nodes;
  const nodes = defs.map((def): TreeNode => ({ parent: null, hasMesh: def.mesh !== undefined, explode: readExplode(def.extras) }));
  defs.forEach(({ children }, parent) => children?.forEach((child) => (nodes[child]!.parent = parent)));
  const before = new Map<Object3D, number>(); // meshes are moved while this is asked
  gltf.scene.traverse((object) => {
    for (let at: Object3D | null = object; at; at = at.parent) {
      const index = gltf.parser.associations.get(at)?.nodes;
      if (index === undefined) continue;
      before.set(object, index);
      return;
    }
  });
  return { nodes, indexOf: (mesh) => before.get(mesh)! };
}

interface Mapping {
  material: number;
  variants: number[];
}

async function readSurfaces(gltf: GLTF): Promise<Surface[]> {
  const { parser } = gltf;
  const names = variantNames(gltf);
  const surfaces: Surface[] = [];
  const meshes: Mesh[] = [];
  gltf.scene.traverse((object) => object instanceof Mesh && meshes.push(object));
  for (const mesh of meshes) {
    const material = mesh.material as Material;
    const variants = new Map<string, Material>();
    const held = mesh.userData['gltfExtensions']?.KHR_materials_variants as { mappings?: Mapping[] } | undefined;
    for (const mapping of held?.mappings ?? []) {
      mesh.material = (await parser.getDependency('material', mapping.material)) as Material;
      parser.assignFinalMaterial(mesh); // vertex colours and the like make it another one
      for (const variant of mapping.variants ?? []) if (names[variant] !== undefined) variants.set(names[variant], mesh.material as Material);
    }
    mesh.material = material;
    surfaces.push({ mesh, material, variants, inner: false });
  }
  return surfaces;
}

function variantNames(gltf: GLTF): string[] {
  const held = (gltf.parser.json as { extensions?: { KHR_materials_variants?: { variants?: { name: string }[] } } }).extensions;
  return held?.KHR_materials_variants?.variants?.map(({ name }) => name) ?? [];
}

/** A variant's colour is that of the first surface on which the variants differ. */
function swatchesOf(gltf: GLTF, surfaces: Surface[]): Swatch[] {
  const telling = surfaces.find(({ variants }) => new Set([...variants.values()].map(colourOf)).size > 1) ?? surfaces[0];
  return variantNames(gltf).map((name) => ({ name, colour: colourOf(telling?.variants.get(name) ?? telling?.material) }));
}

const baseColour = (material: Material): Color => (material as Partial<MeshStandardMaterial>).color ?? new Color(0.7, 0.7, 0.7);
const colourOf = (material: Material | undefined): string => `#${(material ? baseColour(material) : new Color(1, 1, 1)).getHexString()}`;

function discard(material: Material): void {
  for (const value of Object.values(material)) {
    if (!(value instanceof Texture)) continue;
    (value.image as ImageBitmap | null)?.close?.();
    value.dispose();
  }
  material.dispose();
}

const magnifying: Record<number, MagnificationTextureFilter> = { 9728: NearestFilter, 9729: LinearFilter };
const minifying: Record<number, MinificationTextureFilter> = {
  9728: NearestFilter,
  9729: LinearFilter,
  9984: NearestMipmapNearestFilter,
  9985: LinearMipmapNearestFilter,
  9986: NearestMipmapLinearFilter,
  9987: LinearMipmapLinearFilter,
};
const wrapping: Record<number, Wrapping> = { 33071: ClampToEdgeWrapping, 33648: MirroredRepeatWrapping, 10497: RepeatWrapping };

interface TextureDef {
  source?: number;
  sampler?: number;
}

/** Decodes images straight from the file's bytes, where the loader's own way goes through a blob: address and a fetch. */
class EmbeddedTextures implements GLTFLoaderPlugin {
  readonly name = 'VITRINE_embedded_textures';
  private readonly parser: GLTFParser;
  private readonly bitmaps = new Map<number, Promise<ImageBitmap>>();

  constructor(parser: GLTFParser) {
    this.parser = parser;
  }

  loadTexture(index: number): Promise<Texture> | null {
    const json = this.parser.json as { textures: TextureDef[]; samplers?: Record<string, number>[] };
    const def = json.textures[index];
    if (def?.source === undefined) return null;
    const sampler = json.samplers?.[def.sampler ?? -1] ?? {};
    return this.bitmap(def.source).then((bitmap) => {
      const texture = new Texture(bitmap);
      texture.flipY = false;
      texture.magFilter = magnifying[sampler['magFilter'] ?? -1] ?? LinearFilter;
      texture.minFilter = minifying[sampler['minFilter'] ?? -1] ?? LinearMipmapLinearFilter;
      texture.wrapS = wrapping[sampler['wrapS'] ?? -1] ?? RepeatWrapping;
      texture.wrapT = wrapping[sampler['wrapT'] ?? -1] ?? RepeatWrapping;
      texture.generateMipmaps = texture.minFilter !== NearestFilter && texture.minFilter !== LinearFilter;
      texture.needsUpdate = true;
      this.parser.associations.set(texture, { textures: index });
      return texture;
    });
  }

  private bitmap(source: number): Promise<ImageBitmap> {
    let bitmap = this.bitmaps.get(source);
    if (!bitmap) this.bitmaps.set(source, (bitmap = this.decode(source)));
    return bitmap;
  }

  private async decode(source: number): Promise<ImageBitmap> {
    const { bufferView, mimeType } = (this.parser.json as { images: { bufferView: number; mimeType?: string }[] }).images[source]!;
    const bytes = (await this.parser.getDependency('bufferView', bufferView)) as ArrayBuffer;
    return createImageBitmap(new Blob([bytes], { type: mimeType ?? '' }), { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
  }
}

