// What a mask hides shows in no output: the browser's pixels, both recordings, the panel's preview is made from the same pictures. The camera shows
// moving squares of two saturated colours, so every unmasked patch has contrast; with a mask stage that fails the camera is a slate everywhere.

import assert from 'node:assert/strict';
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser, open_page} from './support/browser.mjs';
import {luma, read_code} from './support/recording.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

// Inside each mask, some px from its edge (of 1280 × 720), and one patch that is not masked.
const patches = {solid: {x: 120, y: 160, width: 200, height: 200}, mosaic: {x: 480, y: 160, width: 200, height: 200}, blur: {x: 840, y: 160, width: 200, height: 200}};
const open_patch = {x: 480, y: 460, width: 200, height: 160};
const masks = `masks = [
  { polygon = [[0.07,0.2],[0.27,0.2],[0.27,0.53],[0.07,0.53]], fill = "solid" },
  { polygon = [[0.35,0.2],[0.56,0.2],[0.56,0.53],[0.35,0.53]], fill = "mosaic" },
  { polygon = [[0.63,0.2],[0.84,0.2],[0.84,0.53],[0.63,0.53]], fill = "blur" },
]`;

/// Share of neighbouring pixels 4 px apart in a row that differ by more than 40 of 255: the squares' edges.
function edges(frame, {width, height}) {
    let hard = 0, all = 0;
    for (let y = 0; y < height; ++y)
        for (let x = 4; x < width; ++x, ++all) if (Math.abs(frame[y * width + x] - frame[y * width + x - 4]) > 40) ++hard;
    return hard / all;
}

test('no output shows what lies under a mask', {timeout: 120000}, async (t) => {
    const folder = scratch();
    const show = await Show.start({folder: test_show({cameras: [{id: 'secret', source: 'sim:mask', extra: masks}], demo_products: false, program: 'bitrate_kbps = 8000'}), args: ['--record', folder]});
    const browser = await open_browser();
    try {
        const page = await open_page(browser, show.buyer_url);
        await first_frame(page);
        await wait(1000);
        const seen = await page.evaluate(({patches, open_patch}) => new Promise((done) => {
            const video = document.querySelector('video');
            const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
            const context = canvas.getContext('2d', {willReadFrequently: true});
            const frames = [];
            const look = () => {
                context.drawImage(video, 0, 0, 1280, 720);
                const one = {};
                for (const [name, p] of Object.entries({...patches, open: open_patch})) {
                    const {data} = context.getImageData(p.x, p.y, p.width, p.height);
                    let hard = 0, all = 0;
                    for (let y = 0; y < p.height; y += 4)
                        for (let x = 4; x < p.width; ++x, ++all) if (Math.abs(data[4 * (y * p.width + x) + 1] - data[4 * (y * p.width + x - 4) + 1]) > 60) ++hard;
                    one[name] = hard / all;
                }
                frames.push(one);
                if (frames.length < 60) video.requestVideoFrameCallback(look); else done(frames);
            };
            video.requestVideoFrameCallback(look);
        }), {patches, open_patch});
        const worst = (name) => Math.max(...seen.map((f) => f[name]));
        t.diagnostic(`browser: edges under solid ${worst('solid')}, mosaic ${worst('mosaic')}, blur ${worst('blur')}; open ${Math.min(...seen.map((f) => f.open))}`);
        for (const name of Object.keys(patches)) assert.ok(worst(name) < 0.002, `${name} lets ${worst(name)} through in the browser`);
        assert.ok(Math.min(...seen.map((f) => f.open)) > 0.05, 'the open patch shows the squares');
    } finally {
        await browser.close();
        await show.stop();
    }
    for (const name of readdirSync(folder).filter((n) => n.endsWith('.mp4'))) {
        const file = join(folder, name);
        for (const [fill, patch] of Object.entries(patches)) {
            const shares = luma(file, patch).map((f) => edges(f, patch));
            assert.ok(shares.length > 30);
            assert.ok(Math.max(...shares) < 0.002, `${fill} lets ${Math.max(...shares)} through in ${name}`);
        }
        assert.ok(Math.min(...luma(file, open_patch).map((f) => edges(f, open_patch))) > 0.05, 'the open patch shows the squares');
    }
    rmSync(folder, {recursive: true});
});

test('a mask that cannot be applied: a slate everywhere, never the picture', {timeout: 60000}, async () => {
    const folder = scratch();
    // A sliver far smaller than a pixel has an area, so the file is valid, but no pixel of this camera lies under it: the stage must refuse.
    const broken = 'masks = [ { polygon = [[0.5,0.5],[0.5004,0.5],[0.5002,0.50005]], fill = "solid" } ]';
    const show = await Show.start({folder: test_show({cameras: [{id: 'secret', source: 'sim:mask', extra: broken}], demo_products: false}), args: ['--record', folder]});
    const browser = await open_browser();
    try {
        await until('the camera says so', 5000, async () => (await show.snapshot()).cameras.secret.state === 'mask_failed');
        const page = await open_page(browser, show.buyer_url);
        await first_frame(page);
        const contrast = await page.evaluate(() => new Promise((done) => {
            const video = document.querySelector('video');
            const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
            const context = canvas.getContext('2d', {willReadFrequently: true});
            const frames = [];
            const look = () => {
                context.drawImage(video, 0, 0, 1280, 720);
                const {data} = context.getImageData(40, 60, 300, 80);
                let low = 255, high = 0;
                for (let i = 1; i < data.length; i += 4) { low = Math.min(low, data[i]); high = Math.max(high, data[i]); }
                frames.push(high - low);
                if (frames.length < 45) video.requestVideoFrameCallback(look); else done(Math.max(...frames));
            };
            video.requestVideoFrameCallback(look);
        }));
        assert.ok(contrast < 40, `a slate is plain there, contrast was ${contrast}`);
    } finally {
        await browser.close();
        await show.stop();
    }
    for (const name of readdirSync(folder).filter((n) => n.endsWith('.mp4'))) {
        // The camera's own code in the corner would show in any unmasked frame.
        const strips = luma(join(folder, name), {x: 0, y: 0, width: 544, height: 16});
        assert.ok(strips.length > 30);
        assert.equal(strips.filter((s) => read_code(s, 544, 16) !== null).length, 0, name);
    }
    rmSync(folder, {recursive: true});
});
