// Coming in: the waiting room, who one is, one seat for one browser, and out again when the link is withdrawn.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {first_frame, open_browser, stats} from './support/browser.mjs';
import {act, desk, faults, introduce, invite, open_buyer, phone, trouble, until} from './support/buyers.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let folder, show, browser, ana, jan;
before(async () => {
    folder = test_show({cameras: [bench_camera], start: 'ready', show: `starts_at = "${new Date(Date.now() + 3600e3).toISOString().slice(0, 19)}Z"`});
    show = await Show.start({folder});
    browser = await open_browser();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('the waiting room greets by name in the link\'s language, counts down, and lets sound and picture be tried', async () => {
    ana = await open_buyer(browser, await invite(show, {name: 'Ana Lima', company: 'Casa Souza', language: 'es'}));
    await ana.waitForSelector('.waiting-room:not([hidden])');
    await until('it greets Ana', 5000, async () => (await ana.textContent('.greeting').catch(() => '')).includes('Ana Lima'));
    assert.equal(await ana.getAttribute('html', 'lang'), 'es');
    await until('it counts down', 5000, async () => /^(59|1:00):\d\d$/.test(await ana.textContent('.countdown')));
    await until('the picture was checked', 5000, async () => (await ana.locator('.check-said.good').count()) >= 1);
    await until('the way here was measured', 10_000, async () => /\d.*Mbit\/s.*2[.,]9/.test((await ana.locator('.check-said').nth(2).textContent()) ?? ''));
    await until('the presenter is told', 5000, async () => (await show.control('GET', '/control/preflight')).json.findings.some(({id, level, text}) => id === 'uplink' && level === 'ok' && /Mbit\/s/.test(text.en)));
    await ana.click('.check-item .button');
    await until('the tone was played', 5000, () => ana.evaluate(() => globalThis.vitrine.looking().tone > 0.05));
    assert.equal(await ana.locator('.dialog-introduce, .greet:not([hidden])').count(), 0, 'a personal link asks nothing');
    assert.deepEqual(await faults(ana), []);
});

test('the show is put off: the waiting rooms count to the new hour, and to none', async () => {
    const from = performance.now();
    await show.command({command: 'set_start', starts_at: `${new Date(Date.now() + 3 * 3600e3).toISOString().slice(0, 19)}Z`, save: true});
    await until('it counts to the new hour', 3000, async () => /^(2:59|3:00):\d\d$/.test(await ana.textContent('.countdown')));
    console.log(`put off: shown after ${Math.round(performance.now() - from)} ms`);
    assert.match(readFileSync(join(folder, 'show.toml'), 'utf8'), /^starts_at = "20[^"]+Z"$/m);
    await show.command({command: 'set_start', starts_at: null});
    await until('it counts no more', 3000, async () => !/\d/.test(await ana.textContent('.countdown')));
    assert.deepEqual(await faults(ana), []);
});

test('an open link asks once who comes, can be put off, and is asked again by the first act', async () => {
    jan = await open_buyer(browser, await invite(show, {open: true, max_people: 5}), {...phone, locale: 'zh-CN'});
    await jan.waitForSelector('.greet:not([hidden])');
    assert.equal(await jan.locator('dialog').count(), 0, 'nothing stands over the page');
    const [card, picture] = await jan.evaluate(() => ['.greet', '.frame'].map((part) => document.querySelector(part).getBoundingClientRect().toJSON()));
    assert.ok(card.top >= picture.bottom && card.bottom <= 844, `the card (${card.top} to ${card.bottom}) lies beneath the picture (to ${picture.bottom})`);
    assert.deepEqual(await faults(jan), []);
    const mei = await open_buyer(browser, await invite(show, {open: true, max_people: 5}), {locale: 'en-US'});
    await mei.waitForSelector('.greet:not([hidden])');
    await mei.click('.greet .primary');
    await introduce(mei, 'Mei Lin');
    await until('nobody is asked who has answered', 3000, async () => (await mei.locator('.greet:not([hidden])').count()) === 0);
    await mei.context().close();
    await show.command({command: 'go_live'});
    await first_frame(jan, 15000);
    await first_frame(ana, 15000);
    await jan.tap('.greet .button >> nth=0');
    assert.equal(await jan.locator('.greet:not([hidden])').count(), 0);
    await jan.tap('#tab-questions');
    await jan.fill('#write-question', '有 IP67 版本吗？');
    await jan.tap('.conversation:visible .send');
    await jan.waitForSelector('.dialog-introduce[open]');
    await introduce(jan, 'Jan Kowalski', 'Lumen sp.');
    const asked = await until('the presenter has the question', 5000, async () => (await desk(show)).messages.find(({kind}) => kind === 'question'));
    assert.equal(asked.text, '有 IP67 版本吗？');
    assert.equal(asked.moment.product, 'LX-200');
    assert.ok(asked.moment.frame > 0);
    const person = (await desk(show)).people[asked.person];
    assert.deepEqual([person.name, person.company, person.country], ['Jan Kowalski', 'Lumen sp.', 'CN']);
    assert.deepEqual(await faults(jan), []);
});

test('a reload takes no second seat and asks nothing again', async () => {
    const people = Object.keys((await desk(show)).people).length;
    await jan.reload();
    await first_frame(jan, 15000);
    assert.equal(Object.keys((await desk(show)).people).length, people);
    assert.equal((await jan.evaluate(async () => (await (await fetch('/api/me')).json()).seats)), 1);
    assert.equal(await jan.locator('.dialog-introduce, .greet:not([hidden])').count(), 0);
    assert.deepEqual(await jan.evaluate(() => [document.cookie, Object.values({...sessionStorage, ...localStorage}).join().includes('session')]), ['', false], 'no script can read the session');
});

test('a third device is told where the link is open, takes over when its person wants, and the oldest one signs off', async () => {
    const link = await invite(show, {name: 'Omar Haddad', language: 'en'});
    const laptop = await open_buyer(browser, link, {userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'});
    await first_frame(laptop, 15000);
    const iphone = await open_buyer(browser, link, {...phone, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'});
    await first_frame(iphone, 15000);
    const third = await open_buyer(browser, link, {...phone, locale: 'ar'});
    await until('it says why', 5000, async () => (await stats(third)).phase === 'elsewhere');
    assert.deepEqual((await third.locator('.state-devices li').allTextContents()).map((text) => text.split(' ')[0]), ['Windows', 'iPhone']);
    assert.deepEqual(await faults(third), []);
    assert.equal((await stats(laptop)).phase, 'playing', 'nobody was signed off unasked');
    await third.tap('.state .button.primary');
    await first_frame(third, 15000);
    await until('the laptop is signed off', 3000, async () => (await stats(laptop)).phase === 'moved');
    assert.equal((await stats(iphone)).phase, 'playing');
    assert.deepEqual(await faults(laptop), []);
    assert.equal(await laptop.evaluate(() => document.querySelectorAll('.card-head, .product, .message').length), 0, 'it keeps nothing');
    // And back, by the same button.
    await laptop.click('.state .button.primary');
    await first_frame(laptop, 15000);
    await until('the phone is signed off', 3000, async () => (await stats(iphone)).phase === 'moved');
    for (const page of [laptop, iphone, third]) {
        assert.deepEqual(await trouble(page), []);
        await page.context().close();
    }
});

test('what the page tells of its connection reaches the presenter', async () => {
    await until('a report', 12000, async () => Object.values((await desk(show)).presence).some(({fps}) => fps > 5));
});

test('a withdrawn link ends the page within 2 s, and it keeps nothing', async () => {
    const {person} = (await desk(show)).messages[0];
    const {invite: id} = (await desk(show)).people[person];
    const from = performance.now();
    await act(show, {act: 'revoke_invite', invite: id});
    await until('the page says so', 2500, async () => (await stats(jan)).phase === 'refused');
    assert.ok(performance.now() - from < 2500);
    assert.equal(await jan.evaluate(() => document.querySelectorAll('.card-head, .product, .message').length), 0);
    assert.equal((await stats(ana)).phase, 'playing', 'others stay');
    for (const page of [ana, jan]) assert.deepEqual(await trouble(page), []);
});
