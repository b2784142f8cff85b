// `vitrine invite`: a link that lets in, made by the show that runs or put into its store, and a QR code that a phone reads.

import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';

import {binary, scratch, Show} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const run = promisify(execFile);
let folder, runtime, env, show;
before(() => {
    folder = test_show({cameras: [bench_camera]});
    runtime = scratch();
    env = {...process.env, XDG_RUNTIME_DIR: runtime};
});
after(async () => {
    await show?.stop();
    rmSync(runtime, {recursive: true, force: true});
});

const invite = async (...words) => {
    try {
        const {stdout} = await run(binary, ['invite', folder, ...words], {env});
        return {code: 0, stdout};
    } catch ({code, stdout, stderr}) {
        return {code, stdout, stderr};
    }
};
const join_by = async (link, origin = new URL(link).origin) => {
    const [, id, secret] = link.match(/\/j\/([^#]+)#(.+)$/);
    const answer = await fetch(`${origin}/api/join`, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({invite: id, secret, language: 'es', bearer: true})});
    return {status: answer.status, body: await answer.json()};
};

test('wrong words are said, with exit code 2', async () => {
    for (const words of [[], ['--name', 'x', '--expires', 'soon'], ['--name', 'x', '--role', 'presenter'], ['--open', '0']]) assert.equal((await invite(...words)).code, 2, words.join(' '));
});

test('a link whose port nobody knows yet is not made', async () => {
    const made = await invite('--name', 'Ana Lima', '--company', 'Casa Souza', '--lang', 'es', '--expires', '2h', '--json');
    assert.equal(made.code, 2);
    assert.match(made.stderr, /port/);
});

test('the running show makes it; the QR code is the link; it lets in a person of that name', async () => {
    show = await Show.start({folder, env: {XDG_RUNTIME_DIR: runtime}});
    const png = join(runtime, 'code.png');
    const {code, stdout} = await invite('--name', 'Ana Lima', '--company', 'Casa Souza', '--lang', 'es', '--expires', '2h', '--json', '--png', png);
    assert.equal(code, 0);
    const {link} = JSON.parse(stdout);
    assert.equal(new URL(link).origin, new URL(show.buyer_url).origin);
    assert.equal(execFileSync('zbarimg', ['-q', '--raw', png], {encoding: 'utf8'}).trim(), link);
    const {status, body} = await join_by(link);
    assert.equal(status, 200);
    assert.equal(body.name, 'Ana Lima');
    assert.equal(body.role, 'buyer');
    const text = (await invite('--name', 'Bo')).stdout;
    assert.match(text, /█/);
    assert.match(text, /\/j\/[^#]+#[0-9a-f]{32}/);
});

test('an open link takes so many people and no more; a helper is a helper', async () => {
    const {link} = JSON.parse((await invite('--open', '2', '--json')).stdout);
    assert.deepEqual([(await join_by(link)).status, (await join_by(link)).status, (await join_by(link)).status], [200, 200, 409]);
    const helper = JSON.parse((await invite('--name', 'Hu', '--role', 'helper', '--json')).stdout);
    assert.equal((await join_by(helper.link)).body.role, 'helper');
});
