// From the price to a deal: the tier as the quantity changes, below the minimum, proposed changes, files, counter-offers by turns, the offer to print.

import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser} from './support/browser.mjs';
import {act, desk, faults, invite, open_buyer, phone, polyglots, trouble, until} from './support/buyers.mjs';
import {Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
let show, browser, ana, omar;
const quote = async () => (await desk(show)).quotes[0];
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera]})});
    browser = await open_browser();
    ana = await open_buyer(browser, await invite(show, {name: 'Ana Lima', language: 'es'}), {locale: 'es-ES'});
    omar = await open_buyer(browser, await invite(show, {name: 'Omar Haddad', language: 'ar'}), {...phone, locale: 'ar-AE'});
    for (const page of [ana, omar]) await first_frame(page, 20000);
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('the form shows the tier of the quantity, and that less than the minimum may be asked for', async () => {
    await ana.click('.quote-call');
    await ana.waitForSelector('.dialog-quote[open]');
    const price = () => ana.textContent('.quote-price');
    await ana.fill('.dialog-quote input[type="number"]', '600');
    assert.match(await price(), /4,20/);
    await ana.fill('.dialog-quote input[type="number"]', '2500');
    assert.match(await price(), /3,85/);
    await ana.fill('.dialog-quote input[type="number"]', '60');
    assert.equal(await ana.locator('.ask-anyway').count(), 1);
    assert.match(await price(), /100/);
    assert.deepEqual(await faults(ana), []);
});

test('what is asked arrives whole, with its changes and its file', async () => {
    await ana.fill('.dialog-quote input[inputmode="decimal"]', '3,90');
    await ana.selectOption('.dialog-quote .field:has(> label) select >> nth=-1', {index: 0}).catch(() => undefined);
    await ana.click('.changes > .plain');
    await ana.fill('.change .field:nth-child(2) input', 'Negro mate RAL 9005');
    await ana.fill('.dialog-quote textarea', `Urgente ${polyglots[1]}`);
    await ana.setInputFiles('#quote-files', {name: 'no.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg onload=alert(1)>')});
    await until('what is no picture is refused at once', 3000, async () => (await ana.textContent('.attachments .field-error')).includes('no.svg'));
    await ana.setInputFiles('#quote-files', {name: 'logo <b>.png', mimeType: 'image/png', buffer: png});
    await ana.waitForSelector('.file.there');
    await ana.click('.dialog-quote .dialog-foot .primary');
    const asked = await until('the presenter has it', 6000, quote);
    await ana.waitForSelector('.thanks');
    assert.equal(asked.quantity, 60);
    assert.equal(asked.below_minimum, true);
    assert.deepEqual(asked.rounds[0].unit_price, {amount: '3.90', currency: 'USD'});
    assert.equal(asked.changes[0].to, 'Negro mate RAL 9005');
    assert.equal(asked.changes[0].key, 'colour');
    assert.equal(asked.notes, `Urgente ${polyglots[1]}`);
    assert.equal(asked.attachments.length, 1);
    assert.match(await ana.textContent('.thanks'), new RegExp(asked.number));
    const file = await show.control('GET', `/control/attachments/${asked.attachments[0].id}`);
    assert.equal(file.status, 200);
    await ana.click('.dialog-quote .dialog-foot .primary');
    assert.equal(await ana.getAttribute('#tab-quotes', 'aria-selected'), 'true');
});

test('the factory counters price and change; the buyer counters back, takes the change and accepts', async () => {
    const {id, changes} = await quote();
    await act(show, {act: 'decide_change', quote: id, change: changes[0].id, state: 'countered', counter: 'RAL 9011 from 500 pieces'});
    await act(show, {act: 'counter_quote', quote: id, quantity: 100, unit_price: {amount: '4.55', currency: 'USD'}, lead_time: '30 d', note: 'From 100 pieces'});
    await until('it is Ana\'s turn', 5000, async () => (await ana.locator('.quote-acts .button').count()) >= 3);
    assert.match(await ana.textContent('.quote'), /4,55/);
    assert.match(await ana.textContent('#tab-quotes .count'), /1/);
    assert.deepEqual(await faults(ana), []);
    await ana.click('[data-part^="accept-"]');
    await until('the change is taken', 5000, async () => (await quote()).changes[0].state === 'accepted');
    await ana.click('.quote-acts .button:not(.primary) >> nth=0');
    await ana.fill('.counter-form input[inputmode="decimal"]', '4,30');
    await ana.click('.counter-form .primary');
    await until('the presenter has the word', 5000, async () => (await quote()).rounds.at(-1).unit_price.amount === '4.30');
    assert.equal((await quote()).rounds.at(-1).by, 'buyer');
    await until('Ana waits', 5000, async () => (await ana.locator('.quote-acts .primary').count()) === 0);
    await act(show, {act: 'counter_quote', quote: id, quantity: 100, unit_price: {amount: '4.35', currency: 'USD'}, lead_time: '30 d', note: ''});
    await until('again Ana\'s turn', 5000, async () => (await ana.locator('.quote-acts .primary').count()) === 1);
    await ana.click('.quote-acts .primary');
    await ana.waitForSelector('.quote-question');
    await wait(450); // a second tap at once would not count
    await ana.click('[data-part="sure"]');
    await until('it is agreed', 5000, async () => (await quote()).state === 'accepted');
    await until('her page says so', 5000, async () => (await ana.locator('.quote.accepted').count()) === 1);
});

test('the offer can be printed by its buyer, and by nobody else', async () => {
    const {id, number} = await quote();
    const href = await ana.getAttribute('.quote-acts a', 'href');
    assert.ok(href.includes(id));
    const read = (page) => page.evaluate(async (href) => { const answer = await fetch(href); return {status: answer.status, text: await answer.text()}; }, href);
    const mine = await read(ana);
    assert.equal(mine.status, 200);
    assert.ok(mine.text.includes(number));
    assert.ok([403, 404].includes((await read(omar)).status));
    assert.equal(await omar.evaluate(() => globalThis.vitrine.desk().quotes.length), 0);
});

test('the offer stands whole on screen and on A4, in English, Chinese and from right to left in Arabic', async (t) => {
    const {id, number} = await quote();
    const page = await ana.context().newPage();
    for (const language of ['en', 'zh', 'ar']) {
        await page.setViewportSize({width: 900, height: 1200});
        await page.goto(new URL(`/api/quotes/${id}/offer?language=${language}`, show.buyer_url).href);
        const seen = await page.evaluate(() => ({
            lang: document.documentElement.lang, dir: document.documentElement.dir, scripts: document.scripts.length, words: document.body.innerText,
            styled: getComputedStyle(document.body).maxWidth !== 'none',
            wide: document.documentElement.scrollWidth - innerWidth,
            // Figures line up by their last digit in every language.
            figures: [...document.querySelectorAll('td.n')].every((cell) => getComputedStyle(cell).textAlign === 'right'),
            outside: [...document.querySelectorAll('body *')].filter((part) => { const {left, right} = part.getBoundingClientRect(); return left < -1 || right > innerWidth + 1; }).length,
        }));
        assert.deepEqual([seen.lang, seen.dir, seen.scripts, seen.styled, seen.wide > 0, seen.figures, seen.outside], [language, language === 'ar' ? 'rtl' : 'ltr', 0, true, false, true, 0]);
        assert.ok(seen.words.includes(number) && seen.words.includes('4.35'), seen.words);
        if (process.env.VITRINE_PAGES) await page.screenshot({path: join(process.env.VITRINE_PAGES, `offer-e2e-${language}.png`), fullPage: true});
        const paper = await page.pdf({format: 'A4', printBackground: true, preferCSSPageSize: true});
        const pages = paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
        t.diagnostic(`${language}: ${pages} pages of A4, ${Math.round(paper.length / 1024)} kB`);
        assert.ok(pages <= 2, `${pages} pages`);
        await page.setViewportSize({width: 390, height: 844});
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${language}: nothing is cut off on a phone`);
        if (process.env.VITRINE_PAGES) await page.screenshot({path: join(process.env.VITRINE_PAGES, `offer-phone-${language}.png`), fullPage: true});
    }
    await page.close();
});

test('a sample is asked for on a phone in Arabic; a full disk says so and keeps what was typed', async () => {
    await omar.tap('.quote-call');
    await omar.waitForSelector('.dialog-quote[open]');
    assert.deepEqual(await faults(omar), []);
    await omar.tap('.dialog-quote input[type="radio"] >> nth=1');
    await omar.fill('.dialog-quote input[type="number"]', '2');
    await omar.route('**/api/act', (route) => route.fulfill({status: 507, contentType: 'application/problem+json', body: JSON.stringify({detail: 'Your request could not be stored. Nothing was sent; please try again in a minute.'})}));
    await omar.tap('.dialog-quote .dialog-foot .primary');
    await until('it is said', 5000, async () => (await omar.textContent('.dialog-quote .dialog-foot .field-error')).includes('could not be stored'));
    await omar.unroute('**/api/act');
    assert.equal(await omar.inputValue('.dialog-quote input[type="number"]'), '2');
    await omar.tap('.dialog-quote .dialog-foot .primary');
    await omar.waitForSelector('.thanks');
    const all = (await desk(show)).quotes;
    assert.equal(all.length, 2);
    assert.equal(all.at(-1).sample, true);
    for (const page of [ana, omar]) assert.deepEqual(await trouble(page), []);
});
