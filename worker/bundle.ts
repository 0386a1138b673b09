import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The workflows as one script for Temporal's sandbox, built once per version of their sources and kept in `dist/`:
 * building takes seconds, and a restart must not wait for it.
 */
export async function workflowBundle(): Promise<WorkflowBundle> {
  const sources = globSync(['workflows/**/*.ts', 'domain/**/*.ts', 'package-lock.json'], { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .toSorted();
  const hash = createHash('sha256');
  for (const path of sources) hash.update(path).update(readFileSync(`${root}/${path}`));
  const path = `${root}/dist/workflows-${hash.digest('hex').slice(0, 16)}.cjs`;
  try {
    return { code: readFileSync(path, 'utf8') };
  } catch {
    const bundle = await bundleWorkflowCode({
      workflowsPath: `${root}/workflows/index.ts`,
      logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    });
    mkdirSync(`${root}/dist`, { recursive: true });
    // Written aside and renamed, so that a second process never reads half of it.
    writeFileSync(`${path}.${process.pid}`, bundle.code);
    renameSync(`${path}.${process.pid}`, path);
    return bundle;
  }
}
