// The show's own [tls], as a buyer's browser meets it: the page, a model, files up and down, the printed offer, the recording afterwards, and a
// certificate that is renewed while it runs.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {connect} from 'node:tls';

import {first_frame, open_browser} from './support/browser.mjs';
import {invite, open_buyer, trouble} from './support/buyers.mjs';
import {scratch, Show, until} from './support/show.mjs';
import {bench_camera, test_show} from './support/shows.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/// Writes cert.pem and key.pem, the one after the other as such programs do.
function certify(folder, name) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', `/CN=${name}`,
        '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], {stdio: 'ignore'});
}

/// Whose certificate somebody who connects now is shown.
const shown = (origin) => new Promise((done, failed) => {
    const socket = connect({port: Number(new URL(origin).port), host: '127.0.0.1', rejectUnauthorized: false}, () => {
        done(socket.getPeerCertificate().subject.CN);
        socket.destroy();
    });
    socket.on('error', failed);
});

/// SHA-256 of what the page gets at an address.
const fetched = (page, path) => page.evaluate(async (path) => {
    const bytes = await (await fetch(path)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');
}, path);

test('page, model, files, offer and replay over the show\'s own TLS; a renewed certificate is taken without a restart', {timeout: 120000}, async () => {
    const folder = test_show({cameras: [bench_camera], program: 'bitrate_kbps = 1500', more: '[tls]\ncertificate = "cert.pem"\nkey = "key.pem"'});
    certify(folder, 'first');
    const out = scratch(), data = scratch();
    let show = await Show.start({folder, args: ['--record', out, '--data', data]});
    const browser = await open_browser();
    try {
        assert.match(show.buyer_url, /^https:/);
        const link = await invite(show, {name: 'Ana Lima'});
        const ana = await open_buyer(browser, link, {ignoreHTTPSErrors: true});
        await first_frame(ana, 20000);
        assert.equal(await fetched(ana, '/api/models/LX-200'), sha256(readFileSync(join(folder, 'models/lx200.glb'))));

        // A file of two megabytes goes up, into a quote, and comes down as a download.
        const asked = await ana.evaluate(async () => {
            const bytes = new Uint8Array(2_000_000);
            for (let i = 0; i < bytes.length; ++i) bytes[i] = (i * 31 + (i >> 9)) & 255;
            bytes.set(new TextEncoder().encode('%PDF-1.7\n'));
            const put = await fetch('/api/attachments/a1?name=drawing.pdf', {method: 'PUT', headers: {'Content-Type': 'application/pdf'}, body: bytes});
            const file = await put.json();
            const act = await fetch('/api/act', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({act: 'request_quote', client_id: 'q1', product: 'LX-200', quantity: 600, attachments: [file.id]})});
            const answer = await act.json();
            const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');
            return {file: file.id, quote: answer.id, digest};
        });
        const [download] = await Promise.all([
            ana.waitForEvent('download'),
            ana.evaluate((id) => { const a = document.createElement('a'); a.href = `/api/attachments/${id}`; document.body.append(a); a.click(); a.remove(); }, asked.file),
        ]);
        assert.equal(download.suggestedFilename(), 'drawing.pdf');
        assert.equal(sha256(readFileSync(await download.path())), asked.digest);
        const offer = await ana.context().newPage();
        const printed = await offer.goto(`${new URL(show.buyer_url).origin}/api/quotes/${asked.quote}/offer`);
        assert.equal(printed.status(), 200);
        const html = await printed.text();
        assert.ok(html.length > 16384 && html.trimEnd().endsWith('</html>'), `${html.length} letters`);
        await offer.close();

        // Renewed while she watches.
        assert.equal(await shown(show.buyer_url), 'first');
        certify(folder, 'second');
        await until('the new certificate is shown', 6000, async () => (await shown(show.buyer_url)) === 'second', 200);
        const whole = readFileSync(join(folder, 'cert.pem'));
        writeFileSync(join(folder, 'cert.pem'), whole.subarray(0, whole.length / 2));
        await until('a broken one is told to the presenter', 12000, async () => (await show.snapshot()).notices.some((n) => JSON.stringify(n).includes('cert.pem')), 200);
        assert.equal(await shown(show.buyer_url), 'second');
        const findings = (await show.control('GET', '/control/preflight')).json.findings;
        assert.ok(findings.some((f) => f.key === 'preflight.certificate_unusable' && f.text.zh && f.fix.en), JSON.stringify(findings));
        writeFileSync(join(folder, 'cert.pem'), whole);
        const frames = await ana.evaluate(() => globalThis.vitrine.stats().frames);
        await until('frames go on', 5000, async () => (await ana.evaluate(() => globalThis.vitrine.stats().frames)) > frames);
        assert.deepEqual(await trouble(ana), []);

        // Afterwards the recording, as a browser takes it: ranges, from the middle, to the end.
        const clean = await until('the recording', 10000, () => readdirSync(out).find((n) => n.endsWith('-clean.mp4')));
        await ana.close();
        assert.deepEqual(await show.stop(), {code: 0, signal: null});
        show = await Show.start({folder, replay: [join(out, clean), '--data', data]});
        const again = await open_buyer(browser, link.replace(/https:\/\/[^/]+/, new URL(show.buyer_url).origin), {ignoreHTTPSErrors: true});
        await again.waitForFunction(async () => (await fetch('/api/me')).ok, null, {timeout: 15000});
        const seen = await again.evaluate(() => new Promise((done, failed) => {
            const video = Object.assign(document.createElement('video'), {src: '/api/replay/video', muted: true});
            video.onerror = () => failed(new Error(video.error.message));
            video.onloadedmetadata = () => { video.currentTime = video.duration / 2; };
            video.onseeked = () => { video.playbackRate = 4; void video.play(); };
            video.onended = () => done({duration: video.duration, width: video.videoWidth, decoded: video.getVideoPlaybackQuality().totalVideoFrames});
            document.body.append(video);
        }));
        assert.ok(seen.duration > 3 && seen.width === 1280 && seen.decoded > 20, JSON.stringify(seen));
        assert.equal(await fetched(again, '/api/replay/video'), sha256(readFileSync(join(out, clean))));
    } finally {
        await browser.close();
        await show.stop();
        for (const gone of [out, data, folder]) rmSync(gone, {recursive: true, force: true});
    }
});
