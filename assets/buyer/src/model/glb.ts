// What is looked at before a model's bytes reach a parser: the container (glTF 2.0, 4.4 "GLB File Format"), and that what its JSON announces
// is finite, refers to things that are there, lies within its one buffer, and is small enough for a phone. A file that passes cannot make
// the loader follow a circle, fetch from an address or allocate more than the caps say. Texts of it are never shown.

export interface GlbCaps {
  bytes: number;
  nodes: number;
  depth: number;
  meshes: number; // primitives, each drawn once per node that uses its mesh
  vertices: number;
  triangles: number;
  images: number;
  imagePixels: number; // of one image
  allPixels: number;
  accessorBytes: number; // of all together, as the GPU gets them
}

export const caps: GlbCaps = {
  bytes: 32 << 20,
  nodes: 2000,
  depth: 64,
  meshes: 1000,
  vertices: 2_000_000,
  triangles: 2_000_000,
  images: 64,
  imagePixels: 4096 * 4096,
  allPixels: 6 * 4096 * 4096,
  accessorBytes: 256 << 20,
};

/** 'large': sound as far as was read, but beyond the caps; 'damaged': no reader should be given this; 'unsupported': needs what is not here. */
export type GlbProblem = 'large' | 'damaged' | 'unsupported';

export interface GlbSummary {
  triangles: number;
  variants: string[];
}

class Refused extends Error {
  readonly problem: GlbProblem;
  constructor(problem: GlbProblem) {
    super(problem);
    this.problem = problem;
  }
}

const magic = 0x46546c67;
const jsonChunk = 0x4e4f534a;
const binaryChunk = 0x004e4942;

/** Extensions a file may need and still be drawn. Others that it merely uses are left to the loader, which passes them over. */
const understood = new Set([
  'KHR_materials_variants',
  'KHR_materials_unlit',
  'KHR_materials_emissive_strength',
  'KHR_texture_transform',
  'KHR_mesh_quantization',
]);

type Json = Record<string, unknown>;

export function checkGlb(bytes: Uint8Array, limits: GlbCaps = caps): GlbSummary | GlbProblem {
  try {
    if (bytes.length > limits.bytes) throw new Refused('large');
    const { json, binary } = container(bytes);
    return new Checker(json, binary, limits).check();
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

function container(bytes: Uint8Array): { json: Json; binary: Uint8Array } {
  refuse(bytes.length < 20);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  refuse(view.getUint32(0, true) !== magic);
  if (view.getUint32(4, true) !== 2) throw new Refused('unsupported');
  refuse(view.getUint32(8, true) !== bytes.length);
  const jsonLength = view.getUint32(12, true);
  refuse(view.getUint32(16, true) !== jsonChunk || jsonLength > bytes.length - 20);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(20, 20 + jsonLength)));
  } catch {
    throw new Refused('damaged');
  }
  refuse(!isObject(json));
  let binary: Uint8Array = new Uint8Array();
  const next = 20 + jsonLength;
  if (next + 8 <= bytes.length && view.getUint32(next + 4, true) === binaryChunk) {
    const length = view.getUint32(next, true);
    refuse(length > bytes.length - next - 8);
    binary = bytes.subarray(next + 8, next + 8 + length);
  }
  return { json: json as Json, binary };
}

const componentBytes: Record<number, number> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const componentsOf: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 };

class Checker {
  private readonly json: Json;
  private readonly binary: Uint8Array;
  private readonly limits: GlbCaps;
  private accessorBytes = 0;

  constructor(json: Json, binary: Uint8Array, limits: GlbCaps) {
    this.json = json;
    this.binary = binary;
    this.limits = limits;
  }

  check(): GlbSummary {
    const { json } = this;
    refuse(!isObject(json['asset']) || !/^2\.\d+$/.test(String(json['asset']['version'])));
    const required = json['extensionsRequired'] ?? [];
    refuse(!Array.isArray(required));
    if (!(required as unknown[]).every((name) => understood.has(String(name)))) throw new Refused('unsupported');
    this.buffers();
    for (const accessor of this.list('accessors', 20_000)) this.accessor(accessor);
    this.images();
    const triangles = this.list('meshes', this.limits.meshes).map((mesh) => this.mesh(mesh));
    const drawn = this.nodes(triangles);
    if (drawn > this.limits.triangles) throw new Refused('large');
    return { triangles: drawn, variants: this.variants() };
  }

  private list(name: string, most: number): Json[] {
    const entries = this.json[name] ?? [];
    refuse(!Array.isArray(entries) || !entries.every(isObject));
    if ((entries as Json[]).length > most) throw new Refused('large');
    return entries as Json[];
  }

  /** One buffer, the file's own: nothing is fetched. */
  private buffers(): void {
    const buffers = this.list('buffers', 1);
    for (const buffer of buffers) {
      if ('uri' in buffer) throw new Refused('unsupported');
      refuse(natural(buffer['byteLength']) > this.binary.length);
    }
    for (const view of this.list('bufferViews', 20_000)) {
      refuse(view['buffer'] !== 0 || buffers.length === 0);
      if (isObject(view['extensions']) && 'EXT_meshopt_compression' in view['extensions']) throw new Refused('unsupported');
      const stride = view['byteStride'];
      refuse(stride !== undefined && !(natural(stride) >= 4 && natural(stride) <= 252));
      refuse(natural(view['byteOffset'] ?? 0) + natural(view['byteLength']) > this.binary.length);
    }
  }

  private accessor(accessor: Json): void {
    const component = componentBytes[natural(accessor['componentType'])];
    const components = componentsOf[String(accessor['type'])];
    const count = natural(accessor['count']);
    refuse(!component || !components);
    const size = component! * components!;
    this.accessorBytes += count * size;
    if (this.accessorBytes > this.limits.accessorBytes) throw new Refused('large');
    const sparse = accessor['sparse'];
    if (accessor['bufferView'] !== undefined) {
      this.within(accessor['bufferView'], natural(accessor['byteOffset'] ?? 0), count, size, true);
    }
    if (sparse === undefined) return;
    refuse(!isObject(sparse) || !isObject(sparse['indices']) || !isObject(sparse['values']));
    const { indices, values } = sparse as { indices: Json; values: Json };
    const some = natural((sparse as Json)['count']);
    const index = componentBytes[natural(indices['componentType'])];
    refuse(some > count || !index);
    this.within(indices['bufferView'], natural(indices['byteOffset'] ?? 0), some, index!, false);
    this.within(values['bufferView'], natural(values['byteOffset'] ?? 0), some, size, false);
  }

  private within(viewIndex: unknown, offset: number, count: number, size: number, mayStride: boolean): void {
    const view = this.at('bufferViews', viewIndex);
    const stride = mayStride ? natural(view['byteStride'] ?? size) : size;
    refuse(count > 0 && offset + (count - 1) * stride + size > natural(view['byteLength']));
  }

  private images(): void {
    let all = 0;
    for (const image of this.list('images', this.limits.images)) {
      if ('uri' in image) throw new Refused('unsupported');
      const view = this.at('bufferViews', image['bufferView']);
      const start = natural(view['byteOffset'] ?? 0);
      const size = imageSize(this.binary.subarray(start, start + natural(view['byteLength'])));
      if (!size) throw new Refused('unsupported');
      const pixels = size.width * size.height;
      refuse(pixels === 0);
      all += pixels;
      if (pixels > this.limits.imagePixels || all > this.limits.allPixels) throw new Refused('large');
    }
    for (const texture of this.list('textures', 1000)) if (texture['source'] !== undefined) this.at('images', texture['source']);
    this.list('materials', 1000);
    this.list('samplers', 1000);
  }

  /** Triangles of a mesh. */
  private mesh(mesh: Json): number {
    const primitives = mesh['primitives'];
    refuse(!Array.isArray(primitives) || !primitives.every(isObject));
    if ((primitives as Json[]).length > this.limits.meshes) throw new Refused('large');
    let triangles = 0;
    for (const primitive of primitives as Json[]) {
      const attributes = primitive['attributes'];
      refuse(!isObject(attributes));
      if (isObject(primitive['extensions']) && 'KHR_draco_mesh_compression' in primitive['extensions']) throw new Refused('unsupported');
      const counts = Object.values(attributes as Json).map((index) => natural(this.at('accessors', index)['count']));
      const position = this.at('accessors', (attributes as Json)['POSITION']);
      refuse(position['type'] !== 'VEC3' || counts.some((count) => count !== position['count']));
      if (primitive['material'] !== undefined) this.at('materials', primitive['material']);
      const mode = primitive['mode'] ?? 4;
      if (primitive['targets'] !== undefined || (mode !== 4 && mode !== 5 && mode !== 6)) throw new Refused('unsupported');
      const vertices = natural(position['count']);
      if (vertices > this.limits.vertices) throw new Refused('large');
      const indices = primitive['indices'];
      if (indices !== undefined) this.indices(this.at('accessors', indices), vertices);
      triangles += Math.floor((indices === undefined ? vertices : natural(this.at('accessors', indices)['count'])) / 3);
    }
    return triangles;
  }

  /** A browser's driver checks indices too, but not all do so without losing the context. */
  private indices(accessor: Json, vertices: number): void {
    const component = componentBytes[natural(accessor['componentType'])]!;
    refuse(accessor['type'] !== 'SCALAR' || accessor['bufferView'] === undefined || accessor['sparse'] !== undefined);
    const view = this.at('bufferViews', accessor['bufferView']);
    const start = this.binary.byteOffset + natural(view['byteOffset'] ?? 0) + natural(accessor['byteOffset'] ?? 0);
    const data = new DataView(this.binary.buffer, start);
    const stride = natural(view['byteStride'] ?? component);
    const count = natural(accessor['count']);
    for (let i = 0, at = 0; i < count; ++i, at += stride) {
      const index = component === 1 ? data.getUint8(at) : component === 2 ? data.getUint16(at, true) : data.getUint32(at, true);
      if (index >= vertices) throw new Refused('damaged');
    }
  }

  /** A forest: every node has one parent at most, so no walk along it runs in a circle. Gives the triangles that are drawn. */
  private nodes(triangles: number[]): number {
    const nodes = this.list('nodes', this.limits.nodes);
    const seen = new Set<number>();
    let drawn = 0;
    let meshes = 0;
    const walk = (index: unknown, depth: number): void => {
      const node = this.at('nodes', index);
      if (depth > this.limits.depth) throw new Refused('large');
      refuse(seen.has(index as number));
      seen.add(index as number);
      for (const [key, length] of [['matrix', 16], ['translation', 3], ['rotation', 4], ['scale', 3]] as const) {
        refuse(node[key] !== undefined && !numbers(node[key], length));
      }
      if (node['skin'] !== undefined) throw new Refused('unsupported');
      if (node['mesh'] !== undefined) {
        this.at('meshes', node['mesh']);
        drawn += triangles[node['mesh'] as number]!;
        if (++meshes > this.limits.meshes) throw new Refused('large');
      }
      for (const child of this.indexes(node['children'])) walk(child, depth + 1);
    };
    const scenes = this.list('scenes', 100);
    refuse(scenes.length === 0 || nodes.length === 0);
    for (const root of this.indexes(this.at('scenes', this.json['scene'] ?? 0)['nodes'])) walk(root, 0);
    return drawn;
  }

  private variants(): string[] {
    const extensions = this.json['extensions'];
    const held = isObject(extensions) ? extensions['KHR_materials_variants'] : undefined;
    if (!isObject(held) || !Array.isArray(held['variants'])) return [];
    const names = (held['variants'] as unknown[]).map((variant) => (isObject(variant) ? variant['name'] : undefined));
    refuse(!names.every((name): name is string => typeof name === 'string' && name.length <= 200));
    if (names.length > 64) throw new Refused('large');
    return names as string[];
  }

  private indexes(raw: unknown): unknown[] {
    refuse(raw !== undefined && !Array.isArray(raw));
    return (raw as unknown[] | undefined) ?? [];
  }

  private at(name: string, index: unknown): Json {
    const entry = (this.json[name] as unknown[] | undefined)?.[natural(index)];
    refuse(!isObject(entry));
    return entry as Json;
  }
}

/** Of a PNG (its first chunk) or a JPEG (its frame header); null for anything else. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(12) === 0x49484452) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const standsAlone = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += standsAlone ? (marker === 0xff ? 1 : 2) : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

function refuse(bad: boolean): void {
  if (bad) throw new Refused('damaged');
}

function natural(raw: unknown): number {
  refuse(typeof raw !== 'number' || !Number.isSafeInteger(raw) || raw < 0);
  return raw as number;
}

const numbers = (raw: unknown, length: number): boolean =>
  Array.isArray(raw) && raw.length === length && raw.every((each) => typeof each === 'number' && Number.isFinite(each));

function isObject(raw: unknown): raw is Json {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
