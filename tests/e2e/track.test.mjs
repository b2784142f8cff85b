// `vitrine track` and `vitrine calibrate` as their users meet them: files in, lines out, exit codes, and a sentence for each mistake.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';

import {boxes_model, glb} from './support/glb.mjs';
import {binary} from './support/show.mjs';

const data = '/usr/share/doc/opencv-doc/examples/data';
const with_data = existsSync(join(data, 'left01.jpg')) ? {} : {skip: 'package opencv-doc is not installed'};
const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
const folder = mkdtempSync(join(tmpdir(), 'vitrine-track-'));
after(() => rmSync(folder, {recursive: true}));

function vitrine(...words) {
    const run = spawnSync(binary, words, {encoding: 'utf8', timeout: 60000 * patience, cwd: folder, maxBuffer: 1 << 26});
    assert.equal(run.signal, null, run.stderr);
    assert.doesNotMatch(run.stderr, /Sanitizer|runtime error/);
    return run;
}
const lines = (run) => run.stdout.split('\n').filter((line) => line).map((line) => JSON.parse(line));

/// A refusal: its exit code, and one line on standard error that names what is wrong.
function refused(code, sentence, ...words) {
    const run = vitrine(...words);
    assert.equal(run.status, code, `${words.join(' ')}\n${run.stdout}${run.stderr}`);
    assert.match(run.stderr, sentence, words.join(' '));
}

// ArUco 4x4_50, marker 0, as OpenCV prints it; 1 is white.
const marker = ['1011', '0101', '0011', '0010'];
const cell = 20;
/// A picture (PGM) of that marker with its top left corner between the pixels before and at (x, y).
function draw(file, x, y, there = true, width = 400, height = 300) {
    const pixels = Buffer.alloc(width * height, 190);
    for (let row = 0; there && row < 6; row++)
        for (let column = 0; column < 6; column++) {
            const inner = row > 0 && row < 5 && column > 0 && column < 5;
            if (inner && marker[row - 1][column - 1] === '1') continue;
            for (let i = 0; i < cell; i++) pixels.fill(25, (y + row * cell + i) * width + x + column * cell, (y + row * cell + i) * width + x + (column + 1) * cell);
        }
    writeFileSync(join(folder, file), Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]));
}
const corners = (x, y) => [[x - 0.5, y - 0.5], [x + 119.5, y - 0.5], [x + 119.5, y + 119.5], [x - 0.5, y + 119.5]];
function near(found, truth, most) {
    found.forEach((corner, i) => assert.ok(Math.hypot(corner[0] - truth[i][0], corner[1] - truth[i][1]) < most, `${JSON.stringify(found)} is not ${JSON.stringify(truth)}`));
}

test('a sequence is read in natural order, one line a frame', () => {
    mkdirSync(join(folder, 'sequence'));
    for (let n = 1; n <= 12; n++) draw(`sequence/f${n}.pgm`, 60 + 9 * n, 40 + 5 * n, n !== 7);
    writeFileSync(join(folder, 'lens.toml'), 'width = 400\nheight = 300\nfx = 350\nfy = 350\ncx = 199.5\ncy = 149.5\n');
    const run = vitrine('track', 'sequence/f*.pgm', '--marker', 'aruco4x4_50', '--size-mm', '40', '--calibration', 'lens.toml', '--json');
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /marker 0/);
    const frames = lines(run);
    assert.equal(frames.length, 12);
    frames.forEach((line, i) => {
        const n = i + 1;
        assert.equal(line.frame, i);
        assert.equal(line.found, n !== 7);
        assert.equal(typeof line.ms, 'number');
        if (!line.found) return assert.deepEqual(Object.keys(line), ['frame', 'found', 'ms']);
        assert.deepEqual(Object.keys(line), ['frame', 'found', 'corners', 'rvec', 'tvec', 'ms']);
        near(line.corners, corners(60 + 9 * n, 40 + 5 * n), 0.1);
        // Seen straight on: 120 px of 40 mm through 350 px of focal length.
        const away = (350 * 40) / 120;
        assert.ok(Math.abs(line.tvec[2] - away) < 0.005 * away, JSON.stringify(line));
        assert.ok(Math.abs(line.tvec[0] - ((59.5 + 9 * n - 199.5) * away) / 350) < 0.3, JSON.stringify(line));
        assert.ok(Math.hypot(...line.rvec) < 0.03, JSON.stringify(line));
    });
});

test('a still is one frame; without a calibration there is no pose', () => {
    draw('still.pgm', 133, 77);
    const found = lines(vitrine('track', 'still.pgm', '--marker', 'aruco4x4_50', '--size-mm', '40', '--id', '0', '--json'));
    assert.equal(found.length, 1);
    assert.deepEqual(Object.keys(found[0]), ['frame', 'found', 'corners', 'ms']);
    near(found[0].corners, corners(133, 77), 0.1);
    const other = vitrine('track', 'still.pgm', '--marker', 'aruco4x4_50', '--size-mm', '40', '--id', '3', '--json');
    assert.equal(other.status, 0);
    assert.equal(lines(other)[0].found, false);
    const text = vitrine('track', 'still.pgm', '--marker', 'aruco4x4_50', '--size-mm', '40').stdout;
    assert.match(text, /132\.5/);
});

test('a video gives a line for each of its frames', (t) => {
    if (spawnSync('ffmpeg', ['-version']).error) return t.skip('needs ffmpeg');
    mkdirSync(join(folder, 'film'));
    for (let n = 0; n < 20; n++) draw(`film/${String(n).padStart(2, '0')}.pgm`, 40 + 8 * n, 50 + 4 * n);
    const made = spawnSync('ffmpeg', ['-loglevel', 'error', '-framerate', '25', '-i', join(folder, 'film/%02d.pgm'), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-qp', '10', join(folder, 'film.mp4')], {encoding: 'utf8'});
    assert.equal(made.status, 0, made.stderr);
    const frames = lines(vitrine('track', 'film.mp4', '--marker', 'aruco4x4_50', '--size-mm', '40', '--json'));
    assert.equal(frames.length, 20);
    frames.forEach((line, n) => near(line.corners, corners(40 + 8 * n, 50 + 4 * n), 0.3));
});

test('pictures that nobody here made: where their published homography says', with_data, () => {
    const [h] = [readFileSync(join(data, 'H1to3p.xml'), 'utf8').match(/<data>([^<]*)</)[1].trim().split(/\s+/).map(Number)];
    const map = ([x, y]) => [0, 1].map((i) => (h[3 * i] * x + h[3 * i + 1] * y + h[3 * i + 2]) / (h[6] * x + h[7] * y + h[8]));
    const [graf] = lines(vitrine('track', join(data, 'graf3.png'), '--target', join(data, 'graf1.png'), '--json'));
    assert.equal(graf.found, true);
    near(graf.corners, [[-0.5, -0.5], [799.5, -0.5], [799.5, 639.5], [-0.5, 639.5]].map(map), 5);
    const [box] = lines(vitrine('track', join(data, 'box_in_scene.png'), '--target', join(data, 'box.png'), '--json'));
    assert.equal(box.found, true);
    const [absent] = lines(vitrine('track', join(data, 'home.jpg'), '--target', join(data, 'box.png'), '--json'));
    assert.equal(absent.found, false);
});

test('a folder of chessboard pictures becomes a calibration that track and show read', with_data, () => {
    const run = vitrine('calibrate', join(data, 'left??.jpg'), '--board', 'chessboard:9x6:25', '--out', 'left.toml', '--json');
    assert.equal(run.status, 0, run.stderr);
    const result = lines(run).at(-1);
    assert.equal(result.event, 'calibration');
    assert.ok(result.rms_px < 0.3, `${result.rms_px}`);
    assert.ok(Math.abs(result.fx - 535.9) < 5 && Math.abs(result.cx - 342.3) < 4, JSON.stringify(result));
    assert.equal(result.views.length, 13);
    assert.ok(result.warnings.length > 0, 'the set never reaches the top left corner, which must be said');
    assert.equal(Number(readFileSync(join(folder, 'left.toml'), 'utf8').match(/^fx = (.*)$/m)[1]), result.fx);
    mkdirSync(join(folder, 'show'));
    writeFileSync(join(folder, 'show/lens.toml'), readFileSync(join(folder, 'left.toml')));
    writeFileSync(join(folder, 'show/show.toml'), '[show]\ntitle = { en = "T" }\n[[camera]]\nid = "a"\nsource = "sim:line"\ncalibration = "lens.toml"\n');
    assert.equal(vitrine('check', 'show').status, 0);
    const text = vitrine('calibrate', join(data, 'left0*.jpg'), '--board', 'chessboard:9x6:25', '--out', 'left.toml').stdout;
    assert.match(text, /RMS 0\.\d+ px/);
    assert.match(text, /To do better: /);
});

// A carton of 120 × 80 × 60 mm, each side of its own brightness, before a dark table with stripes; nine samples a pixel.
const carton = {size: [120, 80, 60], lens: {width: 640, height: 480, f: 700, cx: 319.5, cy: 239.5}};
const faces = [ // corners in the front's frame: x right, y down, z away from us
    {light: 205, at: [[0, 0, 0], [120, 0, 0], [120, 80, 0], [0, 80, 0]]},
    {light: 110, at: [[120, 0, 0], [120, 0, 60], [120, 80, 60], [120, 80, 0]]},
    {light: 160, at: [[0, 0, 60], [120, 0, 60], [120, 0, 0], [0, 0, 0]]},
];
/// Turned by `turn` degrees about the upright axis and tipped by `tip`, its front's top left corner at `t` mm from the camera.
function carton_pose(turn, tip, t) {
    const [a, b] = [turn, tip].map((degrees) => (degrees * Math.PI) / 180);
    const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
    const r = [[ca, 0, sa], [sb * sa, cb, -sb * ca], [-cb * sa, sb, cb * ca]];
    const angle = Math.acos((r[0][0] + r[1][1] + r[2][2] - 1) / 2), k = angle / (2 * Math.sin(angle));
    const {f, cx, cy} = carton.lens;
    return {
        rvec: [(r[2][1] - r[1][2]) * k, (r[0][2] - r[2][0]) * k, (r[1][0] - r[0][1]) * k],
        tvec: t,
        pixel: (p) => {
            const [x, y, z] = r.map((row, i) => row[0] * p[0] + row[1] * p[1] + row[2] * p[2] + t[i]);
            return [(f * x) / z + cx, (f * y) / z + cy];
        },
    };
}
function draw_carton(file, pose) {
    const {width, height} = carton.lens;
    const shapes = faces.map(({light, at}) => ({light, corners: at.map(pose.pixel)}));
    const within = (corners, x, y) => corners.every(([ax, ay], i) => {
        const [bx, by] = corners[(i + 1) % 4];
        return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
    });
    const pixels = Buffer.alloc(width * height);
    for (let y = 0; y < height; ++y)
        for (let x = 0; x < width; ++x) {
            let sum = 0;
            for (let i = 0; i < 9; ++i) {
                const [sx, sy] = [x + ((i % 3) - 1) / 3, y + (Math.floor(i / 3) - 1) / 3];
                sum += shapes.find(({corners}) => within(corners, sx, sy))?.light ?? 52 + 14 * (Math.floor((sx + 2 * sy) / 37) % 2);
            }
            pixels[y * width + x] = Math.round(sum / 9 + ((x * 7919 + y * 104729) % 5) - 2);
        }
    writeFileSync(join(folder, file), Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]));
}

test('a carton is followed by the edges of its model, from a rough pose on', (t) => {
    const [w, h, d] = carton.size.map((mm) => mm / 1000);
    const {json, binary} = boxes_model([{name: 'carton', at: [0, 0, 0], size: [w, h, d]}]);
    writeFileSync(join(folder, 'carton.glb'), glb(json, binary));
    const {width, height, f, cx, cy} = carton.lens;
    writeFileSync(join(folder, 'table.toml'), `width = ${width}\nheight = ${height}\nfx = ${f}\nfy = ${f}\ncx = ${cx}\ncy = ${cy}\n`);
    mkdirSync(join(folder, 'carton'));
    const truth = Array.from({length: 12}, (_, i) => carton_pose(28 + 0.8 * i, 24 - 0.4 * i, [-70 + 3 * i, -40 + i, 480 - 4 * i]));
    truth.forEach((pose, i) => draw_carton(`carton/f${i + 1}.pgm`, pose));
    // Some degrees and millimetres off.
    const rough = [...truth[0].rvec.map((angle, i) => angle + [0.03, -0.03, 0.02][i]), ...truth[0].tvec.map((mm, i) => mm + [2, -2, 6][i])];
    const run = vitrine('track', 'carton/f*.pgm', '--model', 'carton.glb', '--pose', rough.map((n) => n.toFixed(4)).join(','), '--calibration', 'table.toml', '--json');
    assert.equal(run.status, 0, run.stderr);
    const frames = lines(run);
    assert.equal(frames.length, 12);
    const found = frames.filter((line) => line.found);
    let worst = 0;
    for (const {frame, corners: told, tvec} of found) {
        const pose = truth[frame], front = [[0, 0, 0], [120, 0, 0], [120, 80, 0], [0, 80, 0]].map(pose.pixel);
        told.forEach((corner, i) => (worst = Math.max(worst, Math.hypot(corner[0] - front[i][0], corner[1] - front[i][1]))));
        assert.ok(Math.abs(tvec[2] - pose.tvec[2]) < 0.005 * pose.tvec[2], `frame ${frame}: ${tvec} for ${pose.tvec}`);
    }
    t.diagnostic(`${found.length} of 12 frames told, corners at most ${worst.toFixed(2)} px off`);
    assert.ok(found.length >= 11, `${found.length} of 12 frames`); // the first is told once the second bears it out
    assert.ok(worst < 1, `${worst} px`);
    refused(2, /A model is not searched for/, 'track', 'carton/f*.pgm', '--model', 'carton.glb', '--calibration', 'table.toml');
});

test('each mistake has its sentence', () => {
    draw('a.pgm', 50, 50);
    writeFileSync(join(folder, 'text.txt'), 'no picture\n');
    writeFileSync(join(folder, 'broken.png'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    const by = ['--marker', 'aruco4x4_50', '--size-mm', '40'];
    refused(2, /no file none\.mp4/i, 'track', 'none.mp4', ...by);
    refused(2, /No file is named like/, 'track', 'none*.png', ...by);
    refused(2, /is a folder/, 'track', '.', ...by);
    refused(2, /text\.txt cannot be read as a video/, 'track', 'text.txt', ...by);
    refused(2, /broken\.png cannot be read/, 'track', 'broken.png', ...by);
    refused(2, /no marker family "qr"/, 'track', 'a.pgm', '--marker', 'qr', '--size-mm', '40');
    refused(2, /no marker 50/, 'track', 'a.pgm', ...by, '--id', '50');
    refused(2, /--size-mm/, 'track', 'a.pgm', '--marker', 'aruco4x4_50');
    refused(2, /either --target IMAGE, or --marker/, 'track', 'a.pgm');
    refused(2, /excludes|either/, 'track', 'a.pgm', ...by, '--target', 'a.pgm');
    refused(2, /nothing\.png/, 'track', 'a.pgm', '--target', 'nothing.png');
    refused(2, /no calibration file lens9/, 'track', 'a.pgm', ...by, '--calibration', 'lens9.toml');
    refused(2, /text\.txt/, 'track', 'a.pgm', ...by, '--calibration', 'text.txt');

    const board = ['--board', 'chessboard:9x6:25', '--out', 'out.toml'];
    refused(2, /chessboard:9x6:25 for/, 'calibrate', 'a.pgm', '--board', 'circles:4x4:10');
    refused(2, /not found in the picture/, 'calibrate', 'a.pgm', ...board);
    refused(2, /no file none\.png/i, 'calibrate', 'none.png', ...board);
    refused(2, /one camera or pictures/, 'calibrate', 'sim:bench', 'a.pgm', ...board);
    refused(3, /no camera at \/dev\/video99/, 'calibrate', 'v4l2:/dev/video99', ...board);
    assert.ok(!existsSync(join(folder, 'out.toml')));
});

test('mistakes with a board that is there', with_data, () => {
    const left = join(data, 'left*.jpg');
    refused(2, /seems to show chessboard:9x6:25/, 'calibrate', join(data, 'left01.jpg'), '--board', 'chessboard:10x7:25');
    refused(2, /Only 1 usable view/, 'calibrate', join(data, 'left01.jpg'), '--board', 'chessboard:9x6:25');
    if (!spawnSync('convert', ['-version']).error) {
        spawnSync('convert', [join(data, 'left01.jpg'), '-resize', '75%', join(folder, 'smaller.png')]);
        refused(2, /different sizes: the first is 640 × 480 px, another 480 × 360 px/, 'calibrate', join(data, 'left01.jpg'), 'smaller.png', '--board', 'chessboard:9x6:25');
    }
    writeFileSync(join(folder, 'old.toml'), 'old\n');
    refused(1, /Cannot write .*none\/x\.toml/, 'calibrate', left, '--board', 'chessboard:9x6:25', '--out', 'none/x.toml');
    assert.equal(readFileSync(join(folder, 'old.toml'), 'utf8'), 'old\n');
    assert.deepEqual(readdirSync(folder).filter((name) => /\.toml\./.test(name)), []);
});
