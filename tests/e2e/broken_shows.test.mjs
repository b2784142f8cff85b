// Broken show folders through the command line: exit 2, every problem named, at once, no crash.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {binary, root} from './support/show.mjs';

const folder = join(root, 'tests/fixtures/shows');
const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
const broken = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')) && JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')).length > 0);

test('there are at least 25 broken shows', () => assert.ok(broken.length >= 25, `${broken.length}`));

for (const name of broken)
    test(`${name}: refused with every problem`, () => {
        const begin = performance.now();
        const run = spawnSync(binary, ['run', join(folder, name), '--headless', '--json', '--port', '0'], {encoding: 'utf8', timeout: 10000 * patience});
        const ms = performance.now() - begin;
        assert.equal(run.signal, null, run.stderr);
        assert.equal(run.status, 2, run.stderr);
        assert.ok(ms < 1000 * patience, `${ms} ms`);
        for (const problem of JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8'))) assert.ok(run.stderr.includes(problem.key ?? problem.file), `${JSON.stringify(problem)} in\n${run.stderr}`);
    });
