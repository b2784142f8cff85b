import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import { lookCss } from './look.ts';

const lookPath = fileURLToPath(new URL('../look.toml', import.meta.url));

function look(): Plugin {
  return {
    name: 'vitrine-look',
    resolveId: (id) => (id === 'virtual:look.css' ? '\0look.css' : null),
    load(id) {
      if (id !== '\0look.css') return null;
      this.addWatchFile(lookPath);
      return lookCss(lookPath);
    },
  };
}

export default defineConfig({
  plugins: [look()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // three, loaded with the first model
    rollupOptions: { output: { manualChunks: { three: ['three'] } } },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
