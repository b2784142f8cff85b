// One person runs a whole show from the panel: a real window, worked with pointer and keys from the start screen to the end. After each step
// the show's snapshot and a buyer's real browser show what was done.

import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, readdirSync} from 'node:fs';
import {request} from 'node:http';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser} from './support/browser.mjs';
import {act, desk, invite, open_buyer, trouble} from './support/buyers.mjs';
import {Panel, open_display} from './support/panel.mjs';
import {Show, scratch, until} from './support/show.mjs';

let display, panel, browser, buyer, show, pid;
before(async () => { display = await open_display('1280x720'); });
after(async () => {
    await browser?.close();
    await panel?.close();
    if (pid) try { process.kill(pid, 'SIGINT'); } catch { /* it has ended */ }
    display?.close();
});

const snapshot = async () => show.snapshot();
const snap = (what, check, ms = 6000) => until(what, ms, async () => check(await snapshot()));

test('the start screen opens the demo', async () => {
    const runtime = scratch();
    panel = new Panel(display, {args: ['--language', 'en', '--theme', 'dark'], env: {XDG_RUNTIME_DIR: runtime}});
    await panel.control('start.demo', 15000);
    panel.shot('show-0-start');
    await panel.press('start.demo');
    // The panel has started it; where it is, is known from the same note by which the panel finds it.
    const found = await until('the show says where it is', 30000, () => {
        try {
            return JSON.parse(readFileSync(join(runtime, 'vitrine/show.json'), 'utf8'));
        } catch {
            return null;
        }
    });
    pid = found.pid;
    show = Object.create(Show.prototype);
    show.control_url = found.control_url;
    show.token = readFileSync(found.token_file, 'utf8').trim();
    await panel.control('go_live', 15000);
    assert.equal((await snapshot()).session, 'ready');
    assert.deepEqual(readdirSync(runtime), ['vitrine']);
});

test('pre-flight lists what it found', async () => {
    await panel.press('preflight');
    await panel.control('preflight.again');
    await panel.says(/encoder|Encoder/);
    panel.shot('show-1-preflight');
    panel.keys('Escape');
    await panel.control('scene:line');
});

test('live at the second press, and a buyer watches', async () => {
    browser = await open_browser();
    buyer = await open_buyer(browser, await invite(show, {name: 'Ana Lima', language: 'es'}), {locale: 'es-ES'});
    await panel.press('go_live');
    await wait(300);
    assert.equal((await snapshot()).session, 'ready', 'one press only asks');
    await panel.press('go_live');
    await snap('it is live', (s) => s.session === 'live');
    await first_frame(buyer, 20000);
    await panel.says('LIVE');
    panel.shot('show-2-live');
});

const scene_of = () => buyer.evaluate(() => new Promise((done) => { const off = globalThis.vitrine.onFrame((_, scene) => { if (scene) { off(); done(scene.scene ?? scene.layout ?? null); } }); }));

test('a scene is faded to', async () => {
    await panel.press('scene:bench');
    await panel.press('fade');
    await snap('the bench is on program', (s) => s.scene === 'bench');
    await wait(800);
    assert.ok(await scene_of());
});

test('a product is pinned', async () => {
    await panel.press('pin:LX-200').catch(async () => { throw new Error(JSON.stringify(panel.drawn().controls.map((c) => c.id))); });
    await snap('it is pinned or was', (s) => s.pinned === 'LX-200' || s.pinned === '');
    if ((await snapshot()).pinned === '') await panel.press('pin:LX-200');
    await snap('it is pinned', (s) => s.pinned === 'LX-200');
    await until('the buyer reads its card', 8000, async () => (await buyer.textContent('body')).includes('LX-200'));
});

test('a callout is dragged to its place on the moving product, and saved there', async (t) => {
    const at = async () => (await show.control('GET', '/control/show')).json.products.find((p) => p.id === 'LX-200').callouts[0];
    const before = await at();
    const handle = () => panel.drawn().marks.find((m) => m.id === `handle:${before.id}`);
    const program = await panel.control('program_picture');
    panel.x('mousemove', Math.round(program.x + program.w / 2), Math.round(program.y + program.h / 2));
    await until('its callouts have handles', 8000, handle);
    // Taken where it is now; let go sixty points to the side and down.
    for (let tries = 0; tries < 5; ++tries) {
        const {x, y, w, h} = handle() ?? program;
        panel.x('mousemove', Math.round(x + w / 2), Math.round(y + h / 2), 'mousedown', 1);
        await wait(150);
        panel.x('mousemove_relative', 30, 12, 'sleep', 0.15, 'mousemove_relative', 20, 8, 'sleep', 0.15);
        panel.shot('show-3-drag');
        panel.x('mouseup', 1);
        const moved = await until('it lies elsewhere', 1500, async () => { const now = await at(); return Math.hypot(now.at[0] - before.at[0], now.at[1] - before.at[1]) > 5 && now; }).catch(() => null);
        if (!moved) continue;
        t.diagnostic(`${before.id}: ${before.at} -> ${moved.at} mm`);
        break;
    }
    const now = await at();
    assert.ok(Math.hypot(now.at[0] - before.at[0], now.at[1] - before.at[1]) > 5, `${before.at} -> ${now.at}`);
    await until('the buyer\'s page has it there', 8000, () => buyer.evaluate(({id, x}) => {
        const product = globalThis.vitrine.show?.()?.products?.find((p) => p.callouts?.some((c) => c.id === id));
        return product ? Math.abs(product.callouts.find((c) => c.id === id).at[0] - x) < 0.06 : false;
    }, {id: now.id, x: now.at[0]}));
});

test('a mask is drawn on a camera and holds at once', async () => {
    panel.keys('F5');
    const canvas = await panel.control('mask_canvas');
    await panel.press('mask.draw');
    const corner = (u, v) => [canvas.x + u * canvas.w, canvas.y + v * canvas.h];
    for (const [u, v] of [[0.2, 0.3], [0.5, 0.3], [0.5, 0.7], [0.2, 0.3]]) await panel.click(...corner(u, v));
    const masks = await snap('the show has it', (s) => Object.values(s.cameras).map((c) => c.masks ?? []).find((m) => m.length === 1));
    assert.equal(masks[0].polygon.length, 3);
    assert.ok(Math.abs(masks[0].polygon[0][0] - 0.2) < 0.02 && Math.abs(masks[0].polygon[2][1] - 0.7) < 0.02, JSON.stringify(masks));
    panel.shot('show-4-mask');
});

test('a question is answered', async () => {
    await buyer.evaluate(async () => { globalThis.asked = await fetch('/api/act', {method: 'POST', credentials: 'same-origin', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({act: 'send_message', client_id: crypto.randomUUID(), kind: 'question', text: '¿Tiene certificado ENEC?', language: 'es'})}).then((r) => r.status); });
    panel.keys('F3');
    await panel.press('tab:questions');
    await panel.says(/ENEC/);
    const {id} = await until('it is on the desk', 5000, async () => (await desk(show)).messages.find((m) => m.text.includes('ENEC')));
    await panel.type(`answer:${id}`, 'Yes, by July');
    panel.shot('show-5-question');
    await panel.press('answer.send');
    await until('it is answered', 6000, async () => (await desk(show)).messages.find((m) => m.id === id).answer === 'Yes, by July');
    await until('the buyer reads it', 6000, async () => (await buyer.textContent('body')).includes('Yes, by July'));
});

test('a quote is countered', async () => {
    await buyer.evaluate(async () => { await fetch('/api/act', {method: 'POST', credentials: 'same-origin', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({act: 'request_quote', client_id: crypto.randomUUID(), product: 'LX-200', quantity: 2000, unit_price: {minor: 390, currency: 'USD'}, incoterm: 'FOB', destination: 'Santos'})}); });
    await panel.press('tab:quotes');
    const quote = await until('it is on the desk', 5000, async () => (await desk(show)).quotes[0]);
    const price = await until('there is a field for the price', 6000, () => panel.find(/^offer:.*:price$|^offer\.price$|:price$/));
    await panel.type(price.id, '4.05');
    panel.shot('show-6-quote');
    await panel.press('offer.send');
    const countered = await until('it is countered', 6000, async () => { const q = (await desk(show)).quotes[0]; return q.state === 'countered' && q; });
    assert.equal(countered.id, quote.id);
    assert.equal(countered.rounds.at(-1).by === 'buyer', false);
    await until('the buyer sees the offer', 8000, async () => (await buyer.textContent('body')).includes('4,05'));
});

test('a chapter, the holding picture and back, the end', async () => {
    panel.x('mousemove', 640, 26);
    panel.keys('F2');
    await wait(300);
    panel.keys('m');
    await snap('a chapter is marked', (s) => s.chapters.length === 1);
    panel.keys('s');
    await snap('the holding picture is on', (s) => s.safe === true);
    await wait(600);
    panel.shot('show-7-safe');
    assert.equal((await snapshot()).session, 'live');
    await panel.press('safe');
    await snap('and off', (s) => s.safe === false);
    await panel.press('end');
    await panel.press('end');
    await snap('it has ended', (s) => s.session === 'ended');
    panel.shot('show-8-ended');
    await until('the buyer is told', 8000, async () => (await buyer.locator('[data-state="ended"], .after-show, .ended').count()) > 0 || /ha terminado|terminó|finaliz/i.test(await buyer.textContent('body')));
    assert.deepEqual(await trouble(buyer), []);
});
