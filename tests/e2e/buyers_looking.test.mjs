// Looking closely and looking again: every picture carries the number of its frame in its pixels, and the scene frame it is drawn with must be that one.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser} from './support/browser.mjs';
import {coded, faults, invite, open_buyer, phone, trouble, until} from './support/buyers.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let show, browser, ana, omar;
const looking = (page) => page.evaluate(() => globalThis.vitrine.looking());
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera]})});
    browser = await open_browser();
    ana = await open_buyer(browser, await invite(show, {name: 'Ana Lima', language: 'es'}));
    omar = await open_buyer(browser, await invite(show, {name: 'Omar Haddad', language: 'ar'}), {...phone, locale: 'ar-AE'});
    for (const page of [ana, omar]) await first_frame(page, 20000);
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('a frozen picture is there at once, then the server\'s still, each with the scene frame of its own pixels', async () => {
    await ana.click('[data-tool="freeze"]');
    await ana.waitForSelector('.frozen-picture');
    await until('the still is shown', 8000, async () => (await looking(ana)).full);
    const {still} = await looking(ana);
    assert.equal(await coded(ana, '.frozen-picture'), still % (1 << 24));
    await ana.focus('.frozen-window');
    await ana.keyboard.press('+');
    await ana.keyboard.press('+');
    await until('it is nearer', 3000, async () => (await looking(ana)).zoom > 1.5);
    await ana.mouse.move(400, 300);
    await ana.mouse.wheel(0, -500);
    await until('and nearer', 3000, async () => (await looking(ana)).zoom > 3);
    await ana.keyboard.press('0');
    await until('all of it again', 3000, async () => (await looking(ana)).zoom === 1);
    assert.deepEqual(await faults(ana), []);
});

test('a kept picture has the video\'s own resolution and its caption beneath', async () => {
    const [download] = await Promise.all([ana.waitForEvent('download'), ana.click('[data-tool="keep_picture"]')]);
    assert.match(download.suggestedFilename(), /^(LX-200|vitrine)-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.png$/);
    const file = readFileSync(await download.path());
    assert.equal(file.readUInt32BE(16), 1280);
    assert.equal(file.readUInt32BE(20), 720 + 61);
    await ana.keyboard.press('Escape');
    await ana.click('.frozen .primary').catch(() => undefined);
    await until('live again', 3000, async () => (await looking(ana)).mode === 'live');
});

test('the last seconds again: every sampled frame has its own scene frame, forwards, slowly and by hand', async (t) => {
    await until('some seconds are kept', 15000, async () => (await looking(ana)).kept.seconds > 6);
    await ana.click('[data-tool="replay"]');
    await ana.waitForSelector('.replay-picture');
    let read = 0;
    const sample = async (n) => {
        for (let i = 0; i < n; ++i) {
            const pair = await ana.evaluate(() => {
                const {replay} = globalThis.vitrine.looking();
                return replay?.sceneNumber ?? null;
            });
            const code = await coded(ana, '.replay-picture');
            const after = (await looking(ana)).replay.sceneNumber;
            if (code === null || pair === null || pair !== after) { await wait(30); continue; } // it moved on meanwhile
            assert.equal(code, pair % (1 << 24));
            ++read;
        }
    };
    await sample(40);
    await ana.selectOption('.replay .speed select', '0.25');
    await sample(40);
    for (const share of [0.9, 0.1, 0.5]) {
        const before = (await looking(ana)).replay.sceneNumber;
        await ana.evaluate((share) => {
            const range = document.querySelector('.replay .scrub');
            range.value = String(Number(range.max) * share);
            range.dispatchEvent(new Event('input'));
        }, share);
        await until('it stands elsewhere', 5000, async () => (await looking(ana)).replay.sceneNumber !== before);
        await wait(200);
        await sample(3);
    }
    const stood = (await looking(ana)).replay.sceneNumber;
    await ana.click('.replay .bar-button >> nth=3');
    await until('one frame on', 3000, async () => (await looking(ana)).replay.sceneNumber === stood + 1);
    t.diagnostic(`${read} frames read, ${(await looking(ana)).kept.bytes / 2 ** 20 | 0} MiB kept`);
    assert.ok(read > 30);
    assert.ok((await looking(ana)).kept.bytes < 24 * 2 ** 20);
    assert.deepEqual(await faults(ana), []);
    await ana.click('.replay .primary');
});

test('on a phone too, and the live picture goes on', async () => {
    await omar.tap('[data-tool="freeze"]');
    await omar.waitForSelector('.frozen-picture');
    const box = await omar.evaluate(() => { const {width, height} = document.querySelector('.frozen-world').getBoundingClientRect(); return width / height; });
    assert.ok(Math.abs(box - 16 / 9) < 0.02, `shape ${box}`);
    assert.deepEqual(await faults(omar), []);
    const before = await omar.evaluate(() => globalThis.vitrine.stats().frames);
    await until('frames go on', 3000, async () => (await omar.evaluate(() => globalThis.vitrine.stats().frames)) > before + 15);
    await omar.tap('.frozen .primary');
    await omar.tap('[data-tool="replay"]');
    await until('a frame is shown', 6000, async () => (await looking(omar)).replay?.sceneNumber);
    assert.deepEqual(await faults(omar), []);
    for (const page of [ana, omar]) assert.deepEqual(await trouble(page), []);
});
