// A hand at a real window beside a real show: what it types is never a key, pressing on does nothing else, and by chance nothing grave happens.

import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {act, desk, invite} from './support/buyers.mjs';
import {Buyer} from './support/crowd.mjs';
import {Panel, open_display} from './support/panel.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, line_camera, test_show} from './support/shows.mjs';

let show, display, panel, ana;
const snapshot = () => show.snapshot();
const command = (what) => show.control('POST', '/control/command', what);

before(async () => {
    const mask = '[[camera.masks]]\npolygon = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.4]]\nfill = "solid"\n';
    show = await Show.start({folder: test_show({cameras: [{...bench_camera, extra: `${bench_camera.extra}\n${mask}`}, line_camera], start: 'ready'})});
    ana = await Buyer.join(await invite(show, {name: 'Ana Lima', language: 'es'}), {language: 'es', name: 'Ana Lima'});
    await ana.must_act({act: 'say', kind: 'question', text: 'IP65?'});
    await ana.must_act({act: 'request_quote', product: 'LX-200', quantity: 2000, target_price: {amount: '10.90', currency: 'USD'}});
    display = await open_display('1600x900');
    panel = new Panel(display, {args: ['--connect', show.control_url, '--token-file', join(show.home, 'token'), '--language', 'en', '--theme', 'dark', '--width', '1600', '--height', '900', '--page', 'show']});
    await panel.control('go_live', 60000);
});
after(async () => {
    ana?.close();
    await panel?.close();
    display?.close();
    await show?.stop();
});

test('Go live pressed six times goes live and does not pause', async () => {
    const {x, y, w, h} = await panel.control('go_live');
    panel.x('mousemove', Math.round(x + w / 2), Math.round(y + h / 2));
    await wait(600);
    for (const gap of [300, 700, 300, 700, 900, 300]) {
        panel.x('click', 1);
        await wait(gap);
    }
    await until('it is live', 4000, async () => (await snapshot()).session === 'live');
    await wait(400);
    assert.equal((await snapshot()).session, 'live');
    panel.shot('hand-1-live');
});

test('Enter twice after an answer, and s: the show hears of nothing but the answer', async () => {
    panel.keys('F3');
    await panel.press('tab:questions');
    const {id} = (await desk(show)).messages.find((m) => m.text === 'IP65?');
    const scene = (await snapshot()).scene;
    await panel.type(`answer:${id}`, 'yes');
    panel.keys('Return', 'Return', 's', 'Return', 'Return', 'm', 'Return');
    await until('it is answered', 5000, async () => (await desk(show)).messages.find((m) => m.id === id).answer);
    await wait(500);
    const now = await snapshot();
    assert.deepEqual([now.scene, now.safe, now.chapters.length, now.session], [scene, false, 0, 'live']);
    // Escape on purpose, and the keys act again.
    panel.keys('Escape', 's');
    await until('the holding picture is on', 4000, async () => (await snapshot()).safe);
    await command({command: 'safe', on: false});
});

test('one press accepts nothing, and says what a second would', async () => {
    await panel.press('tab:quotes');
    await panel.press('offer.accept');
    await panel.says(/^Accepts 2,000 × 10\.90 USD = 21,800\.00 USD from Ana Lima/);
    panel.shot('hand-2-accept');
    panel.x('click', 1);
    await wait(300);
    assert.equal((await desk(show)).quotes[0].state, 'requested');
    panel.keys('Escape');
});

test('a mask is added beside the show, put on air, removed by two presses, and Ctrl+Z brings it back', async () => {
    const masks = async () => (await snapshot()).cameras.bench.masks.length;
    panel.keys('F5');
    await panel.press('mask_camera:bench');
    await panel.press('mask.add');
    await panel.says('Not on air yet');
    await wait(300);
    panel.shot('hand-3-draft');
    assert.equal(await masks(), 1);
    await panel.press('mask.put');
    await until('it holds', 4000, async () => (await masks()) === 2);
    assert.ok((await panel.control('mask.save')).enabled);
    await wait(600);
    await panel.press('mask.delete');
    await panel.says(/^Everybody sees what mask 2 of “bench” hides/);
    panel.shot('hand-4-delete');
    assert.equal(await masks(), 2);
    await wait(600);
    await panel.press('mask.delete');
    await until('it is gone', 4000, async () => (await masks()) === 1);
    panel.x('key', 'ctrl+z');
    await until('it is back', 4000, async () => (await masks()) === 2);
    await panel.says(/^Undone: removed mask on “bench”/);
    panel.shot('hand-5-undone');
});

test('by chance: nothing grave happens while no question is answered, and the screen says what the snapshot says', async (t) => {
    let seed = 20260601;
    const any = (below) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 4294967296 * below); };
    const question = () => panel.drawn().texts.find((text) => /ress again/.test(text));
    const keys = ['Return', 'space', 's', 'g', 'p', 'f', 'q', 'n', 'b', 'c', 'm', 'r', '1', '2', 'k', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'ctrl+z', 'Escape', 'Down', 'a', 'e'];
    const before_all = await desk(show);
    const invites = Object.keys(before_all.invites ?? {}).length;
    let presses = 0;
    for (const until_then = performance.now() + 45000; performance.now() < until_then && presses < 200; ++presses) {
        const was = await snapshot();
        if (question()) {
            panel.keys('Escape');
            await until('the question is forgotten', 6000, () => !question());  // at the latest by its own four seconds
        }
        let did;
        if (any(10) < 4) {
            did = keys[any(keys.length)];
            panel.x('key', did);
        } else {
            const controls = panel.drawn().controls.filter((c) => c.in_sight && c.enabled && !/language/.test(c.id));  // its words are read below
            if (!controls.length) continue;
            const c = controls[any(controls.length)];
            did = c.id;
            panel.x('mousemove', Math.round(c.x + c.w * (0.2 + any(6) / 10)), Math.round(c.y + c.h * (0.2 + any(6) / 10)), 'click', 1);
            if (any(3) === 0) panel.x('click', '--repeat', 1 + any(3), '--delay', 60, 1);  // of the same hand
        }
        await wait(110);
        const now = await snapshot();
        assert.ok(now.session === 'live' || (now.session === 'paused' && was.session !== 'ended'), `${did} brought the show from ${was.session} to ${now.session}`);
        assert.ok(!(was.session === 'paused' && now.session === 'live'), `${did} resumed it`);
        assert.ok(!was.safe || now.safe, `${did} left the safe picture`);
        for (const camera of ['bench', 'line']) assert.ok(now.cameras[camera].masks.length >= was.cameras[camera].masks.length, `${did} removed a mask`);
        const {quotes, invites: links} = await desk(show);
        assert.equal(quotes[0].state, 'requested', `${did} decided the quote`);
        for (const link of Object.values(links ?? {})) assert.ok(!link.revoked_us, `${did} revoked a link`);
        // A pause and a holding picture are ended here, so that the walk goes on.
        if (now.session === 'paused') await command({command: 'resume'});
        if (now.safe) await command({command: 'safe', on: false});
        if (presses % 10 === 9) {
            if (!panel.find('safe')) panel.keys('Escape');
            const words = {live: 'LIVE', paused: 'PAUSED'};
            await until('the screen says what the snapshot says', 4000, async () => {
                const at = await snapshot(), {texts, controls} = panel.drawn();
                const safe = controls.find((c) => c.id === 'safe'), record = controls.find((c) => c.id === 'record');
                return texts.includes(words[at.session]) && safe && (safe.text === 'SAFE') === !at.safe && record.selected === at.recording.on;
            });
        }
    }
    t.diagnostic(`${presses} presses; ${invites} links as before`);
    assert.ok(presses > 60, 'too few to say anything');
    assert.equal((await show.control('GET', '/healthz')).status, 200);
});
