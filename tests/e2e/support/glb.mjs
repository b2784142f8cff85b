// Binary glTF 2.0 made in memory, for tests.

/// The container round a JSON object and the bytes of its one buffer.
export function glb(json, binary = new Uint8Array()) {
    const pad = (bytes, fill) => {
        const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4).fill(fill);
        out.set(bytes);
        return out;
    };
    const text = pad(new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json)), 0x20);
    const data = pad(binary, 0);
    const out = new Uint8Array(12 + 8 + text.length + (data.length ? 8 + data.length : 0));
    const view = new DataView(out.buffer);
    view.setUint32(0, 0x46546c67, true);
    view.setUint32(4, 2, true);
    view.setUint32(8, out.length, true);
    view.setUint32(12, text.length, true);
    view.setUint32(16, 0x4e4f534a, true);
    out.set(text, 20);
    if (data.length) {
        view.setUint32(20 + text.length, data.length, true);
        view.setUint32(24 + text.length, 0x004e4942, true);
        out.set(data, 28 + text.length);
    }
    return out;
}

/// A cube of one metre whose middle is the origin: {json, binary}, `boxes` being its nodes [{name, at, size, extras}] (m) in their order. Two
/// materials, red and blue, and the variants "Red" and "Blue".
export function boxes_model(boxes = [{name: 'box', at: [0, 0, 0], size: [1, 1, 1]}]) {
    const positions = [], normals = [], indices = [];
    for (let axis = 0; axis < 3; ++axis) {
        for (const sign of [-1, 1]) {
            const first = positions.length / 3;
            for (const [u, v] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
                const point = [0, 0, 0], normal = [0, 0, 0];
                point[axis] = sign / 2;
                point[(axis + 1) % 3] = (sign * u) / 2;
                point[(axis + 2) % 3] = v / 2;
                normal[axis] = sign;
                positions.push(...point);
                normals.push(...normal);
            }
            indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
        }
    }
    const binary = new Uint8Array(288 + 288 + 72);
    new Float32Array(binary.buffer, 0, 72).set(positions);
    new Float32Array(binary.buffer, 288, 72).set(normals);
    new Uint16Array(binary.buffer, 576, 36).set(indices);
    const colour = (name, baseColorFactor) => ({name, pbrMetallicRoughness: {baseColorFactor, metallicFactor: 0, roughnessFactor: 0.6}});
    const json = {
        asset: {version: '2.0'},
        extensionsUsed: ['KHR_materials_variants'],
        extensions: {KHR_materials_variants: {variants: [{name: 'Red'}, {name: 'Blue'}]}},
        scene: 0,
        scenes: [{nodes: boxes.map((_, i) => i)}],
        nodes: boxes.map(({name, at, size, extras}) => ({name, mesh: 0, translation: at, scale: size, ...(extras ? {extras} : {})})),
        meshes: [{
            primitives: [{
                attributes: {POSITION: 0, NORMAL: 1},
                indices: 2,
                material: 0,
                extensions: {KHR_materials_variants: {mappings: [{material: 0, variants: [0]}, {material: 1, variants: [1]}]}},
            }],
        }],
        materials: [colour('red', [0.8, 0.05, 0.05, 1]), colour('blue', [0.05, 0.1, 0.8, 1])],
        buffers: [{byteLength: binary.length}],
        bufferViews: [{buffer: 0, byteLength: 288}, {buffer: 0, byteOffset: 288, byteLength: 288}, {buffer: 0, byteOffset: 576, byteLength: 72}],
        accessors: [
            {bufferView: 0, componentType: 5126, count: 24, type: 'VEC3', min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5]},
            {bufferView: 1, componentType: 5126, count: 24, type: 'VEC3'},
            {bufferView: 2, componentType: 5123, count: 36, type: 'SCALAR'},
        ],
    };
    return {json, binary};
}

/// {json, binary} of a GLB.
export function opened(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = view.getUint32(12, true);
    return {
        json: JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length))),
        binary: bytes.slice(28 + length, 28 + length + view.getUint32(20 + length, true)),
    };
}

/// The same shapes, every surface shining in plain green: what is green in a picture of it is the model, whatever light and shadow do.
export function keyed({json, binary}) {
    const green = {emissiveFactor: [0, 1, 0], pbrMetallicRoughness: {baseColorFactor: [0, 0, 0, 1], metallicFactor: 0, roughnessFactor: 1}};
    return {json: {...json, materials: json.materials.map(({name}) => ({name, ...green}))}, binary};
}
