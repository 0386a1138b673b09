import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const api = { target: 'http://127.0.0.1:8080', changeOrigin: false };

/** Lays a compressed twin beside each asset, so that the server sends a third and compresses nothing itself. */
function compressedTwins(): Plugin {
  return {
    name: 'kontor-compressed-twins',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const whole = readFileSync(join(assets, name));
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(whole));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(whole, { level: 9 }));
      }
    },
  };
}

/** The console is served at `/admin/` under a policy that runs no inline script, so the page holds none. */
export default defineConfig({
  root: here,
  base: '/admin/',
  plugins: [react(), compressedTwins()],
  server: { port: 5173, proxy: { '/api': api, '/health': api } },
  build: {
    outDir: fileURLToPath(new URL('../dist/admin-ui', import.meta.url)),
    emptyOutDir: true,
    assetsDir: 'assets',
    // A picture inside the script would be fetched as data: by nobody's leave; files have names and hashes.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
  },
});
