// Recordings survive kill -9, hold their scene frames, and their sound meets their picture.

import assert from 'node:assert/strict';
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {decode_errors, luma, probe, read_code, scene_frames, sound, times} from './support/recording.mjs';
import {Show, scratch, until} from './support/show.mjs';
import {bench_camera, line_camera, test_show} from './support/shows.mjs';

function files(folder) {
    const names = readdirSync(folder).filter((n) => n.endsWith('.mp4'));
    const clean = names.find((n) => n.endsWith('-clean.mp4'));
    const burned = names.find((n) => !n.endsWith('-clean.mp4'));
    assert.ok(clean && burned, `files: ${names}`);
    return {clean: join(folder, clean), burned: join(folder, burned)};
}
const codes = (file) => luma(file, {x: 0, y: 704, width: 544, height: 16}).map((strip) => read_code(strip, 544, 16));

for (const seconds of [3.1, 5.7, 8.4])
    test(`killed after ${seconds} s: both files open, decode and hold all but the last second`, async (t) => {
        const folder = scratch();
        const show = await Show.start({folder: test_show({cameras: [bench_camera], audio: 'sim:voice'}), args: ['--record', folder]});
        await until('both files are there', 5000, () => readdirSync(folder).filter((n) => n.endsWith('.mp4')).length === 2);
        await wait(seconds * 1000);
        const killed_us = Date.now() * 1000;
        await show.stop('SIGKILL');
        const {clean, burned} = files(folder);
        for (const file of [clean, burned]) {
            assert.equal(decode_errors(file), '', file);
            assert.deepEqual(probe(file).streams.map((s) => s.codec_type).sort(), ['audio', 'video']);
        }
        const frames = scene_frames(clean);
        const lost = (killed_us - frames.at(-1).capture) / 1e6;
        // The burned file has no scene frames to read, but its code names frames of the clean one.
        const last_code = codes(burned).filter((c) => c !== null).at(-1);
        const twin = frames.find((f) => f.number % (1 << 24) === last_code);
        const lost_burned = twin ? (killed_us - twin.capture) / 1e6 : lost + (frames.at(-1).number - last_code) / 30;
        t.diagnostic(`lost ${lost.toFixed(2)} s of the clean file, ${lost_burned.toFixed(2)} s of the burned one`);
        assert.ok(lost <= 1.1 && lost_burned <= 1.1, `${lost} s and ${lost_burned} s`);
        rmSync(folder, {recursive: true});
    });

test('ended with Ctrl-C: files are whole, in step, each frame once; beep and flash within 40 ms', async (t) => {
    const folder = scratch();
    const show = await Show.start({folder: test_show({cameras: [line_camera], audio: 'sim:voice'}), args: ['--record', folder]});
    await until('both files are there', 5000, () => readdirSync(folder).filter((n) => n.endsWith('.mp4')).length === 2);
    await wait(9000);
    assert.deepEqual(await show.stop('SIGINT'), {code: 0, signal: null});
    const {clean, burned} = files(folder);
    for (const file of [clean, burned]) assert.equal(decode_errors(file), '', file);

    const numbers = scene_frames(clean).map((f) => f.number);
    assert.equal(numbers.length, times(clean, 'v').length, 'each recorded frame has its scene frame');
    const seen = codes(clean);
    assert.ok(seen.filter((c) => c !== null).length > seen.length * 0.95);
    seen.forEach((c, i) => { if (c !== null) assert.equal(c, numbers[i] % (1 << 24), 'the scene frame in the file belongs to its picture'); });

    for (const file of [clean, burned]) {
        const at = times(file, 'v');
        const light = luma(file, {width: 64, height: 36, scale: true}).map((f) => f.reduce((a, b) => a + b, 0) / f.length);
        assert.equal(light.length, at.length);
        const sorted = [...light].sort((a, b) => a - b);
        // Most frames show the line; a slate at the start is darker, the flash brighter.
        const middle = (sorted[sorted.length >> 1] + sorted.at(-1)) / 2;
        const flashes = at.filter((_, i) => i > 0 && light[i] > middle && light[i - 1] <= middle);
        const samples = sound(file);
        const audio_start = times(file, 'a')[0];
        const beeps = [];
        let loud = false;
        for (let i = 0; i + 48 <= samples.length; i += 48) {
            let peak = 0;
            for (let k = i; k < i + 48; ++k) peak = Math.max(peak, Math.abs(samples[k]));
            if (peak > 0.15 && !loud) beeps.push(audio_start + i / 48000);
            loud = peak > 0.15 || (loud && peak > 0.02);
        }
        assert.ok(flashes.length >= 3, `${flashes.length} flashes`);
        const offsets = flashes.map((f) => beeps.map((b) => b - f).sort((a, b) => Math.abs(a) - Math.abs(b))[0]);
        t.diagnostic(`${file.endsWith('-clean.mp4') ? 'clean' : 'burned'}: sound after picture ${offsets.map((o) => (o * 1000).toFixed(0)).join(', ')} ms`);
        for (const o of offsets) assert.ok(Math.abs(o) <= 0.04, `sound is ${o * 1000} ms after the picture`);
    }
    rmSync(folder, {recursive: true});
});
