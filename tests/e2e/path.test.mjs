// A narrow line: the waiting room measures it, the buyer and the presenter are told before the show that it is not enough.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {open_browser, open_page} from './support/browser.mjs';
import {Namespace, can_use_netns} from './support/netns.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

test('on 2 Mbit/s the waiting room and pre-flight say so, and how much the picture takes', {skip: can_use_netns() ? false : 'needs root for a network namespace'}, async (t) => {
    const net = new Namespace(`vitrine-path-${process.pid}`);
    let show, browser;
    try {
        net.narrow('2mbit');
        show = await Show.start({folder: test_show({cameras: [bench_camera], start: 'ready'}), prefix: net.prefix});
        browser = await open_browser({executable: net.chromium()});
        const page = await open_page(browser, show.buyer_url);
        const said = page.locator('.check-said.bad');
        await until('the page tells', 30_000, async () => (await said.count()) === 1);
        const words = await said.textContent();
        const [carried, need] = words.match(/\d+(\.\d+)?/g).map(Number);
        t.diagnostic(words);
        assert.ok(carried > 1.2 && carried <= 2.1, `${carried} of 2 Mbit/s`);
        assert.equal(need, 2.9);
        const token = readFileSync(join(show.home, 'token'), 'utf8').trim();
        let finding;
        await until('pre-flight knows', 10_000, () => {
            finding = net.ask(`${show.control_url}/control/preflight`, {Authorization: `Bearer ${token}`}).findings.find(({id}) => id === 'uplink');
            return finding?.level === 'fail';
        });
        assert.match(finding.text.en, new RegExp(`carried ${carried.toFixed(1)} Mbit/s at most; the picture takes 2\\.9`));
        assert.match(finding.fix.zh, /网线/);
    } finally {
        await browser?.close();
        await show?.stop();
        net.remove();
    }
});

test('many who wait at once are measured one after the other', async () => {
    const show = await Show.start({folder: test_show({cameras: [bench_camera], start: 'ready'})}), browser = await open_browser();
    try {
        const pages = await Promise.all(Array.from({length: 4}, () => open_page(browser, show.buyer_url)));
        for (const page of pages) await until('it is measured', 30_000, async () => /Mbit/.test((await page.locator('.check-said').nth(2).textContent()) ?? ''));
    } finally {
        await browser.close();
        await show.stop();
    }
});
