// What the page says is so: before the show, live, behind the holding picture, in a break, after the end and in the recording.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser} from './support/browser.mjs';
import {act, desk, invite, open_buyer, trouble, until} from './support/buyers.mjs';
import {scratch, Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let show, browser, ana;
const recordings = scratch();
const now_showing = (page) => page.evaluate(() => document.body.innerText.match(/Now showing/g)?.length ?? 0);
const badge = (page) => page.evaluate(() => { const it = document.querySelector('.badges .badge:not(.poor)'); return it.hidden ? '' : it.textContent.trim(); });
const usable = (page) => page.$$eval('[data-tool]', (tools) => tools.filter((t) => !t.hidden && !t.disabled && t.getAttribute('aria-disabled') !== 'true').map((t) => t.dataset.tool));

before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera], audio: 'sim:voice', start: 'ready'}), args: ['--record', recordings]});
    browser = await open_browser();
    ana = await open_buyer(browser, await invite(show, {name: 'Ana Lima', language: 'en'}));
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
    rmSync(recordings, {recursive: true, force: true});
});

test('before the show nothing is being shown', async () => {
    await ana.waitForSelector('.waiting-room:not([hidden])');
    await ana.waitForSelector('.card h2');
    assert.equal(await now_showing(ana), 0);
    await show.command({command: 'go_live'});
    await first_frame(ana, 20000);
    await show.command({command: 'pin', product: 'LX-200'});
    await until('the pinned product is marked', 5000, async () => (await now_showing(ana)) > 0);
    assert.match(await badge(ana), /^Live/);
});

test('a line that loses nothing is not called weak, whatever the camera does', async () => {
    await until('the picture has come for some seconds', 15000, async () => (await ana.evaluate(() => globalThis.vitrine.stats().frames)) > 200);
    const {packetsLost} = await ana.evaluate(() => globalThis.vitrine.stats());
    assert.equal(packetsLost, 0);
    assert.ok(await ana.isHidden('.badge.poor'));
});

test('a kept picture with a mark of one\'s own differs from one without by the mark alone', async () => {
    await ana.click('[data-tool="freeze"]');
    await until('the still is shown', 8000, async () => (await ana.evaluate(() => globalThis.vitrine.looking())).full);
    const kept = async () => {
        const [download] = await Promise.all([ana.waitForEvent('download'), ana.click('[data-tool="keep_picture"]')]);
        return `data:image/png;base64,${readFileSync(await download.path()).toString('base64')}`;
    };
    const without = await kept();
    const person = Object.values((await desk(show)).people).find(({name}) => name === 'Ana Lima').id;
    await ana.evaluate(async () => fetch('/api/act', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({
        act: 'point', client_id: 'one-mark', product: 'LX-200', at_mm: [60, 40, 0], note: '', moment: {frame: 1, capture_us: 1, product: 'LX-200'}})}));
    await until('her mark stands in the picture', 5000, async () => (await ana.locator('.frozen .mark-remove').count()) === 1);
    assert.ok(person);
    const differs = await ana.evaluate(async ([a, b]) => {
        const read = async (url) => {
            const image = new Image();
            image.src = url;
            await image.decode();
            const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
            const context = canvas.getContext('2d', {willReadFrequently: true});
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height);
        };
        const [one, two] = [await read(a), await read(b)];
        let [left, top, right, bottom] = [1e9, 1e9, -1, -1];
        for (let i = 0; i < one.data.length; i += 4) {
            if (Math.abs(one.data[i] - two.data[i]) + Math.abs(one.data[i + 1] - two.data[i + 1]) + Math.abs(one.data[i + 2] - two.data[i + 2]) < 12) continue;
            const [x, y] = [(i / 4) % one.width, Math.floor(i / 4 / one.width)];
            [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
        }
        return {left, top, right, bottom};
    }, [without, await kept()]);
    // The mark and, at most, the callouts that make room for it; the icon was drawn into the corner.
    assert.ok(differs.right > 0, 'the mark is in the picture');
    assert.ok(differs.left > 30 || differs.top > 30, `something was drawn in the corner: ${JSON.stringify(differs)}`);
    await ana.click('.frozen .primary');
});

test('behind the holding picture it is neither live nor to be pointed at, nor can what was hidden be looked at again', async () => {
    await until('some seconds are kept', 15000, async () => (await ana.evaluate(() => globalThis.vitrine.looking())).kept.seconds > 2);
    await ana.click('[data-tool="replay"]');
    await ana.waitForSelector('.replay-picture');
    await show.command({command: 'safe', on: true});
    await until('the badge says it', 5000, async () => (await badge(ana)) === 'One moment');
    assert.equal((await ana.evaluate(() => globalThis.vitrine.looking())).mode, 'live');
    assert.deepEqual((await usable(ana)).filter((tool) => !['react', 'hand'].includes(tool)), []);
    assert.equal(await now_showing(ana), 0);
    await show.command({command: 'safe', on: false});
    await until('live again', 5000, async () => (await badge(ana)).startsWith('Live'));
    assert.ok((await ana.evaluate(() => globalThis.vitrine.looking())).kept.seconds < 2.5, 'nothing from before is kept');
    assert.ok((await usable(ana)).includes('freeze'));
});

test('a break says one thing, in the buyer\'s language', async () => {
    await show.command({command: 'pause'});
    await ana.waitForSelector('.state:not([hidden])');
    assert.match(await ana.textContent('.state'), /A short break/);
    assert.equal(await now_showing(ana), 0);
    // The program's own slate, in the show's languages, does not shine through.
    const ground = await ana.evaluate(() => getComputedStyle(document.querySelector('.state')).backgroundColor);
    assert.match(ground, /^rgb\(/, `the ground is see-through: ${ground}`);
    await show.command({command: 'resume'});
    await until('live again', 8000, async () => (await badge(ana)).startsWith('Live'));
});

test('accepting asks once more, names what it is about, and waits for open changes', async () => {
    const quote = () => desk(show).then(({quotes}) => quotes[0]);
    await ana.evaluate(async () => fetch('/api/act', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({
        act: 'request_quote', client_id: 'one-quote', product: 'LX-200', quantity: 500, language: 'en', changes: [{id: 'c1', key: 'colour', from: 'white', to: 'black', note: ''}]})}));
    const {id} = await until('it is on the desk', 5000, quote);
    await act(show, {act: 'counter_quote', quote: id, quantity: 500, unit_price: {amount: '4.20', currency: 'USD'}, lead_time: '', note: ''});
    await act(show, {act: 'decide_change', quote: id, change: 'c1', state: 'countered', counter: 'graphite'});
    await ana.click('#tab-quotes');
    await ana.waitForSelector('.open-change');
    await ana.click('.quote-acts .primary', {force: true});
    assert.equal(await ana.locator('.quote-question').count(), 0, 'a change is open');
    await ana.click('[data-part="accept-c1"]');
    await ana.waitForSelector('.open-change', {state: 'detached'});
    await ana.dblclick('.quote-acts .primary');
    await ana.waitForSelector('.quote-question');
    const asked = await ana.textContent('.quote-question p');
    for (const part of ['500 pieces', '$4.20', '$2,100.00']) assert.ok(asked.includes(part), asked);
    assert.equal((await quote()).state, 'countered', 'two taps agree to nothing');
    await wait(450);
    await ana.click('[data-part="sure"]');
    await until('it is agreed', 5000, async () => (await quote()).state === 'accepted');
});

test('after the end the thanks stay until the buyer asks for the recording, which has its sound', async () => {
    await show.command({command: 'end'});
    await ana.waitForSelector('.state:not([hidden])');
    assert.match(await ana.textContent('.state'), /The show has ended/);
    assert.equal(await now_showing(ana), 0);
    await ana.waitForSelector('[data-part="watch"]:not([hidden])', {timeout: 25000});
    assert.ok(readdirSync(recordings).some((name) => name.endsWith('-clean.mp4')));
    assert.equal((await ana.evaluate(() => globalThis.vitrine.looking())).recorded, null);
    await ana.click('[data-part="watch"]');
    await until('it plays, with its scene frames', 15000, async () => (await ana.evaluate(() => globalThis.vitrine.looking())).recorded?.matched > 20);
    const heard = await ana.evaluate(() => { const video = document.querySelector('video'); return {muted: video.muted, bytes: video.webkitAudioDecodedByteCount}; });
    assert.equal(heard.muted, false);
    assert.ok(heard.bytes > 0, 'sound is decoded');
    assert.equal(await now_showing(ana), 0);
    await ana.click('[data-part="leave"]');
    await ana.waitForSelector('.state:not([hidden])');
    assert.match(await ana.textContent('.state'), /Thank you/);
    assert.deepEqual(await trouble(ana), []);
});
