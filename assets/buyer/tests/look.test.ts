import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lookCss } from '../look';

const path = fileURLToPath(new URL('../../look.toml', import.meta.url));

describe('look.toml', () => {
  it('gives every variable that the style sheets use', () => {
    const css = lookCss(path);
    const own = new Set(['--sheet', '--sheet-half', '--share', '--side', '--around', '--edge']);
    for (const sheet of ['base', 'stage', 'card', 'annotation']) {
      const text = readFileSync(fileURLToPath(new URL(`../src/style/${sheet}.css`, import.meta.url)), 'utf8');
      for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
        if (!own.has(name!)) expect(css, name).toContain(`${name}:`);
      }
      expect(text.match(/#[0-9a-f]{6}\b/gi), 'colours stand in look.toml only').toBeNull();
    }
  });

  it('stops the build when a token is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'look-'));
    try {
      const broken = join(folder, 'look.toml');
      writeFileSync(broken, readFileSync(path, 'utf8').replace(/^accent.*$/m, ''));
      expect(() => lookCss(broken)).toThrow(/\[dark\] accent/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
