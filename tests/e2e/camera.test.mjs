// A real network camera (a gst-rtsp-server process) beside a simulated one, through the whole program: hang, kill, return. Times are from the
// show's own snapshot; the other camera's viewer must lose no frame meanwhile.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {first_frame, open_browser, open_page, sample_codes} from './support/browser.mjs';
import {Show, binary, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const program = join(process.env.VITRINE_TEST_BIN ?? dirname(binary), 'rtsp_camera');

async function start_camera(port = 0) {
    const child = spawn(program, ['--port', String(port), '--width', '1280', '--height', '720', '--fps', '30'], {stdio: ['ignore', 'pipe', 'inherit']});
    let text = '';
    child.stdout.on('data', (d) => { text += d; });
    child.port = await until('the camera is there', 8000, () => Number(text.match(/port (\d+)/)?.[1]));
    return child;
}
const state = async (show) => (await show.snapshot()).cameras.gate.state;

/// Medians over 60 frames (ms): `arrived`, the age of the camera's picture when it has come to the browser, whose code is the low 24 bits of the
/// monotonic clock in ms at its making (a constant offset of the clocks cancels out between two calls); `shown`, from then to its display. The
/// second is the browser's: nobody listens, so the picture waits for nothing.
const ages = (page) => page.evaluate(() => new Promise((done) => {
    const video = document.querySelector('video');
    const canvas = Object.assign(document.createElement('canvas'), {width: 544, height: 16});
    const context = canvas.getContext('2d', {willReadFrequently: true});
    const arrived = [], shown = [];
    const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const look = (now, {receiveTime, expectedDisplayTime}) => {
        context.drawImage(video, 0, 0, 544, 16, 0, 0, 544, 16);
        const {data} = context.getImageData(0, 0, 544, 16);
        let value = 0;
        for (let i = 0; i < 24; ++i) value = value * 2 + (data[4 * (8 * 544 + (2 + i) * 16 + 8) + 1] > 127 ? 1 : 0);
        arrived.push(receiveTime + performance.timeOrigin - value);
        shown.push(expectedDisplayTime - receiveTime);
        if (arrived.length < 60) video.requestVideoFrameCallback(look); else done({arrived: median(arrived), shown: median(shown)});
    };
    video.requestVideoFrameCallback(look);
}));

test('a network camera that hangs, dies and returns costs only its own picture', {skip: existsSync(program) ? false : 'needs libgstrtspserver-1.0-dev', timeout: 120000}, async (t) => {
    let camera = await start_camera();
    const port = camera.port;
    const show = await Show.start({folder: test_show({
        cameras: [bench_camera, {id: 'gate', source: `rtsp://127.0.0.1:${port}/live`}],
        scenes: [{id: 'bench', cameras: ['bench']}, {id: 'gate', cameras: ['gate']}],
        program: 'bitrate_kbps = 4000',
    })});
    const browser = await open_browser();
    try {
        await until('the camera is live', 6000, async () => (await state(show)) === 'live');
        await show.command({command: 'switch_scene', scene: 'gate'});
        const page = await open_page(browser, show.buyer_url);
        await first_frame(page);
        await wait(1500);
        const before = await ages(page);

        const missed = await show.metric('vitrine_program_missed_ticks_total');
        const witness = spawn(binary, ['watch', show.buyer_url, '--seconds', '24', '--json'], {stdio: ['ignore', 'pipe', 'inherit']});
        let said = '';
        witness.stdout.on('data', (d) => { said += d; });
        const left = new Promise((done) => witness.on('exit', done));
        await wait(1000);
        const bench_frames = async () => (await show.snapshot()).cameras.bench.dropped;
        const dropped = await bench_frames();

        const timed = async (what, ms, wanted) => {
            const begin = performance.now();
            await until(what, ms + 3000, async () => wanted(await state(show)), 20);
            const took = performance.now() - begin;
            t.diagnostic(`${what}: ${took.toFixed(0)} ms`);
            assert.ok(took <= ms, `${what} took ${took} ms`);
        };

        camera.kill('SIGSTOP');
        await timed('slate after a freeze', 2000, (s) => s !== 'live');
        camera.kill('SIGCONT');
        await timed('picture back after the freeze', 3000, (s) => s === 'live');
        await wait(1500);

        camera.kill('SIGKILL');
        await timed('slate after a loss', 1000, (s) => s !== 'live');
        camera = await start_camera(port);
        await timed('picture back after the return', 3000, (s) => s === 'live');
        await wait(2500);

        const after = await ages(page);
        const older = after.arrived - before.arrived;
        t.diagnostic(`the picture arrives ${older.toFixed(1)} ms older than before; shown ${before.shown.toFixed(1)} ms later then, ${after.shown.toFixed(1)} now`);
        assert.ok(older <= 34, `latency grew by ${older} ms: more than a frame`);
        assert.ok(after.shown - before.shown <= 34, `the browser holds it for ${after.shown - before.shown} ms longer: more than a frame`);

        assert.equal(await left, 0);
        const seen = JSON.parse(said.trim().split('\n').at(-1));
        t.diagnostic(`witness: ${seen.frames} frames, ${seen.gaps} missing`);
        const not_made = (await show.metric('vitrine_program_missed_ticks_total')) - missed;
        assert.ok(not_made <= 3, `${not_made} ticks missed`);
        assert.ok(seen.gaps <= not_made, `the viewers lost ${seen.gaps} frames, ${not_made} were never made`);
        assert.equal((await bench_frames()) - dropped, 0, 'the other camera lost no frame');
        assert.deepEqual(page.problems, []);
    } finally {
        camera.kill('SIGKILL');
        await browser.close();
        await show.stop();
    }
});
