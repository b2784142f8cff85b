// Writes glTF 2.0 binary files: one node per part with its way out in the exploded view, one primitive per material, colour variants.

const align = (length) => (length + 3) & ~3;

class Binary {
    views = [];
    accessors = [];
    #pieces = [];
    #length = 0;

    view(bytes, target) {
        this.views.push({buffer: 0, byteOffset: this.#length, byteLength: bytes.length, ...(target ? {target} : {})});
        this.#pieces.push(bytes, Buffer.alloc(align(bytes.length) - bytes.length));
        this.#length += align(bytes.length);
        return this.views.length - 1;
    }
    floats(rows, type, bounds = false) {
        const flat = Float32Array.from(rows.flat());
        const accessor = {bufferView: this.view(Buffer.from(flat.buffer), 34962), componentType: 5126, count: rows.length, type};
        if (bounds) {
            // Of the numbers as stored: readers check them against each other.
            const stored = rows.map((_, i) => [...flat.subarray(i * 3, i * 3 + 3)]);
            accessor.min = [0, 1, 2].map((k) => stored.reduce((least, row) => Math.min(least, row[k]), Infinity));
            accessor.max = [0, 1, 2].map((k) => stored.reduce((most, row) => Math.max(most, row[k]), -Infinity));
        }
        return this.accessors.push(accessor) - 1;
    }
    indices(list) {
        const wide = list.some((i) => i > 65534);
        const flat = wide ? Uint32Array.from(list) : Uint16Array.from(list);
        const view = this.view(Buffer.from(flat.buffer), 34963);
        return this.accessors.push({bufferView: view, componentType: wide ? 5125 : 5123, count: list.length, type: 'SCALAR'}) - 1;
    }
    bytes() {
        return Buffer.concat(this.#pieces, this.#length);
    }
}

/// parts: [{name, explode: [x, y, z] mm, pieces: [{solid, material}]}]; a piece's material is a name of `materials`, or {variant: name} with
/// the first one shown when no variant is chosen. materials: glTF materials by name, `picture: PNG` for a base colour texture.
export function glb({name, generator, parts, materials, variants = []}) {
    const binary = new Binary(), names = Object.keys(materials);
    const images = [], textures = [];
    const list = names.map((key) => {
        const {picture, ...material} = materials[key];
        if (picture) {
            images.push({bufferView: binary.view(picture), mimeType: 'image/png'});
            textures.push({source: images.length - 1, sampler: 0});
            material.pbrMetallicRoughness = {...material.pbrMetallicRoughness, baseColorTexture: {index: textures.length - 1}};
        }
        return {name: key, ...material};
    });
    const metres = (point) => point.map((v) => v / 1000);
    const meshes = parts.map(({name: part, pieces}) => ({
        name: part,
        primitives: pieces.map(({solid, material}) => {
            const textured = typeof material === 'string' && materials[material].picture;
            const primitive = {
                attributes: {
                    POSITION: binary.floats(solid.positions.map(metres), 'VEC3', true),
                    NORMAL: binary.floats(solid.normals, 'VEC3'),
                    ...(textured ? {TEXCOORD_0: binary.floats(solid.uvs, 'VEC2')} : {}),
                },
                indices: binary.indices(solid.indices),
                material: names.indexOf(typeof material === 'string' ? material : material[variants[0]]),
            };
            if (typeof material !== 'string')
                primitive.extensions = {
                    KHR_materials_variants: {mappings: variants.map((variant, i) => ({material: names.indexOf(material[variant]), variants: [i]}))},
                };
            return primitive;
        }),
    }));
    const children = parts.map((_, i) => i + 1);
    const json = {
        asset: {version: '2.0', generator},
        ...(variants.length ? {extensionsUsed: ['KHR_materials_variants'], extensions: {KHR_materials_variants: {variants: variants.map((variant) => ({name: variant}))}}} : {}),
        scene: 0,
        scenes: [{nodes: [0]}],
        nodes: [{name, children}, ...parts.map(({name: part, explode}, i) => ({name: part, mesh: i, extras: {explode: metres(explode)}}))],
        meshes,
        materials: list,
        ...(textures.length ? {textures, images, samplers: [{wrapS: 33071, wrapT: 33071}]} : {}),
        accessors: binary.accessors,
        bufferViews: binary.views,
    };
    const data = binary.bytes();
    json.buffers = [{byteLength: data.length}];
    const text = Buffer.from(JSON.stringify(json)), padded = Buffer.concat([text, Buffer.alloc(align(text.length) - text.length, 0x20)]);
    const header = Buffer.alloc(12), chunk = (bytes, type) => {
        const head = Buffer.alloc(8);
        head.writeUInt32LE(bytes.length, 0);
        head.writeUInt32LE(type, 4);
        return Buffer.concat([head, bytes]);
    };
    header.write('glTF', 0, 'latin1');
    header.writeUInt32LE(2, 4);
    header.writeUInt32LE(12 + 8 + padded.length + 8 + data.length, 8);
    return Buffer.concat([header, chunk(padded, 0x4e4f534a), chunk(data, 0x004e4942)]);
}
