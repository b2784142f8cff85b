// Packet loss: what the buyer sees stays joined to its truth, frame for frame.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser, open_page, sample_codes, stats} from './support/browser.mjs';
import {Namespace, can_use_netns} from './support/netns.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

for (const percent of [0, 3, 8])
    test(`at ${percent} % packet loss every sampled frame's code equals its scene frame's number`, {skip: can_use_netns() ? false : 'needs root for a network namespace'}, async (t) => {
        const net = new Namespace(`vitrine-loss-${process.pid}`);
        let show, browser;
        try {
            net.lose(percent);
            show = await Show.start({folder: test_show({cameras: [bench_camera]}), prefix: net.prefix});
            browser = await open_browser({executable: net.chromium()});
            const page = await open_page(browser, show.buyer_url);
            await first_frame(page, 20000);
            await wait(1000);
            const a = await stats(page);
            const codes = await sample_codes(page, 300);
            const b = await stats(page);
            const readable = codes.filter((c) => c.code !== null);
            const joined = readable.filter((c) => c.number !== null);
            const announced = readable.filter((c) => c.known);
            t.diagnostic(`${readable.length} of 300 codes read, ${joined.length} with a scene frame, ${net.lost()} packets dropped, ` +
                `latency p50 ${b.latencyMs.p50.toFixed(0)} ms p95 ${b.latencyMs.p95.toFixed(0)} ms, ${b.freezes - a.freezes} freezes`);
            if (percent > 0) assert.ok(net.lost() > 20, 'the network really dropped packets');
            assert.ok(readable.length >= 285, `${readable.length} of 300 codes could be read`);
            assert.ok(announced.length >= readable.length - 3, `${announced.length} of ${readable.length} displayed frames were announced to the page`);
            // A scene frame that never arrived cannot be joined; that is rare, and never a wrong one.
            const missing = percent > 0 ? 3 : 0;
            assert.ok(joined.length >= announced.length - missing, `${joined.length} of ${announced.length} displayed frames have their scene frame`);
            for (const c of joined) assert.equal(c.number % (1 << 24), c.code);
            assert.ok(b.matched - a.matched >= b.frames - a.frames - missing, `${b.matched - a.matched} of ${b.frames - a.frames} matched`);
            t.diagnostic(`${codes.filter((c) => c.late).length} of the scene frames came after their picture`);
        } finally {
            await browser?.close();
            await show?.stop();
            net.remove();
        }
    });
