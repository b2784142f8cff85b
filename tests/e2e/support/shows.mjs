// Show folders for the tests, made of the same parts as the demo.

import {cpSync} from 'node:fs';
import {join} from 'node:path';

import {root, write_show} from './show.mjs';

const camera = (c) => `[[camera]]
id = "${c.id}"
name = { en = "${c.name ?? c.id}", zh = "${c.name ?? c.id}" }
source = "${c.source}"
${c.extra ?? ''}
`;
const scene = (s) => `[[scene]]
id = "${s.id}"
layout = "${s.layout ?? 'full'}"
cameras = ${JSON.stringify(s.cameras)}
`;

/// cameras: [{id, source, name, extra}]; scenes: [{id, layout, cameras}], one full scene per camera when left out.
export function test_show({cameras, scenes, audio = 'none', program = '', show = '', more = '', start = 'live', demo_products = true}) {
    scenes ??= cameras.map(({id}) => ({id, cameras: [id]}));
    const folder = write_show({
        'show.toml': `[show]
title = { en = "Test show", zh = "测试" }
languages = ["en", "zh", "es", "pt", "ar"]
listen = "127.0.0.1:0"
start = "${start}"
${show}

[program]
size = [1280, 720]
fps = 30
frame_code = true
${program}

[audio]
source = "${audio}"

${more}
${cameras.map(camera).join('\n')}
${scenes.map(scene).join('\n')}`,
    });
    const demo = join(root, 'assets/shows/demo');
    cpSync(join(demo, 'calibration'), join(folder, 'calibration'), {recursive: true});
    if (demo_products) for (const part of ['products', 'images', 'models']) cpSync(join(demo, part), join(folder, part), {recursive: true});
    return folder;
}

export const bench_camera = {id: 'bench', source: 'sim:bench', extra: 'calibration = "calibration/bench.toml"'};
export const line_camera = {id: 'line', source: 'sim:line'};
