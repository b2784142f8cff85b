// What is left when a show is over: tables, cards, the report, offers, a person's data and their erasure, the replay.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {Buyer, ask, desk_of} from './support/crowd.mjs';
import {Show, binary, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const calm = () => test_show({cameras: [{id: 'line', source: 'sim:line?width=320&height=180&fps=10'}]});
const vitrine = (...words) => spawnSync(binary, words, {encoding: 'utf8'});

test('tables, cards and report are written while the show runs, and say what happened', {timeout: 60000}, async () => {
    const folder = calm(), out = scratch();
    const show = await Show.start({folder});
    try {
        const ana = await Buyer.join(show.buyer_url, {language: 'es', name: '=Ana "Lima"'});
        await ana.must_act({act: 'introduce', company: 'Luz; Cia', country: 'BR', email: 'ana@example.com'});
        await ana.must_act({act: 'say', kind: 'question', text: '有 IP65 吗？', moment: {frame: 1, product: 'LX-200'}});
        const quote = await ana.must_act({act: 'request_quote', product: 'LX-200', quantity: 2000, target_price: {amount: '3.80', currency: 'USD'}, incoterm: 'FOB', destination: 'Santos', changes: [{id: 'c1', key: 'colour', from: 'white', to: 'black'}]});
        const file = (name) => join(out, name);
        const run = vitrine('export', folder, '--quotes', file('q.csv'), '--buyers', file('b.csv'), '--questions', file('m.csv'), '--vcf', file('b.vcf'), '--report', file('r.html'), '--language', 'zh');
        assert.equal(run.status, 0, run.stderr);
        const read = (name) => readFileSync(file(name), 'utf8');
        for (const name of ['q.csv', 'b.csv', 'm.csv']) assert.ok(read(name).startsWith('\uFEFF'), name);
        assert.equal(statSync(file('b.csv')).mode & 0o077, 0, 'only for this user');
        assert.match(read('q.csv'), new RegExp(`${quote.number},requested,"'=Ana ""Lima""","Luz; Cia",BR`));
        assert.match(read('q.csv'), /,7600\.00,/);
        assert.match(read('m.csv'), /有 IP65 吗？/);
        assert.match(read('b.vcf'), /^BEGIN:VCARD\r\nVERSION:4\.0\r\n[^]*ORG:Luz\\; Cia\r\n[^]*END:VCARD\r\n$/);
        assert.match(read('r.html'), /直播总结/);
        // The same over the control API.
        for (const [path, type] of [['/control/export/quotes.csv', 'text/csv'], ['/control/export/buyers.vcf', 'text/vcard'], ['/control/report.html?language=en', 'text/html']]) {
            const answer = await ask(new URL(path, show.control_url), {headers: {Authorization: `Bearer ${show.token}`}});
            assert.equal(answer.status, 200, path);
            assert.ok(answer.headers['content-type'].startsWith(type));
        }
        // The offer: one's own only, no script, in the language asked for.
        const offer = await ana.get(`/api/quotes/${quote.id}/offer?language=ar`);
        assert.equal(offer.status, 200);
        assert.match(offer.text, /<html lang="ar" dir="rtl">/);
        assert.ok(!offer.text.includes('<script'));
        assert.match(offer.headers['content-security-policy'], /default-src 'none'.*style-src 'sha256-/);
        const other = await Buyer.join(show.buyer_url);
        assert.equal((await other.get(`/api/quotes/${quote.id}/offer`)).status, 404);

        // Orders from a table, all or nothing.
        const orders = (csv) => ask(new URL('/control/orders', show.control_url), {method: 'POST', headers: {Authorization: `Bearer ${show.token}`, 'Content-Type': 'text/csv'}, body: csv});
        const bad = await orders('id;state\r\n48291;confirmed\r\n48292;lost\r\n');
        assert.deepEqual(bad.json.problems.map((p) => p.line), [3]);
        assert.equal((await desk_of(show)).orders.length, 0);
        assert.equal((await orders('\uFEFFid;place;state;slot\r\n48291;São Paulo;confirmed;14:30\r\n')).json.read, 1);
        assert.equal((await desk_of(show)).orders[0].place, 'São Paulo');

        // Her data, then nothing of her.
        const person = ana.person;
        const forgotten = vitrine('forget', folder, '--person', person, '--export', file('ana.json'));
        assert.equal(forgotten.status, 0, forgotten.stderr);
        assert.equal(JSON.parse(read('ana.json')).person.email, 'ana@example.com');
        assert.ok(!JSON.stringify(await desk_of(show)).includes('ana@example.com'));
        assert.equal(vitrine('export', folder, '--buyers', file('b.csv')).status, 0);
        assert.ok(!read('b.csv').includes('Lima'));
    } finally {
        await show.stop();
        rmSync(out, {recursive: true});
    }
});

for (const how of ['ended', 'killed'])
    test(`a recording that was ${how} is seen again by those who were invited`, {timeout: 90000}, async () => {
        const folder = calm(), out = scratch(), data = scratch();
        let show = await Show.start({folder, args: ['--record', out, '--data', data]});
        const buyer = await Buyer.join(show.buyer_url);
        const clean = await until('the recording begins', 15000, () => readdirSync(out).find((n) => n.endsWith('-clean.mp4')));
        await wait(4000);
        assert.equal((await buyer.get('/api/show')).json.replay, null, 'not while it is live');
        assert.equal((await buyer.get('/api/replay/video', {Range: 'bytes=0-'})).status, 404);
        if (how === 'killed') {
            await show.stop('SIGKILL');
            show = await Show.start({folder, args: [], replay: [join(out, clean), '--data', data]});
            buyer.origin = new URL(show.buyer_url).origin;
        } else {
            await show.command({command: 'end'});
        }
        try {
            const {replay} = await until('the replay is there', 15000, async () => { const {json} = await buyer.get('/api/show'); return json?.replay && json; }, 200);
            assert.ok(replay.duration_s > 2);
            const parts = [];
            for (let at = 0, size = 1; at < size;) {
                const piece = await buyer.get(replay.url, {Range: `bytes=${at}-`});
                assert.equal(piece.status, 206);
                size = Number(piece.headers['content-range'].split('/')[1]);
                parts.push(piece.bytes);
                at += piece.bytes.length;
            }
            assert.ok(Buffer.concat(parts).equals(readFileSync(join(out, clean))));
            const scenes = (await buyer.get(replay.scenes)).text.trim().split('\n').map((l) => JSON.parse(l));
            const frames = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', join(out, clean)], {encoding: 'utf8'}).split('\n').map(parseFloat).filter((n) => !Number.isNaN(n));
            const first = Math.min(...frames);
            const matched = frames.filter((f) => scenes.some((s) => Math.abs(s.t - (f - first)) < 0.02)).length;
            assert.ok(matched >= frames.length - 15, `${matched} of ${frames.length} frames have their scene`);
            // Quotes still work; strangers see nothing.
            await buyer.must_act({act: 'request_quote', product: 'LX-200', quantity: 600, incoterm: 'FOB'});
            assert.equal((await ask(new URL(replay.url, buyer.origin), {headers: {Range: 'bytes=0-'}})).status, 401);
        } finally {
            await show.stop();
        }
        assert.ok(existsSync(join(out, clean.replace('.mp4', '.scenes'))));
    });
