// An open link in the wrong hands, and a hasty page: streams that never connect, offers that name other machines, questions without end, a hello
// that comes too late. Those who were invited watch on.

import assert from 'node:assert/strict';
import {createSocket} from 'node:dgram';
import {networkInterfaces} from 'node:os';
import {after, before, test} from 'node:test';

import {first_frame, open_browser, stats} from './support/browser.mjs';
import {act, faults, invite, open_buyer} from './support/buyers.mjs';
import {Buyer, ask} from './support/crowd.mjs';
import {offer, post_offer} from './support/offer.mjs';
import {Show, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

let show, browser, link;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const open_link = async (people = 500) => (await act(show, {act: 'make_invite', open: true, max_people: people})).link;
/// How many pictures came to the page meanwhile, and how often it asked for a stream.
async function watched(page, doing) {
    const before = (await stats(page)).frames;
    const result = await doing();
    return {result, frames: (await stats(page)).frames - before};
}

before(async () => {
    show = await Show.start({folder: test_show({cameras: [bench_camera]})});
    browser = await open_browser();
    link = await open_link();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await show?.stop(), {code: 0, signal: null});
});

test('offers of an open link that never connect leave room for who was invited, whose picture no refusal ends', async () => {
    const codes = {};
    for (let i = 0; i < 40; ++i) {
        const guest = await Buyer.join(link, {from: `127.0.0.${2 + i % 5}`});
        const {status} = await post_offer(guest, ask, offer());
        codes[status] = (codes[status] ?? 0) + 1;
    }
    // How many are let in depends on how fast they come: one that has taken three seconds gives way to the next.
    assert.ok(codes[201] >= 15, JSON.stringify(codes));
    assert.equal(codes[201] + (codes[429] ?? 0), 40, JSON.stringify(codes));
    const page = await open_buyer(browser, await invite(show, {name: 'Ana', language: 'en'}));
    await first_frame(page, 20_000);
    // The page's own session asks for streams that are refused, and for some that never connect.
    const {result, frames} = await watched(page, async () => {
        const statuses = await page.evaluate(async (good) => {
            const ask = async (body) => (await fetch('/whep', {method: 'POST', headers: {'Content-Type': 'application/sdp'}, body})).status;
            return [await ask('v=0\r\nnonsense'), await ask(good.replaceAll('H264', 'H265')), await ask(good), await ask(good), await ask(good)];
        }, offer());
        await wait(2000);
        return statuses;
    });
    assert.deepEqual(result, [400, 422, 201, 201, 201]);
    assert.ok(frames > 20, `${frames} frames`);
    await page.context().close();
});

test('an offer has nothing sent to this machine, its network or one that it is not on, nor do trickled candidates', async () => {
    const own = Object.values(networkInterfaces()).flat().filter(({internal}) => !internal).map(({address, family, scopeid}) => ({address, family, scopeid}));
    const addresses = [{address: '127.0.0.1', family: 'IPv4'}, {address: '127.0.0.77', family: 'IPv4'}, {address: '::1', family: 'IPv6'}, ...own.filter(({scopeid}) => !scopeid)];
    const heard = [], sockets = [];
    try {
        for (const {address, family} of addresses) {
            const socket = createSocket(family === 'IPv6' ? 'udp6' : 'udp4');
            socket.on('message', (data, from) => heard.push(`${address}: ${data.length} bytes from port ${from.port}`));
            await new Promise((done) => socket.bind(0, address, done));
            sockets.push({address, port: socket.address().port, socket});
        }
        const lines = sockets.map(({address, port}, i) => `a=candidate:${i + 1} 1 udp ${2130706431 - i} ${address} ${port} typ host`);
        const buyer = await Buyer.join(await invite(show, {name: 'Eve'}));
        const made = await post_offer(buyer, ask, offer({candidates: lines}));
        assert.equal(made.status, 201);
        const trickled = await ask(buyer.origin + made.headers.location, {method: 'PATCH', headers: {...buyer.headers, 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': made.headers.etag},
            body: ['m=video 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', ...lines, ''].join('\r\n')});
        assert.equal(trickled.status, 204);
        await wait(2500);
        assert.deepEqual(heard, []);
    } finally {
        for (const {socket} of sockets) socket.close();
    }
});

test('a hello that comes too late costs the socket and not the picture', async () => {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en-US'});
    const page = await context.newPage();
    await page.addInitScript(() => {
        globalThis.closes = [];
        let first = true;
        globalThis.WebSocket = class extends WebSocket {
            constructor(...words) {
                super(...words);
                this.late = first;
                first = false;
                this.addEventListener('close', ({code}) => globalThis.closes.push(code));
            }
            // A busy phone's: everything of the first socket waits until after the server has given up.
            send(text) {
                if (!this.late) return super.send(text);
                setTimeout(() => this.readyState === 1 && super.send(text), 6500);
            }
        };
    });
    let streams = 0;
    page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/whep')) ++streams; });
    await page.goto(await invite(show, {name: 'Bo', language: 'en'}));
    await first_frame(page, 20_000);
    await until('the server gives the first socket up', 15_000, () => page.evaluate(() => globalThis.closes.includes(4401)));
    const {frames} = await watched(page, () => wait(2500));
    assert.ok(frames > 30, `${frames} frames`);
    assert.equal(streams, 1);
    assert.equal(await page.locator('video').evaluate((video) => video.paused), false);
    assert.deepEqual(await page.evaluate(() => globalThis.closes), [4401]);
    await context.close();
});

test('of more questions than a newcomer is told at once the page shows the newest and fetches the rest', async () => {
    const text = '😀'.repeat(480);
    let asked = 0;
    for (let round = 0; round < 2; ++round) {
        const crowd = await open_link();
        const guests = await Promise.all(Array.from({length: 13}, () => Buyer.join(crowd)));
        for (let q = 0; q < 10; ++q) asked += (await Promise.all(guests.map((guest) => guest.act({act: 'say', kind: 'question', text: `${asked + q} ${text}`})))).filter(({status}) => status === 200).length;
    }
    assert.equal(asked, 260);
    const page = await open_buyer(browser, await invite(show, {name: 'Cy', language: 'en'}));
    await first_frame(page, 20_000);
    await page.click('#tab-questions');
    const shown = () => page.locator('.messages.question .message').count();
    await until('the newest are there', 10_000, async () => (await shown()) > 50);
    const first = await shown();
    assert.ok(first < 260, `${first} at once`);
    const earlier = page.locator('.scroll:has(.messages.question) [data-part="earlier"]');
    assert.deepEqual(await faults(page), []);
    for (let i = 0; i < 30 && (await shown()) < 260; ++i) {
        const before = await shown();
        await earlier.click({timeout: 8000});
        await until('earlier ones come', 8000, async () => (await shown()) > before);
    }
    assert.equal(await shown(), 260);
    assert.equal(await earlier.isHidden(), true);
    await page.context().close();
});
