// How the panel looks: every page, in both languages and both colours, at the smallest size, a large one and at scale 2, against pictures
// that were looked at (tests/golden/panel; VITRINE_GOLDEN=write makes them anew). The show stands still for it: its cameras play a still.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {Buyer} from './support/crowd.mjs';
import {act, invite} from './support/buyers.mjs';
import {Panel, open_display} from './support/panel.mjs';
import {Show, root, scratch, until} from './support/show.mjs';
import {test_show} from './support/shows.mjs';

const goldens = join(root, 'tests/golden/panel'), writing = process.env.VITRINE_GOLDEN === 'write';
const pages = ['show', 'buyers', 'products', 'masks', 'multiview', 'sound', 'record', 'log', 'settings', 'help'];
let show, people = [];

before(async () => {
    const cameras = ['press', 'paint', 'packing', 'bench'];
    const folder = test_show({
        cameras: cameras.map((id, i) => ({id, source: 'file:still.mkv', name: ['Press', 'Paint shop', 'Packing', 'Demo bench'][i], extra: id === 'paint' ? '[[camera.masks]]\npolygon = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]]\nfill = "mosaic"' : ''})),
        scenes: [{id: 'all', layout: 'grid', cameras}, ...cameras.map((id) => ({id, cameras: [id]})), {id: 'two', layout: 'pip', cameras: ['bench', 'press']}],
        start: 'ready',
        more: `[[rundown]]\nproduct = "LX-200"\nminutes = 3\n[rundown.points]\nen = "Die-cast in one piece, no glue line\\nAsk which driver they use today"\nzh = "一体压铸，无胶缝\\n询问对方目前使用的驱动"\n\n[[rundown]]\nproduct = "LX-310"\nminutes = 2\n`,
    });
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-loop', '1', '-i', join(root, 'tests/fixtures/panel/still.png'), '-vf', 'scale=640:360,format=yuv420p', '-r', '30', '-t', '4', '-c:v', 'libx264', '-g', '30', '-bf', '0', join(folder, 'still.mkv')]);
    show = await Show.start({folder});
    await show.command({command: 'pin', product: 'LX-200'});
    const link = (name, more) => invite(show, {name, ...more});
    const ana = await Buyer.join(await link('Ana Lima', {language: 'pt'}), {language: 'pt', name: 'Ana Lima'});
    const omar = await Buyer.join(await link('Omar Haddad', {language: 'ar'}), {language: 'ar', name: 'Omar Haddad'});
    people = [ana, omar];
    await ana.must_act({act: 'introduce', name: 'Ana Lima', company: 'Luz do Sul', country: 'BR'});
    await omar.must_act({act: 'introduce', name: 'Omar Haddad', company: 'Gulf Lighting', country: 'AE'});
    await omar.must_act({act: 'say', kind: 'question', text: 'هل تتوفر نسخة بدرجة حماية IP65 للاستخدام الخارجي؟', language: 'ar'});
    await ana.must_act({act: 'say', kind: 'question', text: 'Qual o prazo para 2.000 peças?', language: 'pt'});
    await ana.must_act({act: 'request_quote', product: 'LX-200', quantity: 2000, incoterm: 'FOB', destination: 'Santos', changes: [{key: 'colour', from: 'white', to: 'RAL 9005'}]});
    await act(show, {act: 'put_order', order: {id: '48291', product: 'LX-200', place: 'São Paulo', slot: '14:30', quantity: 500, state: 'confirmed'}});
});
after(async () => {
    people.forEach((each) => each.close());
    await show?.stop();
});

const shot = (panel, width, height, to) => execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'x11grab', '-draw_mouse', '0', '-video_size', `${width}x${height}`, '-i', panel.env.DISPLAY, '-frames:v', '1', '-vf', 'scale=640:360:flags=area', to]);
const pixels = (file) => execFileSync('ffmpeg', ['-loglevel', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], {maxBuffer: 1 << 24});

/// The share of points that differ by more than a sixth of the range.
function share_apart(a, b) {
    let apart = 0;
    for (let i = 0; i < a.length; i += 3) if (Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2])) > 42) ++apart;
    return apart / (a.length / 3);
}

/// The log's lines say what time it was.
const alike = (name) => (name.startsWith('log-') ? 0.008 : 0.004);

/// The share that differs from the picture that was looked at, which becomes this one when goldens are made anew. A page may take a moment to
/// stand still; what is drawn wrongly stays wrong.
async function compare(panel, {width, height}, name) {
    const golden = join(goldens, name), fresh = join(process.env.VITRINE_SHOTS ?? panel.home, name);
    mkdirSync(join(fresh, '..'), {recursive: true});
    if (writing) {
        await wait(700);
        shot(panel, width, height, fresh);
        mkdirSync(goldens, {recursive: true});
        execFileSync('convert', [fresh, '-dither', 'None', '-colors', '96', '-define', 'png:compression-level=9', `PNG8:${golden}`]);
        return 0;
    }
    assert.ok(existsSync(golden), `${name} was never looked at: make it with VITRINE_GOLDEN=write`);
    let share = 1;
    for (const until = performance.now() + 5000; share >= alike(name) && performance.now() < until;) {
        shot(panel, width, height, fresh);
        share = share_apart(pixels(golden), pixels(fresh));
    }
    assert.ok(share < alike(name), `${name}: ${(100 * share).toFixed(2)} % of its points are other than in the picture that was looked at (now: ${fresh})`);
    return share;
}

const sizes = [
    {name: '720', width: 1280, height: 720, scale: 1, looks: [['en', 'dark'], ['en', 'light'], ['zh', 'dark'], ['zh', 'light']], pages},
    {name: '1080', width: 1920, height: 1080, scale: 1, looks: [['en', 'light'], ['zh', 'dark']], pages: ['show', 'buyers', 'products', 'multiview']},
    {name: 'x2', width: 2560, height: 1440, scale: 2, looks: [['en', 'dark'], ['zh', 'light']], pages: ['show', 'buyers', 'masks']},
];
for (const size of sizes)
    for (const [language, theme] of size.looks)
        test(`${size.width}×${size.height} at scale ${size.scale}, ${language}, ${theme}`, async (t) => {
            const display = await open_display(`${size.width}x${size.height}`);
            const panel = new Panel(display, {args: ['--connect', show.control_url, '--token-file', join(show.home, 'token'), '--language', language, '--theme', theme, '--width', String(size.width), '--height', String(size.height), '--scale', String(size.scale), '--page', size.pages[0]]});
            try {
                await panel.control('safe', 20000);
                panel.x('mousemove', size.width - 2, size.height - 2);
                let worst = 0;
                const look = async (what) => {
                    worst = Math.max(worst, await compare(panel, size, `${what}-${size.name}-${language}-${theme}.png`));
                };
                for (const page of size.pages) {
                    panel.keys(page === 'help' ? 'F1' : `F${pages.indexOf(page) + 2}`);
                    await until(`the page ${page} is open`, 5000, () => panel.find(`page:${page}`)?.selected);
                    await look(page);
                }
                panel.keys('k');
                await panel.control('close');
                await look('keys');
                panel.keys('Escape');
                await panel.control('safe');
                await panel.press('preflight');
                await panel.control('preflight.again');
                panel.x('mousemove', size.width - 2, size.height - 2);
                await look('preflight');
                t.diagnostic(`at most ${(100 * worst).toFixed(3)} % of the points differ`);
            } finally {
                await panel.close();
                display.close();
            }
        });

const broken_show = `[show]
title = { en = "Spring lamps" }
languages = ["en", "english"]

[brand]
accent = "teal"
logo = "images/logo.png"

[[camera]]
id = "line 1"
source = "rstp://192.168.1.20/live"

[[camera]]
id = "bench"
source = "sim:bench"
latency = 200

[[scene]]
id = "both"
layout = "side by side"
cameras = ["bench", "lnie"]
`;

for (const [language, theme] of [['en', 'dark'], ['zh', 'light']])
    test(`the start screen and a new show, ${language}, ${theme}`, async (t) => {
        const size = {width: 1280, height: 720}, display = await open_display('1280x720');
        const panel = new Panel(display, {args: ['--language', language, '--theme', theme], env: {XDG_RUNTIME_DIR: scratch(), HOME: '/nonexistent'}});
        let worst = 0;
        const look = async (what) => {
            panel.x('mousemove', size.width - 2, size.height - 2);
            worst = Math.max(worst, await compare(panel, size, `${what}-720-${language}-${theme}.png`));
        };
        try {
            await panel.control('start.demo', 20000);
            await look('start');
            // Its path is on the picture.
            const folder = '/tmp/vitrine-looks-broken';
            mkdirSync(folder, {recursive: true});
            writeFileSync(join(folder, 'show.toml'), broken_show);
            await panel.type('start.folder', folder);
            await panel.press('start.open');
            await panel.control('start.problems.again', 20000);
            await look('start-problems');
            await panel.press('start.problems.close');
            await panel.press('start.new');
            await panel.type('new.name', 'Spring lamps');
            panel.keys('Return');
            await look('new-name');
            await panel.press('new.next');
            await panel.press('new.camera:sim:line');
            await panel.press('new.next');
            await panel.control('new.products');
            await look('new-products');
            t.diagnostic(`at most ${(100 * worst).toFixed(3)} % of the points differ`);
        } finally {
            await panel.close();
            display.close();
        }
    });
