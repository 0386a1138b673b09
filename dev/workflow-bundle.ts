/** Bundles the workflows before the worker asks for them, once for each state of their sources. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOfSources } from './console-build.ts';
import { cloneFolder } from './start-options.ts';

const sources = ['workflows', 'domain', 'worker/bundle.ts', 'package-lock.json'];
const stateFile = join(cloneFolder, 'dist/workflows.sources');

/**
 * Brings the kept bundle up to date. The worker would do it too, but later, and carry the bundler in its memory ever
 * after (90 MB).
 * @param runNode runs Node with these arguments and rejects when it fails
 */
export async function bundleWorkflows(runNode: (args: string[]) => Promise<void>): Promise<void> {
  const state = await hashOfSources(cloneFolder, sources);
  const bundles = await readdir(join(cloneFolder, 'dist')).catch(() => []);
  const isKept = bundles.some((name) => /^workflows-.*\.cjs$/.test(name));
  if (isKept && (await readFile(stateFile, 'utf8').catch(() => '')) === state) return;
  await runNode(['--input-type=module', '-e', "await (await import('./worker/bundle.ts')).workflowBundle();"]);
  await mkdir(join(cloneFolder, 'dist'), { recursive: true });
  await writeFile(stateFile, state);
}
