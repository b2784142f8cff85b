// A show whose model, logo and font are bad in a way that shows only when they are read whole: check refuses it with a sentence for each; run
// goes on without them, tells the presenter, and the live programme misses no frame, also while bad files are read beside it.

import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {Show, binary, until, write_show} from './support/show.mjs';

const patience = Number(process.env.VITRINE_PATIENCE ?? 1);

function glb(json) {
    const text = Buffer.from(JSON.stringify(json).padEnd(Math.ceil(JSON.stringify(json).length / 4) * 4));
    const head = Buffer.alloc(20);
    head.write('glTF', 0, 'latin1');
    [2, 20 + text.length, text.length, 0x4e4f534a].forEach((value, i) => head.writeUInt32LE(value, 4 + 4 * i));
    return Buffer.concat([head, text]);
}

/// A PNG whose header claims a picture and whose data is noise.
function png(width, height) {
    const bytes = Buffer.alloc(33 + 12 + 64 + 12, 0xa5);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
    bytes.write('IHDR', 12, 'latin1');
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    bytes.set([8, 6, 0, 0, 0], 24);
    bytes.writeUInt32BE(64, 33);
    bytes.write('IDAT', 37, 'latin1');
    bytes.writeUInt32BE(0, 109);
    bytes.write('IEND', 113, 'latin1');
    return bytes;
}

function bad_show() {
    const font = Buffer.alloc(300);
    font.set([0, 1, 0, 0, 0, 9]);
    return write_show({
        'show.toml': '[show]\ntitle = "Bad assets"\nstart = "live"\n\n[brand]\nlogo = "logo.png"\nfont = "font.ttf"\n\n[[camera]]\nid = "bench"\nsource = "sim:bench"\n',
        'products/lamp.toml': 'id = "LAMP"\nname = "Lamp"\nmodel = "lamp.glb"\n',
        'lamp.glb': glb({asset: {version: '2.0'}, scenes: [{nodes: [0]}], nodes: [{children: [1]}, {children: [0]}]}),
        'logo.png': png(4000, 4000),
        'font.ttf': font,
    });
}

const expected = {
    'model': /^is damaged: node 0 hangs below itself/,
    'brand.logo': /^is a damaged PNG/,
    'brand.font': /^is damaged: it/,
};

test('check refuses each bad file with what is wrong and what to do', () => {
    const folder = bad_show();
    const begin = performance.now();
    const run = spawnSync(binary, ['check', folder, '--json'], {encoding: 'utf8', timeout: 20000 * patience});
    const ms = performance.now() - begin;
    rmSync(folder, {recursive: true});
    assert.equal(run.status, 2, run.stderr);
    assert.doesNotMatch(run.stderr, /Sanitizer|runtime error/);
    const problems = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(problems.map((p) => p.key).sort(), Object.keys(expected).sort());
    for (const problem of problems) {
        assert.match(problem.what, expected[problem.key]);
        assert.ok(problem.hint && problem.line > 0 && problem.file);
    }
    assert.ok(ms < 3000 * patience, `${ms} ms for three bad files`);
});

test('a live show goes on without them and misses no frame', {timeout: 90000}, async () => {
    const folder = bad_show();
    const show = await Show.start({folder});
    try {
        const {notices} = await until('the presenter is told', 5000, async () => {
            const snapshot = await show.snapshot();
            return snapshot.notices.length >= 3 && snapshot;
        });
        for (const name of ['lamp.glb', 'logo.png', 'font.ttf'])
            assert.ok(notices.some((n) => n.startsWith(`The show goes on without ${name} (`)), notices.join('\n'));
        const before = show.usage().rss_kb;
        // Bad files are read beside it, each in a process of its own.
        for (let i = 0; i < 5; ++i) {
            const beside = spawn(binary, ['check', folder], {stdio: 'ignore'});
            assert.equal(await new Promise((done) => beside.on('exit', done)), 2);
        }
        await wait(2000);
        assert.ok(show.usage().rss_kb < before + 64 * 1024, 'the show grew');
        // No reader is left over.
        const readers = readdirSync('/proc').filter((pid) => {
            try {
                return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`(vitrine-reader) Z ${show.child.pid} `);
            } catch {
                return false;
            }
        });
        assert.deepEqual(readers, []);
    } finally {
        const end = await show.stop();
        rmSync(folder, {recursive: true});
        assert.deepEqual(end, {code: 0, signal: null}, show.errors);
    }
    const ended = show.events.find((e) => e.event === 'ended');
    assert.ok(ended.program_frames > 60, `${ended.program_frames} frames`);
    assert.equal(ended.missed_ticks, 0);
});
