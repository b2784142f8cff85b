// The demo's LX-310 panel light: node assets/models/lx310.mjs writes assets/shows/demo/models/lx310.glb. Millimetres; 595 × 595, as a grid
// ceiling takes it, its light towards +z, the back plate at z = 0.

import {mkdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {glb} from './glb.mjs';
import * as solids from './solids.mjs';

const {add, empty, lathe, mitred, rounded, rounded_box, shift, spline, tube, turn_x} = solids;
const side = 595, bezel = 11;

function frame() {
    const profile = rounded([[-2, 0], [0, 0], [0, 9.6], [-0.4, 10], [-bezel, 10], [-bezel - 0.8, 9.2], [-bezel - 0.8, 8], [-3, 8], [-3, 0.6], [-2, 0]], 0.35, 3);
    const part = mitred(side, side, profile);
    // The corners' inserts, seen from behind.
    for (const [x, y] of [[1, 1], [1, -1], [-1, 1], [-1, -1]]) add(part, shift(rounded_box(22, 22, 0.8, 0.3, 2), x * (side / 2 - 14), y * (side / 2 - 14), 0));
    return part;
}

function back() {
    const part = shift(rounded_box(side - 7, side - 7, 0.8, 0.3, 2), 0, 0, 0.8);
    for (const x of [-200, -100, 0, 100, 200]) add(part, shift(rounded_box(6, 420, 1.2, 0.5, 2), x, 0, 0.2));  // ribs pressed into the sheet
    return part;
}

function led_strips() {
    const part = empty();
    for (const x of [-1, 1]) add(part, shift(rounded_box(1, side - 40, 5, 0.3, 1), x * (side / 2 - 4.2), 0, 4.8));
    return part;
}

function leds() {
    const part = empty();
    for (const x of [-1, 1])
        for (let i = 0; i < 36; ++i) add(part, shift(rounded_box(0.7, 3.6, 2.6, 0.2, 1), x * (side / 2 - 5), -262 + i * 15, 4.8));
    return part;
}

const reflector = () => shift(rounded_box(side - 12, side - 12, 0.3, 0.12, 1), 0, 0, 1.7);
const guide = () => shift(rounded_box(side - 13, side - 13, 3, 0.3, 2), 0, 0, 4.6);
const diffuser = () => shift(rounded_box(side - 8, side - 8, 1.4, 0.3, 2), 0, 0, 7.2);

function driver() {
    const part = shift(rounded_box(150, 42, 22, 3, 4), 0, 120, -12);
    for (const x of [-79, 79]) add(part, shift(rounded_box(10, 30, 3, 1, 2), x, 120, -2));
    return part;
}
const cable = () => add(
    tube(spline([[-75, 120, -12], [-96, 121, -13], [-118, 132, -10], [-128, 160, -4], [-128, 190, 0]], 8), 2.2, 10),
    turn_on(lathe(rounded([[0, 0], [4.5, 0], [4.5, 5], [3, 7], [0, 7]], 0.6, 2), {segments: 24}), -128, 190, -2),
);
const turn_on = (part, x, y, z) => shift(turn_x(part, -Math.PI / 2), x, y, z);

const alloy = (colour, roughness, metallic = 1) => ({pbrMetallicRoughness: {baseColorFactor: [...colour, 1], metallicFactor: metallic, roughnessFactor: roughness}});

const model = glb({
    name: 'LX-310',
    generator: 'Vitrine assets/models/lx310.mjs',
    variants: ['White', 'Silver', 'Black'],
    materials: {
        'powder white': alloy([0.86, 0.86, 0.84], 0.4, 0),
        'anodised silver': alloy([0.62, 0.63, 0.64], 0.3),
        'powder black': alloy([0.02, 0.02, 0.022], 0.45, 0),
        'galvanised sheet': alloy([0.50, 0.52, 0.54], 0.42),
        'board white': alloy([0.88, 0.88, 0.86], 0.5, 0),
        led: {...alloy([1, 0.86, 0.5], 0.5, 0), emissiveFactor: [0.6, 0.55, 0.45]},
        'white film': alloy([0.93, 0.93, 0.93], 0.7, 0),
        acrylic: {pbrMetallicRoughness: {baseColorFactor: [0.86, 0.94, 1, 0.3], metallicFactor: 0, roughnessFactor: 0.08}, alphaMode: 'BLEND'},
        opal: {...alloy([0.88, 0.89, 0.90], 0.55, 0), emissiveFactor: [0.22, 0.23, 0.25]},
        'driver case': alloy([0.60, 0.61, 0.60], 0.5, 0),
        'cable sheath': alloy([0.09, 0.095, 0.10], 0.62, 0),
    },
    parts: [
        {name: 'Driver', explode: [0, 0, -110], pieces: [{solid: driver(), material: 'driver case'}, {solid: cable(), material: 'cable sheath'}]},
        {name: 'Back plate', explode: [0, 0, 0], pieces: [{solid: back(), material: 'galvanised sheet'}]},
        {name: 'Reflector film', explode: [0, 0, 60], pieces: [{solid: reflector(), material: 'white film'}]},
        {name: 'LED strips', explode: [0, 0, 110], pieces: [{solid: led_strips(), material: 'board white'}, {solid: leds(), material: 'led'}]},
        {name: 'Light guide', explode: [0, 0, 160], pieces: [{solid: guide(), material: 'acrylic'}]},
        {name: 'Diffuser', explode: [0, 0, 220], pieces: [{solid: diffuser(), material: 'opal'}]},
        {name: 'Frame', explode: [0, 0, 300], pieces: [{solid: frame(), material: {White: 'powder white', Silver: 'anodised silver', Black: 'powder black'}}]},
    ],
});

const file = fileURLToPath(new URL('../shows/demo/models/lx310.glb', import.meta.url));
mkdirSync(new URL('../shows/demo/models/', import.meta.url), {recursive: true});
writeFileSync(file, model);
console.log(`${file}: ${model.length} bytes`);
