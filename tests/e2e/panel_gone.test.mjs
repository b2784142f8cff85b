// What the presenter is left with when something dies: a show that was killed is told as gone and comes back where it was, at the same address
// and with the same links; a panel that was killed has kept what was chosen in it.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {Buyer} from './support/crowd.mjs';
import {desk} from './support/buyers.mjs';
import {Panel, open_display} from './support/panel.mjs';
import {Show, binary, scratch, until} from './support/show.mjs';
import {bench_camera, line_camera, test_show} from './support/shows.mjs';

const folder = test_show({cameras: [bench_camera, line_camera], start: 'ready'}), runtime = scratch();
let display, panel, show, pid, link;

before(async () => {
    display = await open_display('1366x768');
    panel = new Panel(display, {args: ['--language', 'en', '--theme', 'dark', '--width', '1366', '--height', '768'], env: {XDG_RUNTIME_DIR: runtime, TZ: 'UTC'}});
});
after(async () => {
    await panel?.close();
    if (pid) try { process.kill(pid, 'SIGINT'); } catch { /* it has ended */ }
    display?.close();
});

/// The show that runs in that folder, other than the one of process `before`.
async function running(before) {
    const found = await until('the show says where it is', 30000, () => {
        try {
            const said = JSON.parse(readFileSync(join(runtime, 'vitrine/show.json'), 'utf8'));
            return said.pid !== before && said;
        } catch {
            return null;
        }
    });
    pid = found.pid;
    show = Object.assign(Object.create(Show.prototype), {control_url: found.control_url, token: readFileSync(found.token_file, 'utf8').trim()});
    return found;
}
const buyer_url = async () => (await show.control('GET', '/control/show')).json.buyer_url;
const open_links = async () => Object.values((await desk(show)).invites).filter((i) => !i.person && !i.revoked_us);
const settings = () => JSON.parse(readFileSync(join(panel.home, 'vitrine/panel.json'), 'utf8'));

test('a show is opened from its folder; nothing is shown before somebody wants it; what was chosen is kept at once', async () => {
    await panel.control('start.folder', 60000);
    await panel.type('start.folder', folder);
    await panel.press('start.open');
    await running();
    await panel.control('go_live', 60000);
    link = await buyer_url();
    assert.equal((await show.snapshot()).pinned, '');
    assert.equal((await open_links()).length, 1);
    assert.equal(statSync(join(folder, 'data/links.key')).mode & 0o777, 0o600);
    await until('the show is among the recent ones', 5000, () => settings().recent?.[0]?.folder === folder);
    await panel.press('theme');
    await until('the theme is kept', 3000, () => settings().theme === 'light');
    await wait(1000);  // a place that has just come to do something else takes no press
    await panel.press('theme');
    await until('and the other again', 3000, () => settings().theme === 'dark');
});

test('a helper is invited once, counts as no buyer, and who has left is not counted on', async () => {
    panel.keys('F3');
    await panel.press('tab:invites');
    await panel.press('invite.kind:helper');
    await panel.type('invite.name', 'Hu');
    await panel.press('invite.make');
    await panel.control('invite.copy');
    await until('the next one is for a buyer again', 5000, () => panel.find('invite.kind:one')?.selected);
    await panel.says(/opens? on this computer only/i);
    panel.shot('gone-1-invites');
    const made = Object.values((await desk(show)).invites).find((i) => i.name === 'Hu');
    const again = (await show.control('POST', '/control/act', {act: 'show_link', invite: made.id})).json.link;
    const helper = await Buyer.join(again, {name: 'Hu'}), ana = await Buyer.join(link, {name: 'Ana'});
    await helper.listen();
    await ana.listen();
    await panel.says('1 buyer');
    ana.close();
    await panel.says('0 buyers', 4000);
    helper.close();
});

test('a show that was killed is gone, and comes back where it was', async () => {
    panel.keys('F2');
    await panel.press('scene:line');
    await panel.press('cut');
    await panel.press('pin:LX-310');
    await until('it is so', 5000, async () => { const s = await show.snapshot(); return s.scene === 'line' && s.pinned === 'LX-310'; });
    const before = pid;
    process.kill(pid, 'SIGKILL');
    await panel.says('GONE', 10000);
    await panel.says('buyers: not known');
    await panel.says(/its program has ended/);
    assert.equal(panel.find('cut').enabled, false);
    panel.shot('gone-2-gone');
    await panel.press('gone.again');
    await running(before);
    const now = await until('it is where it was', 20000, async () => { const s = await show.snapshot().catch(() => ({})); return s.scene === 'line' && s.pinned === 'LX-310' && s; });
    assert.equal(now.session, 'ready', 'nothing goes on air by itself');
    await panel.says(/back where it was/);
    panel.shot('gone-3-back');
    assert.equal(await buyer_url(), link, 'the same address and the same open link');
    assert.equal((await open_links()).length, 1);
    const ana = await Buyer.join(link, {name: 'Ana'});
    await ana.listen();
    await panel.says('1 buyer');
    ana.close();
});

test('the log says when and who', async () => {
    await show.command({command: 'switch_scene', scene: 'bench'});
    panel.keys('F9');
    await panel.says(/^Scene: .*  ·  panel$/);
    await panel.says(/^Scene: .*  ·  another program$/);
    await panel.says(/^Pinned: .*LX-310.*  ·  panel$/);
    await panel.says(/^\d\d:\d\d:\d\d$/);
    panel.shot('gone-4-log');
});

test('after the end clock and chapters stand, and nothing is armed', async () => {
    await show.command({command: 'go_live'});
    await show.command({command: 'record', on: true, folder: scratch()});
    await until('it has been live for a moment', 5000, async () => (await show.snapshot()).live_s > 1.2);
    await show.command({command: 'mark_chapter', title: 'One'});
    await show.command({command: 'end'});
    const one = await show.snapshot();
    await until('half a second later', 2000, () => new Promise((done) => setTimeout(() => done(true), 500)));
    const two = await show.snapshot();
    assert.ok(two.live_s > 1 && two.live_s === one.live_s, `${one.live_s} -> ${two.live_s}`);
    assert.ok(two.chapters[0].at_s > 1);
    assert.equal(two.recording.on, false);
});

test('a panel that was killed has kept everything', async () => {
    panel.child.kill('SIGKILL');
    await panel.exited;
    const kept = settings();
    assert.equal(kept.theme, 'dark');
    assert.equal(kept.page, 'log');
    assert.equal(kept.recent[0].folder, folder);
});

test('a port that is taken is said, and asked-for links do not move silently', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until('the port is taken', 2000, () => other.address());
    const {port} = other.address();
    const child = spawn(binary, ['run', test_show({cameras: [bench_camera]}), '--headless', '--json', '--port', String(port)], {env: {...process.env, XDG_RUNTIME_DIR: scratch()}});
    let out = '', errors = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { errors += d; });
    assert.equal(await new Promise((done) => child.on('exit', done)), 2);
    other.close();
    assert.deepEqual(JSON.parse(out), {event: 'port_taken', port});
    assert.match(errors, /another program or show uses it/);
    assert.ok(existsSync(folder));
});
