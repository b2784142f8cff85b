// A receiver of webhooks that may fail in every way, and checks what it is sent as its README tells receivers to.

import {createHmac, timingSafeEqual} from 'node:crypto';
import {createServer} from 'node:http';

/// Whether the header is right for the body with this secret.
export function signature_good(header, body, secret, now_s = Date.now() / 1000) {
    const parts = String(header).split(',').map((p) => p.split('='));
    const t = parts.find(([k]) => k === 't')?.[1];
    if (!/^\d+$/.test(t ?? '') || Math.abs(now_s - Number(t)) > 300) return false;
    const right = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
    return parts.some(([k, v]) => k === 'v1' && /^[0-9a-f]{64}$/.test(v) && timingSafeEqual(Buffer.from(v, 'hex'), right));
}

export class Receiver {
    /// behave(event, tries): "ok" or one of the ways to fail below; tries: how often this event has come, with this time.
    static async start({secret, behave = () => 'ok', thief = null}) {
        const receiver = new Receiver();
        receiver.seen = [];      // every arrival, in order: {id, type, person, taken, event}
        receiver.bad = [];       // what was not signed or not a CloudEvent
        receiver.tries = new Map();
        receiver.behave = behave;
        receiver.server = createServer((request, answer) => {
            const parts = [];
            request.on('data', (d) => parts.push(d));
            request.on('end', () => {
                const body = Buffer.concat(parts);
                let event = null;
                try { event = JSON.parse(body.toString('utf8')); } catch { /* counted below */ }
                const form = request.method === 'POST' && /^application\/cloudevents\+json/.test(request.headers['content-type'] ?? '') && event?.specversion === '1.0' && event.id && event.source && event.type && event.time;
                if (!form || !signature_good(request.headers['vitrine-signature'], body, secret)) {
                    receiver.bad.push({headers: request.headers, body: body.toString('utf8')});
                    answer.writeHead(401).end();
                    return;
                }
                const followed = request.url.endsWith('/again');
                const tries = (receiver.tries.get(event.id) ?? 0) + (followed ? 0 : 1);
                receiver.tries.set(event.id, tries);
                const how = followed ? 'ok' : receiver.behave(event, tries);
                receiver.seen.push({id: event.id, type: event.type.replace('com.vitrine.', ''), person: event.data?.buyer?.id ?? '', taken: how === 'ok' || how === 'slow', how, event, at: Date.now()});
                const ways = {
                    ok: () => answer.writeHead(204).end(),
                    slow: () => setTimeout(() => answer.writeHead(200).end('thanks'), 800),
                    error: () => answer.writeHead(500).end('x'.repeat(1000)),
                    busy: () => answer.writeHead(503, {'Retry-After': '1'}).end(),
                    refuse: () => answer.writeHead(422).end(),
                    gone: () => answer.writeHead(410).end(),
                    cut: () => { answer.writeHead(200, {'Content-Length': '100'}); answer.write('half'); setTimeout(() => answer.destroy(), 20); },
                    drop: () => request.socket.destroy(),
                    redirect: () => answer.writeHead(307, {Location: '/hook/again'}).end(),
                    astray: () => answer.writeHead(307, {Location: `${thief}/stolen`}).end(),
                    endless: () => { answer.writeHead(200); const more = () => answer.destroyed || answer.write('y'.repeat(65536), () => setImmediate(more)); more(); },
                };
                ways[how]();
            });
        });
        await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
        receiver.origin = `http://127.0.0.1:${receiver.server.address().port}`;
        return receiver;
    }
    /// What was taken, the first time each.
    get taken() {
        const ids = new Set();
        return this.seen.filter((s) => s.taken && !ids.has(s.id) && ids.add(s.id));
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
}
