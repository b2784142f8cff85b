// The whole show is killed while a buyer watches; it is started again, and the buyer sees it again without a click.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {first_frame, open_browser, open_page} from './support/browser.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {line_camera, test_show} from './support/shows.mjs';

test('killed and started again: video within 8 s, the same session, no click', {timeout: 90000}, async (t) => {
    const folder = test_show({cameras: [line_camera]}), data = scratch();
    let show = await Show.start({folder, args: ['--data', data]});
    const browser = await open_browser();
    try {
        const page = await open_page(browser, show.buyer_url);
        await first_frame(page, 20000);
        const frames = () => page.evaluate(() => globalThis.vitrine?.stats().frames ?? 0);
        await until('video plays', 20000, async () => (await frames()) > 30);
        const port = Number(new URL(show.buyer_url).port);
        await show.stop('SIGKILL');
        show = await Show.start({folder, args: ['--data', data], port});
        const ready = performance.now();
        // Frames are counted by the page from its start; one that was loaded anew begins at 0 again.
        const before = await frames();
        await until('new frames', 8000, async () => { const now = await frames(); return now > before + 5 || (now < before && now > 5); }, 50);
        t.diagnostic(`video ${((performance.now() - ready) / 1000).toFixed(2)} s after the show was ready again`);
        assert.equal(new URL(page.url()).origin, new URL(show.buyer_url).origin);
    } finally {
        await browser.close();
        await show.stop();
    }
});
