import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const api = { target: 'http://127.0.0.1:8080', changeOrigin: false };

/** The console is served at `/admin/` under a policy that runs no inline script, so the page holds none. */
export default defineConfig({
  root: here,
  base: '/admin/',
  plugins: [react()],
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
