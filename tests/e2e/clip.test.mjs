// A real clip that nobody here made (vtest.avi of the distribution's opencv-doc), looped, through to the browser.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {gunzipSync} from 'node:zlib';

import {first_frame, open_browser, open_page, stats} from './support/browser.mjs';
import {Show, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

function clip() {
    try {
        return execFileSync('dpkg', ['-L', 'opencv-doc'], {encoding: 'utf8'}).split('\n').find((p) => /vtest\.avi(\.gz)?$/.test(p) && existsSync(p));
    } catch {
        return undefined;
    }
}

test('vtest.avi plays, loops and looks like itself in the browser', {skip: clip() ? false : 'needs the package opencv-doc', timeout: 120000}, async (t) => {
    const folder = test_show({cameras: [{id: 'street', source: 'file:vtest.avi'}], demo_products: false});
    if (clip().endsWith('.gz')) writeFileSync(join(folder, 'vtest.avi'), gunzipSync(readFileSync(clip())));
    else copyFileSync(clip(), join(folder, 'vtest.avi'));
    // A second, short clip cut from it loops within the test.
    const short = test_show({cameras: [{id: 'street', source: 'file:short.avi'}], demo_products: false});
    execFileSync('ffmpeg', ['-v', 'error', '-i', join(folder, 'vtest.avi'), '-t', '2', '-c', 'copy', join(short, 'short.avi')]);

    const browser = await open_browser();
    let show = await Show.start({folder});
    try {
        await until('the clip plays', 6000, async () => (await show.snapshot()).cameras.street.state === 'live');
        const page = await open_page(browser, show.buyer_url);
        await first_frame(page);
        await wait(4000);
        const seen = await stats(page);
        t.diagnostic(`${seen.frames} frames, ${seen.matched} matched`);
        assert.equal(seen.matched, seen.frames);
        assert.ok(seen.frames > 80);
        // The clip is 768 × 576: 960 px wide in the middle of the program, the ground at both sides.
        const columns = await page.evaluate(() => {
            const video = document.querySelector('video');
            const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
            const context = canvas.getContext('2d', {willReadFrequently: true});
            context.drawImage(video, 0, 0, 1280, 720);
            const spread = (x) => {
                const {data} = context.getImageData(x, 100, 1, 500);
                const g = Array.from({length: 500}, (_, i) => data[4 * i + 1]);
                return Math.max(...g) - Math.min(...g);
            };
            return [spread(60), spread(400), spread(640), spread(900), spread(1220)];
        });
        assert.ok(columns[0] < 8 && columns[4] < 8, `the sides are plain: ${columns}`);
        assert.ok(columns[1] > 40 && columns[2] > 40 && columns[3] > 40, `the clip is a picture: ${columns}`);
        await page.context().close();
    } finally {
        await show.stop();
    }
    show = await Show.start({folder: short});
    try {
        await until('the short clip plays', 6000, async () => (await show.snapshot()).cameras.street.state === 'live');
        const first = (await show.snapshot()).cameras.street;
        for (let i = 0; i < 14; ++i) {
            await wait(500);
            assert.equal((await show.snapshot()).cameras.street.state, 'live', 'a loop is not a loss');
        }
        const last = (await show.snapshot()).cameras.street;
        t.diagnostic(`${last.frames - first.frames} frames in 7 s of a 2 s clip at 10 a second, ${last.reconnects} reconnects`);
        assert.ok(last.frames - first.frames > 55);
        assert.equal(last.reconnects, 0);
    } finally {
        await show.stop();
        await browser.close();
    }
});
