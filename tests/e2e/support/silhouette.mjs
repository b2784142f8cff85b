// Silhouettes of a model as sets of pixels of a 640 × 360 picture, from the page, from a recording and from the pose.

import {execFileSync} from 'node:child_process';

export const width = 640, height = 360;

/// For `count` displayed frames: [{number, anchors, mask}] with the green pixels of the canvas that the page drew for that very scene frame.
export async function page_silhouettes(page, count) {
    const frames = await page.evaluate(({count, width, height}) => new Promise((done) => {
        const found = [];
        const canvas = Object.assign(document.createElement('canvas'), {width, height});
        const context = canvas.getContext('2d', {willReadFrequently: true});
        const off = globalThis.vitrine.onFrame((_, scene) => {
            const drawn = document.querySelector('.models canvas');
            if (!scene || !drawn || globalThis.vitrine.models().sceneNumber !== scene.number) return;
            context.clearRect(0, 0, width, height);
            context.drawImage(drawn, 0, 0, width, height);
            const {data} = context.getImageData(0, 0, width, height);
            let mask = '';
            for (let i = 0; i < data.length; i += 4) mask += data[i + 3] > 127 && data[i + 1] > data[i] + 50 && data[i + 1] > data[i + 2] + 50 ? '1' : '0';
            found.push({number: scene.number, anchors: scene.anchors, mask});
            if (found.length < count) return;
            off();
            done(found);
        });
    }), {count, width, height});
    return frames.map((frame) => ({...frame, mask: Uint8Array.from(frame.mask, (c) => (c === '1' ? 1 : 0))}));
}

/// The green pixels of a recording's frames, in order.
export function recorded_silhouettes(file) {
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-an', '-vf', `scale=${width}:${height}:flags=area,format=rgb24`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'],
        {maxBuffer: 1 << 30});
    const frames = [];
    const size = 3 * width * height;
    for (let at = 0; at + size <= raw.length; at += size) {
        const mask = new Uint8Array(width * height);
        for (let i = 0, p = at; i < mask.length; ++i, p += 3) mask[i] = raw[p + 1] > raw[p] + 50 && raw[p + 1] > raw[p + 2] + 50 ? 1 : 0;
        frames.push(mask);
    }
    return frames;
}

/// What project() of engine/scene_frame.h says of a point of the target (mm, z towards the camera), by Rodrigues' formula: px of the picture.
export function projected({pose, intrinsics}, [px, py, pz]) {
    const [rx, ry, rz, tx, ty, tz] = pose;
    const angle = Math.hypot(rx, ry, rz) || 1e-12;
    const k = [rx / angle, ry / angle, rz / angle];
    const p = [px, py, -pz];
    const dot = k[0] * p[0] + k[1] * p[1] + k[2] * p[2];
    const cross = [k[1] * p[2] - k[2] * p[1], k[2] * p[0] - k[0] * p[2], k[0] * p[1] - k[1] * p[0]];
    const [x, y, z] = p.map((v, i) => v * Math.cos(angle) + cross[i] * Math.sin(angle) + k[i] * dot * (1 - Math.cos(angle)));
    return [((intrinsics[0] * (x + tx)) / (z + tz) + intrinsics[2]) * width, ((intrinsics[1] * (y + ty)) / (z + tz) + intrinsics[3]) * height];
}

/// The pixels whose middles lie in the convex hull of `points` (px).
export function hull_silhouette(points) {
    const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    const half = (list) => list.reduce((chain, p) => {
        while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), p) <= 0) chain.pop();
        return [...chain, p];
    }, []);
    const hull = [...half(sorted).slice(0, -1), ...half(sorted.reverse()).slice(0, -1)];
    const mask = new Uint8Array(width * height);
    for (let y = 0; y < height; ++y)
        for (let x = 0; x < width; ++x)
            mask[y * width + x] = hull.every((a, i) => turn(a, hull[(i + 1) % hull.length], [x + 0.5, y + 0.5]) >= 0) ? 1 : 0;
    return mask;
}

/// Intersection over union; 0 when both are empty.
export function iou(a, b) {
    let both = 0, either = 0;
    for (let i = 0; i < a.length; ++i) both += a[i] & b[i], either += a[i] | b[i];
    return either ? both / either : 0;
}
export const area = (mask) => mask.reduce((sum, bit) => sum + bit, 0);
