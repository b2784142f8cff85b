// `vitrine bench`: one object a line, with figures that can be true.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {test} from 'node:test';

import {binary} from './support/show.mjs';

const bench = (...words) => execFileSync(binary, ['bench', ...words, '--json'], {encoding: 'utf8'}).trim().split('\n').map((line) => JSON.parse(line));

test('overlay: a blend costs more than a copy of its bytes, and hardly more than without SIMD', () => {
    const [f, ...more] = bench('overlay');
    assert.equal(more.length, 0);
    assert.equal(f.bench, 'overlay');
    assert.ok(f.copy_ms_median > 0);
    assert.ok(f.blend_of_copy > 1, JSON.stringify(f));
    assert.ok(f.plain_of_blend > 0.8, JSON.stringify(f));
    assert.ok(f.first_paint_ms > f.paint_ms_median);
    assert.ok(f.ffmpeg_overlay_ms > 0 && f.ten_callouts_ms_median > 0);
    assert.ok(f.growth_with_card > 1.2, JSON.stringify(f));
    assert.ok(f.growth_with_picture < 2.5, JSON.stringify(f));  // four times the pixels
});

test('track: follows every frame, a search costs more than following', () => {
    const [f, p] = bench('track');
    assert.equal(f.bench, 'track');
    assert.equal(f.frames, 300);
    assert.ok(f.search_ms_median > f.follow_ms_median, JSON.stringify(f));
    assert.ok(f.corner_px_mean < 0.2, JSON.stringify(f));
    assert.equal(p.target, 'picture');
    assert.ok(p.frames > 550 && p.wild_frames === 0 && p.corner_px_mean < 1 && p.still_px < 0.15, JSON.stringify(p));
    assert.ok(p.search_ms_median > p.follow_ms_median && p.reacquire_ms_max <= 200, JSON.stringify(p));
});

test('program: a line for each layout and the fade, all at 30 frames a second', () => {
    const lines = bench('program', '--seconds', '1');
    assert.deepEqual(lines.map((f) => f.layout).sort(), ['fade', 'full', 'grid', 'pip', 'side-by-side']);
    for (const f of lines) {
        assert.equal(f.bench, 'program');
        assert.ok(f.frames >= 20 && f.frames <= 32, JSON.stringify(f));
        assert.ok(f.drawing_cameras_cpu_percent > 0 && f.path_cpu_percent > 0, JSON.stringify(f));
    }
});

test('a bench that does not exist is refused with the names of those that do', () => {
    const {status, stderr} = spawnSync(binary, ['bench', 'speed'], {encoding: 'utf8'});
    assert.notEqual(status, 0);
    assert.match(stderr, /overlay.*track.*program/s);
});
