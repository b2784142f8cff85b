// Opens a buyer's link in Chromium for some seconds and prints the page's own figures as one JSON line.
//   node tools/bench_live.mjs LINK SECONDS

import {first_frame, open_browser, open_page, stats} from '../tests/e2e/support/browser.mjs';

const [link, seconds] = process.argv.slice(2);
const browser = await open_browser();
try {
    const page = await open_page(browser, link);
    const first_frame_ms = await first_frame(page, 15000);
    const before = await stats(page);
    const begin = performance.now();
    await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
    const after = await stats(page);
    const frames = after.frames - before.frames;
    console.log(JSON.stringify({
        first_frame_ms, fps: (frames * 1000) / (performance.now() - begin), frames, matched: after.matched - before.matched,
        latency_ms_p50: after.latencyMs.p50, latency_ms_p95: after.latencyMs.p95, freezes: after.freezes, transport: after.transport,
    }));
} finally {
    await browser.close();
}
