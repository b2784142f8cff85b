// With few file descriptors the show refuses what is new and goes on with what runs; where the system lets it, it takes more at the start.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {readFileSync, readdirSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {invite} from './support/buyers.mjs';
import {Buyer} from './support/crowd.mjs';
import {binary, scratch, Show, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const camera = {id: 'line', source: 'sim:line?width=320&height=180&fps=10'};
const open = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const processor_s = (pid) => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(f[11]) + Number(f[12])) / 100; };

test('the soft limit is raised at the start', async () => {
    const show = await Show.start({folder: test_show({cameras: [camera]}), prefix: ['prlimit', '--nofile=1024:8192']});
    try {
        assert.match(readFileSync(`/proc/${show.child.pid}/limits`, 'utf8'), /Max open files\s+8192\s+8192/);
    } finally {
        await show.stop();
    }
});

test('256 descriptors, forty viewers and three hundred connections from eight addresses: who is in stays in', {timeout: 90000}, async (t) => {
    const data = scratch(), record = scratch();
    const show = await Show.start({folder: test_show({cameras: [camera], program: 'bitrate_kbps = 300', audio: 'sim:voice'}), prefix: ['prlimit', '--nofile=256:256'], args: ['--data', data, '--record', record]});
    const children = [];
    const watch = (...words) => {
        const child = spawn(binary, ['watch', ...words], {stdio: ['ignore', 'pipe', 'ignore']});
        children.push(child);
        const ended = {said: ''};
        child.stdout.on('data', (d) => { ended.said += d; });
        ended.code = new Promise((done) => child.on('exit', done));
        return ended;
    };
    try {
        const link = await invite(show, {open: true, max_people: 500});
        const ana = await Buyer.join(link, {name: 'Ana'});
        const good = watch(link, '--seconds', '16', '--json');
        await until('one watches', 10000, async () => (await show.metric('vitrine_viewers_connected')) === 1);
        const crowd = watch(link, '--count', '40', '--seconds', '6', '--json');
        let most = 0, acts = 0;
        for (let i = 0; i < 8; ++i) {
            await wait(500);
            most = Math.max(most, open(show.child.pid));
            acts += (await ana.act({act: 'react', kind: 'heart'})).status === 200;
        }
        assert.equal(acts, 8);
        const held = [];
        for (let i = 0; i < 300; ++i) {
            const socket = connect({port: Number(new URL(show.buyer_url).port), host: '127.0.0.1', localAddress: `127.0.0.${20 + i % 8}`});
            socket.on('error', () => {});
            held.push(socket);
        }
        await wait(2500);
        most = Math.max(most, open(show.child.pid));
        assert.equal((await show.snapshot()).session, 'live', 'the presenter gets through');
        assert.equal((await ana.get('/api/me')).status, 200, 'a buyer gets through');
        const before = processor_s(show.child.pid);
        await wait(1500);
        t.diagnostic(`at most ${most} descriptors; ${((processor_s(show.child.pid) - before) / 1.5).toFixed(2)} cores while full`);
        for (const socket of held) socket.destroy();
        await crowd.code;
        assert.equal((await ana.act({act: 'say', kind: 'question', text: 'And now?', moment: {frame: 1}})).status, 200);
        assert.equal(await good.code, 0, 'who watched before watched to the end');
        assert.equal((await show.snapshot()).recording.problem, '');
        assert.ok(most < 256, `${most} descriptors`);
    } finally {
        for (const child of children) child.kill('SIGKILL');
        assert.deepEqual(await show.stop(), {code: 0, signal: null});
        for (const gone of [data, record]) rmSync(gone, {recursive: true, force: true});
    }
});
