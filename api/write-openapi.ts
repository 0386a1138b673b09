/** Writes `docs/openapi.json` from the routes, or with `--check` says whether the committed one is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { openApiDocument } from './openapi.ts';

const path = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));
// The routes are only read here, never called, so the parts they would need are not made.
const text = `${JSON.stringify(openApiDocument(createApp({} as Parameters<typeof createApp>[0])), null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('docs/openapi.json is not what the routes say. Run: npm run openapi\n');
    process.exit(1);
  }
} else writeFileSync(path, text);
