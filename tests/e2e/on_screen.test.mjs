// What stands on the screen is one frame: where the page draws is where the product of the very same screenshot is. Its shares are those of time, so this
// is a test that measures time; it prints them, and asks for as much as any machine should hold. VITRINE_LONG=1: 200 screenshots each and the
// stricter shares of a machine that does nothing else.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {after, before, test} from 'node:test';

import {first_frame, open_browser, open_page, stats} from './support/browser.mjs';
import {boxes_model, glb, keyed} from './support/glb.mjs';
import {looked_at, paint, show_of_a_moving_label, summed_up} from './support/on_screen.mjs';
import {Show, until} from './support/show.mjs';

const long = process.env.VITRINE_LONG === '1';
const count = long ? 200 : 40, within_ms = long ? Infinity : 7000;
const enough = long ? 150 : 6;  // of those, in which the tag can be read
const software_gl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

let show, browser;
before(async () => {
    show = await Show.start({folder: show_of_a_moving_label()});
    browser = await open_browser();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

async function open(options = {}) {
    const page = await open_page(browser, show.buyer_url, options);
    await first_frame(page, 20000);
    await until('a label stands on the product', 10000, () => page.locator('.callouts li:not(.away)').count());
    await paint(page);
    return page;
}

test('a label stands on the product of the same screenshot (time)', {timeout: 240000}, async (t) => {
    const page = await open();
    const seen = summed_up(await looked_at(page, count, {within_ms}));
    t.diagnostic(seen.text);
    assert.ok(seen.read >= enough, seen.text);
    assert.equal(seen.beyond_2, 0, seen.text);
    assert.ok(seen.hidden <= seen.read * (long ? 0.02 : 0.25), seen.text);
    if (long) assert.ok(seen.beyond_1 <= seen.read * 0.01, seen.text);
    const figures = await stats(page);
    assert.equal(figures.approximate, 0);
    assert.deepEqual(page.problems, []);
    await page.context().close();
});

test('… on a device a quarter as fast, and on a machine with more work than it can do (time)', {timeout: 240000}, async (t) => {
    const page = await open();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', {rate: 4});
    const slow = summed_up(await looked_at(page, count, {within_ms}));
    await devtools.send('Emulation.setCPUThrottlingRate', {rate: 1});
    t.diagnostic(`a quarter as fast: ${slow.text}`);
    const work = Array.from({length: 4}, () => spawn(process.execPath, ['-e', 'for (;;);'], {stdio: 'ignore'}));
    let loaded;
    try {
        loaded = summed_up(await looked_at(page, count, {within_ms}));
    } finally {
        for (const each of work) each.kill('SIGKILL');
    }
    t.diagnostic(`full load: ${loaded.text}`);
    for (const seen of [slow, loaded]) {
        assert.ok(seen.read >= enough, seen.text);
        assert.equal(seen.beyond_2, 0, seen.text);
        assert.ok(seen.hidden <= seen.read * 0.25, seen.text);
    }
    await page.context().close();
});

test('a model drawn without a GPU stands on the product of the same screenshot (time)', {timeout: 240000}, async (t) => {
    const {json, binary} = keyed(boxes_model([{name: 'box', at: [0, 0, 0], size: [0.012, 0.012, 0.0005]}]));
    const with_model = await Show.start({folder: show_of_a_moving_label({model: glb(json, binary)})});
    const gl = await open_browser({args: software_gl});
    try {
        const page = await open_page(gl, with_model.buyer_url);
        await first_frame(page, 20000);
        await with_model.command({command: 'show_model', product: 'LX-200', visible: true});
        await until('the page draws the model', 15000, () => page.evaluate(() => globalThis.vitrine.models().products.includes('LX-200')));
        await paint(page, false);
        const seen = summed_up(await looked_at(page, count, {within_ms, colour: (r, g, b) => g > 150 && r < 90 && b < 90}));
        t.diagnostic(seen.text);
        assert.ok(seen.read >= enough, seen.text);
        assert.equal(seen.beyond_2, 0, seen.text);
        assert.ok(seen.hidden <= seen.read * 0.25, seen.text);
        assert.deepEqual(page.problems, []);
    } finally {
        await gl.close();
        await with_model.stop();
    }
});

for (const [what, init] of [
    ['is not told which picture its callback is of, but each picture says so itself', () => {
        const own = HTMLVideoElement.prototype.requestVideoFrameCallback;
        HTMLVideoElement.prototype.requestVideoFrameCallback = function (then) { return own.call(this, (now, {rtpTimestamp: _, ...rest}) => then(now, rest)); };
    }],
    ['is told by nobody which picture is on screen', () => {
        const own = HTMLVideoElement.prototype.requestVideoFrameCallback;
        HTMLVideoElement.prototype.requestVideoFrameCallback = function (then) { return own.call(this, (now, {rtpTimestamp: _, ...rest}) => then(now, rest)); };
        delete VideoFrame.prototype.metadata;
    }],
]) {
    test(`a page that ${what} draws nothing in the wrong place, and counts what it knows`, {timeout: 120000}, async (t) => {
        const context = await browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en-US'});
        await context.addInitScript(() => sessionStorage.setItem('vitrine.asked', '1'));
        await context.addInitScript(init);
        const page = await context.newPage();
        await page.goto(show.buyer_url);
        await first_frame(page, 20000);
        await paint(page);
        const seen = summed_up(await looked_at(page, long ? 100 : 15, {within_ms: long ? Infinity : 4000}));
        const figures = await stats(page);
        t.diagnostic(`${seen.text}; ${figures.matched} of ${figures.frames} matched, ${figures.approximate} approximate`);
        assert.equal(seen.beyond_2, 0, seen.text);
        assert.ok(figures.matched + figures.approximate <= figures.frames);
        if (/each picture/.test(what)) {
            assert.ok(figures.matched >= figures.frames - 5, 'all but the first are known');
            assert.ok(seen.hidden <= seen.read * 0.25, seen.text);
        } else {
            assert.equal(figures.matched, 0, 'nothing is known, so nothing is matched');
            await page.evaluate(() => document.querySelector('.controls button[aria-controls="stream-info"]').click()); // painted over
            await until('the page says so', 8000, async () => /approximat/i.test(await page.locator('#stream-info').innerText()));
        }
        await context.close();
    });
}
