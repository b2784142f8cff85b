// Opens a buyer's link in Chromium and prints the page's own figures as one JSON line: of the first ten seconds, of the last ten after SECONDS without
// sound, and of the last ten after half as long again with it. A delay that climbs does so over minutes.
//   node tools/bench_live.mjs LINK SECONDS      LINK -: the first line of standard input, where no other program sees it

import {readFileSync} from 'node:fs';

import {first_frame, open_browser, open_page, stats} from '../tests/e2e/support/browser.mjs';

const [word, seconds] = process.argv.slice(2);
const link = word === '-' ? readFileSync(0, 'utf8').split('\n')[0] : word;
const wait = (s) => new Promise((done) => setTimeout(done, s * 1000));
const browser = await open_browser();
try {
    const page = await open_page(browser, link);
    const first_frame_ms = await first_frame(page, 15000);
    const before = await stats(page);
    const begin = performance.now();
    await wait(Math.min(10, Number(seconds)));
    const early = await stats(page);
    await wait(Math.max(0, Number(seconds) - 10));
    const after = await stats(page);
    const frames = after.frames - before.frames;
    const fps = (frames * 1000) / (performance.now() - begin);
    await page.locator('.sound-call').click();
    await wait(Number(seconds) / 2);
    const heard = await stats(page);
    console.log(JSON.stringify({
        first_frame_ms, seconds: Number(seconds), fps, frames, matched: after.matched - before.matched,
        first_10s_latency_ms_p50: early.latencyMs.p50, first_10s_latency_ms_p95: early.latencyMs.p95,
        latency_ms_p50: after.latencyMs.p50, latency_ms_p95: after.latencyMs.p95,
        with_sound_latency_ms_p50: heard.latencyMs.p50, with_sound_latency_ms_p95: heard.latencyMs.p95, sound_after_picture_ms: heard.soundAfterMs,
        freezes: heard.freezes, transport: after.transport,
    }));
} finally {
    await browser.close();
}
