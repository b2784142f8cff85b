// `vitrine new`: answers become a show folder that checks and runs; nothing is overwritten, nothing half made stays, and what cannot be used
// is said in a sentence.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, beforeEach, test} from 'node:test';

import {Show, binary, root, scratch} from './support/show.mjs';

const logo = join(root, 'assets/shows/demo/images/logo.png');
const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
let home;
beforeEach(() => { home = scratch(); });
const clean = [];
after(() => clean.forEach((path) => rmSync(path, {recursive: true, force: true})));

const vitrine = (...words) => spawnSync(binary, words, {cwd: home, encoding: 'utf8', timeout: 60000 * patience});
function make(answers, folder = 'show') {
    clean.push(home);
    return spawnSync(binary, ['new', folder, '--answers', '-', '--json'], {cwd: home, input: JSON.stringify(answers), encoding: 'utf8', timeout: 60000 * patience});
}
const last = (run) => JSON.parse(run.stdout.trim().split('\n').at(-1));
const picture = (name) => {
    mkdirSync(join(home, 'pictures', name, '..'), {recursive: true});
    copyFileSync(logo, join(home, 'pictures', name));
};
const answers = (more = {}) => ({name: 'Spring', cameras: ['sim:bench'], ...more});

test('answers and a folder of pictures become a show that checks and runs', async () => {
    for (const name of ['LX-200 downlight.png', '台灯.png', 'Box/front.png', 'Box/label.png']) picture(name);
    const run = make(answers({
        name: {en: 'Say "hi" \\ #1', zh: '春季灯具'}, languages: ['en', 'zh'], cameras: [{name: 'Bench', source: 'sim:bench'}, {name: '生产线', source: 'sim:line'}],
        microphone: 'sim:voice', factory: 'Harbour & Sons', accent: '#AA3300', logo: 'pictures/LX-200 downlight.png', products: 'pictures', currency: 'EUR',
        prices: {'LX-200': '100: 4.20, 1000: 3.80'},
    }));
    assert.equal(run.status, 0, run.stderr);
    assert.equal(last(run).products, 3);
    assert.deepEqual(readdirSync(join(home, 'show/products')).sort(), ['Box.toml', 'LX-200.toml', 'product-3.toml']);
    assert.match(readFileSync(join(home, 'show/show.toml'), 'utf8'), /^# /m);
    assert.deepEqual(readdirSync(home).sort(), ['pictures', 'show'], 'nothing half made is left');
    const check = vitrine('check', 'show');
    assert.equal(check.status, 0, check.stderr);
    const show = await Show.start({folder: join(home, 'show')});
    try {
        const document = (await show.control('GET', '/control/show')).json;
        assert.equal(document.title.en, 'Say "hi" \\ #1');
        assert.equal((await show.snapshot()).session, 'ready');
    } finally {
        assert.deepEqual(await show.stop(), {code: 0, signal: null});
    }
});

test('nothing that is there is touched: a folder, an empty one, a file, a link into nowhere', () => {
    mkdirSync(join(home, 'empty'));
    mkdirSync(join(home, 'full'));
    writeFileSync(join(home, 'full/mine.txt'), 'mine');
    writeFileSync(join(home, 'file'), 'mine');
    symlinkSync('/nowhere', join(home, 'link'));
    for (const name of ['empty', 'full', 'file', 'link', 'full/']) {
        const run = make(answers(), name);
        assert.equal(run.status, 2, name);
        assert.match(run.stderr, /is there already/);
    }
    assert.deepEqual(readdirSync(home).sort(), ['empty', 'file', 'full', 'link']);
    assert.equal(readFileSync(join(home, 'full/mine.txt'), 'utf8'), 'mine');
});

test('every wrong answer is named in one run, and no password is told', () => {
    const run = make({name: '', cameras: [{source: 'rtsp://me:geheim12@'}, 'v4l3:/dev/video0'], products: 'nowhere', currency: 'Euro', prices: {}});
    assert.equal(run.status, 2);
    for (const key of ['name', 'cameras\\[1\\].source', 'cameras\\[2\\].source', 'products', 'currency']) assert.match(run.stderr, new RegExp(`^${key}: .* – `, 'm'));
    assert.doesNotMatch(run.stdout + run.stderr, /geheim12/);
    assert.deepEqual(readdirSync(home), []);
    assert.equal(make('not an object').status, 2);
});

test('an address with a password: only its owner reads the file', () => {
    const run = make(answers({cameras: ['rtsp://me:geheim12@192.0.2.1/live']}));
    assert.equal(run.status, 0, run.stderr);
    assert.equal(statSync(join(home, 'show/show.toml')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(home, 'show/show.toml'), 'utf8'), /geheim12/);
    assert.doesNotMatch(run.stdout + run.stderr, /geheim12/);
});

test('pictures that cannot be used are left out, each with its sentence; when none is left nothing is made', () => {
    picture('good.png');
    const bytes = readFileSync(logo);
    writeFileSync(join(home, 'pictures/cut.png'), bytes.subarray(0, bytes.length / 2));
    writeFileSync(join(home, 'pictures/words.jpg'), 'no picture');
    writeFileSync(join(home, 'pictures/empty.png'), '');
    const huge = Buffer.from(bytes);
    huge.writeUInt32BE(60000, 16);
    huge.writeUInt32BE(60000, 20);
    writeFileSync(join(home, 'pictures/huge.png'), huge);
    writeFileSync(join(home, 'pictures/phone.heic'), 'x');
    const run = make(answers({products: 'pictures'}));
    assert.equal(run.status, 0, run.stderr);
    const {products, left_out} = last(run);
    assert.equal(products, 1);
    for (const name of ['cut.png', 'words.jpg', 'empty.png', 'huge.png', 'phone.heic']) assert.ok(left_out.some((line) => line.includes(`"${name}" is left out`) && line.endsWith('.')), `${name}: ${left_out.join('\n')}`);
    rmSync(join(home, 'pictures/good.png'));
    const none = make(answers({products: 'pictures'}), 'second');
    assert.equal(none.status, 2);
    assert.match(none.stderr, /no PNG or JPEG that can be used/);
    assert.ok(!existsSync(join(home, 'second')));
});

test('file names from anywhere: quotes, line breaks, other letters, other encodings', () => {
    for (const name of ['"] [show] #.png', 'a\nb.png', 'مصباح.png', '灯具 "新".png', `${'長'.repeat(80)}.png`, '-rf.png', '$(id).png']) picture(name);
    copyFileSync(logo, Buffer.concat([Buffer.from(join(home, 'pictures/')), Buffer.from([0xb5, 0xc6]), Buffer.from('.png')]));
    const run = make(answers({languages: ['en', 'zh', 'ar'], products: 'pictures'}));
    assert.equal(run.status, 0, run.stderr);
    assert.equal(last(run).products, 7);
    assert.ok(last(run).left_out.some((line) => line.includes('not UTF-8')));
    assert.equal(vitrine('check', 'show').status, 0);
});

test('a folder that cannot be written into is said, and nothing stays', {skip: process.getuid?.() === 0 ? 'root writes anywhere' : false}, () => {
    chmodSync(home, 0o500);
    const run = make(answers());
    chmodSync(home, 0o700);
    assert.equal(run.status, 1);
    assert.match(run.stderr, /can be written/);
});

test('looking at a folder makes nothing and tells its products, with small pictures of them', () => {
    clean.push(home);
    picture('LX-200 downlight.png');
    mkdirSync(join(home, 'small'));
    const run = vitrine('new', '--look-at', 'pictures', '--thumbnails', 'small', '--json');
    assert.equal(run.status, 0, run.stderr);
    const {products} = JSON.parse(run.stdout);
    assert.deepEqual(products.map(({id, name}) => [id, name]), [['LX-200', 'LX-200 downlight']]);
    assert.deepEqual([...readFileSync(join(home, products[0].thumbnail)).subarray(0, 3)], [0xff, 0xd8, 0xff]);
    assert.deepEqual(readdirSync(home).sort(), ['pictures', 'small']);
});

test('the example is JSON, and questions without a terminal are refused', () => {
    clean.push(home);
    assert.ok(JSON.parse(vitrine('new', '--example').stdout).cameras.length > 1);
    const run = spawnSync(binary, ['new', 'show'], {cwd: home, input: '', encoding: 'utf8', timeout: 10000 * patience});
    assert.equal(run.status, 2);
    assert.match(run.stderr, /--answers/);
});
