// Buyers without a browser: join, socket and acts over HTTP as any program may.

import {createHash, randomBytes} from 'node:crypto';
import {request} from 'node:http';

let numbers = 0;
/// A client id that no other act of this process has.
export const client_id = (what = 'act') => `${what}-${process.pid}-${++numbers}`;

/// One request without a kept connection. Rejects when the connection breaks; an answer of any status resolves.
/// `from`: the address it comes from.
export function ask(url, {method = 'GET', headers = {}, body, timeout_ms = 10000, from} = {}) {
    return new Promise((done, failed) => {
        const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
        const call = request(url, {method, agent: false, ...(from ? {localAddress: from} : {}), headers: {...(bytes && !headers['Content-Type'] ? {'Content-Type': 'application/json'} : {}), ...(bytes ? {'Content-Length': bytes.length} : {}), ...headers}}, (answer) => {
            const parts = [];
            answer.on('data', (d) => parts.push(d));
            answer.on('error', failed);
            answer.on('aborted', () => failed(new Error('cut off')));
            answer.on('end', () => {
                const bytes = Buffer.concat(parts), text = bytes.toString('utf8');
                let json = null;
                try { json = JSON.parse(text); } catch { /* no JSON */ }
                done({status: answer.statusCode, headers: answer.headers, bytes, text, json});
            });
        });
        call.setTimeout(timeout_ms, () => call.destroy(new Error('no answer')));
        call.on('error', failed);
        call.end(bytes);
    });
}

export class Buyer {
    /// link: "http://…/j/<id>#<secret>".
    static async join(link, {language = 'en', name, from} = {}) {
        const url = new URL(link);
        const answer = await ask(`${url.origin}/api/join`, {method: 'POST', from, body: {invite: url.pathname.split('/').pop(), secret: url.hash.slice(1), language, bearer: true}});
        if (answer.status !== 200) throw new Error(`join: ${answer.status} ${answer.text}`);
        const buyer = new Buyer();
        buyer.origin = url.origin;
        buyer.from = from;
        buyer.session = answer.json.session;
        buyer.person = answer.json.person;
        if (name) await buyer.must_act({act: 'introduce', name});
        return buyer;
    }
    get headers() { return {Authorization: `Bearer ${this.session}`}; }
    get(path, headers = {}) { return ask(this.origin + path, {from: this.from, headers: {...this.headers, ...headers}}); }
    act(act, id = client_id()) { return ask(`${this.origin}/api/act`, {method: 'POST', from: this.from, headers: this.headers, body: {client_id: id, ...act}}); }
    async must_act(act, id) {
        const answer = await this.act(act, id);
        if (answer.status !== 200) throw new Error(`${JSON.stringify(act)}: ${answer.status} ${answer.text}`);
        return answer.json;
    }
    /// The events' socket: calls on_message for every message until it closes; resolves once it has said hello.
    listen(on_message = () => {}) {
        const url = new URL(this.origin);
        const key = randomBytes(16).toString('base64');
        return new Promise((done, failed) => {
            const call = request({host: url.hostname, port: url.port, path: '/live', ...(this.from ? {localAddress: this.from} : {}), headers: {Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key}});
            call.on('error', failed);
            call.on('response', (answer) => failed(new Error(`socket: ${answer.statusCode}`)));
            call.on('upgrade', (answer, socket, head) => {
                const expected = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
                if (answer.headers['sec-websocket-accept'] !== expected) return failed(new Error('socket: wrong accept'));
                let rest = head, text = [];
                const take = (data) => {
                    rest = Buffer.concat([rest, data]);
                    for (;;) {
                        if (rest.length < 2) return;
                        let length = rest[1] & 127, at = 2;
                        if (length === 126) { if (rest.length < 4) return; length = rest.readUInt16BE(2); at = 4; }
                        else if (length === 127) { if (rest.length < 10) return; length = Number(rest.readBigUInt64BE(2)); at = 10; }
                        if (rest.length < at + length) return;
                        const [op, last, body] = [rest[0] & 15, rest[0] & 128, rest.subarray(at, at + length)];
                        rest = rest.subarray(at + length);
                        if (op === 9) send(socket, body, 10);
                        if (op === 8) {
                            socket.close_code = body.length >= 2 ? body.readUInt16BE(0) : 1005;
                            socket.end();
                        }
                        if (op > 1) continue;
                        text.push(body);
                        if (!last) continue;
                        on_message(JSON.parse(Buffer.concat(text).toString('utf8')));
                        text = [];
                    }
                };
                socket.on('data', take);
                socket.on('error', () => {});
                take(Buffer.alloc(0));
                send(socket, Buffer.from(JSON.stringify({type: 'hello', session: this.session})));
                this.socket = socket;
                done(socket);
            });
            call.end();
        });
    }
    /// One more message on that socket.
    tell(message, socket = this.socket) { send(socket, Buffer.from(JSON.stringify(message))); }
    close() { this.socket?.destroy(); }
}

function send(socket, bytes, op = 1) {
    const mask = randomBytes(4);
    const head = bytes.length < 126 ? Buffer.from([128 | op, 128 | bytes.length]) : Buffer.from([128 | op, 254, bytes.length >> 8, bytes.length & 255]);
    socket.write(Buffer.concat([head, mask, Buffer.from(bytes.map((b, i) => b ^ mask[i & 3]))]));
}

/// Everything that a show's store holds, by kind, as its own control API tells it.
export async function desk_of(show) {
    const answer = await show.control('GET', '/control/desk');
    if (answer.status !== 200) throw new Error(`desk: ${answer.status} ${answer.text}`);
    return answer.json;
}
