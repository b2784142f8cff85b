// `vitrine probe --try`: one source, opened for a few seconds. A real network camera (a gst-rtsp-server process) and the usual things that go
// wrong with one; each is a trouble of its own with a sentence and what to do, and no password is told.

import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {dirname, join} from 'node:path';
import {after, before, test} from 'node:test';

import {binary, scratch, until} from './support/show.mjs';

const program = join(process.env.VITRINE_TEST_BIN ?? dirname(binary), 'rtsp_camera');
const needs_camera = {skip: existsSync(program) ? false : 'needs libgstrtspserver-1.0-dev', timeout: 60000};
const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
const home = scratch();
const cameras = [];
after(() => {
    for (const camera of cameras) camera.kill('SIGKILL');
    rmSync(home, {recursive: true, force: true});
});

async function start_camera(...words) {
    const child = spawn(program, ['--width', '640', '--height', '360', '--fps', '30', ...words], {stdio: ['ignore', 'pipe', 'inherit']});
    cameras.push(child);
    let text = '';
    child.stdout.on('data', (d) => { text += d; });
    child.port = await until('the camera is there', 8000 * patience, () => Number(text.match(/port (\d+)/)?.[1]));
    return child;
}
const attempt = (address, ...words) => new Promise((done) => {
    const begin = performance.now();
    execFile(binary, ['probe', '--try', address, '--json', ...words], {cwd: home, timeout: 40000 * patience}, (error, stdout, stderr) => {
        assert.doesNotMatch(stdout + stderr, /geheim12|falsch99/);
        done({...JSON.parse(stdout), code: error?.code ?? 0, ms: performance.now() - begin});
    });
});
function is(tried, trouble) {
    assert.equal(tried.trouble, trouble, JSON.stringify(tried));
    assert.equal(tried.works, false);
    for (const language of ['en', 'zh']) {
        assert.match(tried.text[language], /[.。]$/);
        assert.ok(tried.fix[language], `${trouble}: nothing to do in ${language}`);
        assert.doesNotMatch(tried.text[language] + tried.fix[language], /\{\w+\}|trial\./);
    }
}

let camera, locked;
before(async () => {
    if (needs_camera.skip) return;
    camera = await start_camera('--audio');
    locked = await start_camera('--user', 'vera', '--password', 'geheim12');
});

test('a camera that works: size, rate, encoding, sound and a small picture', needs_camera, async () => {
    const tried = await attempt(`rtsp://127.0.0.1:${camera.port}/live`, '--thumbnail', 'small.jpg');
    assert.equal(tried.works, true, JSON.stringify(tried));
    assert.deepEqual([tried.width, tried.height, tried.codec, tried.sound, tried.sound_codec], [640, 360, 'H.264', true, 'G.711']);
    assert.ok(tried.fps > 20 && tried.fps < 40, `${tried.fps}`);
    assert.match(tried.text.en, /^It works: 640 × 360, .*H\.264, with sound \(G\.711\)\.$/);
    assert.deepEqual([...readFileSync(join(home, 'small.jpg')).subarray(0, 3)], [0xff, 0xd8, 0xff]);
});

test('one behind a password: with it, without it, with a wrong one', needs_camera, async () => {
    const right = await attempt(`rtsp://vera:geheim12@127.0.0.1:${locked.port}/live`);
    assert.equal(right.works, true, JSON.stringify(right));
    assert.equal(right.sound, false);
    is(await attempt(`rtsp://127.0.0.1:${locked.port}/live`), 'needs_password');
    is(await attempt(`rtsp://vera:falsch99@127.0.0.1:${locked.port}/live`), 'wrong_password');
});

test('a path that it does not have', needs_camera, async () => is(await attempt(`rtsp://127.0.0.1:${camera.port}/other`), 'not_found'));

test('a port where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await until('listening', 3000, () => server.address());
    const {port} = server.address();
    await new Promise((done) => server.close(done));
    const tried = await attempt(`rtsp://127.0.0.1:${port}/live`);
    is(tried, 'refused');
    assert.match(tried.text.en, new RegExp(`port ${port}`));
});

test('a web server, and one that says nothing at all', async () => {
    for (const answer of ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', null]) {
        const server = createServer((socket) => { socket.on('error', () => {}); socket.on('data', () => { if (answer) socket.end(answer); }); }).listen(0, '127.0.0.1');
        await until('listening', 3000, () => server.address());
        is(await attempt(`rtsp://vera:geheim12@127.0.0.1:${server.address().port}/live`), 'not_rtsp');
        server.close();
    }
});

test('a name nobody knows, an address that is none, a file that is not there', async () => {
    is(await attempt('rtsp://camera.invalid/live'), 'no_such_host');
    const none = await attempt('rtsp://vera:geheim12@:99999/');
    is(none, 'bad_address');
    assert.equal(none.code, 2);
    is(await attempt('file:missing.mp4'), 'bad_address');
    writeFileSync(join(home, 'words.mp4'), 'these are words');
    const words = await attempt('file:words.mp4');
    assert.equal(words.works, false);
    assert.match(words.text.en, /\.$/);
});

test('simulated cameras and v4l2 devices that are not there', async () => {
    const tried = await attempt('sim:bench?width=640&height=360', '--thumbnail', 'sim.jpg');
    assert.equal(tried.works, true, JSON.stringify(tried));
    assert.deepEqual([tried.width, tried.height], [640, 360]);
    assert.ok(existsSync(join(home, 'sim.jpg')));
    const missing = await attempt('v4l2:/dev/video97');
    assert.equal(missing.works, false);
    assert.match(missing.text.en, /no camera at \/dev\/video97/);
});

test('all cameras with thumbnails: one JSON object as before, cameras with what they are', async () => {
    const text = await new Promise((done) => execFile(binary, ['probe', '--json', '--thumbnails', 'all'], {cwd: home, timeout: 60000 * patience}, (_, stdout) => done(stdout)));
    const report = JSON.parse(text);
    assert.ok(report.encoders.length > 0);
    for (const device of report.devices) if (device.kind === 'camera' && device.source) assert.ok(device.trial, JSON.stringify(device));
});
