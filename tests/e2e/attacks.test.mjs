// Pages of other sites, floods and strangers against the real program, with the real Chromium. A buyer has joined in that browser, so its cookie
// is there for whoever can make it travel.

import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {Agent, request} from 'node:http';
import {after, before, test} from 'node:test';

import {open_browser} from './support/browser.mjs';
import {Buyer} from './support/crowd.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let show, browser, context, evil, origin, control;
before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera]})});
    origin = new URL(show.buyer_url).origin;
    control = new URL(show.control_url);
    // Another port of the same host is the same site for cookies: the hardest neighbour there is.
    evil = createServer((call, answer) => {
        answer.setHeader('Content-Type', 'text/html');
        answer.end('<!doctype html><title>evil</title><form method="post"><input name="x"></form>');
    });
    await new Promise((done) => evil.listen(0, '127.0.0.1', done));
    browser = await open_browser({args: [`--host-resolver-rules=MAP evil.test 127.0.0.1`]});
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(origin + '/');
    const [, invite, secret] = show.buyer_url.match(/\/j\/([^#]+)#(.+)$/);
    const joined = await page.evaluate(async ([invite, secret]) => {
        const answer = await fetch('/api/join', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({invite, secret, language: 'en'})});
        return {status: answer.status, body: await answer.json(), readable: document.cookie};
    }, [invite, secret]);
    assert.equal(joined.status, 200);
    assert.equal(joined.body.session, undefined, 'the token never reaches the page');
    assert.equal(joined.readable, '', 'nor can its script read the cookie');
    const [cookie] = (await context.cookies()).filter(({name}) => name.startsWith('__Host-vt-'));
    assert.ok(cookie.secure && cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path === '/', JSON.stringify(cookie));
});
after(async () => {
    await browser?.close();
    evil?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

const evil_origin = (host = '127.0.0.1') => `http://${host}:${evil.address().port}`;
const desk = async () => (await show.control('GET', '/control/desk')).json;
const act = (text) => JSON.stringify({act: 'say', kind: 'chat', text, client_id: `c-${Math.random().toString(36).slice(2)}`});

test('the buyer\'s own page may act', async () => {
    const page = await context.newPage();
    await page.goto(origin + '/');
    const status = await page.evaluate(async (body) => (await fetch('/api/act', {method: 'POST', headers: {'Content-Type': 'application/json'}, body})).status, act('mine'));
    assert.equal(status, 200);
    assert.equal((await desk()).messages.length, 1);
    await page.close();
});

for (const host of ['127.0.0.1', 'localhost', 'evil.test']) {
    test(`a page of http://${host}:… changes nothing: forms, fetch in every mode, images, the socket`, async () => {
        const before = (await desk()).messages.length;
        const page = await context.newPage();
        await page.goto(evil_origin(host) + '/');
        const seen = await page.evaluate(async ([origin, body]) => {
            const tried = {};
            const attempt = async (name, work) => { try { tried[name] = await work(); } catch (e) { tried[name] = 'blocked'; } };
            const send = (init) => fetch(origin + '/api/act', {method: 'POST', credentials: 'include', body, ...init}).then((answer) => answer.type === 'opaque' ? 'opaque' : answer.status);
            await attempt('simple', () => send({headers: {'Content-Type': 'text/plain'}}));
            await attempt('no-cors', () => send({mode: 'no-cors', headers: {'Content-Type': 'text/plain'}}));
            await attempt('json', () => send({headers: {'Content-Type': 'application/json'}}));
            await attempt('put', () => fetch(origin + '/api/attachments/x', {method: 'PUT', credentials: 'include', body}).then((answer) => answer.status));
            await attempt('read', () => fetch(origin + '/api/show', {credentials: 'include'}).then((answer) => answer.status));
            await attempt('whep', () => fetch(origin + '/whep', {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/sdp'}, body: 'v=0'}).then((answer) => answer.status));
            await attempt('beacon', () => navigator.sendBeacon(origin + '/api/act', new Blob([body], {type: 'text/plain'})));
            await attempt('image', () => new Promise((done) => { const image = new Image(); image.onload = () => done('loaded'); image.onerror = () => done('error'); image.src = origin + '/api/still'; }));
            await attempt('socket', () => new Promise((done) => {
                const socket = new WebSocket(origin.replace('http', 'ws') + '/live');
                socket.onopen = () => done('open');
                socket.onerror = () => done('refused');
            }));
            return tried;
        }, [origin, act('forged')]);
        assert.equal(seen.socket, 'refused');
        assert.equal(seen.image, 'error');
        for (const how of ['simple', 'json', 'put', 'read', 'whep']) assert.notEqual(seen[how], 200, `${how}: ${seen[how]}`);
        // The classic: a form that looks like JSON.
        await page.evaluate(([origin, body]) => {
            const form = document.forms[0];
            form.action = origin + '/api/act';
            form.enctype = 'text/plain';
            form.elements[0].name = body.slice(0, -1) + ',"';
            form.elements[0].value = '":1}';
        }, [origin, act('forged')]);
        const [answer] = await Promise.all([page.waitForResponse((response) => response.url().endsWith('/api/act')), page.evaluate(() => document.forms[0].submit())]);
        assert.ok([401, 403, 415].includes(answer.status()), `the form was answered with ${answer.status()}`);
        assert.equal((await desk()).messages.length, before, 'nothing was said');
        await page.close();
    });
}

test('DNS rebinding does not reach the control listener, nor does a page without it', async () => {
    const session = (await show.snapshot()).session;
    const page = await context.newPage();
    // evil.test is 127.0.0.1 for this browser: the page has the control listener's own origin as far as the browser can tell.
    const opened = await page.goto(`http://evil.test:${control.port}/healthz`);
    assert.equal(opened.status(), 403);
    await page.goto(evil_origin('evil.test') + '/');
    const tried = await page.evaluate(async (port) => {
        const results = [];
        for (const host of ['evil.test', '127.0.0.1', 'localhost'])
            for (const init of [{mode: 'no-cors'}, {mode: 'cors', headers: {'Content-Type': 'application/json', Authorization: 'Bearer guess'}}])
                try {
                    const answer = await fetch(`http://${host}:${port}/control/command`, {method: 'POST', body: '{"command":"end"}', ...init});
                    results.push(answer.type === 'opaque' ? 'opaque' : answer.status);
                } catch { results.push('blocked'); }
        return results;
    }, control.port);
    assert.ok(tried.every((result) => result !== 200), tried.join());
    assert.equal((await show.snapshot()).session, session);
    await page.close();
});

/// One request from one of this machine's own addresses.
function ask(method, path, {from, headers = {}, body, agent} = {}) {
    const url = new URL(path, origin);
    return new Promise((done) => {
        const call = request(url, {method, agent: agent ?? false, localAddress: from, headers: {...headers, ...(body ? {'Content-Length': Buffer.byteLength(body)} : {})}, timeout: 10_000}, (answer) => {
            let text = '';
            answer.on('data', (d) => { text += d; });
            answer.on('end', () => done({status: answer.statusCode, text, headers: answer.headers}));
            answer.on('error', () => done({status: 0}));
        });
        call.on('error', () => done({status: 0}));
        call.on('timeout', () => call.destroy());
        call.end(body);
    });
}

const json = {'Content-Type': 'application/json'};
const join_body = (secret) => {
    const [, invite, right] = show.buyer_url.match(/\/j\/([^#]+)#(.+)$/);
    return JSON.stringify({invite, secret: secret ?? right, language: 'en', bearer: true});
};

test('a flood of a thousand joins and acts a second from one address: buyers there and elsewhere still join within 2 s', {timeout: 60_000}, async (t) => {
    const agent = new Agent({keepAlive: true, maxSockets: 40});
    let sent = 0, flooding = true;
    const statuses = {};
    const flood = async (path, body) => {
        while (flooding) {
            const began = performance.now();
            const {status} = await ask('POST', path, {agent, headers: json, body});
            statuses[status] = (statuses[status] ?? 0) + 1;
            ++sent;
            const rest = 30 - (performance.now() - began); // 40 at once, each 33 times a second
            if (rest > 0) await new Promise((done) => setTimeout(done, rest));
        }
    };
    const floods = [...Array(20).keys()].flatMap(() => [flood('/api/join', join_body('00'.repeat(16))), flood('/api/act', act('x'))]);
    const began = performance.now();
    await until('the flood has begun', 10_000, () => sent > 200);
    const took = [];
    for (let i = 0; i < 25; ++i) {
        await new Promise((done) => setTimeout(done, 100));
        const start = performance.now();
        const {status} = await ask('POST', '/api/join', {from: i % 2 ? '127.0.0.2' : '127.0.0.1', headers: json, body: join_body()});
        took.push(performance.now() - start);
        assert.equal(status, 200);
    }
    flooding = false;
    await Promise.all(floods);
    agent.destroy();
    const rate = sent / ((performance.now() - began) / 1000);
    t.diagnostic(`${sent} requests, ${rate.toFixed(0)} a second; joins took ${took.map((ms) => ms.toFixed(0)).join(', ')} ms; answers ${JSON.stringify(statuses)}`);
    assert.ok(Math.max(...took) < 2000, `a join took ${Math.max(...took).toFixed(0)} ms`);
    assert.ok(rate > 300, `only ${rate.toFixed(0)} requests a second came out of this test`);
    assert.equal(statuses[200] ?? 0, 0);
});

test('floods by somebody who was let in: chat, acts, requests and sockets are refused by count, and nobody else waits', {timeout: 90_000}, async (t) => {
    const flooder = await Buyer.join(show.buyer_url, {name: 'Flood'});
    const others = await Promise.all(['Ana', 'Omar', 'Wei'].map((name) => Buyer.join(show.buyer_url, {name, from: '127.0.0.2'})));
    const heard = new Map(others.map((one) => [one, []]));
    for (const one of others) await one.listen((message) => heard.get(one).push(message));

    const statuses = {};
    let flooding = true, without_time = 0;
    const flood = async (kind, body) => {
        while (flooding) {
            // An address that opens more connections than one may is cut off: that is an answer too.
            const {status, headers} = await flooder.act(body()).catch(() => ({status: 'cut off', headers: {}}));
            ((statuses[kind] ??= {})[status] ??= 0), ++statuses[kind][status];
            if (status === 'cut off') await new Promise((done) => setTimeout(done, 20));
            if (status === 429 && !(Number(headers['retry-after']) >= 1)) ++without_time;
        }
    };
    const kinds = {
        chat: () => ({act: 'say', kind: 'chat', text: 'spam'}),
        question: () => ({act: 'say', kind: 'question', text: 'spam?'}),
        reaction: () => ({act: 'react', kind: 'heart'}),
        point: () => ({act: 'point', product: 'LX-200', at_mm: [1, 2, 0]}),
        quote: () => ({act: 'request_quote', product: 'LX-200', quantity: 500}),
        hand: () => ({act: 'hand', up: true}),
    };
    const began = performance.now();
    const floods = Object.entries(kinds).flatMap(([kind, body]) => [...Array(4)].map(() => flood(kind, body)));
    // Sockets: forty at once of one session, and one that talks without a pause.
    const sockets = await Promise.all([...Array(40)].map(() => flooder.listen().catch(() => null)));
    const talker = await Buyer.join(show.buyer_url, {name: 'Talker', from: '127.0.0.3'});
    const said = await talker.listen();
    for (let i = 0; i < 400; ++i) talker.tell({type: 'ping', t: i}, said);

    const took = [];
    for (let i = 0; i < 12; ++i) {
        await new Promise((done) => setTimeout(done, 150));
        const one = others[i % others.length], text = `hello ${i}`;
        const start = performance.now();
        assert.equal((await one.act({act: 'say', kind: 'chat', text})).status, 200);
        took.push(performance.now() - start);
        for (const other of others) await until(`${text} reaches everybody`, 2000, () => heard.get(other).some(({put}) => put?.some((record) => record.text === text)));
    }
    const start = performance.now();
    await Buyer.join(show.buyer_url, {from: '127.0.0.4'});
    const join_ms = performance.now() - start;
    flooding = false;
    await Promise.all(floods);
    const minutes = (performance.now() - began) / 60_000;
    await until('the talker is cut off', 5000, () => said.close_code !== undefined);
    t.diagnostic(`${(minutes * 60).toFixed(1)} s; ${JSON.stringify(statuses)}; others' chat took ${took.map((ms) => ms.toFixed(0)).join(', ')} ms, a join ${join_ms.toFixed(0)} ms`);

    // What was let through is the burst and what grew again meanwhile.
    const limits = {chat: [5, 30], question: [10, 10], reaction: [30, 30], point: [12, 12], quote: [5, 0.5], hand: [60, 60]};
    for (const [kind, [burst, per_minute]] of Object.entries(limits)) {
        const {200: taken = 0, 429: refused = 0, 'cut off': _, ...rest} = statuses[kind];
        assert.ok(taken <= burst + Math.ceil(per_minute * minutes), `${kind}: ${taken} taken`);
        assert.ok(refused >= 10, `${kind}: ${JSON.stringify(statuses[kind])}`);
        for (const status of Object.keys(rest)) assert.ok(['409', '422'].includes(status), `${kind}: ${JSON.stringify(statuses[kind])}`);
    }
    assert.equal(without_time, 0, 'each 429 says when to come again');
    assert.equal(said.close_code, 1008);
    const open = sockets.filter((socket) => socket && socket.close_code === undefined && !socket.destroyed);
    assert.ok(open.length <= 8, `${open.length} sockets of one session stayed open`);
    assert.ok(sockets.filter((socket) => socket?.close_code === 1008).length >= 5, `${sockets.map((socket) => socket?.close_code)}`);
    assert.ok(Math.max(...took) < 2000 && join_ms < 2000, `others waited: ${took}, ${join_ms}`);
    for (const one of others) {
        assert.equal(one.socket.close_code, undefined);
        one.close();
    }
    for (const socket of sockets) socket?.destroy();
});

test('paths lead nowhere', async () => {
    for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/%252e%252e/etc/passwd', '/..%5c..%5cetc/passwd', '/assets/../../show.toml', '/media/..%2fshow.toml',
        '/api/models/..%2f..%2fshow.toml', '/j/../../show.db', '/%00', '/assets/%c0%ae%c0%ae/show.toml', '/' + 'a/'.repeat(6000)]) {
        const {status, text} = await ask('GET', path);
        assert.ok([400, 401, 404].includes(status) || (status === 200 && text.includes('<!doctype html>')), `${path.slice(0, 60)}: ${status}`);
        assert.doesNotMatch(text ?? '', /root:|\[show\]|SQLite/);
    }
});
