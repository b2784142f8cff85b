// Turns assets/look.toml, the one place where the visual language is written, into CSS variables: colours per scheme (--ground …), --type-…,
// --space-1 …, --radius-…, --target. A token that is missing stops the build.

import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

const colours = ['ground', 'surface', 'raised', 'line', 'ink', 'ink_2', 'accent', 'live', 'ready', 'warn', 'info'];
const sizes = ['caption', 'body', 'control', 'title', 'figure', 'timer'];

const energyClasses = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

type Table = Record<string, unknown>;

export function lookCss(path: string): string {
  const look = parse(readFileSync(path, 'utf8')) as Record<string, Table>;
  const get = <T>(table: string, key: string, good: (value: unknown) => value is T): T => {
    const value = look[table]?.[key];
    if (!good(value)) throw new Error(`${path}: [${table}] ${key} is missing or of the wrong type`);
    return value;
  };
  const palette = (scheme: string): string =>
    colours.map((name) => `--${name.replace('_', '-')}: ${get(scheme, name, isColour)};`).join(' ');
  const px = (name: string, table: string, key: string): string => `--${name}: ${get(table, key, isNumber)}px;`;
  const families = get('type', 'families', isTexts).map((family) => `"${family}"`).join(', ');
  const shared = [
    ...sizes.map((size) => px(`type-${size}`, 'type', size)),
    ...get('shape', 'spacing', isNumbers).map((space, i) => `--space-${i + 1}: ${space}px;`),
    px('radius-control', 'shape', 'radius_control'),
    px('radius-card', 'shape', 'radius_card'),
    px('target', 'shape', 'target_panel'),
    px('target-phone', 'shape', 'target_phone'),
    px('leader', 'picture', 'leader_px'),
    ...energyClasses.map((grade) => `--energy-${grade}: ${get('energy', grade, isColour)};`),
    `--over: ${100 * get('picture', 'surface_opacity', isNumber)}%;`,
    `--families: ${families}, system-ui, sans-serif;`,
  ].join(' ');
  return `:root { color-scheme: dark light; ${shared} ${palette('dark')} }
@media (prefers-color-scheme: light) { :root { ${palette('light')} } }
/* Over the picture it is always dark: a picture has no colour scheme. */
.frame { ${palette('dark')} color-scheme: dark; }
`;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isColour = (value: unknown): value is string => typeof value === 'string' && /^#[0-9A-Fa-f]{6}$/.test(value);
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(isNumber);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && /^[\w ]+$/.test(each));
