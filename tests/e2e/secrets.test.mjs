// Whose secret it is decides where it may stand. One show with planted secrets of every kind, its whole life: buyers, a recording, the panel,
// exports, the commands around it. Then everything it wrote, said and sent is searched, and no file of it may be read by others.

import assert from 'node:assert/strict';
import {execFile, execFileSync, spawn} from 'node:child_process';
import {chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {act, invite} from './support/buyers.mjs';
import {Buyer, ask} from './support/crowd.mjs';
import {Panel, open_display} from './support/panel.mjs';
import {Show, binary, scratch, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const patience = Number(process.env.VITRINE_PATIENCE ?? 1);
const home = scratch();
after(() => rmSync(home, {recursive: true, force: true}));

const planted = {
    'a password in an address': ['Rtsp-One%2F%40sec', 'Rtsp-One/@sec'],
    'a password in a path': ['PathSecret77'],
    'an SRT stream id': ['StreamIdSecret9'],
    'an SRT passphrase': ['Pass-Phrase-0123'],
    'the path of a webhook': ['HookPathToken55'],
    'what signs webhooks': ['HookSigningSecret-0123456789abcdef'],
    'the key of the translation service': ['TranslateKey-4242'],
    'the environment': ['EnvironmentSecret-31'],
};
const email = 'ana.private@example.com';

/// All files below, links not followed.
const walk = (folder) => (existsSync(folder) ? readdirSync(folder, {withFileTypes: true}) : []).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...walk(path)] : [path];
});
const own_words = (pid) => { try { return [readFileSync(`/proc/${pid}/cmdline`, 'latin1'), readFileSync(`/proc/${pid}/environ`, 'latin1')]; } catch { return ['', '']; } };
/// The processes in which foreign files are parsed; they are there before a show is ready.
const readers = () => readdirSync('/proc').filter((pid) => { try { return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('vitrine-reader'); } catch { return false; } });
const run = (words, {input = '', ...options} = {}) => new Promise((done) => {
    const child = execFile('sh', ['-c', 'umask 022; exec "$0" "$@"', binary, ...words], {timeout: 30000 * patience, ...options}, (error, stdout, stderr) => done({code: error?.code ?? 0, said: stdout + stderr, stdout, stderr}));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
});

test('a whole show tells nobody what is not theirs, and writes nothing that others can read', {timeout: 120000 * patience}, async (t) => {
    const receiver = createServer((request, answer) => { answer.statusCode = 500; request.resume(); request.on('end', () => answer.end('no')); });
    await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
    const {port} = receiver.address();
    const folder = test_show({
        cameras: [bench_camera,
            {id: 'one', source: 'rtsp://anna:Rtsp-One%2F%40sec@127.0.0.1:1/live'},
            {id: 'two', source: 'rtsp://127.0.0.1:1/user=anna_password=PathSecret77_channel=1.sdp'},
            {id: 'three', source: 'srt://127.0.0.1:9?streamid=%23!::u=anna,s=StreamIdSecret9&passphrase=Pass-Phrase-0123'}],
        scenes: [{id: 'bench', cameras: ['bench']}, {id: 'all', layout: 'grid', cameras: ['bench', 'one', 'two', 'three']}],
        audio: 'sim:voice',
        more: `[[webhook]]\nurl = "http://127.0.0.1:${port}/hook/HookPathToken55"\nsecret_file = "hook-secret"\n[translation]\nurl = "http://127.0.0.1:${port}"\nkey_file = "translate-key"\n`,
    });
    for (const [name, text] of [['hook-secret', 'HookSigningSecret-0123456789abcdef'], ['translate-key', 'TranslateKey-4242']]) {
        writeFileSync(join(folder, name), `${text}\n`);
        chmodSync(join(folder, name), 0o600);
    }
    chmodSync(join(folder, 'show.toml'), 0o644);
    const given = new Set(walk(folder).filter((path) => !path.endsWith('show.toml')));
    const env = {};
    for (const [name, at] of [['TMPDIR', 'tmp'], ['XDG_RUNTIME_DIR', 'runtime'], ['XDG_CONFIG_HOME', 'config'], ['HOME', 'home']]) {
        env[name] = join(home, at);
        mkdirSync(env[name], {mode: 0o700});
    }
    env.VITRINE_OF_THE_FACTORY = 'EnvironmentSecret-31';
    // As an older version left them.
    const recordings = join(home, 'recordings'), old = join(recordings, 'program-20200101-000000Z-clean.mp4');
    mkdirSync(recordings);
    writeFileSync(old, 'old');
    chmodSync(old, 0o644);

    const seen = {};  // what is heard where
    const hear = (where, text) => { seen[where] = `${seen[where] ?? ''}\n${typeof text === 'string' ? text : JSON.stringify(text)}`; };
    let over = false, helpers = 0;
    const watching = (async () => {
        while (!over) {
            for (const pid of readers()) {
                ++helpers;
                const [words, environment] = own_words(pid);
                hear('words of its helpers', words);
                hear('environment of its helpers', environment);
            }
            await wait(5);
        }
    })();
    const show = await Show.start({folder, env, ready_ms: 20000 * patience, prefix: ['sh', '-c', 'umask 022; exec "$0" "$@"'], args: ['--record', recordings, '--data', join(home, 'data')]}).catch((error) => { over = true; throw error; });
    let display, panel;
    const secrets = {...planted, 'the control token': [show.token]};
    try {
        hear('own words', own_words(show.child.pid)[0]);
        const link = await invite(show, {name: 'Ana'}), others = await invite(show, {name: 'Eve'});
        for (const one of [link, others, show.buyer_url]) secrets[`the secret of ${one.split('#')[0].slice(-8)}`] = [one.split('#')[1]];
        const ana = await Buyer.join(link, {name: 'Ana'}), eve = await Buyer.join(others, {name: 'Eve'});
        secrets['a session'] = [ana.session];
        const heard = [];
        await eve.listen((message) => heard.push(message));
        await ana.must_act({act: 'introduce', name: 'Ana', company: 'Casa', email});
        await ana.must_act({act: 'say', kind: 'question', text: 'What is its weight?', moment: {frame: 1}});
        const quote = await ana.must_act({act: 'request_quote', product: 'LX-200', quantity: 600, moment: {frame: 1}});
        await ask(`${ana.origin}/api/join`, {method: 'POST', body: {invite: link.split('/j/')[1].split('#')[0], secret: 'wrong-secret-of-nobody', language: 'en', bearer: true}});
        await until('cameras have failed, the receiver has been tried', 15000 * patience, async () => {
            const snapshot = await show.snapshot();
            return Object.values(snapshot.cameras).filter((c) => c.state === 'lost').length === 3 && /event was not taken/.test(show.errors);
        }, 200);
        await until('it records', 8000, async () => (await show.snapshot()).recording.bytes > 100000);
        await until('Eve is told', 3000, () => heard.some((m) => m.type === 'snapshot' && m.recording === 'on'));
        if (!process.env.VITRINE_NO_DISPLAY) {
            display = await open_display();
            panel = new Panel(display, {args: ['--connect', show.control_url, '--token-file', join(show.home, 'token'), '--page', 'multiview'], env, home: env.XDG_CONFIG_HOME});
            await until('the panel shows the lost cameras', 15000 * patience, () => panel.drawn().texts.length > 5);
            hear('own words', own_words(panel.child.pid)[0]);
            await wait(500);
            hear('panel', readFileSync(panel.file, 'utf8'));
        }
        hear('control snapshot', await show.snapshot());
        hear('metrics', (await show.control('GET', '/metrics')).text);
        hear('control desk', (await show.control('GET', '/control/desk')).text);
        for (const path of ['/', link.replace(/^.*?\/j\//, '/j/').split('#')[0], '/api/show', `/api/quotes/${quote.id}/offer?language=en`, '/api/translate?text=hello&to=zh']) hear('other buyers', (await eve.get(path)).text);
        hear('other buyers', heard);
        // While it runs: shared memory is of this moment.
        for (const file of readdirSync('/dev/shm').filter((name) => name.startsWith('vitrine'))) assert.equal(lstatSync(join('/dev/shm', file)).mode & 0o077, 0, file);
        await act(show, {act: 'revoke_invite', invite: others.split('/j/')[1].split('#')[0]});
    } finally {
        await panel?.close();
        display?.close();
        over = true;
        await watching;
        // Not stop(): what stands in its home is looked at first.
        show.child.kill('SIGINT');
        await show.exited;
        receiver.close();
    }
    assert.deepEqual(show.end, {code: 0, signal: null}, show.errors);
    assert.ok(helpers > 0, 'no helper process was seen');
    hear('standard error', show.errors);
    hear('events but "ready"', show.events.filter((e) => e.event !== 'ready'));
    hear('panel', panel?.errors ?? '');

    const out = (name) => join(home, 'out', name);
    mkdirSync(join(home, 'out'), {mode: 0o700});
    const data = ['--data', join(home, 'data')];
    const [exported, checked] = await Promise.all([
        run(['export', folder, ...data, '--quotes', out('q.csv'), '--buyers', out('b.csv'), '--questions', out('a.csv'), '--orders', out('o.csv'), '--vcf', out('v.vcf'), '--report', out('r.html')], {env: {...process.env, ...env}}),
        run(['check', folder], {env: {...process.env, ...env}})]);
    assert.equal(exported.code, 0, exported.said);
    hear('other commands', exported.said + checked.said);

    const written = ['data', 'recordings', 'runtime', 'tmp', 'config', 'home', 'out'].flatMap((name) => walk(join(home, name))).concat(walk(show.home), walk(folder).filter((path) => !given.has(path)));
    assert.ok(written.some((path) => path.endsWith('show.db')) && written.filter((path) => path.endsWith('.mp4')).length === 3 && written.some((path) => path.endsWith('.scenes')), written.join('\n'));
    const open = written.filter((path) => (lstatSync(path).mode & 0o077) !== 0);
    assert.deepEqual(open, [], 'others can read these');
    for (const path of written) if (lstatSync(path).isFile() && !path.endsWith('show.toml')) hear(`file ${path.slice(home.length + 1).replace(/\d{8}-\d+Z/, '')}`, readFileSync(path, 'latin1'));

    // The factory's own secrets stand nowhere but in the files that it gave. A session and a token are told to their owner alone.
    const leaks = [];
    for (const [what, forms] of Object.entries(secrets))
        for (const [where, text] of Object.entries(seen))
            for (const form of forms) if (text.includes(form)) leaks.push(`${what} stands in: ${where}`);
    // A buyer's address is for the presenter and the factory's systems.
    const theirs = /^(control desk|file data|file out)/;
    for (const [where, text] of Object.entries(seen)) if (text.includes(email) && !theirs.test(where)) leaks.push(`a buyer's e-mail stands in: ${where}`);
    assert.deepEqual(leaks, []);
    assert.ok(seen['file out/b.csv'].includes(email), 'the search would not find anything');
    t.diagnostic(`${Object.values(secrets).flat().length} secrets, ${Object.keys(seen).length} places, ${written.length} files, ${helpers} sights of helpers`);
    rmSync(show.home, {recursive: true, force: true});
    rmSync(folder, {recursive: true, force: true});
});

test('a link or password among the words of a command is wiped, and there is another way', {timeout: 60000 * patience}, async () => {
    const show = await Show.start({folder: test_show({cameras: [{id: 'line', source: 'sim:line?width=320&height=180&fps=10'}]}), ready_ms: 20000 * patience});
    try {
        const secret = show.buyer_url.split('#')[1];
        const child = spawn(binary, ['watch', show.buyer_url, '--seconds', '1', '--json'], {stdio: ['ignore', 'pipe', 'pipe']});
        let said = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => { said += d; });
        await until('it has joined', 8000 * patience, () => said.includes('joined'));
        const [words] = own_words(child.pid);
        assert.ok(words.includes('--seconds') && !words.includes(secret), words);
        assert.match(said, /can be read by others on this machine.*standard input/);
        await new Promise((done) => child.on('exit', done));

        writeFileSync(join(home, 'link'), `${show.buyer_url}\n`);
        for (const [word, input] of [['-', `${show.buyer_url}\n`], [`@${join(home, 'link')}`, '']]) {
            const watched = await run(['watch', word, '--seconds', '0.2', '--json'], {input});
            assert.equal(watched.code, 0, watched.said);
            assert.doesNotMatch(watched.said, /can be read by others/);
            assert.ok(!watched.said.includes(secret));
        }
        assert.equal((await run(['watch', '-'], {input: ''})).code, 2);
        assert.equal((await run(['watch', '@/nowhere'])).code, 2);
    } finally {
        await show.stop();
    }
});

test('what is wrong with an address is told without its password, with the encoding that helps', {timeout: 60000 * patience}, async () => {
    for (const sign of ['/', '?', '#']) {
        const tried = await run(['probe', '--try', '-', '--json'], {input: `rtsp://anna:12${sign}34Geheim@127.0.0.1/live\n`});
        assert.equal(tried.code, 2);
        assert.doesNotMatch(tried.said, /Geheim|12.34/);
        const {text, fix, address} = JSON.parse(tried.stdout);
        assert.equal(address, 'rtsp://***@127.0.0.1/live');
        assert.match(text.en, /can be read in two ways/);
        for (const language of ['en', 'zh']) for (const code of ['%25', '%40', '%2F', '%23', '%3F']) assert.ok(fix[language].includes(code), fix[language]);
    }
    for (const address of ['srt://127.0.0.1:9?streamid=#!::u=anna,s=Geheim&passphrase=Geheim-0123', 'srt://127.0.0.1:9?passphrase=Ge&heim-0123456', 'anna:Geheim@127.0.0.1/live', 'rtsp:/anna:Geheim@127.0.0.1/live', 'rtsp://anna:a Geheim@127.0.0.1/live']) {
        const tried = await run(['probe', '--try', '-'], {input: `${address}\n`});
        assert.notEqual(tried.code, 0);
        assert.doesNotMatch(tried.said, /Geheim|heim-0/, address);
    }
    const folder = test_show({cameras: [{id: 'one', source: 'rtsp://anna:12/34Geheim@127.0.0.1/live'}]});
    const checked = await run(['check', folder]);
    assert.equal(checked.code, 2);
    assert.doesNotMatch(checked.said, /Geheim/);
    assert.match(checked.said, /can be read in two ways[\s\S]*\/ as %2F/);
    rmSync(folder, {recursive: true, force: true});
});

test('a small picture of a camera that a show masks has the masks, or is not kept', {timeout: 60000 * patience}, async () => {
    const source = 'sim:line?width=640&height=360';
    const with_source = (one) => test_show({cameras: [{id: 'line', source: one, extra: 'masks = [ { polygon = [[0.5,0.0],[1.0,0.0],[1.0,1.0],[0.5,1.0]], fill = "solid" } ]'}]});
    const folder = with_source(source), runtime = scratch();
    const env = {...process.env, XDG_RUNTIME_DIR: runtime};
    const look = async (name, ...words) => {
        const tried = await run(['probe', '--try', source, '--json', '--thumbnail', join(home, name), ...words], {env, cwd: home});
        assert.equal(tried.code, 0, tried.said);
        return JSON.parse(tried.stdout);
    };
    const spread = (name) => {
        const right = execFileSync('ffmpeg', ['-v', 'error', '-i', join(home, name), '-vf', 'crop=iw/2-16:ih:iw/2+16:0', '-f', 'rawvideo', '-pix_fmt', 'gray', '-']);
        return Math.max(...right) - Math.min(...right);
    };
    await look('bare.jpg');
    assert.ok(spread('bare.jpg') > 40, 'there is something to hide');
    await look('masked.jpg', '--show', folder);
    assert.ok(spread('masked.jpg') < 12, `${spread('masked.jpg')}`);
    assert.equal(lstatSync(join(home, 'masked.jpg')).mode & 0o077, 0);

    const broken = test_show({cameras: [{id: 'line', source: 'nothing:here'}]});
    const kept_back = await look('none.jpg', '--show', broken);
    assert.ok(!existsSync(join(home, 'none.jpg')) && !kept_back.thumbnail);
    assert.match(kept_back.fix.en, /No picture of it is kept/);

    // A show that runs here is asked without being named.
    const show = await Show.start({folder, env: {XDG_RUNTIME_DIR: runtime}});
    await look('running.jpg');
    await show.stop();
    assert.ok(spread('running.jpg') < 12);
    for (const path of [folder, broken, runtime]) rmSync(path, {recursive: true, force: true});
});
