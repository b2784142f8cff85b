import { describe, expect, it } from 'vitest';
import { read } from '../src/model/download';
import { caps, checkGlb, imageSize, type GlbProblem } from '../src/model/glb';
import { boxes_model, glb } from '../../../tests/e2e/support/glb.mjs';

type Change = (json: any) => void;

function changed(change: Change, limits = caps): unknown {
  const { json, binary } = boxes_model([
    { name: 'a', at: [0, 0, 0], size: [1, 1, 1] },
    { name: 'b', at: [2, 0, 0], size: [1, 1, 1] },
  ]);
  change(json);
  return checkGlb(glb(json, binary), limits);
}

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

function withImage(image: Uint8Array, change: Change = () => undefined): unknown {
  const { json, binary } = boxes_model();
  const all = new Uint8Array(binary.length + image.length);
  all.set(binary);
  all.set(image, binary.length);
  json.buffers[0].byteLength = all.length;
  json.bufferViews.push({ buffer: 0, byteOffset: binary.length, byteLength: image.length });
  json.images = [{ bufferView: 3, mimeType: 'image/png' }];
  json.textures = [{ source: 0 }];
  change(json);
  return checkGlb(glb(json, all));
}

describe('checkGlb', () => {
  it('passes a sound file and tells what it holds', () => {
    expect(changed(() => undefined)).toEqual({ triangles: 24, variants: ['Red', 'Blue'] });
  });

  it('judges the container first', () => {
    const { json, binary } = boxes_model();
    const good = glb(json, binary);
    expect(checkGlb(new Uint8Array())).toBe('damaged');
    expect(checkGlb(good.subarray(0, good.length - 4))).toBe('damaged');
    for (const at of [0, 8, 12, 16, 25]) {
      const bad = good.slice();
      bad[at]! ^= 0x55;
      expect(checkGlb(bad), `byte ${at}`).toBe('damaged');
    }
    const old = good.slice();
    old[4] = 1;
    expect(checkGlb(old)).toBe('unsupported');
    expect(checkGlb(glb('{"a":'.repeat(100_000)))).toBe('damaged');
    expect(checkGlb(glb('[]'))).toBe('damaged');
    expect(checkGlb(good, { ...caps, bytes: good.length - 1 })).toBe('large');
  });

  const refused: [string, GlbProblem, Change][] = [
    ['a buffer elsewhere', 'unsupported', (j) => (j.buffers[0].uri = 'https://example.org/a.bin')],
    ['a longer buffer than there is', 'damaged', (j) => (j.buffers[0].byteLength = 1 << 30)],
    ['a view beyond the buffer', 'damaged', (j) => (j.bufferViews[0].byteOffset = 600)],
    ['a view of another buffer', 'damaged', (j) => (j.bufferViews[0].buffer = 1)],
    ['an accessor beyond its view', 'damaged', (j) => (j.accessors[0].count = 25)],
    ['a stride that leads out of the view', 'damaged', (j) => (j.bufferViews[0].byteStride = 16)],
    ['a count of four thousand million', 'large', (j) => (j.accessors[0].count = 4e9)],
    ['a count that is no number', 'damaged', (j) => (j.accessors[0].count = '24')],
    ['a negative offset', 'damaged', (j) => (j.accessors[0].byteOffset = -4)],
    ['accessors out of nothing, without end', 'large', (j) => j.accessors.push({ componentType: 5126, count: 5e6, type: 'MAT4' })],
    ['indices of vertices that are not there', 'damaged', (j) => (j.accessors[2].bufferView = 0)],
    ['attributes of different lengths', 'damaged', (j) => (j.accessors[1].count = 23)],
    ['positions that are no triples', 'damaged', (j) => (j.accessors[0].type = 'VEC2')],
    ['a node that is its own child', 'damaged', (j) => (j.nodes[0].children = [0])],
    ['a circle of nodes', 'damaged', (j) => ((j.nodes[0].children = [1]), (j.nodes[1].children = [0]), (j.scenes[0].nodes = [0]))],
    ['a node with two parents', 'damaged', (j) => (j.nodes[0].children = [1])],
    ['a child that is not there', 'damaged', (j) => (j.nodes[0].children = [7])],
    ['a matrix of letters', 'damaged', (j) => (j.nodes[0].matrix = Array(16).fill('x'))],
    ['a mesh that is not there', 'damaged', (j) => (j.nodes[0].mesh = 1)],
    ['a material that is not there', 'damaged', (j) => (j.meshes[0].primitives[0].material = 2)],
    ['no scene', 'damaged', (j) => delete j.scenes],
    ['another glTF', 'damaged', (j) => (j.asset.version = '1.0')],
    ['Draco', 'unsupported', (j) => (j.extensionsRequired = ['KHR_draco_mesh_compression'])],
    ['a skin', 'unsupported', (j) => (j.nodes[0].skin = 0)],
    ['points instead of triangles', 'unsupported', (j) => (j.meshes[0].primitives[0].mode = 0)],
    ['a variant without a name', 'damaged', (j) => (j.extensions.KHR_materials_variants.variants[0] = {})],
    ['a picture elsewhere', 'unsupported', (j) => (j.images = [{ uri: 'https://example.org/a.png' }])],
  ];
  for (const [what, problem, change] of refused) {
    it(`refuses ${what}`, () => expect(changed(change)).toBe(problem));
  }

  it('counts what is drawn, not what is stored', () => {
    const often: Change = (json) => {
      json.nodes = Array.from({ length: 50 }, () => ({ mesh: 0 }));
      json.scenes[0].nodes = json.nodes.map((_: unknown, i: number) => i);
    };
    expect(changed(often)).toMatchObject({ triangles: 600 });
    expect(changed(often, { ...caps, triangles: 599 })).toBe('large');
    expect(changed(often, { ...caps, nodes: 49 })).toBe('large');
    const deep: Change = (json) => {
      json.nodes = Array.from({ length: 100 }, (_, i) => (i < 99 ? { children: [i + 1] } : { mesh: 0 }));
      json.scenes[0].nodes = [0];
    };
    expect(changed(deep)).toBe('large');
  });

  it('knows how large a picture will be before it is decoded', () => {
    expect(withImage(png(64, 32))).toMatchObject({ triangles: 12 });
    expect(withImage(png(60_000, 60_000))).toBe('large');
    expect(withImage(png(0, 5))).toBe('damaged');
    expect(withImage(new Uint8Array(40))).toBe('unsupported');
    expect(withImage(png(64, 32), (j) => (j.textures[0].source = 3))).toBe('damaged');
    expect(withImage(png(4096, 4096), (j) => (j.images = Array(10).fill(j.images[0])))).toBe('large');
  });
});

describe('imageSize', () => {
  it('reads JPEG frame headers past other segments', () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 1, 0x2c, 2, 0x58, 3, 0, 0]);
    expect(imageSize(jpeg)).toEqual({ width: 600, height: 300 });
    for (let end = 0; end < 18; ++end) expect(imageSize(jpeg.subarray(0, end))).toBeNull();
    expect(imageSize(new Uint8Array([0xff, 0xd8, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
  });
});

describe('read', () => {
  const body = (pieces: Uint8Array[], end: () => void = () => undefined): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull(controller) {
        const next = pieces.shift();
        if (next) controller.enqueue(next);
        else controller.close();
      },
      cancel: end,
    });

  it('joins what comes and says how far it is', async () => {
    const told: number[] = [];
    const bytes = await read(body([new Uint8Array([1, 2]), new Uint8Array([3])]), 4, (share) => told.push(share));
    expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
    expect(told).toEqual([0.5, 0.75]);
  });

  it('stops reading when more comes than a model may have', async () => {
    let cancelled = false;
    const piece = new Uint8Array(8 << 20);
    const much = body(Array(100).fill(piece), () => (cancelled = true));
    expect(await read(much, 10, () => undefined)).toBe('large');
    expect(cancelled).toBe(true);
  });
});
