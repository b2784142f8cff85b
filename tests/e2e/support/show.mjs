// The real program as a child process: start, wait for its ready line, command it, end it.

import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env.VITRINE_BINARY ?? join(root, 'build/release/bin/vitrine');

export function scratch() {
    return mkdtempSync(join(tmpdir(), 'vitrine-test-'));
}

/// Waits until `check` gives something truthy; fails with `what` after `ms`.
export async function until(what, ms, check, every = 25) {
    const end = performance.now() + ms;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
        await new Promise((done) => setTimeout(done, every));
    }
}

export class Show {
    /// rehearse: with simulated buyers. replay: show that recording instead, [file, more words…]. prefix: words to run it under, e.g. ["ip", "netns", "exec", "x"].
    static async start({folder, args = [], env = {}, prefix = [], ready_ms = 20000, port = 0, replay, rehearse = false} = {}) {
        const show = new Show();
        show.home = scratch();
        const words = [...prefix, binary, ...(rehearse ? ['rehearse', folder, '--headless'] : replay ? ['replay', folder, ...replay] : [...(folder ? ['run', folder] : ['demo']), '--headless']), ...(rehearse ? [] : ['--port', String(port)]), '--json', '--token-file', join(show.home, 'token'), ...args];
        show.child = spawn(words[0], words.slice(1), {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
        show.events = [];
        show.errors = '';
        show.prefix = prefix;
        show.exited = new Promise((done) => show.child.on('exit', (code, signal) => { show.end = {code, signal}; done(show.end); }));
        let rest = '';
        show.child.stdout.on('data', (data) => {
            rest += data;
            const lines = rest.split('\n');
            rest = lines.pop();
            for (const line of lines) if (line) show.events.push(JSON.parse(line));
        });
        show.child.stderr.on('data', (data) => { show.errors += data; });
        const ready = await until('the show is ready', ready_ms, () => {
            if (show.end) throw new Error(`the program ended with ${JSON.stringify(show.end)}:\n${show.errors}`);
            return show.events.find((e) => e.event === 'ready');
        });
        show.buyer_url = ready.buyer_url;
        show.control_url = ready.control_url;
        show.token = readFileSync(ready.control_token_file, 'utf8').trim();
        return show;
    }

    control(method, path, body) {
        const url = new URL(path, this.control_url);
        return new Promise((done, failed) => {
            // No kept connection: a test that blocks this process would find it closed by the server.
            const call = request(url, {method, agent: false, headers: {Authorization: `Bearer ${this.token}`, ...(body ? {'Content-Type': 'application/json'} : {})}}, (answer) => {
                let text = '';
                answer.on('data', (d) => { text += d; });
                answer.on('end', () => done({status: answer.statusCode, json: text.startsWith('{') ? JSON.parse(text) : null, text}));
            });
            call.on('error', failed);
            call.end(body ? JSON.stringify(body) : undefined);
        });
    }
    async snapshot() { return (await this.control('GET', '/control/snapshot')).json; }
    async command(body) {
        const answer = await this.control('POST', '/control/command', body);
        if (answer.status !== 200) throw new Error(`${JSON.stringify(body)} was refused: ${answer.status} ${answer.text}`);
        return answer.json;
    }
    async metric(name) {
        return (await this.metrics(name))[0];
    }

    /// Of one moment.
    metrics(...names) {
        return this.control('GET', '/metrics').then(({text}) => names.map((name) => Number(text.match(new RegExp(`^${name}(?:\\{[^}]*\\})? ([-\\d.e+]+)$`, 'm'))?.[1])));
    }

    /// Process figures of the program itself (not of a wrapper).
    usage() {
        const pid = this.child.pid;
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return {threads: Number(status.match(/Threads:\s+(\d+)/)[1]), rss_kb: Number(status.match(/VmRSS:\s+(\d+)/)[1])};
    }

    async stop(signal = 'SIGINT') {
        if (!this.end) this.child.kill(signal);
        const end = await this.exited;
        rmSync(this.home, {recursive: true, force: true});
        return end;
    }
}

/// Writes a show folder from TOML texts: {"show.toml": …, "products/a.toml": …}.
export function write_show(files) {
    const folder = scratch();
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), {recursive: true});
        writeFileSync(join(folder, name), text);
    }
    return folder;
}
