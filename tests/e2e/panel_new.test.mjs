// A show made from the panel's questions: a real window, a real camera process on the network, a folder of pictures; it is opened, and runs.

import assert from 'node:assert/strict';
import {cpSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {execFileSync, spawn} from 'node:child_process';
import {after, before, test} from 'node:test';

import {Panel, open_display} from './support/panel.mjs';
import {Show, binary, root, scratch, until} from './support/show.mjs';

const home = scratch(), runtime = scratch(), photos = scratch(), folder = join(home, 'Spring-lamps');
let display, panel, camera, address, pid;

before(async () => {
    display = await open_display('1280x720');
    cpSync(join(root, 'assets/shows/demo/images/lx200.png'), join(photos, 'LX-200.png'));
    cpSync(join(root, 'assets/shows/demo/images/lx310.png'), join(photos, '面板灯 LX-310.png'));
    camera = spawn(join(process.env.VITRINE_TEST_BIN ?? join(root, 'build/release/bin'), 'rtsp_camera'), ['--port', '0'], {stdio: ['ignore', 'pipe', 'inherit']});
    let said = '';
    camera.stdout.on('data', (d) => { said += d; });
    address = `rtsp://127.0.0.1:${await until('the camera says where it is', 10000, () => said.match(/port (\d+)/)?.[1])}/live`;
    panel = new Panel(display, {args: ['--language', 'en', '--theme', 'light'], env: {XDG_RUNTIME_DIR: runtime, HOME: home}});
});
after(async () => {
    await panel?.close();
    if (pid) try { process.kill(pid, 'SIGINT'); } catch { /* it has ended */ }
    camera?.kill();
    display?.close();
});

test('name and languages', async () => {
    await panel.press('start.new', 15000);
    await panel.control('new.name');
    assert.equal(panel.find('new.next').enabled, false, 'without a name there is no way on');
    await panel.type('new.name', 'Spring lamps');
    await panel.type('new.factory', 'Harbour Works');
    await panel.press('new.language:ar');
    panel.shot('new-1');
    await panel.press('new.next');
});

test('a network camera is tried at its address and shown, a wrong one explained', async () => {
    await panel.type('new.address', 'rtsp://127.0.0.1:9/live');
    await panel.press('new.try');
    await panel.says(/refuses connections at port 9/, 20000);
    await panel.press('new.address');
    panel.keys('ctrl+a');
    panel.x('type', '--delay', 40, address);
    await panel.press('new.try');
    await panel.says(/H\.264|640|1280/, 20000).catch((e) => { throw new Error(`${e.message}; it says ${JSON.stringify(panel.drawn().texts)}`); });
    if (!panel.find(`new.camera_name:${address}`)) await panel.press(`new.camera:${address}`);
    await until('it is in the show', 20000, () => panel.find(`new.camera_name:${address}`) || null);
    panel.shot('new-2');
    await panel.press('new.next');
});

test('products from a folder of pictures, with prices', async () => {
    await panel.type('new.products', photos);
    panel.keys('Return');
    await panel.type('new.price:LX-200', '100: 4.20, 1000: 3.80');
    panel.shot('new-3');
    await panel.press('new.next');
});

test('the show is made, checks, and is opened', async () => {
    await panel.press('new.colour:#C2410C');
    panel.shot('new-4');
    await panel.press('new.make');
    await until('its folder is there', 15000, () => existsSync(join(folder, 'show.toml')));
    const text = readFileSync(join(folder, 'show.toml'), 'utf8');
    assert.match(text, /Spring lamps/);
    assert.ok(text.includes(address));
    execFileSync(binary, ['check', folder], {stdio: 'ignore'});
    // The port that a new show gets may be taken by another one on this machine.
    writeFileSync(join(folder, 'show.toml'), text.replace('127.0.0.1:8080', '127.0.0.1:0'));
    await panel.says(/^Your show is ready/);
    panel.shot('new-made');
    await panel.press(`recent:${folder}`);
    const found = await until('the show runs', 30000, () => {
        try {
            return JSON.parse(readFileSync(join(runtime, 'vitrine/show.json'), 'utf8'));
        } catch {
            return null;
        }
    }).catch((e) => { throw new Error(`${e.message}; it has ${JSON.stringify(panel.drawn().controls.map((c) => c.id))} and says ${JSON.stringify(panel.drawn().texts)}`); });
    pid = found.pid;
    const show = Object.assign(Object.create(Show.prototype), {control_url: found.control_url, token: readFileSync(found.token_file, 'utf8').trim()});
    await panel.control('go_live', 15000);
    await until('its camera is live', 15000, async () => Object.values((await show.snapshot()).cameras).every((c) => c.state === 'live'));
    assert.equal((await show.snapshot()).session, 'ready');
    assert.equal((await show.control('GET', '/control/show')).json.products.length, 2);
    panel.shot('new-5');
});
