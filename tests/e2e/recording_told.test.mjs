// Buyers are told when they are recorded: before it begins, at once when it begins while they watch, for as long as it goes on, in each language.

import assert from 'node:assert/strict';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {first_frame, open_browser} from './support/browser.mjs';
import {faults, invite, open_buyer, phone, trouble} from './support/buyers.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
const folder = scratch();
const words = {en: 'Being recorded', zh: '录制中', es: 'Grabando', pt: 'Gravando', ar: 'قيد التسجيل'};
let show, browser;
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera], start: 'ready'})});
    browser = await open_browser();
});
after(async () => {
    await browser?.close();
    await show?.stop();
    rmSync(folder, {recursive: true, force: true});
});
const badge = (page) => page.locator('.badge.recording:visible');
const shot = (page, name) => process.env.VITRINE_PAGES && page.screenshot({path: join(process.env.VITRINE_PAGES, `recording-${name}.png`)});

test('the waiting room says beforehand that it will be recorded', async () => {
    const ana = await open_buyer(browser, await invite(show, {name: 'Ana', language: 'es'}));
    await ana.waitForSelector('.waiting-room:not([hidden])');
    await until('nothing is said', 5000, async () => (await ana.locator('.recording-note').count()) === 0);
    await show.command({command: 'record', on: true, folder});
    await until('it is said', 3000 * patience, async () => /se grabará/.test((await ana.locator('.recording-note').textContent({timeout: 200}).catch(() => '')) ?? ''));
    assert.equal(await badge(ana).count(), 0, 'it does not record yet');
    assert.deepEqual(await faults(ana), []);
    await shot(ana, 'waiting');
    await show.command({command: 'record', on: false});
    await until('no more', 3000 * patience, async () => (await ana.locator('.recording-note').count()) === 0);
    await ana.context().close();
});

test('who watches when it begins is told at once, and sees it for as long as it goes on', async () => {
    await show.command({command: 'go_live'});
    const [ana, jan] = [await open_buyer(browser, await invite(show, {name: 'Ana', language: 'en'})), await open_buyer(browser, await invite(show, {name: 'Jan', language: 'zh'}), phone)];
    await Promise.all([ana, jan].map((page) => first_frame(page, 15000 * patience)));
    assert.equal(await badge(ana).count(), 0);
    const begun = performance.now();
    await show.command({command: 'record', on: true, folder});
    await Promise.all([ana, jan].map((page) => until('the badge is there', 1500 * patience, async () => (await badge(page).count()) === 1)));
    console.log(`told after ${Math.round(performance.now() - begun)} ms`);
    await until('it is said in words too', 1500, async () => /This show is being recorded/.test(await ana.textContent('.news')));
    await shot(ana, 'desk');
    await shot(jan, 'phone');
    const [tag, controls] = await jan.evaluate(() => ['.badge.recording', '.controls'].map((part) => document.querySelector(part).getBoundingClientRect().toJSON()));
    assert.ok(tag.left >= 0 && tag.right <= 390 && (tag.bottom <= controls.top || tag.top >= controls.bottom), JSON.stringify([tag, controls]));
    for (const [language, word] of Object.entries(words)) {
        await ana.selectOption('.language select', language);
        await until(`in ${language}`, 3000 * patience, async () => (await badge(ana).textContent()) === word);
    }
    // Who comes later finds it.
    const eve = await open_buyer(browser, await invite(show, {name: 'Eve', language: 'en'}));
    await first_frame(eve, 15000 * patience);
    assert.equal(await badge(eve).count(), 1);
    await show.command({command: 'pause'});
    await until('a break', 5000, async () => (await show.snapshot()).session === 'paused');
    assert.equal(await badge(eve).count(), 1, 'files are written during a break');
    await show.command({command: 'record', on: false});
    await Promise.all([ana, jan, eve].map((page) => until('it has ended', 3000 * patience, async () => (await badge(page).count()) === 0)));
    for (const page of [ana, jan, eve]) {
        assert.deepEqual(await trouble(page), []);
        await page.context().close();
    }
});
