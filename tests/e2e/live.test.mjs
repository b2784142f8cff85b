// A buyer in a real Chromium against the real program.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser, open_page, sample_codes, stats} from './support/browser.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, line_camera, test_show} from './support/shows.mjs';

let show, browser;
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera, line_camera], audio: 'sim:voice'})});
    browser = await open_browser();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('the first frame is there within 2 s of opening the link, then 28 fps or more, every frame joined to its scene frame', async (t) => {
    // A first page fills the browser's own caches (its WebRTC stack starts lazily), as on a buyer's machine that has seen a video call.
    const warm = await open_page(browser, show.buyer_url);
    await first_frame(warm);
    await warm.context().close();

    const page = await open_page(browser, show.buyer_url);
    const first = await first_frame(page);
    t.diagnostic(`first frame after ${first.toFixed(0)} ms`);
    assert.ok(first <= 2000, `first frame after ${first} ms`);

    await wait(2000);
    const a = await stats(page);
    await wait(8000);
    const b = await stats(page);
    const fps = (b.frames - a.frames) / 8;
    t.diagnostic(`${fps.toFixed(1)} fps, latency p50 ${b.latencyMs.p50.toFixed(0)} ms, p95 ${b.latencyMs.p95.toFixed(0)} ms`);
    assert.equal(b.transport, 'webrtc');
    assert.ok(fps >= 28, `${fps} fps`);
    assert.equal(b.matched - a.matched, b.frames - a.frames, 'every displayed frame has its scene frame');
    assert.equal(b.damaged ?? 0, 0);
    assert.ok(b.latencyMs.p50 > 5 && b.latencyMs.p50 < 250, `p50 ${b.latencyMs.p50}`);

    const codes = await sample_codes(page, 150);
    const readable = codes.filter((c) => c.code !== null);
    t.diagnostic(`${readable.length} of ${codes.length} codes read`);
    assert.ok(readable.length >= codes.length * 0.95, `${readable.length} of ${codes.length} codes could be read`);
    for (const c of readable.filter((c) => c.known)) assert.equal(c.number % (1 << 24), c.code, 'the pixels and the scene frame have the same number');

    const sources = (await sample_codes(page, 60, {corner: 'top_left'})).filter((c) => c.code !== null && c.sources);
    assert.ok(sources.length >= 50);
    for (const c of sources) assert.equal(c.sources[0].sequence, c.code, 'the scene frame names the camera frame that is seen');
    assert.deepEqual(page.problems, []);
    await page.context().close();
});

test('sound arrives and plays once the buyer asks for it', async () => {
    const page = await open_page(browser, show.buyer_url);
    await first_frame(page);
    const heard = await page.evaluate(() => new Promise((done) => {
        const stream = document.querySelector('video').srcObject;
        const track = stream.getAudioTracks()[0];
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let peak = 0;
        const end = performance.now() + 4500;
        const look = () => {
            analyser.getFloatTimeDomainData(samples);
            for (const s of samples) peak = Math.max(peak, Math.abs(s));
            if (performance.now() < end) setTimeout(look, 20); else done(peak);
        };
        context.resume().then(look);
    }));
    assert.ok(heard > 0.05, `peak ${heard}`);
    await page.context().close();
});

test('a scene switch with a fade reaches the buyer', async () => {
    const page = await open_page(browser, show.buyer_url);
    await first_frame(page);
    await show.command({command: 'switch_scene', scene: 'line', duration_ms: 500});
    await until('the page shows the line camera', 3000, () => page.evaluate(() => globalThis.vitrine.lastFrame()?.sources?.map((s) => s.camera).join() === 'line'));
    await show.command({command: 'switch_scene', scene: 'bench'});
    await until('the page shows the bench again', 3000, () => page.evaluate(() => globalThis.vitrine.lastFrame()?.sources?.map((s) => s.camera).join() === 'bench'));
    await page.context().close();
});

test('the page comes back by itself when its connection is cut', async () => {
    const page = await open_page(browser, show.buyer_url);
    await first_frame(page);
    const before = (await stats(page)).frames;
    await show.command({command: 'pause'});
    await show.command({command: 'resume'});
    await page.context().setOffline(true);
    await wait(1500);
    await page.context().setOffline(false);
    await until('frames flow again', 10000, async () => (await stats(page)).frames > before + 90);
    await page.context().close();
});
