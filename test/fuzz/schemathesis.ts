/** The fuzzing tool: installed once into `.kontor/`, of exactly the versions in `requirements.txt`; offline afterwards. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const clone = fileURLToPath(new URL('../..', import.meta.url));
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** Installs the tool if this version of it is not there yet, and returns its folder. */
export async function installSchemathesis(log: (line: string) => void): Promise<string> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(clone, '.kontor', 'fuzz', version);
  if (existsSync(folder)) return folder;
  log('Installing schemathesis with pip (once).');
  const unfinished = `${folder}.unfinished-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await promisify(execFile)('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--root-user-action=ignore',
      '--no-deps',
      '--only-binary=:all:',
      '--target',
      unfinished,
      '-r',
      requirements,
    ]);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Runs the tool to its end, or for as long as it may take, and returns its exit code with all that it said. */
export async function runSchemathesis(
  folder: string,
  args: readonly string[],
  workFolder: string,
  mostSeconds: number,
): Promise<{ code: number; output: string }> {
  const child = spawn('python3', [join(folder, 'bin', 'schemathesis'), ...args], {
    cwd: workFolder,
    timeout: mostSeconds * 1000,
    // The tool must find only what was installed for it.
    env: {
      PATH: process.env['PATH'],
      HOME: workFolder,
      PYTHONPATH: folder,
      PYTHONNOUSERSITE: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
