// A full disk: the show stays live without a missed tick, buyers are told, nothing is corrupt, and it works again when there is room.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {rmSync, statfsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {Buyer, ask, client_id, desk_of} from './support/crowd.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const root_only = process.getuid() === 0 ? {} : {skip: 'needs root, to mount a small file system'};

test('a disk of 4 MB that fills up', {timeout: 120000, ...root_only}, async (t) => {
    const data = scratch();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', data]);
    let show;
    try {
        const folder = test_show({cameras: [{id: 'line', source: 'sim:line?width=640&height=360&fps=15'}]});
        show = await Show.start({folder, args: ['--data', data]});
        const buyers = await Promise.all(Array.from({length: 10}, () => Buyer.join(show.buyer_url)));
        await buyers[0].must_act({act: 'say', kind: 'question', text: 'before', moment: {frame: 1}});
        const missed = await show.metric('vitrine_program_missed_ticks_total');
        const frames = await show.metric('vitrine_program_frames_total');

        // Somebody else takes the rest of the disk.
        const filler = join(data, 'filler');
        const fill = () => { for (let block = 1 << 20; block >= 4096;) { try { writeFileSync(filler, Buffer.alloc(block), {flag: 'a'}); } catch { block >>= 1; } } };
        fill();
        let kept = 1, told = null;
        const acknowledged = new Set(['before']);
        await until('a buyer is told that the disk is full', 30000, async () => {
            fill();
            for (const buyer of buyers) {
                const text = `full ${++kept} ${'x'.repeat(400)}`;
                const answer = await buyer.act({act: 'say', kind: 'question', text, moment: {frame: 1}});
                if (answer.status === 200) acknowledged.add(text);
                if (answer.status === 507) told = answer;
            }
            return told;
        });
        assert.match(told.json.detail, /could not be stored/);
        // An attachment finds no room either.
        const file = await ask(`${buyers[1].origin}/api/attachments/${client_id('file')}?name=logo.pdf`, {method: 'PUT', headers: {...buyers[1].headers, 'Content-Type': 'application/pdf'}, body: Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(1 << 20, 32)])});
        assert.equal(file.status, 507, file.text);
        assert.equal((await buyers[2].get('/api/me')).status, 200);

        // Live as before.
        assert.equal((await show.snapshot()).session, 'live');
        assert.ok((await show.metric('vitrine_program_frames_total')) > frames);
        const late = (await show.metric('vitrine_program_missed_ticks_total')) - missed;
        t.diagnostic(`${acknowledged.size} acknowledged, ${late} ticks missed, ${statfsSync(data).bavail} blocks free`);
        assert.equal(late, 0);

        rmSync(filler);
        await until('it works again', 15000, async () => {
            const answer = await buyers[3].act({act: 'say', kind: 'question', text: 'after', moment: {frame: 1}}, 'the-same-id');
            return answer.status === 200;
        }, 200);
        acknowledged.add('after');
        const texts = (desk) => desk.messages.map((m) => m.text);
        const now = texts(await desk_of(show));
        for (const text of acknowledged) assert.equal(now.filter((one) => one === text).length, 1, text.slice(0, 20));
        assert.equal(now.length, acknowledged.size, 'what was refused is not there');
        await show.stop('SIGKILL');
        show = await Show.start({folder, args: ['--data', data]});
        assert.deepEqual(texts(await desk_of(show)).sort(), [...acknowledged].sort());
    } finally {
        await show?.stop();
        execFileSync('umount', ['-l', data]);
    }
});
