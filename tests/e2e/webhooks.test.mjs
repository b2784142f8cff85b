// What buyers do reaches the factory's systems: at least once, in order for each buyer, signed, whatever the receiver does, also over kill -9.

import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';

import {Buyer} from './support/crowd.mjs';
import {Receiver} from './support/receiver.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const secret = 'a secret of the test, 32 bytes!!', other_secret = 'the secret that was before this';
const calm = {cameras: [{id: 'line', source: 'sim:line?width=320&height=180&fps=10'}], program: ''};

function show_with(hooks) {
    const folder = test_show({...calm, more: hooks.map(({url, more = '', secrets = ['secret']}) => `[[webhook]]\nurl = "${url}"\nsecret_file = ${JSON.stringify(secrets)}\n${more}`).join('\n')});
    for (const [name, text] of [['secret', secret], ['secret-before', other_secret]]) {
        writeFileSync(join(folder, name), `${text}\n`);
        chmodSync(join(folder, name), 0o600);
    }
    return folder;
}

const question = (text) => ({act: 'say', kind: 'question', text, moment: {frame: 1, product: 'LX-200'}});
const quote = (quantity) => ({act: 'request_quote', product: 'LX-200', quantity, incoterm: 'FOB', destination: 'Santos'});

test('a receiver that fails, delays, closes and redirects gets each event, in order per buyer, over kill -9', {timeout: 150000}, async (t) => {
    let stolen = 0;
    const thief = createServer((_, answer) => { ++stolen; answer.end(); });
    await new Promise((done) => thief.listen(0, '127.0.0.1', done));
    const ways = ['error', 'busy', 'cut', 'drop', 'redirect', 'astray', 'slow', 'ok', 'ok'];
    let turn = 0;
    const receiver = await Receiver.start({secret, thief: `http://127.0.0.1:${thief.address().port}`, behave: (_, tries) => (tries > 2 ? 'ok' : ways[turn++ % ways.length])});
    const folder = show_with([{url: `${receiver.origin}/hook/token-in-path`, secrets: ['secret', 'secret-before']}]);
    const data = scratch();
    let show = await Show.start({folder, args: ['--data', data]});
    try {
        const buyers = await Promise.all(Array.from({length: 8}, () => Buyer.join(show.buyer_url)));
        const asked = new Map();  // person -> texts in the order of their acknowledgement
        const ask_all = async (round) => {
            for (const buyer of buyers) {
                const text = `${round} of ${buyer.person}`;
                const {status} = await buyer.act(question(text));
                assert.equal(status, 200);
                asked.set(buyer.person, [...(asked.get(buyer.person) ?? []), text]);
            }
        };
        await ask_all(1);
        await ask_all(2);
        const errors = [show.errors];
        await show.stop('SIGKILL');
        show = await Show.start({folder, args: ['--data', data]});
        for (const buyer of buyers) buyer.origin = new URL(show.buyer_url).origin;
        await ask_all(3);
        for (const buyer of buyers) await buyer.must_act(quote(600));
        await until('every event has been taken', 90000, () => receiver.taken.filter((s) => s.type === 'question.asked').length === 24 && receiver.taken.filter((s) => s.type === 'quote.requested').length === 8, 100);
        for (const buyer of buyers) {
            const theirs = receiver.taken.filter((s) => s.person === buyer.person);
            assert.deepEqual(theirs.map((s) => s.type), ['buyer.joined', 'question.asked', 'question.asked', 'question.asked', 'quote.requested']);
            assert.deepEqual(theirs.filter((s) => s.type === 'question.asked').map((s) => s.event.data.question.text), asked.get(buyer.person));
            // Once a later event has come, no earlier one comes again.
            const arrivals = receiver.seen.filter((s) => s.person === buyer.person).map((s) => theirs.findIndex((e) => e.id === s.id));
            assert.deepEqual(arrivals, [...arrivals].sort((a, b) => a - b));
        }
        assert.equal(receiver.bad.length, 0, JSON.stringify(receiver.bad[0]));
        assert.equal(stolen, 0, 'a signature went to another server');
        errors.push(show.errors);
        for (const log of errors)
            for (const word of [secret, other_secret, 'token-in-path']) assert.ok(!log.includes(word), 'a secret stands in the log');
        const again = receiver.seen.length - receiver.taken.length;
        t.diagnostic(`${receiver.taken.length} events, ${receiver.seen.length} tries, ${again} of them not taken or doubled`);
        assert.ok(new Set(receiver.seen.map((s) => s.how)).size >= 7);
    } finally {
        await show.stop();
        await receiver.stop();
        thief.close();
    }
});

test('dead letters are listed and sent again; one receiver that is down holds up no other', {timeout: 120000}, async () => {
    const strict = await Receiver.start({secret, behave: () => 'gone'});
    const good = await Receiver.start({secret});
    const folder = show_with([{url: `${strict.origin}/hook`, more: 'id = "strict"\nevents = ["question.asked"]\n'}, {url: `${good.origin}/hook`, more: 'id = "good"\n'}]);
    const show = await Show.start({folder, args: ['--data', scratch()]});
    try {
        const buyer = await Buyer.join(show.buyer_url);
        await buyer.must_act(question('first'));
        await buyer.must_act(question('second'));
        await until('the good one has both', 20000, () => good.taken.filter((s) => s.type === 'question.asked').length === 2);
        const outbox = async () => (await show.control('GET', '/control/outbox')).json;
        const full = await until('two dead letters', 20000, async () => { const box = await outbox(); return box.dead.length === 2 && box; }, 200);
        assert.deepEqual(full.dead.map((d) => [d.hook, d.type]), Array(2).fill(['strict', 'com.vitrine.question.asked']));
        assert.ok(!JSON.stringify(full).includes('first'), 'the list holds no texts of buyers');
        strict.behave = () => 'ok';
        const oldest = Math.min(...full.dead.map((d) => d.number));
        assert.ok((await show.control('POST', `/control/outbox/${oldest}/again`)).status < 300);
        await until('it has come', 20000, () => strict.taken.length === 1);
        assert.equal(strict.taken[0].event.data.question.text, 'first');
        assert.equal(await until('it is gone from the list', 10000, async () => (await outbox()).dead.length === 1, 200), true);
        assert.equal((await show.control('POST', '/control/outbox/999999/again')).status, 404);
    } finally {
        await show.stop();
        await strict.stop();
        await good.stop();
    }
});
