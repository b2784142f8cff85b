// Buyers in real browsers: links made by the presenter, pages that tell when something of another's text was executed, the presenter's view of the
// desk to compare with, and axe.

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

import {root, until} from './show.mjs';

const axe = readFileSync(createRequire(join(root, 'assets/buyer/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

export const desk = async (show) => (await show.control('GET', '/control/desk')).json;
/// One act as the presenter.
export async function act(show, body) {
    const answer = await show.control('POST', '/control/act', body);
    if (answer.status !== 200) throw new Error(`${JSON.stringify(body)} was refused: ${answer.status} ${answer.text}`);
    return answer.json;
}
export const invite = async (show, more = {}) => (await act(show, {act: 'make_invite', role: 'buyer', ...more})).link;

export const phone = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true};

/// `spying`: texts of the polyglots call it.
export async function open_buyer(browser, link, options = {}) {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en-US', acceptDownloads: true, ...options});
    const page = await context.newPage();
    page.problems = [];
    page.on('pageerror', (e) => page.problems.push(`page error: ${e}`));
    page.on('dialog', (d) => { page.problems.push(`dialog: ${d.message()}`); void d.dismiss(); });
    page.on('console', (m) => { if (/Content Security Policy|Trusted/.test(m.text())) page.problems.push(m.text()); });
    await page.addInitScript(() => {
        globalThis.spied = [];
        for (const name of ['alert', 'confirm', 'prompt', 'print']) globalThis[name] = (...words) => globalThis.spied.push(`${name} ${words}`);
        document.addEventListener('securitypolicyviolation', (e) => globalThis.spied.push(`policy ${e.violatedDirective} ${e.blockedURI}`));
    });
    await page.goto(link);
    return page;
}

/// Faults that axe calls serious or critical, as short lines.
export async function faults(page) {
    return page.evaluate(`${axe};
        axe.run({resultTypes: ['violations']}).then(({violations}) => violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
            .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => id + ' ' + target.join(' ') + ': ' + failureSummary.split('\\n')[1])))`);
}

export const trouble = async (page) => [...page.problems, ...(await page.evaluate(() => globalThis.spied))];

/// Fills in who the buyer is, wherever the page asks.
export async function introduce(page, name, company = '') {
    await page.fill('.dialog-introduce input[autocomplete="name"]', name);
    if (company) await page.fill('.dialog-introduce input[autocomplete="organization"]', company);
    await page.click('.dialog-introduce button[type="submit"]');
}

export const polyglots = [
    'jaVasCript:/*-/*`/*\\`/*\'/*"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>',
    '"><img src=x onerror=alert(1)>', '<script>alert(1)</script>', '\'-alert(1)-\'', '{{constructor.constructor("alert(1)")()}}', '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
];

/// In the frame callback of a frame that shows it: taps where the callout's dot stands, so that frame and tap are of one moment.
export const tap_dot = (page, callout_index, holder = '.frame') => page.evaluate(({callout_index, holder}) => new Promise((done, failed) => {
    const end = performance.now() + 8000;
    const off = globalThis.vitrine.onFrame((_, scene) => {
        if (performance.now() > end) { off(); failed(new Error('the dot never stood in the picture')); return; }
        const dot = document.querySelectorAll('.frame > .overlay circle.dot')[callout_index];
        if (!scene || !dot || dot.classList.contains('away')) return;
        off();
        const box = document.querySelector(holder).getBoundingClientRect();
        const [x, y] = [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))];
        document.querySelector('.frame > .models').dispatchEvent(new PointerEvent('click', {bubbles: true, clientX: box.left + x, clientY: box.top + y, pointerType: 'mouse', detail: 1}));
        done({frame: scene.number, x, y});
    });
}), {callout_index, holder});

/// The frame number coded in the bottom left corner of a canvas; null when it cannot be read.
export const coded = (page, selector) => page.evaluate((selector) => {
    const source = document.querySelector(selector);
    const [width, height] = [source.width, source.height];
    let cell = Math.max(8, Math.floor(width / 80));
    cell -= cell % 2;
    const canvas = Object.assign(document.createElement('canvas'), {width: cell * 34, height: cell});
    const context = canvas.getContext('2d', {willReadFrequently: true});
    context.drawImage(source, 0, height - cell, cell * 34, cell, 0, 0, cell * 34, cell);
    const {data} = context.getImageData(0, 0, cell * 34, cell);
    const bit = (i) => {
        let [sum, n] = [0, 0];
        for (let y = cell >> 2; y < cell - (cell >> 2); ++y) for (let x = cell >> 2; x < cell - (cell >> 2); ++x, ++n) sum += data[4 * (y * cell * 34 + i * cell + x) + 1];
        return sum / n > 127 ? 1 : 0;
    };
    if (bit(0) !== 1 || bit(1) !== 0) return null;
    let value = 0;
    for (let i = 0; i < 24; ++i) value = value * 2 + bit(2 + i);
    return value;
}, selector);

export {until};
