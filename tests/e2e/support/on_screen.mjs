// What a buyer really sees: screenshots of a moving product. The tag printed on it is read back from each, and so is where the page drew what belongs to
// one point of the product.

import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {binary, scratch} from './show.mjs';
import {bench_camera, test_show} from './shows.mjs';

export const spot = [60, 40];  // mm, left of the tag
const tag = [[72, 20], [112, 20], [112, 60], [72, 60]];

/// A show of the moving label, with one callout at `spot` and, if given, a model whose middle lies there.
export function show_of_a_moving_label({model, audio = 'none'} = {}) {
    const folder = test_show({cameras: [bench_camera], demo_products: false, audio});
    for (const name of ['models', 'products']) mkdirSync(join(folder, name), {recursive: true});
    if (model) writeFileSync(join(folder, 'models/it.glb'), model);
    writeFileSync(join(folder, 'products/it.toml'), `id = "LX-200"
name = { en = "LX-200 downlight" }
${model ? `model = "models/it.glb"\nmodel_at = ${JSON.stringify([...spot, 0])}` : ''}
[target]
marker = "apriltag36h11:5"
size_mm = 40
width_mm = 120
height_mm = 80
marker_at = [72, 20]
[[callout]]
at = ${JSON.stringify([...spot, 0.0])}
text = { en = "Here" }
`);
    return folder;
}

/// The dot of a callout in a colour that nothing else has, alone. `dots`: false when a model is looked for.
export const paint = (page, dots = true) => page.evaluate((dots) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.dot { fill: #f0f !important; stroke: #f0f !important; ${dots ? '' : 'display: none'} }
        .halo, .leader, .outline, .callouts, .dimensions, .badges, .controls, .foot, .overlay svg > g:not(:has(.dot)) { visibility: hidden !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}, dots);

/// `count` screenshots of the picture, or as many as `within_ms` allows, but ten, read: {off: px between what the page drew and where it belongs, hidden: nothing is drawn}. Those in which the
/// tag cannot be read say nothing and are left out. `colour(r, g, b)`: whether a pixel is of what the page drew.
export async function looked_at(page, count, {colour = (r, g, b) => r > 200 && b > 200 && g < 110, within_ms = Infinity} = {}) {
    const folder = scratch();
    try {
        const box = await page.locator('.stage > .frame').boundingBox();
        const clip = {x: Math.ceil(box.x), y: Math.ceil(box.y), width: Math.floor(box.width) - 1, height: Math.floor(box.height) - 1};
        const end = performance.now() + within_ms;
        for (let i = 0; i < count && (i < 10 || performance.now() < end); ++i) {
            writeFileSync(join(folder, `${String(i).padStart(4, '0')}.png`), await page.screenshot({clip, animations: 'allow', caret: 'initial', scale: 'css'}));
            // Not in step with the picture.
            await new Promise((done) => setTimeout(done, (i * 7) % 31));
        }
        const found = execFileSync(binary, ['track', join(folder, '*.png'), '--marker', 'apriltag36h11', '--id', '5', '--size-mm', '40', '--json'], {encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore']})
            .trim().split('\n').map((line) => JSON.parse(line)).filter((line) => 'found' in line);
        const pixels = execFileSync('ffmpeg', ['-v', 'error', '-i', join(folder, '%04d.png'), '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], {maxBuffer: 1 << 30});
        const {width, height} = clip, size = width * height * 3;
        return found.flatMap(({corners, found: seen}, i) => {
            if (!seen) return [];
            const at = through(homography(tag, corners), spot);
            if (at[0] < 40 || at[1] < 40 || at[0] > width - 40 || at[1] > height - 40) return [];
            let [sum, x_sum, y_sum] = [0, 0, 0];
            for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) {
                const p = i * size + (y * width + x) * 3;
                if (!colour(pixels[p], pixels[p + 1], pixels[p + 2])) continue;
                sum += 1, x_sum += x, y_sum += y;
            }
            return [sum < 6 ? {hidden: true, off: null} : {hidden: false, off: Math.hypot(x_sum / sum - at[0], y_sum / sum - at[1])}];
        });
    } finally {
        rmSync(folder, {recursive: true});
    }
}

/// In words, and as shares: within 1 px, past 2 px, hidden.
export function summed_up(seen) {
    const offs = seen.filter(({hidden}) => !hidden).map(({off}) => off).sort((a, b) => a - b);
    const shares = {
        read: seen.length, hidden: seen.filter(({hidden}) => hidden).length, beyond_1: offs.filter((off) => off > 1).length,
        beyond_2: offs.filter((off) => off > 2).length, median: offs[offs.length >> 1] ?? NaN, worst: offs.at(-1) ?? NaN,
    };
    const text = `${shares.read} screenshots: ${shares.hidden} hidden, ${offs.length - shares.beyond_1} within 1 px, ${shares.beyond_2} past 2 px; median ${shares.median.toFixed(2)}, worst ${shares.worst.toFixed(2)} px`;
    return {...shares, text};
}

/// From four points to four points: rows of the matrix whose last element is 1.
export function homography(from, to) {
    const rows = [];
    from.forEach(([x, y], i) => {
        const [u, v] = to[i];
        rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
    });
    for (let c = 0; c < 8; ++c) {
        const best = rows.slice(c).reduce((b, row, i) => (Math.abs(row[c]) > Math.abs(rows[b][c]) ? c + i : b), c);
        [rows[c], rows[best]] = [rows[best], rows[c]];
        for (let r = 0; r < 8; ++r) {
            if (r === c) continue;
            const f = rows[r][c] / rows[c][c];
            for (let k = c; k < 9; ++k) rows[r][k] -= f * rows[c][k];
        }
    }
    return [...rows.map((row, i) => row[8] / row[i]), 1];
}
export const through = (h, [x, y]) => {
    const w = h[6] * x + h[7] * y + h[8];
    return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
};
