// Debian's Chromium through playwright-core, and the buyer page in it.

import {createRequire} from 'node:module';
import {join} from 'node:path';

import {root, scratch} from './show.mjs';

const {chromium} = createRequire(join(root, 'assets/buyer/package.json'))('playwright-core');

const switches = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--autoplay-policy=no-user-gesture-required',
    // The last list counts, so it repeats what playwright turns off. WebUIOmnibox…: a new window loads the page of its address bar's list, which takes
    // more of the processor than ours in the same second. A buyer's window is open already, and the tests ask for what our page takes.
    '--disable-features=' + ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider', 'GlobalMediaControls',
        'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'OptimizationHints', 'PaintHolding', 'RenderDocument', 'ThirdPartyStoragePartitioning', 'Translate'].join(),
];

/// prefix: words to run Chromium under (a network namespace); playwright starts one file, so they go through a small script.
export async function open_browser({args = [], executable = process.env.CHROMIUM ?? '/usr/bin/chromium'} = {}) {
    return chromium.launch({executablePath: executable, headless: true, args: [...switches, ...args]});
}

export async function open_page(browser, url, options = {}) {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, ignoreHTTPSErrors: true, locale: 'en-US', ...options});
    // Who one is was asked already: the card that asks takes room in the side column. buyers_join is about it.
    await context.addInitScript(() => sessionStorage.setItem('vitrine.asked', '1'));
    const page = await context.newPage();
    page.problems = [];
    page.on('pageerror', (e) => page.problems.push(String(e)));
    page.on('console', (m) => { if (m.type() === 'error') page.problems.push(m.text()); });
    await page.goto(url);
    return page;
}

export const stats = (page) => page.evaluate(() => globalThis.vitrine?.stats?.());

/// Waits for the first displayed frame; gives the milliseconds since the page was opened.
export async function first_frame(page, ms = 10000) {
    const handle = await page.waitForFunction(() => (globalThis.vitrine?.stats?.().frames > 0 ? performance.now() : 0), null, {timeout: ms, polling: 20});
    return handle.jsonValue();
}

/// Installs a sampler that, for `count` displayed frames, compares the number that the page joined to the frame with the code in its pixels.
/// The pixels are the canvas' when the page shows one: in the callback that tells of a frame it holds that frame. Else pixels and identity come
/// from one VideoFrame object, so that the sampler itself cannot mix two frames up.
export function sample_codes(page, count, {corner = 'bottom_left'} = {}) {
    return page.evaluate(({count, corner}) => new Promise((done) => {
        const video = document.querySelector('video');
        const joined = new Map();
        const results = [];
        const pending = [];
        const lates = new Set();
        let canvas, context, off, beyond = 0;
        function read(frame) {
            const width = frame.displayWidth ?? frame.width, height = frame.displayHeight ?? frame.height;
            let cell = Math.max(8, Math.floor(width / 80));
            cell -= cell % 2;
            const cells = 34;
            canvas ??= Object.assign(document.createElement('canvas'), {width: cell * cells, height: cell});
            context ??= canvas.getContext('2d', {willReadFrequently: true});
            context.drawImage(frame, 0, corner === 'bottom_left' ? height - cell : 0, cell * cells, cell, 0, 0, cell * cells, cell);
            const {data} = context.getImageData(0, 0, cell * cells, cell);
            const bit = (i) => {
                let sum = 0, n = 0;
                for (let y = cell >> 2; y < cell - (cell >> 2); ++y)
                    for (let x = cell >> 2; x < cell - (cell >> 2); ++x, ++n) sum += data[4 * (y * cell * cells + i * cell + x) + 1];
                return sum / n > 127 ? 1 : 0;
            };
            if (bit(0) !== 1 || bit(1) !== 0) return null;
            let value = 0;
            for (let i = 0; i < 24; ++i) value = value * 2 + bit(2 + i);
            let crc = 0;
            for (const byte of [(value >> 16) & 255, (value >> 8) & 255, value & 255]) {
                crc ^= byte;
                for (let k = 0; k < 8; ++k) crc = crc & 128 ? ((crc << 1) ^ 7) & 255 : (crc << 1) & 255;
            }
            let given = 0;
            for (let i = 0; i < 8; ++i) given = given * 2 + bit(26 + i);
            return given === crc ? value : null;
        }
        off = globalThis.vitrine.onFrame((frame) => {
            // frame: {mediaTime, rtp, sceneNumber|null, …}
            const late = joined.has(Math.round(frame.mediaTime * 1e6));
            joined.set(Math.round(frame.mediaTime * 1e6), frame);
            if (late) { lates.add(Math.round(frame.mediaTime * 1e6)); return; } // told again: its scene frame came after its picture
            if (pending.length >= count) {
                // Some more callbacks: the picture of the last sample may have been one ahead of its callback.
                if (++beyond >= 5) finish();
                return;
            }
            const screen = video.parentElement.querySelector('.screen');
            if (screen && !screen.hidden) { pending.push({time: frame.mediaTime * 1e6, code: read(screen)}); return; }
            const picture = new VideoFrame(video);
            pending.push({time: picture.timestamp, code: read(picture)});
            picture.close();
        });
        function finish() {
            off?.();
            for (const p of pending) {
                let best = null;
                for (const [time, frame] of joined) if (Math.abs(time - p.time) <= 2) best = frame;
                results.push({code: p.code, known: best !== null, number: best?.sceneNumber ?? null, sources: best?.sources ?? null, late: best !== null && lates.has(Math.round(best.mediaTime * 1e6))});
            }
            done(results);
        }
    }), {count, corner});
}
