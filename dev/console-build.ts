/** Builds the console once for each state of its sources. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cloneFolder } from './start-options.ts';

const sources = ['admin-ui', 'domain', 'package-lock.json', 'tsconfig.json'];
const output = join(cloneFolder, 'dist/admin-ui');
const stateFile = join(cloneFolder, 'dist/admin-ui.sources');

/** SHA-256 over the names and contents of everything the console is built from. */
export async function hashOfSources(folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const add = async (path: string): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      hash
        .update(`${path}\0`)
        .update(await readFile(join(folder, path)).catch(() => ''))
        .update('\0');
      return;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      if (entry.name !== 'node_modules' && entry.name !== 'dist') await add(`${path}/${entry.name}`);
  };
  for (const name of names) await add(name);
  return hash.digest('hex');
}

/**
 * Brings `dist/admin-ui` up to date and says whether it had to build. The build goes to a folder beside it that takes
 * its place when it is whole: the API may be serving the older one meanwhile.
 * @param runVite runs Vite with these arguments and rejects when it fails
 */
export async function buildConsole(runVite: (args: string[]) => Promise<void>): Promise<'built' | 'up to date'> {
  const state = await hashOfSources(cloneFolder, sources);
  const built = await readFile(stateFile, 'utf8').catch(() => '');
  if (built === state && existsSync(join(output, 'index.html'))) return 'up to date';
  await mkdir(join(cloneFolder, 'dist'), { recursive: true });
  const unfinished = `${output}.unfinished-${process.pid}`;
  try {
    // What `npm run console:build` runs, with another output folder.
    await runVite([
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'admin-ui/vite.config.ts',
      '--outDir',
      unfinished,
      '--emptyOutDir',
    ]);
    await rm(output, { recursive: true, force: true });
    await rename(unfinished, output);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await writeFile(stateFile, state);
  return 'built';
}
