// Questions, chat, likes, answers, polls, hands and reactions between four pages, in four languages; each step also seen by the presenter.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {first_frame, open_browser} from './support/browser.mjs';
import {act, desk, faults, invite, open_buyer, phone, polyglots, trouble, until} from './support/buyers.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let show, browser, ana, wei, omar, sam;
const say = async (page, kind, text) => {
    await page.click(`#tab-${kind === 'chat' ? 'chat' : 'questions'}`);
    await page.fill(`#write-${kind}`, text);
    await page.press(`#write-${kind}`, 'Enter');
};
const message = (text) => until(`the presenter has "${text}"`, 6000, async () => (await desk(show)).messages.find((each) => each.text === text));
const sees = (page, text) => until(`the page shows "${text}"`, 6000, () => page.evaluate((text) => [...document.querySelectorAll('.message')].some((item) => item.textContent.includes(text)), text));

before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera]})});
    browser = await open_browser();
    const link = (name, language) => invite(show, {name, language});
    ana = await open_buyer(browser, await link('Ana Lima', 'es'), {locale: 'es-ES'});
    wei = await open_buyer(browser, await link('Wei Chen', 'zh'), {locale: 'zh-CN'});
    omar = await open_buyer(browser, await link('Omar Haddad', 'ar'), {...phone, locale: 'ar-AE'});
    sam = await open_buyer(browser, await link('Sam Reed', 'en'));
    for (const page of [ana, wei, omar, sam]) await first_frame(page, 20000);
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('a question reaches the presenter and the others, is liked, and answered aloud on the asker\'s page', async () => {
    await say(ana, 'question', '¿Tienen versión IP67?');
    const asked = await message('¿Tienen versión IP67?');
    assert.equal(asked.language, 'es');
    await wei.click('#tab-questions');
    await sees(wei, '¿Tienen versión IP67?');
    assert.equal(await wei.getAttribute('.message .said', 'lang'), 'es');
    await wei.click('.message .like');
    await until('the like counts', 5000, async () => (await desk(show)).messages.find(({id}) => id === asked.id).likes === 1);
    await act(show, {act: 'answer', message: asked.id, text: 'Yes, from April on.', language: 'en'});
    await until('Ana is told', 5000, async () => (await ana.textContent('.news').catch(() => '')).includes('Yes, from April on.'));
    await sees(wei, 'Yes, from April on.');
    assert.equal(await wei.getAttribute('.message .answer .said', 'lang'), 'en');
    for (const page of [ana, wei]) assert.deepEqual(await faults(page), []);
});

test('a private question is seen by the presenter and its writer alone', async () => {
    await ana.check('.composer input[type="checkbox"] >> nth=0');
    await say(ana, 'question', 'Precio para 50.000 piezas?');
    const asked = await message('Precio para 50.000 piezas?');
    assert.equal(asked.is_private, true);
    await say(sam, 'chat', 'after the private one');
    await message('after the private one');
    await wei.click('#tab-chat');
    await sees(wei, 'after the private one');
    assert.equal(await wei.evaluate(() => document.body.textContent.includes('50.000')), false);
    await ana.uncheck('.composer input[type="checkbox"] >> nth=0');
});

test('what is said without a connection waits, and arrives once', async () => {
    let refused = 0;
    await sam.route('**/api/act', (route) => { ++refused; return route.abort(); });
    await say(sam, 'chat', 'said in a tunnel');
    await sam.waitForSelector('.message.mine.sending');
    await until('it was tried again', 6000, () => refused >= 2);
    await sam.unroute('**/api/act');
    await message('said in a tunnel');
    await until('it stands as said', 8000, async () => (await sam.locator('.message.mine.sending').count()) === 0);
    assert.equal((await desk(show)).messages.filter(({text}) => text === 'said in a tunnel').length, 1);
    assert.equal(await sam.evaluate(() => [...document.querySelectorAll('.message')].filter((item) => item.textContent.includes('said in a tunnel')).length), 1);
});

test('an answer that was lost on its way does not double what was said', async () => {
    let lost = 0;
    await sam.route('**/api/act', async (route) => {
        if (lost++ > 0) return route.continue();
        await route.fetch(); // the server has it
        await route.abort();
    });
    await say(sam, 'chat', 'said once');
    await message('said once');
    await until('it was sent twice', 6000, () => lost >= 2);
    await until('nothing waits', 6000, () => sam.evaluate(() => globalThis.vitrine.desk().pending.every(({state}) => state === 'sent')));
    assert.equal((await desk(show)).messages.filter(({text}) => text === 'said once').length, 1);
    await sam.unroute('**/api/act');
});

test('announcement, poll in each language with its result, hand and reactions', async () => {
    await act(show, {act: 'say', kind: 'announcement', text: 'We open one up now.', language: 'en'});
    await until('it is announced', 5000, async () => (await wei.textContent('.news').catch(() => '')).includes('We open one up now.'));
    const options = [['White', '白色', 'أبيض'], ['Black', '黑色', 'أسود']].map(([en, zh, ar]) => ({en, zh, ar}));
    await act(show, {act: 'open_poll', question: {en: 'Which one next?', zh: '接下来看哪个？', ar: 'أيهما التالي؟'}, options});
    await wei.click('.poll .option >> nth=1');
    await omar.tap('.poll-toggle');
    await omar.tap('.poll .option >> nth=1');
    assert.equal(await omar.textContent('.poll .option >> nth=1').then((text) => text.includes('أسود')), true);
    await until('both count', 5000, async () => (await desk(show)).poll.votes.join() === '0,2');
    await until('the result is shown', 5000, async () => (await wei.textContent('.poll')).includes('100'));
    assert.deepEqual(await faults(wei), []);
    await omar.tap('[data-tool="hand"]');
    await until('the hand is up', 5000, async () => Object.values((await desk(show)).presence).some(({hand}) => hand));
    await omar.tap('[data-tool="react"]');
    await omar.tap('.reaction-menu [data-kind="clap"]');
    await until('the reaction counts', 5000, async () => (await desk(show)).reactions.clap >= 1);
    await omar.tap('#tab-questions');
    assert.deepEqual(await faults(omar), []);
});

test('nothing that anybody writes is executed, on any page', async () => {
    for (const [i, text] of polyglots.entries()) {
        await act(show, {act: 'say', kind: 'announcement', text, language: 'en'});
        if (i < 3) {
            await say(wei, 'question', text);
            await message(text);
        }
    }
    const asked = (await desk(show)).messages.find(({kind, person}) => kind === 'question' && person !== '');
    await act(show, {act: 'answer', message: asked.id, text: polyglots[0], language: 'en'});
    await act(show, {act: 'open_poll', question: {en: polyglots[1]}, options: polyglots.filter((text) => text.length <= 120).slice(0, 3).map((en) => ({en}))});
    await sees(sam, 'alert(1)');
    for (const page of [ana, wei, omar, sam]) {
        await page.click('#tab-questions');
        await page.click('#tab-chat');
        assert.deepEqual(await trouble(page), []);
        assert.equal(await page.evaluate(() => document.querySelectorAll('.messages script, .messages img, .messages svg animate, .poll img').length), 0);
    }
});
