// A helper beside the presenter: answers, hides, pins and switches scenes; a buyer's page has none of it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {first_frame, open_browser} from './support/browser.mjs';
import {act, desk, faults, invite, open_buyer, trouble, until} from './support/buyers.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, line_camera, test_show} from './support/shows.mjs';

let show, browser, ana, lin;
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera, line_camera]})});
    browser = await open_browser();
    ana = await open_buyer(browser, await invite(show, {name: 'Ana Lima', language: 'es'}));
    lin = await open_buyer(browser, await invite(show, {name: '林悦', role: 'helper', language: 'zh'}), {locale: 'zh-CN'});
    for (const page of [ana, lin]) await first_frame(page, 20000);
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});
const ask = async (text) => {
    await ana.click('#tab-questions');
    await ana.fill('#write-question', text);
    await ana.press('#write-question', 'Enter');
    return until(`the desk has "${text}"`, 6000, async () => (await desk(show)).messages.find((message) => message.text === text));
};

test('the helper\'s tab lists what waits, answers it, and the asker is told', async () => {
    assert.equal(await ana.locator('#tab-helper').count(), 0);
    const asked = await ask('¿Plazo de entrega?');
    await lin.click('#tab-helper');
    await lin.waitForSelector(`.helper [data-id="${asked.id}"]`);
    assert.match(await lin.textContent('.helper .who'), /Ana Lima/);
    assert.deepEqual(await faults(lin), []);
    await lin.fill('.helper textarea', '25 a 30 días.');
    await lin.click('.helper [data-part="send"]');
    await until('it is answered', 5000, async () => (await desk(show)).messages.find(({id}) => id === asked.id).answer === '25 a 30 días.');
    await until('Ana is told', 5000, async () => (await ana.textContent('.news').catch(() => '')).includes('25 a 30 días.'));
    await until('nothing waits', 5000, async () => (await lin.locator('.helper .message').count()) === 0);
});

test('what is hidden leaves the others\' pages; what is pinned stands first', async () => {
    const [spam, good] = [await ask('spam spam'), await ask('¿Color negro?')];
    await lin.waitForSelector(`.helper [data-id="${good.id}"]`);
    await lin.click(`.helper [data-id="${spam.id}"] [data-part="hide"]`);
    await until('it is hidden', 5000, async () => (await desk(show)).messages.find(({id}) => id === spam.id).state === 'hidden');
    await lin.click(`.helper [data-id="${good.id}"] [data-part="pin"]`);
    await until('it stands first', 5000, () => ana.evaluate((id) => document.querySelector('.messages.question .message')?.dataset.id === id, good.id));
});

test('scenes and the pinned product are the helper\'s to switch, and not a buyer\'s', async () => {
    await lin.click('.helper-row >> nth=0 >> button >> nth=1');
    await until('the line is on air', 5000, async () => (await show.snapshot()).scene === 'line');
    await lin.click('.helper-row >> nth=1 >> button >> nth=1');
    await until('the panel is pinned', 5000, async () => (await show.snapshot()).pinned === 'LX-310');
    const refused = await ana.evaluate(async () => (await fetch('/api/show-command', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"command":"switch_scene","scene":"bench"}'})).status);
    assert.equal(refused, 403);
    await act(show, {act: 'say', kind: 'announcement', text: 'Thank you.', language: 'en'});
    for (const page of [ana, lin]) assert.deepEqual(await trouble(page), []);
});
