// What the buyer page draws over the picture, in a real Chromium against the demo show.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {first_frame, open_browser, open_page} from './support/browser.mjs';
import {Show, until} from './support/show.mjs';

let show, browser;
before(async () => {
    show = await Show.start();
    browser = await open_browser();
    await show.command({command: 'show_lower_third', speaker: 'lin'});
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

async function open(options) {
    const page = await open_page(browser, show.buyer_url, {reducedMotion: 'reduce', ...options});
    await first_frame(page, 20000);
    return page;
}

/// In `count` displayed frames: what the page has drawn, judged inside the frame's own callback. A fault counts when the frame after has it
/// too: where a badge just grew, the page lays out anew before the next one.
const watch = (page, count) => page.evaluate((count) => new Promise((done) => {
    const found = {frames: 0, labels: 0, plates: 0, faults: []};
    let before = new Set();
    const off = globalThis.vitrine.onFrame(() => {
        const picture = document.querySelector('.frame').getBoundingClientRect();
        const boxes = (selector) => [...document.querySelectorAll(selector)]
            .map((e) => ({text: e.textContent, box: e.getBoundingClientRect()})).filter(({box}) => box.width > 0);
        const labels = boxes('.callouts li:not(.away)'), plates = boxes('.dimensions li:not(.away)');
        const standing = boxes('.badges, .controls, .sound-call, .caption-badges, .caption-table, .lower-third');
        const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
        const faults = new Set();
        labels.forEach((label, i) => {
            for (const other of [...labels.slice(0, i), ...plates, ...standing])
                if (meet(label.box, other.box)) faults.add(`"${label.text}" meets "${other.text}"`);
            const {box} = label;
            if (box.left < picture.left || box.right > picture.right || box.top < picture.top || box.bottom > picture.bottom) faults.add(`"${label.text}" leaves the picture`);
        });
        found.faults.push(...[...faults].filter((fault) => before.has(fault)));
        before = faults;
        found.labels += labels.length;
        found.plates += plates.length;
        if (++found.frames >= count) { off(); done(found); }
    });
}), count);

for (const [name, options] of [
    ['a desk in English', {}],
    ['a desk in Arabic', {locale: 'ar'}],
    ['a phone in Chinese', {locale: 'zh-CN', viewport: {width: 390, height: 844}, deviceScaleFactor: 3, isMobile: true, hasTouch: true}],
]) {
    test(`on ${name} no label meets a label, a length or what stands over the picture, in 90 frames`, async (t) => {
        const page = await open(options);
        const found = await watch(page, 90);
        t.diagnostic(`${found.labels} labels and ${found.plates} lengths in ${found.frames} frames`);
        assert.deepEqual([...new Set(found.faults)], []);
        assert.ok(found.labels >= found.frames / 2, 'callouts in most frames');
        assert.ok(found.plates > found.frames / 4, 'and dimensions');
        assert.deepEqual(page.problems, []);
        await page.context().close();
    });
}

test('badges, lower third and spec table come and go with the presenter, in the buyer\'s language, and can be switched off', async () => {
    const page = await open({locale: 'es'});
    const text = (selector) => page.locator(selector).innerText();
    await until('the lower third', 5000, async () => /Habla inglés/.test(await text('.lower-third')));
    const badges = await page.locator('.caption-badges .sr-only').allInnerTexts();
    assert.ok(badges.includes('Clase energética E (EU 2019/2015)'), badges.join(' | '));

    await show.command({command: 'show_specs', visible: true});
    await page.locator('.caption-table tr').first().waitFor();
    assert.equal(await page.locator('.caption-table tr').count(), await page.locator('.card .rows').first().locator('tr').count());
    await page.locator('.caption-table button').click();
    await page.locator('.caption-table').waitFor({state: 'detached'});
    await show.command({command: 'show_specs', visible: false});
    await show.command({command: 'show_badges', visible: false});
    await page.locator('.caption-badges').waitFor({state: 'hidden'});
    await show.command({command: 'show_badges', visible: true});
    await page.locator('.caption-badges').waitFor({state: 'visible'});

    const toggle = page.locator('.notes');
    assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
    await toggle.click();
    assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
    assert.deepEqual(await watch(page, 10), {frames: 10, labels: 0, plates: 0, faults: []});
    assert.equal(await page.locator('.caption-badges').isVisible(), false);
    await toggle.click();
    assert.ok((await watch(page, 10)).labels > 0);
    await page.context().close();
});
