// A machine whose clock jumps: by an hour, a year ahead, ten years back, while a show runs and between two. Nothing that was kept goes, nobody is
// thrown out of a running show, links are good again when the clock is right, and the presenter is told.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {act} from './support/buyers.mjs';
import {Buyer, ask} from './support/crowd.mjs';
import {Show, binary, root, scratch} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const hour = 3600, day = 86400, year = 365 * day;
const things = scratch(), wrong = join(things, 'wrong'), shim = join(things, 'wrong_clock.so'), data = join(things, 'data');
const env = {LD_PRELOAD: shim, WRONG_CLOCK: wrong};
const folder = test_show({cameras: [{id: 'line', source: 'sim:line?width=160&height=90&fps=5'}]});
const jump = (seconds) => writeFileSync(wrong, String(seconds));
before(() => execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, join(root, 'tests/support/wrong_clock.c')]));
after(() => { for (const each of [things, folder]) rmSync(each, {recursive: true, force: true}); });

const start = () => Show.start({folder, args: ['--data', data], env});
const kept = () => {
    const names = ['quotes', 'buyers', 'questions', 'orders'], file = (name) => join(things, `${name}.csv`);
    const run = spawnSync(binary, ['export', folder, '--data', data, ...names.flatMap((name) => [`--${name}`, file(name)])], {encoding: 'utf8'});
    assert.equal(run.status, 0, run.stderr);
    return Object.fromEntries(names.map((name) => [name, readFileSync(file(name), 'utf8').trim().split('\n').length - 1]));
};
const joins = async (link, show) => {
    const url = new URL(link), {status} = await ask(new URL('/api/join', show.buyer_url), {
        method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({invite: url.pathname.split('/').pop(), secret: url.hash.slice(1), language: 'en', bearer: true}),
    });
    return status;
};

let had, link;
test('a jump in the middle of a show throws nobody out, whatever way it goes', {timeout: 60000}, async () => {
    jump(0);
    const show = await start();
    try {
        const ana = await Buyer.join(show.buyer_url, {name: 'Ana'});
        await ana.must_act({act: 'say', kind: 'question', text: 'IP65?', moment: {frame: 1}});
        await ana.must_act({act: 'request_quote', product: 'LX-200', quantity: 500, moment: {frame: 1}});
        await act(show, {act: 'put_order', order: {id: '1', product: 'LX-200', buyer: 'Acme', quantity: 100, state: 'placed'}});
        link = (await act(show, {act: 'make_invite', name: 'VIP'})).link;
        const hourly = (await act(show, {act: 'make_invite', name: 'Two hours', max_devices: 10, expires_us: (Date.now() + 2 * hour * 1000) * 1000})).link;
        let heard = 0;
        await ana.listen(() => { ++heard; });
        for (const seconds of [hour, -hour, 3 * hour, year, -10 * year]) {
            jump(seconds);
            await wait(1200); // sessions are looked at once a second
            assert.equal((await ana.get('/api/me')).status, 200, `${seconds} s`);
            await ana.must_act({act: 'say', kind: 'chat', text: `after ${seconds}`, moment: {frame: 1}});
            assert.equal(await joins(hourly, show), 200, `${seconds} s`);
            heard = 0;
        }
        // Who is sent away is away all the same.
        jump(-10 * year);
        await act(show, {act: 'end_person', person: ana.person});
        assert.equal((await ana.get('/api/me')).status, 401);
        jump(0);
    } finally {
        await show.stop();
    }
    had = kept();
    assert.deepEqual([had.quotes, had.questions, had.orders], [1, 1, 1]);
});

test('a show started with a wrong clock keeps everything and says that the clock is wrong', {timeout: 60000}, async () => {
    for (const [seconds, said, status] of [[40 * day, /40 days and 0 hours ahead/, 403], [10 * year, /3610 days and 0 hours ahead/, 403], [-10 * year, /7300 days and 0 hours behind/, 200]]) {
        jump(seconds);
        const show = await start();
        try {
            assert.deepEqual(kept(), had, `${seconds} s`);
            await wait(300);
            assert.match((await show.snapshot()).notices.join('\n'), said);
            assert.match(show.errors, said);
            assert.equal(await joins(link, show), status, `${seconds} s`);
            if (status === 200) had.buyers += 1;
        } finally {
            await show.stop();
        }
        assert.deepEqual(kept(), had, `${seconds} s, after the end`);
    }
});

test('so do the commands that only look in; and when the clock is right again the links are', {timeout: 60000}, async () => {
    const toml = join(folder, 'show.toml');
    writeFileSync(toml, readFileSync(toml, 'utf8').replace(/listen = "127\.0\.0\.1:0"/, 'listen = "127.0.0.1:8799"'));
    jump(10 * year);
    const made = spawnSync(binary, ['invite', folder, '--data', data, '--name', 'X', '--json'], {env: {...process.env, ...env}, encoding: 'utf8'});
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stderr, /days and \d+ hours ahead/);
    assert.deepEqual(kept(), had);
    const restored = spawnSync(binary, ['restore', folder, '--data', data], {env: {...process.env, ...env}, encoding: 'utf8'});
    assert.equal(restored.status, 0, restored.stderr);
    assert.match(restored.stdout, /Nothing was put aside/);
    jump(0);
    const show = await start();
    try {
        assert.equal(await joins(link, show), 200);
        const running = spawnSync(binary, ['restore', folder, '--data', data], {env: {...process.env, ...env}, encoding: 'utf8'});
        assert.notEqual(running.status, 0);
        assert.match(running.stderr, /running|using the data/);
    } finally {
        await show.stop();
    }
    assert.deepEqual(kept(), had);
});
