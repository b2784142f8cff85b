// Solids as {positions, normals, uvs, indices}: millimetres, smooth where the shape is smooth, every edge that would be sharp broken by a
// small radius, because no real part has a sharp one and because it is the light on an edge that shows a part's shape.

const subtract = (a, b) => a.map((v, i) => v - b[i]);
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
export const unit = (v) => {
    const length = Math.hypot(...v) || 1;
    return v.map((x) => x / length);
};

export const empty = () => ({positions: [], normals: [], uvs: [], indices: []});

/// Adds `part` to `whole`; the same part may be added many times.
export function add(whole, ...parts) {
    for (const part of parts) {
        const first = whole.positions.length;
        whole.positions.push(...part.positions);
        whole.normals.push(...part.normals);
        whole.uvs.push(...part.uvs);
        whole.indices.push(...part.indices.map((i) => i + first));
    }
    return whole;
}

/// A copy, moved by a function of points; directions go through it without its shift.
export function moved(part, carry) {
    const origin = carry([0, 0, 0]);
    return {
        positions: part.positions.map(carry),
        normals: part.normals.map((n) => unit(subtract(carry(n), origin))),
        uvs: part.uvs,
        indices: part.indices,
    };
}

export const shift = (part, x, y, z) => moved(part, ([a, b, c]) => [a + x, b + y, c + z]);
export const turn_z = (part, angle) => moved(part, ([x, y, z]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle), z]);
export const turn_x = (part, angle) => moved(part, ([x, y, z]) => [x, y * Math.cos(angle) - z * Math.sin(angle), y * Math.sin(angle) + z * Math.cos(angle)]);
export const turn_y = (part, angle) => moved(part, ([x, y, z]) => [x * Math.cos(angle) + z * Math.sin(angle), y, -x * Math.sin(angle) + z * Math.cos(angle)]);

/// Triangles face where their normals point; those without area go.
function facing(part) {
    const out = [];
    for (let i = 0; i < part.indices.length; i += 3) {
        const [a, b, c] = part.indices.slice(i, i + 3);
        const n = cross(subtract(part.positions[b], part.positions[a]), subtract(part.positions[c], part.positions[a]));
        if (Math.hypot(...n) < 1e-9) continue;
        const mean = [0, 1, 2].map((k) => part.normals[a][k] + part.normals[b][k] + part.normals[c][k]);
        out.push(a, ...(dot(n, mean) >= 0 ? [b, c] : [c, b]));
    }
    return {...part, indices: out};
}

/// A grid of points (u, v in 0…1) with normals, as `at(u, v)` gives them.
export function grid(columns, rows, at) {
    const part = empty();
    for (let j = 0; j <= rows; ++j)
        for (let i = 0; i <= columns; ++i) {
            const {position, normal} = at(i / columns, j / rows, i, j);
            part.positions.push(position);
            part.normals.push(unit(normal));
            part.uvs.push([i / columns, 1 - j / rows]);
        }
    for (let j = 0; j < rows; ++j)
        for (let i = 0; i < columns; ++i) {
            const a = j * (columns + 1) + i, b = a + columns + 1;
            part.indices.push(a, a + 1, b + 1, a, b + 1, b);
        }
    return facing(part);
}

/// The corners of an open line [[r, z], …] replaced by arcs of `radius` (less where there is no room).
export function rounded(line, radius, steps = 3) {
    const out = [line[0]];
    for (let i = 1; i + 1 < line.length; ++i) {
        const [p, q, s] = [line[i - 1], line[i], line[i + 1]];
        const before = subtract(p, q), after = subtract(s, q);
        const reach = Math.min(radius, Math.hypot(...before) * 0.45, Math.hypot(...after) * 0.45);
        const from = q.map((v, k) => v + unit(before)[k] * reach), to = q.map((v, k) => v + unit(after)[k] * reach);
        for (let k = 0; k <= steps; ++k) {
            const t = k / steps;  // a quadratic curve: as good as an arc at this size
            out.push(q.map((v, c) => (1 - t) ** 2 * from[c] + 2 * t * (1 - t) * v + t * t * to[c]));
        }
    }
    out.push(line[line.length - 1]);
    return out;
}

/// A profile's stretches without a crease: points [r, z] with normals. Its outside is on the right of its direction: outwards at the
/// bottom, up, inwards at the top.
function smooth_runs(profile, crease) {
    const normals = [];
    for (let i = 0; i + 1 < profile.length; ++i) {
        const [dr, dz] = subtract(profile[i + 1], profile[i]);
        normals.push(unit([dz, -dr]));
    }
    const smooth = (a, b) => dot(a, b) > Math.cos((crease * Math.PI) / 180), runs = [];
    for (let start = 0; start < normals.length; ) {
        let end = start + 1;
        while (end < normals.length && smooth(normals[end - 1], normals[end])) ++end;
        const ring = [];
        for (let i = start; i <= end; ++i) {
            const near = [normals[i - 1], normals[i]].filter((n, k) => n && (k === 0 ? i > start : i < end));
            ring.push({point: profile[i], normal: unit(near.reduce((sum, n) => [sum[0] + n[0], sum[1] + n[1]], [0, 0]))});
        }
        runs.push(ring);
        start = end;
    }
    return runs;
}

/// A profile [[r, z], …] turned around the z axis.
export function lathe(profile, {segments = 96, crease = 35, from = 0, to = 2 * Math.PI} = {}) {
    return add(empty(), ...smooth_runs(profile, crease).map((ring) => grid(segments, ring.length - 1, (u, v, i, j) => {
        const angle = from + (to - from) * u, {point, normal} = ring[j];
        const c = Math.cos(angle), s = Math.sin(angle);
        return {position: [point[0] * c, point[0] * s, point[1]], normal: [normal[0] * c, normal[0] * s, normal[1]]};
    })));
}

/// A profile led around a rectangle with mitred corners; its r counts from the rectangle's sides, negative inside.
export function mitred(width, height, profile, {crease = 35} = {}) {
    const part = empty();
    for (const [x, y, along] of [[1, 0, height], [0, 1, width], [-1, 0, height], [0, -1, width]])
        for (const ring of smooth_runs(profile, crease))
            add(part, grid(1, ring.length - 1, (u, v, i, j) => {
                const {point: [r, z], normal: [n, up]} = ring[j];
                const out = (x ? width : height) / 2 + r, beside = (i === 0 ? -1 : 1) * (along / 2 + r);
                return {position: [x * out - y * beside, y * out + x * beside, z], normal: [x * n, y * n, up]};
            }));
    return part;
}

/// A box around the origin with all edges rounded.
export function rounded_box(width, height, depth, radius, steps = 3) {
    const half = [width / 2, height / 2, depth / 2], inner = half.map((h) => h - radius), part = empty();
    const lines = (h) => {
        const out = [];
        for (let k = 0; k <= steps; ++k) out.push(-h + radius * (1 - Math.cos((k / steps) * (Math.PI / 2))));
        return [...out, ...out.map((v) => -v).reverse()];
    };
    for (let axis = 0; axis < 3; ++axis)
        for (const side of [-1, 1]) {
            const [a, b] = [(axis + 1) % 3, (axis + 2) % 3], us = lines(half[a]), vs = lines(half[b]);
            add(part, grid(us.length - 1, vs.length - 1, (u, v, i, j) => {
                const point = [0, 0, 0];
                point[axis] = side * half[axis], point[a] = us[i], point[b] = vs[j];
                const core = point.map((p, k) => Math.max(-inner[k], Math.min(inner[k], p)));
                const normal = unit(subtract(point, core));
                return {position: core.map((c, k) => c + normal[k] * radius), normal};
            }));
        }
    return part;
}

/// A convex polygon [[x, y], …] as a plate of `thickness` around z = 0, its edges broken by `bevel`.
export function plate(polygon, thickness, bevel = 0.2) {
    const area = polygon.reduce((sum, p, i) => {
        const q = polygon[(i + 1) % polygon.length];
        return sum + p[0] * q[1] - q[0] * p[1];
    }, 0);
    const corners = area > 0 ? polygon : [...polygon].reverse(), count = corners.length, part = empty();
    const outward = corners.map((p, i) => {
        const q = corners[(i + 1) % count];
        return unit([q[1] - p[1], p[0] - q[0]]);
    });
    const inset = corners.map((p, i) => {
        const a = outward[(i + count - 1) % count], b = outward[i], k = bevel / (1 + dot(a, b));
        return [p[0] - (a[0] + b[0]) * k, p[1] - (a[1] + b[1]) * k];
    });
    for (const side of [-1, 1]) {
        const face = empty(), z = (side * thickness) / 2;
        for (const p of inset) face.positions.push([...p, z]), face.normals.push([0, 0, side]), face.uvs.push([0, 0]);
        for (let i = 1; i + 1 < count; ++i) face.indices.push(0, i, i + 1);
        add(part, facing(face));
    }
    for (let i = 0; i < count; ++i) {
        const k = (i + 1) % count, z = thickness / 2, n = [...outward[i], 0];
        const rings = [
            {points: [inset[i], inset[k]], z: -z, normal: [0, 0, -1]},
            {points: [corners[i], corners[k]], z: -z + bevel, normal: n},
            {points: [corners[i], corners[k]], z: z - bevel, normal: n},
            {points: [inset[i], inset[k]], z, normal: [0, 0, 1]},
        ];
        add(part, grid(1, 3, (u, v, a, j) => ({position: [...rings[j].points[a], rings[j].z], normal: rings[j].normal})));
    }
    return part;
}

/// A round bar along a line of points, closed at both ends.
export function tube(path, radius, sides = 12) {
    const tangents = path.map((p, i) => unit(subtract(path[Math.min(i + 1, path.length - 1)], path[Math.max(i - 1, 0)])));
    let across = unit(cross(tangents[0], Math.abs(tangents[0][2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
    const frames = tangents.map((t) => {  // carried along without twist
        const along = dot(across, t);
        across = unit(across.map((v, k) => v - along * t[k]));
        return [across, cross(t, across)];
    });
    const part = grid(sides, path.length - 1, (u, v, i, j) => {
        const a = u * 2 * Math.PI, normal = [0, 1, 2].map((k) => frames[j][0][k] * Math.cos(a) + frames[j][1][k] * Math.sin(a));
        return {position: path[j].map((p, k) => p + normal[k] * radius), normal};
    });
    for (const end of [0, path.length - 1]) {
        const cap = empty(), normal = tangents[end].map((t) => (end === 0 ? -t : t));
        for (let i = 0; i <= sides; ++i) {
            const a = (i / sides) * 2 * Math.PI;
            const rim = path[end].map((p, k) => p + radius * (frames[end][0][k] * Math.cos(a) + frames[end][1][k] * Math.sin(a)));
            cap.positions.push(i === sides ? path[end] : rim), cap.normals.push(normal), cap.uvs.push([0, 0]);
        }
        for (let i = 0; i < sides; ++i) cap.indices.push(sides, i, (i + 1) % sides);
        add(part, facing(cap));
    }
    return part;
}

/// A smooth line through points (Catmull and Rom, 1974).
export function spline(points, steps = 8) {
    const out = [], at = (i) => points[Math.max(0, Math.min(points.length - 1, i))];
    for (let i = 0; i + 1 < points.length; ++i)
        for (let k = 0; k < steps; ++k) {
            const t = k / steps, [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
            out.push(b.map((_, n) => 0.5 * (2 * b[n] + (c[n] - a[n]) * t + (2 * a[n] - 5 * b[n] + 4 * c[n] - d[n]) * t * t + (3 * b[n] - a[n] - 3 * c[n] + d[n]) * t ** 3)));
        }
    return [...out, points[points.length - 1]];
}

/// A flat rectangle in a plane of z, its texture upright for somebody in front of it.
export const picture_plate = (x, y, z, width, height) => grid(1, 1, (u, v) => ({position: [x + (u - 0.5) * width, y + (v - 0.5) * height, z], normal: [0, 0, 1]}));
