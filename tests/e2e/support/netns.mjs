// A network namespace with one interface (a veth pair that nobody listens to at the far end), and nftables rules that drop a share of its UDP packets. Everything inside reaches everything else
// inside through the loopback device, so one rule on input hits both directions. Needs root.

import {execFileSync} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {scratch} from './show.mjs';

const run = (...words) => execFileSync(words[0], words.slice(1), {stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8'});

export const can_use_netns = () => process.getuid() === 0;

export class Namespace {
    constructor(name, address = '10.77.0.1') {
        this.name = name;
        this.address = address;
        this.remove();
        run('ip', 'netns', 'add', name);
        this.exec('ip', 'link', 'set', 'lo', 'up');
        this.exec('ip', 'link', 'add', 'show0', 'type', 'veth', 'peer', 'name', 'far0');
        this.exec('ip', 'link', 'set', 'far0', 'up');
        this.exec('ip', 'addr', 'add', `${address}/24`, 'dev', 'show0');
        this.exec('ip', 'link', 'set', 'show0', 'up');
        this.exec('ip', 'route', 'add', 'default', 'dev', 'show0');
    }
    get prefix() { return ['ip', 'netns', 'exec', this.name]; }
    exec(...words) { return run(...this.prefix, ...words); }

    /// Drops `percent` of UDP packets; counted.
    lose(percent) {
        this.exec('nft', 'add', 'table', 'inet', 'weather');
        this.exec('nft', 'flush', 'table', 'inet', 'weather');
        this.exec('nft', 'add', 'chain', 'inet', 'weather', 'input', '{ type filter hook input priority 0 ; }');
        if (percent > 0) this.exec('nft', 'add', 'rule', 'inet', 'weather', 'input', 'meta', 'l4proto', 'udp', 'numgen', 'random', 'mod', '1000', '<', String(Math.round(percent * 10)), 'counter', 'drop');
    }
    /// Lets `rate` ("2mbit") through, both directions together.
    narrow(rate) {
        this.exec('ip', 'link', 'set', 'lo', 'mtu', '1500'); // packets as on a wire
        this.exec('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', rate, 'burst', '32kb', 'latency', '400ms');
    }
    /// What an address inside answers, as JSON.
    ask(url, headers = {}) {
        return JSON.parse(this.exec(process.execPath, '-e', `fetch(${JSON.stringify(url)}, {headers: ${JSON.stringify(headers)}}).then((answer) => answer.text()).then(console.log)`));
    }
    lost() {
        const counter = this.exec('nft', 'list', 'table', 'inet', 'weather').match(/counter packets (\d+)/);
        return counter ? Number(counter[1]) : 0;
    }

    /// A script that starts Chromium inside; playwright takes one executable.
    chromium() {
        const script = join(scratch(), 'chromium-inside');
        writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${this.name} ${process.env.CHROMIUM ?? '/usr/bin/chromium'} "$@"\n`);
        chmodSync(script, 0o755);
        return script;
    }
    remove() {
        try { run('ip', 'netns', 'del', this.name); } catch { /* was not there */ }
    }
}
