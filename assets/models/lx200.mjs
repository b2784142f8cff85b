// The demo's LX-200 downlight, built from its drawing: node assets/models/lx200.mjs writes assets/shows/demo/models/lx200.glb.
// Millimetres. It lies on its back on the label, its light towards the camera (+z); the axis stands at x = 20, the driver lies beside it.

import {mkdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {glb} from './glb.mjs';
import {label} from './label.mjs';
import * as solids from './solids.mjs';

const {add, empty, lathe, plate, rounded, rounded_box, shift, spline, tube, turn_x, turn_y, turn_z} = solids;
const axis = [20, 0];
const on_axis = (part) => shift(part, axis[0], axis[1], 0);

function heat_sink() {
    const part = empty();
    // Foot and core, then the plate on which the LED sits.
    add(part, lathe(rounded([[0, 0], [11.5, 0], [10, 26], [33.6, 27.5], [33.6, 32], [0, 32]], 0.8, 2), {segments: 56}));
    const fins = 28;
    for (let i = 0; i < fins; ++i) {
        // Radius and height; thinner and shorter outside, as it comes out of the die.
        const long = i % 2 === 0;
        const fin = plate([[9.5, 0.6], [long ? 27 : 25, 0.6], [long ? 31.5 : 30, 4], [33.2, 26], [33.2, 28.5], [9.5, 28.5]], 1.5, 0.35);
        add(part, turn_z(turn_x(fin, Math.PI / 2), (i / fins) * 2 * Math.PI));
    }
    return on_axis(part);
}

function housing() {
    const profile = [[31, 32.2], [34, 32.2], [34, 38], [33.2, 38.6], [33.2, 40.4], [34, 41], [34, 44], [33.2, 44.6], [33.2, 46.4], [34, 47], [34, 58], [31.6, 58], [31.6, 34], [31, 33]];
    const part = lathe(rounded(profile, 0.4, 1), {segments: 64});
    for (const side of [0, Math.PI]) add(part, turn_z(shift(rounded_box(3.2, 14, 9, 0.8, 2), 34.6, 0, 50), side));  // seats of the clips
    return on_axis(part);
}

const board = () => on_axis(shift(rounded_box(19, 19, 1.4, 0.25, 1), 0, 0, 32.9));
const phosphor = () => on_axis(lathe(rounded([[6.6, 33.6], [6.6, 34.1], [6.1, 34.45], [0, 34.6]], 0.3), {segments: 40}));

function dam_and_pads() {
    const part = lathe(rounded([[6.5, 33.6], [7.7, 33.6], [7.7, 34.5], [6.5, 34.5]], 0.25, 2), {segments: 40});
    for (const [x, y] of [[-7.2, 7.2], [7.2, -7.2]]) add(part, shift(rounded_box(3, 1.8, 0.3, 0.1, 1), x, y, 33.7));
    return on_axis(part);
}

function screws() {
    const part = empty();
    for (const [x, y] of [[7.4, 7.4], [-7.4, -7.4]]) {
        add(part, shift(lathe(rounded([[0, 33.6], [1.6, 33.6], [1.6, 34.4], [1.0, 35], [0, 35]], 0.2, 2), {segments: 20}), x, y, 0));
        add(part, shift(rounded_box(1.9, 0.35, 0.1, 0.04, 1), x, y, 35.02));
    }
    return on_axis(part);
}

function reflector() {
    // A parabola inside, the same wall outside; a facet ring at the mouth.
    const inside = [], outside = [];
    for (let i = 0; i <= 12; ++i) {
        const t = i / 12, r = 8.4 + 18.4 * t, z = 35.2 + 20.6 * t ** 1.7;
        inside.unshift([r, z]);
        if (i % 2 === 0) outside.push([r + 0.9, z - 0.5]);
    }
    const profile = [[8.4, 34.8], ...outside, [28.8, 55.4], [29.6, 55.6], [29.6, 56.6], [27.2, 56.6], ...inside.slice(1), [8.4, 34.8]];
    return on_axis(lathe(profile, {segments: 64, crease: 25}));
}

const lens = () => on_axis(lathe(rounded([[0, 57], [29.4, 57], [29.4, 59], [26, 59.25], [18, 59.75], [9, 60.05], [0, 60.15]], 0.3, 2), {segments: 56, crease: 20}));

function gasket() {
    const profile = [];
    for (let i = 0; i <= 10; ++i) {
        const a = (i / 10) * 2 * Math.PI;
        profile.push([32.2 + 1.5 * Math.cos(a), 59.4 + 1.1 * Math.sin(a)]);
    }
    return on_axis(lathe(profile, {segments: 56, crease: 40}));
}

function trim() {
    // The ring on the ceiling, then the baffle: steps that hide the light from the side.
    const profile = [[35, 58.6], [39.2, 58.6], [40, 59.4], [39.6, 60.6], [36.5, 63], [32.5, 64.2], [30.6, 64], [30.1, 63]];
    const steps = [];
    for (let i = 0; i < 4; ++i) steps.push([30 - i * 0.45, 63 - i * 0.75 - 0.15], [29.75 - i * 0.45, 62.7 - i * 0.75]);
    return on_axis(lathe([...rounded(profile, 0.5, 3), ...rounded([...steps, [28.2, 60.3], [31, 60.3]], 0.2, 1), [34.8, 60.2], [35, 58.6]], {segments: 76, crease: 30}));
}

/// One of the two clips that hold it in the ceiling: spring coil, arm and bracket; for the right side.
function clip() {
    const part = empty(), coil = [];
    for (let i = 0; i <= 49; ++i) {
        const a = (i / 49) * 2 * Math.PI * 3.5;
        coil.push([38.4 + 2.1 * Math.cos(a), -4 + (i / 49) * 8, 50 + 2.1 * Math.sin(a)]);
    }
    add(part, tube(coil, 0.55, 6));
    add(part, tube([[38.4, -5.6, 50], [38.4, 5.6, 50]], 1.1, 12));
    for (const y of [-5.2, 5.2]) add(part, shift(turn_x(plate([[36, 46.6], [40.6, 47.6], [41.2, 50], [40, 52.6], [36, 53.4]], 0.8, 0.2), Math.PI / 2), 0, y, 0));
    add(part, tube(spline([[36.4, 4, 50.6], [37.6, 4, 46], [37.4, 4, 36], [38.6, 4, 24], [40.2, 2.5, 19], [40.6, 0, 17.8], [40.2, -2.5, 19], [38.6, -4, 24], [37.4, -4, 36], [37.6, -4, 46], [36.4, -4, 50.6]], 4), 0.6, 6));
    return part;
}

function driver() {
    const part = shift(rounded_box(32, 70, 20, 2.6, 3), -43, 0, 10);
    for (const y of [-31.6, 31.6]) add(part, shift(rounded_box(20, 5, 0.9, 0.4, 1), -43, y, 20));  // screw covers
    add(part, turn_on_end(lathe(rounded([[0, 0], [4.4, 0], [4.4, 2], [3.6, 2.6], [3.6, 6], [0, 6]], 0.5, 2), {segments: 32}), -43, 34.4, 10));
    return part;
}
const turn_on_end = (part, x, y, z) => shift(turn_x(part, -Math.PI / 2), x, y, z);

const cable = () => tube(spline([[-43, 39, 10], [-42.6, 43.5, 10], [-37, 48, 9.5], [-26, 47, 8], [-14, 39, 7], [-4, 28, 7.5], [4, 18, 8.5], [9, 12, 9.5]], 6), 1.9, 10);
const plug = () => add(shift(turn_z(turn_y(lathe(rounded([[0, 0], [2.9, 0], [2.9, 7], [2.2, 9], [0, 9]], 0.5, 2), {segments: 24}), Math.PI / 2), Math.PI * 0.31 + Math.PI), 6.2, 15.6, 8.9));

const alloy = (colour, roughness, metallic = 1) => ({pbrMetallicRoughness: {baseColorFactor: [...colour, 1], metallicFactor: metallic, roughnessFactor: roughness}});

const model = glb({
    name: 'LX-200',
    generator: 'Vitrine assets/models/lx200.mjs',
    variants: ['White', 'Black', 'Brass'],
    materials: {
        'die-cast aluminium': alloy([0.30, 0.31, 0.33], 0.52),
        'turned aluminium': alloy([0.56, 0.57, 0.58], 0.38),
        'mirror aluminium': alloy([0.86, 0.86, 0.85], 0.16),
        'spring steel': alloy([0.55, 0.56, 0.57], 0.3),
        ceramic: alloy([0.86, 0.87, 0.85], 0.55, 0),
        'white dam': alloy([0.92, 0.91, 0.87], 0.5, 0),
        phosphor: {...alloy([1, 0.72, 0.18], 0.6, 0), emissiveFactor: [1, 0.78, 0.42]},
        lens: {pbrMetallicRoughness: {baseColorFactor: [0.90, 0.95, 1, 0.22], metallicFactor: 0, roughnessFactor: 0.06}, alphaMode: 'BLEND'},
        silicone: alloy([0.045, 0.05, 0.055], 0.75, 0),
        'powder white': alloy([0.86, 0.86, 0.83], 0.42, 0),
        'powder black': alloy([0.018, 0.018, 0.02], 0.46, 0),
        'brushed brass': alloy([0.72, 0.49, 0.20], 0.27),
        'driver case': alloy([0.60, 0.61, 0.60], 0.5, 0),
        'driver label': {
            ...alloy([1, 1, 1], 0.6, 0),
            picture: label({
                width: 256, height: 448,
                rows: [
                    {text: 'LX-200', size: 5, x: 20, y: 24}, {text: 'LED DRIVER 12 W', size: 2, x: 20, y: 74},
                    {text: 'IN 220-240 V~', size: 2, x: 20, y: 128}, {text: 'OUT 36 V 330 MA', size: 2, x: 20, y: 154},
                    {text: 'TA 45  TC 75', size: 2, x: 20, y: 180}, {text: 'CE', size: 7, x: 20, y: 246}, {text: 'IP65', size: 4, x: 128, y: 266},
                    {text: 'HARBOUR LIGHT WORKS', size: 2, x: 14, y: 408},
                ],
                lines: [[20, 102, 216, 3], [20, 216, 216, 3], [20, 340, 3, 44], [28, 340, 6, 44], [40, 340, 3, 44], [46, 340, 3, 44], [56, 340, 9, 44], [70, 340, 3, 44], [80, 340, 6, 44], [92, 340, 3, 44], [98, 340, 9, 44], [114, 340, 3, 44], [122, 340, 3, 44], [130, 340, 6, 44], [142, 340, 3, 44], [150, 340, 9, 44], [166, 340, 3, 44], [172, 340, 6, 44]],
            }),
        },
        'cable sheath': alloy([0.09, 0.095, 0.10], 0.62, 0),
    },
    parts: [
        {name: 'Heat sink', explode: [0, 0, 0], pieces: [{solid: heat_sink(), material: 'die-cast aluminium'}]},
        {
            name: 'LED', explode: [0, 0, 22],
            pieces: [{solid: board(), material: 'ceramic'}, {solid: dam_and_pads(), material: 'white dam'}, {solid: screws(), material: 'spring steel'}, {solid: phosphor(), material: 'phosphor'}],
        },
        {name: 'Housing', explode: [0, 0, 42], pieces: [{solid: housing(), material: 'turned aluminium'}]},
        {name: 'Reflector', explode: [0, 0, 70], pieces: [{solid: reflector(), material: 'mirror aluminium'}]},
        {name: 'Gasket', explode: [0, 0, 88], pieces: [{solid: gasket(), material: 'silicone'}]},
        {name: 'Lens', explode: [0, 0, 98], pieces: [{solid: lens(), material: 'lens'}]},
        {name: 'Trim ring', explode: [0, 0, 116], pieces: [{solid: trim(), material: {White: 'powder white', Black: 'powder black', Brass: 'brushed brass'}}]},
        {name: 'Clip, right', explode: [18, 0, 42], pieces: [{solid: on_axis(clip()), material: 'spring steel'}]},
        {name: 'Clip, left', explode: [-10, 0, 42], pieces: [{solid: on_axis(turn_z(clip(), Math.PI)), material: 'spring steel'}]},
        {
            name: 'Driver', explode: [-24, 0, 0],
            pieces: [{solid: driver(), material: 'driver case'}, {solid: solids.picture_plate(-43, 0, 20.05, 28, 49), material: 'driver label'}, {solid: add(cable(), plug()), material: 'cable sheath'}],
        },
    ],
});

const file = fileURLToPath(new URL('../shows/demo/models/lx200.glb', import.meta.url));
mkdirSync(new URL('../shows/demo/models/', import.meta.url), {recursive: true});
writeFileSync(file, model);
console.log(`${file}: ${model.length} bytes`);
