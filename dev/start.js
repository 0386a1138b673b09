// The one file in plain JavaScript: an older Node cannot read the others, and should say so in a sentence.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(`Kontor needs Node 24 or later; this is ${process.version}. On Linux “npm ci” brings one along unless optional packages are left out; elsewhere install it from https://nodejs.org.\n`);
  process.exit(1);
}
await import('./main.ts');
