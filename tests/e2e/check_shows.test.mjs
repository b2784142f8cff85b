// `vitrine check` over every show folder of the fixtures: exit 0 or 2 as expected.json says, each problem named, and no crash (under a
// sanitizer: no report).

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {binary, root} from './support/show.mjs';

const folder = join(root, 'tests/fixtures/shows');
const shows = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')));
const patience = Number(process.env.VITRINE_PATIENCE ?? 1);

test('there are at least 30 shows, valid ones among them', () => {
    assert.ok(shows.length >= 30, `${shows.length}`);
    assert.ok(shows.includes('minimal') && shows.includes('complete'));
});

for (const name of shows)
    test(name, () => {
        const expected = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8'));
        const run = spawnSync(binary, ['check', join(folder, name), '--json'], {encoding: 'utf8', timeout: 10000 * patience});
        assert.equal(run.signal, null, run.stderr);
        assert.equal(run.status, expected.length > 0 ? 2 : 0, run.stderr);
        assert.doesNotMatch(run.stderr, /Sanitizer|runtime error/);
        const problems = run.stdout.split('\n').filter((line) => line).map((line) => JSON.parse(line)).filter(({finding}) => !finding);
        assert.equal(problems.length, expected.length, run.stdout);
    });

test('a valid show is also looked at as before going live, each finding with its fix in both languages', () => {
    const folder_of = (name) => join(folder, name);
    const run = spawnSync(binary, ['check', folder_of('minimal'), '--json'], {encoding: 'utf8', timeout: 10000 * patience});
    const findings = run.stdout.split('\n').filter((line) => line).map((line) => JSON.parse(line));
    assert.equal(run.status, 0, run.stderr);
    const network = findings.find(({finding}) => finding === 'network');
    assert.equal(network.level, 'warn');
    for (const language of ['en', 'zh']) assert.ok(network.text[language] && network.fix[language], JSON.stringify(network));
    const said = spawnSync(binary, ['check', folder_of('minimal')], {encoding: 'utf8', timeout: 10000 * patience});
    assert.match(said.stdout, /^Note: .*\./m);
    assert.match(said.stdout, /The show is valid/);
});
