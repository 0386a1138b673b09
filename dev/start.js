// The one file in plain JavaScript: an older Node cannot read the others, and should say so in a sentence.
import { fileURLToPath } from 'node:url';

const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Kontor needs Node 24 or later; this is ${process.version}. On Linux “npm ci” brings one along unless optional packages are left out; elsewhere install it from https://nodejs.org.\n`,
  );
  process.exit(1);
}
// Kept compiled (without types) between starts: this process then need not load what strips them. Imported here and
// not above, because an older Node has no such export and would stop before the sentence.
const { enableCompileCache } = await import('node:module');
enableCompileCache(fileURLToPath(new URL('../.kontor/compile-cache', import.meta.url)));
await import('./main.ts');
