// The disk that a live show records to fills up, is taken away, and comes back: the panel's snapshot, the log and the figures say so within 2 s,
// recording begins again by itself within 5 s, and no buyer loses a frame by it.

import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {decode_errors} from './support/recording.mjs';
import {Show, binary, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const root_only = process.getuid() === 0 ? {} : {skip: 'needs root, to mount a small file system'};
const mount = (at) => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', at]);

test('a recording disk that fills up and one that is taken away', {timeout: 90000, ...root_only}, async (t) => {
    const disk = join(scratch(), 'disk'), folder = join(disk, 'rec');
    mkdirSync(disk);
    mount(disk);
    let show;
    try {
        show = await Show.start({
            folder: test_show({cameras: [{id: 'line', source: 'sim:line?width=640&height=360&fps=30'}], program: 'bitrate_kbps = 800', audio: 'sim:voice'}),
            args: ['--record', folder],
        });
        const recording = async () => (await show.snapshot()).recording;
        const files = () => readdirSync(folder).filter((name) => name.endsWith('.mp4'));
        const both_hold = async () => { const two = (await show.snapshot()).outputs.filter((o) => o.kind === 'recording'); return two.length === 2 && two.every((o) => o.state === 'writing' && o.frames > 45); };
        await until('it records', 12000, both_hold);
        const watcher = spawn(binary, ['watch', show.buyer_url, '--seconds', '16', '--json'], {stdio: ['ignore', 'pipe', 'ignore']});
        let told = '';
        watcher.stdout.on('data', (data) => { told += data; });
        const watched = new Promise((done) => watcher.on('exit', done));
        const missed = await show.metric('vitrine_program_missed_ticks_total');

        const filler = join(disk, 'filler');
        for (let block = 1 << 20; block >= 4096;) { try { writeFileSync(filler, Buffer.alloc(block), {flag: 'a'}); } catch { block >>= 1; } }
        const stopped = (words) => async () => { const now = await recording(); return !now.writing && now.problem.includes(words); };
        await until('the full disk is told', 2000, stopped('is full'));
        const outputs = (await show.snapshot()).outputs.filter((o) => o.kind === 'recording');
        assert.deepEqual(outputs.map((o) => o.state), ['stopped', 'stopped']);
        assert.equal(await show.metric('vitrine_recording_fault'), 1);
        await until('the log says so', 1000, () => /disk of .* is full/.test(show.errors));
        const before = files();
        assert.equal(before.length, 2);
        rmSync(filler);
        await until('it records again', 5000, async () => { const now = await recording(); return now.writing && now.problem === '' && files().length === 4; });
        await until('what is missing is told', 3000, async () => (await show.snapshot()).notices.some((n) => /Recording again: .*About [\d.]+ s before it are missing/.test(n)));
        assert.ok(await show.metric('vitrine_recording_lost_seconds_total') > 0);
        await until('both new files hold something', 5000, both_hold);
        for (const name of before) assert.equal(decode_errors(join(folder, name)), '', name);

        execFileSync('umount', ['-l', disk]);
        await until('the disk that is gone is told', 2000, stopped('is gone'));
        await wait(1500);
        assert.deepEqual(readdirSync(disk), [], 'nothing is written where the disk was');
        mount(disk);
        await until('it records again', 5000, async () => { const now = await recording(); return now.writing && now.problem === ''; });
        await until('both hold something', 5000, both_hold);

        await watched;
        const figures = JSON.parse(told.trim().split('\n').at(-1));
        const late = (await show.metric('vitrine_program_missed_ticks_total')) - missed;
        t.diagnostic(`${late} ticks missed; the viewer: ${JSON.stringify(figures)}`);
        assert.equal(late, 0);
        assert.equal(figures.gaps, 0);
        assert.deepEqual(await show.stop(), {code: 0, signal: null});
        for (const name of files()) assert.equal(decode_errors(join(folder, name)), '', name);
    } finally {
        await show?.stop();
        execFileSync('umount', ['-l', disk]);
    }
});
