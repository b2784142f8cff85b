// The panel as a real window on a virtual display, worked with pointer and keys. Where a control lies is read from what the panel itself
// says it has drawn (`vitrine panel --controls`).

import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {binary, scratch, until} from './show.mjs';

/// Xvfb picks a free display and says which.
export async function open_display(size = '1280x720') {
    const xvfb = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', `${size}x24`, '-nolisten', 'tcp'], {stdio: ['ignore', 'pipe', 'ignore']});
    let text = '';
    xvfb.stdout.on('data', (d) => { text += d; });
    const name = await until('the display is there', 10000, () => text.includes('\n') && `:${text.trim()}`);
    return {name, close: () => xvfb.kill()};
}

export class Panel {
    /// env: more of the environment, e.g. XDG_RUNTIME_DIR; args: more words.
    constructor(display, {args = [], env = {}, home = scratch()} = {}) {
        this.env = {...process.env, DISPLAY: display.name, XDG_CONFIG_HOME: home, LANG: 'C.UTF-8', ...env};
        this.home = home;
        this.file = join(home, 'controls.json');
        this.child = spawn(binary, ['panel', '--controls', this.file, ...args], {env: this.env, stdio: ['ignore', 'ignore', 'pipe']});
        this.errors = '';
        this.child.stderr.on('data', (d) => { this.errors += d; });
        this.exited = new Promise((done) => this.child.on('exit', (code, signal) => { this.end = {code, signal}; done(this.end); }));
    }

    drawn() {
        if (this.end) throw new Error(`the panel ended with ${JSON.stringify(this.end)}:\n${this.errors}`);
        try {
            return JSON.parse(readFileSync(this.file, 'utf8'));
        } catch {
            return {controls: [], texts: [], marks: []};
        }
    }
    find(id) { return this.drawn().controls.find((c) => (id instanceof RegExp ? id.test(c.id) : c.id === id)); }
    /// The control, once it is drawn, in sight and can be pressed.
    control(id, ms = 8000) {
        return until(`the panel has ${id}, ready to be pressed`, ms, () => { const c = this.find(id); return c?.enabled && c.in_sight && c; });
    }
    says(words, ms = 8000) {
        return until(`the panel says ${words}`, ms, () => { const {texts, controls} = this.drawn(); return [...texts, ...controls.map((c) => c.text)].find((t) => (words instanceof RegExp ? words.test(t) : t === words)); });
    }
    x(...words) { execFileSync('xdotool', words.map(String), {env: this.env}); }
    /// Each step waits until the panel has taken the one before: it takes input once a frame, and a frame may be long on a busy machine.
    async press(id, ms) {
        const {x, y, w, h} = await this.control(id, ms);
        const is = (what) => this.find(id)?.[what];
        this.x('mousemove', Math.round(x + w / 2), Math.round(y + h / 2));
        // A hand that looks first: what has just come about takes no press yet.
        await until(`${id} is under the pointer and takes a press`, 5000, () => is('hovered') && is('settled'));
        this.x('mousedown', 1);
        await until(`${id} is held`, 5000, () => is('held'));
        this.x('mouseup', 1);
        await until(`${id} is let go`, 5000, () => !is('held'));
    }
    /// What asks first: the second press counts only a moment after the first.
    async press_twice(id, ms) {
        await this.press(id, ms);
        await new Promise((done) => setTimeout(done, 600));
        await this.press(id, ms);
    }
    /// A click on a place of a picture, which is the control `id`.
    async click(id, x, y) {
        this.x('mousemove', Math.round(x), Math.round(y));
        await until('the pointer has come', 5000, () => this.find(id).hovered && this.find(id).settled);
        await new Promise((done) => setTimeout(done, 150));
        this.x('mousedown', 1);
        await until(`${id} is held`, 5000, () => this.find(id).held);
        this.x('mouseup', 1);
        await until(`${id} is let go`, 5000, () => !this.find(id).held);
    }
    async type(id, text) {
        await this.press(id);
        this.x('type', '--delay', 40, text);
    }
    keys(...names) { this.x('key', '--delay', 120, ...names); }
    /// A picture of the whole display, when screenshots are wanted.
    shot(name) {
        if (!process.env.VITRINE_SHOTS) return;
        mkdirSync(process.env.VITRINE_SHOTS, {recursive: true});
        execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'x11grab', '-i', this.env.DISPLAY, '-frames:v', '1', join(process.env.VITRINE_SHOTS, `${name}.png`)]);
    }
    async close() {
        if (!this.end) this.child.kill('SIGTERM');
        return this.exited;
    }
}
