// A rehearsal with the real program: simulated buyers come in through the buyers' door and act; the presenter's steps are done by the control
// API and ticked; the real show's folder and receivers hear nothing of it.

import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {chmodSync, existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {act, desk} from './support/buyers.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
let show, folder, receiver, told = 0, files;
const guide = async () => (await show.control('GET', '/control/rehearsal')).json;
const done = async (id) => (await guide()).steps.find((step) => step.id === id).done;
const ticked = (id) => until(`the step ${id} is ticked`, 5000 * patience, () => done(id));
const listing = () => readdirSync(folder, {recursive: true}).sort().join('\n') + readFileSync(join(folder, 'show.toml'), 'utf8') + readFileSync(join(folder, 'products/lx200.toml'), 'utf8');

before(async () => {
    receiver = createServer((_, answer) => { ++told; answer.end(); }).listen(0, '127.0.0.1');
    await until('the receiver listens', 3000, () => receiver.address());
    folder = test_show({cameras: [bench_camera], more: `[[webhook]]\nurl = "http://127.0.0.1:${receiver.address().port}/hook"\nsecret_file = "secret"\n`});
    writeFileSync(join(folder, 'secret'), 'a secret of more than sixteen bytes');
    chmodSync(join(folder, 'secret'), 0o600);
    files = listing();
    show = await Show.start({folder, rehearse: true, args: ['--pace', '10', '--seed', '3']});
});
after(async () => {
    receiver?.close();
    if (!show?.end) await show?.stop();
});

test('it says what it is, waits for going live, and buyers of several languages come in', async () => {
    const snapshot = await show.snapshot();
    assert.equal(snapshot.session, 'ready');
    const {json} = await show.control('GET', '/control/show');
    assert.match(json.title.en, /^Rehearsal: /);
    assert.match(json.title.zh, /^彩排：/);
    const people = await until('five buyers are in', 10000 * patience, async () => {
        const all = Object.values((await desk(show)).people);
        return all.length === 5 && all.every(({country}) => country) && all;
    });
    assert.deepEqual(new Set(people.map(({language}) => language)), new Set(['en', 'zh', 'es', 'pt', 'ar']));
    assert.equal((await desk(show)).messages.length, 0);
    assert.equal((await guide()).current, 0);
});

test('steps are ticked when they are done, whoever does them', async () => {
    await show.command({command: 'go_live'});
    await ticked('go_live');
    assert.equal(await done('pin'), false);
    await show.command({command: 'pin', product: 'LX-310'});
    await ticked('pin');
    await show.command({command: 'mark_chapter', title: 'Lamps'});
    await ticked('chapter');
    await show.command({command: 'safe', on: true});
    await ticked('safe');
    assert.equal(await done('back'), false);
    await show.command({command: 'safe', on: false});
    await ticked('back');
});

test('buyers ask about the show\'s products in their languages, point and raise a hand', async () => {
    const view = await until('questions, a point and a request are there', 20000 * patience, async () => {
        const now = await desk(show);
        return now.messages.filter(({kind}) => kind === 'question').length >= 2 && now.points.length > 0 && now.quotes.length >= 2 && now;
    });
    assert.ok(new Set(view.messages.map(({language}) => language)).size >= 2);
    const question = view.messages.find(({kind}) => kind === 'question');
    await act(show, {act: 'answer', message: question.id, text: 'Yes, we send it with the offer.', language: 'en'});
    await ticked('answer');
});

test('an offer at the list price is answered by the buyer, through the socket', async () => {
    const quote = (await desk(show)).quotes[0];
    const mine = async () => (await desk(show)).quotes.find(({id}) => id === quote.id);
    await act(show, {act: 'counter_quote', quote: quote.id, quantity: quote.quantity, unit_price: quote.list_price, lead_time: '30 days'});
    await ticked('counter');
    const met = await until('the buyer meets it in the middle', 10000 * patience, async () => {
        const now = await mine();
        return now.rounds.length === 3 && now;
    });
    assert.ok(Number(met.rounds[2].unit_price.amount) < Number(quote.list_price.amount));
    await act(show, {act: 'counter_quote', quote: quote.id, quantity: quote.quantity, unit_price: met.rounds[2].unit_price, lead_time: '30 days'});
    await until('the buyer orders', 10000 * patience, async () => (await mine()).state === 'accepted');
});

test('masks and recordings of a rehearsal are its own', async () => {
    await show.command({command: 'set_masks', camera: 'bench', masks: [{polygon: [[0, 0], [0.2, 0], [0, 0.2]], fill: 'solid'}], save: true});
    await show.command({command: 'record', on: true});
    const {recording} = await until('it records', 8000 * patience, async () => {
        const now = await show.snapshot();
        return now.recording?.bytes > 0 && now;
    });
    assert.ok(!recording.folder.startsWith(folder), recording.folder);
    assert.equal(listing(), files, 'the show\'s own folder is as it was');
    show.private_folder = join(recording.folder, '..');
});

test('the end: the result is told, the program ends by itself, nothing stays and nobody was told', async () => {
    await show.command({command: 'end'});
    const end = await Promise.race([show.exited, new Promise((late) => setTimeout(() => late('late'), 15000 * patience).unref())]);
    assert.deepEqual(end, {code: 0, signal: null}, show.errors);
    const {outcome, steps} = show.events.find(({event}) => event === 'result');
    assert.ok(steps.every((step) => step.done), JSON.stringify(steps));
    assert.ok(outcome.answered >= 1 && outcome.answer_s > 0 && outcome.ordered === 1, JSON.stringify(outcome));
    assert.equal(outcome.unanswered.length, outcome.questions - outcome.answered);
    assert.deepEqual(show.events.filter(({event, refused}) => event === 'buyer' && refused), []);
    assert.ok(!existsSync(show.private_folder), 'its folder is gone');
    assert.equal(listing(), files);
    assert.equal(told, 0, 'no webhook was called');
    assert.doesNotMatch(show.errors, /refused/);
});
