// Reading back what was recorded, with ffmpeg and ffprobe.

import {execFileSync, spawnSync} from 'node:child_process';

const big = {maxBuffer: 1 << 30};
const uuid = Buffer.from('56f7e1a45d0b4e2e9a5c7d3b8c1f2e90', 'hex');

export function probe(file) {
    return JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file], {encoding: 'utf8'}));
}

/// Complaints of a whole decode; empty when the file is sound.
export function decode_errors(file) {
    return spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-'], {encoding: 'utf8', ...big}).stderr.trim();
}

/// Presentation times (s) of a stream's frames in order; "v" or "a".
export function times(file, stream) {
    return execFileSync('ffprobe', ['-v', 'error', '-select_streams', `${stream}:0`, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file], {encoding: 'utf8', ...big})
        .split('\n').map((l) => parseFloat(l)).filter((n) => !Number.isNaN(n)).sort((a, b) => a - b);
}

/// Every frame's luma, cropped: an array of Buffers of width × height.
export function luma(file, {x = 0, y = 0, width, height, scale = ''}) {
    const filter = scale ? `scale=${width}:${height}` : `crop=${width}:${height}:${x}:${y}`;
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-an', '-vf', `${filter},format=gray`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'], big);
    const frames = [];
    for (let at = 0; at + width * height <= raw.length; at += width * height) frames.push(raw.subarray(at, at + width * height));
    return frames;
}

/// Mono samples at 48 kHz, −1…1.
export function sound(file) {
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', '48000', '-f', 's16le', '-'], big);
    return Float32Array.from({length: raw.length >> 1}, (_, i) => raw.readInt16LE(2 * i) / 32768);
}

/// The frame code in a strip of cells (a Buffer of luma, cell pixels high), or null.
export function read_code(strip, width, cell) {
    const bit = (i) => {
        let sum = 0, n = 0;
        for (let y = cell >> 2; y < cell - (cell >> 2); ++y) for (let x = cell >> 2; x < cell - (cell >> 2); ++x, ++n) sum += strip[y * width + i * cell + x];
        return sum / n > 127 ? 1 : 0;
    };
    if (bit(0) !== 1 || bit(1) !== 0) return null;
    let value = 0, crc = 0, given = 0;
    for (let i = 0; i < 24; ++i) value = value * 2 + bit(2 + i);
    for (const byte of [(value >> 16) & 255, (value >> 8) & 255, value & 255]) {
        crc ^= byte;
        for (let k = 0; k < 8; ++k) crc = crc & 128 ? ((crc << 1) ^ 7) & 255 : (crc << 1) & 255;
    }
    for (let i = 0; i < 8; ++i) given = given * 2 + bit(26 + i);
    return given === crc ? value : null;
}

/// Numbers and capture times (UTC µs) of the scene frames in a recording, in stream order.
export function scene_frames(file) {
    const stream = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-an', '-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', '-'], big);
    const found = [];
    for (let at = stream.indexOf(uuid); at >= 0; at = stream.indexOf(uuid, at + 16)) {
        const bytes = [];
        for (let i = at + 16, zeros = 0; i < stream.length && bytes.length < 80; ++i) {
            if (zeros >= 2 && stream[i] === 3) { zeros = 0; continue; }
            zeros = stream[i] === 0 ? zeros + 1 : 0;
            bytes.push(stream[i]);
        }
        let p = 1;  // past the map's head
        const integer = () => {
            const low = bytes[p++] & 31;
            if (low < 24) return low;
            let value = 0;
            for (let n = 1 << (low - 24); n > 0; --n) value = value * 256 + bytes[p++];
            return value;
        };
        const frame = {};
        for (const key of ['format', 'number', 'capture']) { integer(); frame[key] = integer(); }
        found.push(frame);
    }
    return found;
}
