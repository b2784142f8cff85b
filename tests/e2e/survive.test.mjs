// kill -9 of the whole show at random moments under the load of twenty buyers: what was acknowledged is there, once; sessions stay good.
// VITRINE_KILLS: how many (20).

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {Buyer, client_id} from './support/crowd.mjs';
import {Show, binary, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const kills = Number(process.env.VITRINE_KILLS ?? 20), crowd = 20;
const seed = Number(process.env.VITRINE_SEED ?? 20261125);
let state = seed >>> 0;
const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };

/// Rows of our own export as arrays of cells.
function rows(file) {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const all = [];
    let row = [''], quoted = false;
    for (let i = 0; i < text.length; ++i) {
        const c = text[i];
        if (quoted) {
            if (c === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; ++i; }
            else if (c === '"') quoted = false;
            else row[row.length - 1] += c;
        } else if (c === '"') quoted = true;
        else if (c === ',') row.push('');
        else if (c === '\n') { all.push(row); row = ['']; }
        else if (c !== '\r') row[row.length - 1] += c;
    }
    return all;
}

/// What the store holds: the texts of questions and the notes of quotes, with how often each is there.
function kept(folder, data) {
    const [questions, quotes] = [join(data, 'q.csv'), join(data, 'o.csv')];
    execFileSync(binary, ['export', folder, '--data', data, '--questions', questions, '--quotes', quotes]);
    const count = new Map();
    const take = (file, column) => {
        const [head, ...body] = rows(file);
        const at = head.indexOf(column);
        for (const row of body) count.set(row[at], (count.get(row[at]) ?? 0) + 1);
    };
    take(questions, 'question');
    take(quotes, 'notes');
    return count;
}

test(`killed ${kills} times: nothing acknowledged is lost or doubled`, {timeout: 60000 + kills * 15000}, async (t) => {
    const folder = test_show({cameras: [{id: 'line', source: 'sim:line?width=160&height=90&fps=5'}], show: ''});
    const data = scratch();
    const acknowledged = new Set();
    let buyers = [], open = [];  // open: sent and not answered, {buyer, act, id, text}
    const seconds = [];
    let answers = 0, refused = 0, show;
    t.after(() => show.stop('SIGKILL'));
    for (let round = 0; round <= kills; ++round) {
        const started = performance.now();
        show = await Show.start({folder, args: ['--data', data]});
        seconds.push((performance.now() - started) / 1000);
        for (const buyer of buyers) buyer.origin = new URL(show.buyer_url).origin;
        // Sessions are as good as before.
        const me = await Promise.all(buyers.map((b) => b.get('/api/me')));
        assert.ok(me.every(({status}) => status === 200), me.map(({status}) => status).join(' '));
        // What was not answered is asked again with the same id, as a page does.
        for (const {buyer, act, id, text} of open.splice(0)) {
            const answer = await until('the answer to what was sent before', 20000, async () => { const a = await buyer.act(act, id); return a.status !== 429 && a; }, 500);
            assert.equal(answer.status, 200, answer.text);
            acknowledged.add(text);
        }
        // A person may make fifty requests in one show, here some ten a second and every fifth of what is sent; so others come.
        if (round % 6 === 0) buyers = await Promise.all(Array.from({length: crowd}, () => Buyer.join(show.buyer_url)));
        const there = kept(folder, data);
        for (const text of acknowledged) assert.equal(there.get(text), 1, `${text} is there ${there.get(text) ?? 0} times (kill ${round}, seed ${seed})`);
        for (const [text, times] of there) assert.equal(times, 1, `${text} is there ${times} times`);
        if (round === kills) { await show.stop(); break; }

        let running = true;
        await Promise.all(buyers.map((b) => b.listen()));
        const load = buyers.map(async (buyer) => {
            while (running) {
                const id = client_id('survive');
                const is_quote = random() < 0.2;
                const act = is_quote ? {act: 'request_quote', product: 'LX-200', quantity: 500 + Math.floor(random() * 1000), notes: id, incoterm: 'FOB', destination: 'Santos'}
                    : {act: 'say', kind: 'question', text: id, moment: {frame: 1, product: 'LX-200'}};
                const answer = await buyer.act(act, id).catch(() => null);
                if (!answer) { open.push({buyer, act, id, text: id}); return; }
                if (answer.status === 200) { acknowledged.add(id); ++answers; } else { assert.equal(answer.status, 429, answer.text); ++refused; await wait(50); }
                await wait(5 + random() * 60);
            }
        });
        await wait(150 + random() * 1350);
        await show.stop('SIGKILL');
        running = false;
        await Promise.all(load);
        for (const buyer of buyers) buyer.close();
    }
    seconds.sort((a, b) => a - b);
    t.diagnostic(`${kills} kills, seed ${seed}: ${answers} acknowledged under load, ${refused} refused for their rate; start p50 ${seconds[seconds.length >> 1].toFixed(2)} s, longest ${seconds.at(-1).toFixed(2)} s`);
    assert.ok(answers > kills * 10, `only ${answers} acts under load`);
});
