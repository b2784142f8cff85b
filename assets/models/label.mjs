// A printed label as a PNG: rows of text in a bitmap face of its own, dark on light.

import {crc32_of} from './crc.mjs';
import {deflateSync} from 'node:zlib';

// 5 × 7, a row per number, its leftmost pixel in bit 4.
const face = {
    A: [14, 17, 17, 31, 17, 17, 17], C: [14, 17, 16, 16, 16, 17, 14], D: [30, 17, 17, 17, 17, 17, 30], E: [31, 16, 16, 30, 16, 16, 31],
    G: [14, 17, 16, 23, 17, 17, 15], H: [17, 17, 17, 31, 17, 17, 17], I: [14, 4, 4, 4, 4, 4, 14], L: [16, 16, 16, 16, 16, 16, 31],
    M: [17, 27, 21, 21, 17, 17, 17], N: [17, 25, 21, 19, 17, 17, 17], O: [14, 17, 17, 17, 17, 17, 14], P: [30, 17, 17, 30, 16, 16, 16],
    R: [30, 17, 17, 30, 20, 18, 17], S: [15, 16, 16, 14, 1, 1, 30], T: [31, 4, 4, 4, 4, 4, 4], U: [17, 17, 17, 17, 17, 17, 14],
    V: [17, 17, 17, 17, 17, 10, 4], W: [17, 17, 17, 21, 21, 27, 17], X: [17, 17, 10, 4, 10, 17, 17], Z: [31, 1, 2, 4, 8, 16, 31],
    B: [30, 17, 17, 30, 17, 17, 30], K: [17, 18, 20, 24, 20, 18, 17],
    0: [14, 17, 19, 21, 25, 17, 14], 1: [4, 12, 4, 4, 4, 4, 14], 2: [14, 17, 1, 6, 8, 16, 31], 3: [14, 17, 1, 6, 1, 17, 14],
    4: [2, 6, 10, 18, 31, 2, 2], 5: [31, 16, 30, 1, 1, 17, 14], 6: [6, 8, 16, 30, 17, 17, 14], 7: [31, 1, 2, 4, 8, 8, 8],
    8: [14, 17, 17, 14, 17, 17, 14], 9: [14, 17, 17, 15, 1, 2, 12],
    '-': [0, 0, 0, 31, 0, 0, 0], '.': [0, 0, 0, 0, 0, 12, 12], '~': [0, 0, 8, 21, 2, 0, 0], '/': [1, 1, 2, 4, 8, 16, 16], ' ': [0, 0, 0, 0, 0, 0, 0],
};

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), out = Buffer.alloc(8);
    out.writeUInt32BE(data.length, 0);
    out.writeUInt32BE(crc32_of(body), 4);
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
}

/// rows: [{text, size, x, y}] in px; size is the height of a letter's pixel. ink and paper: [r, g, b].
export function label({width, height, rows, lines = [], ink = [32, 36, 42], paper = [236, 237, 234]}) {
    const pixels = Buffer.alloc(width * height);
    const dot = (x, y, w, h) => {
        for (let j = y; j < y + h; ++j) for (let i = x; i < x + w; ++i) if (i >= 0 && j >= 0 && i < width && j < height) pixels[j * width + i] = 1;
    };
    for (const {text, size, x, y} of rows)
        [...text].forEach((letter, n) => {
            if (!(letter in face)) throw new Error(`the label's face has no ${letter}`);
            face[letter].forEach((bits, row) => {
                for (let bit = 0; bit < 5; ++bit) if (bits & (16 >> bit)) dot(x + (n * 6 + bit) * size, y + row * size, size, size);
            });
        });
    for (const [x, y, w, h] of lines) dot(x, y, w, h);
    const raw = Buffer.concat(Array.from({length: height}, (_, y) => Buffer.concat([Buffer.from([0]), pixels.subarray(y * width, (y + 1) * width)])));
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 3, 0, 0, 0], 8);
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk('IHDR', head),
        chunk('PLTE', Buffer.from([...paper, ...ink])),
        chunk('IDAT', deflateSync(raw, {level: 9})),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}
