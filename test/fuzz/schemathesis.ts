/** The fuzzing tool: installed once into `.kontor/`, of exactly the versions in `requirements.txt`; offline afterwards. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPythonPackages, pythonEnvironment } from '../harness/python-packages.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** Installs the tool if this version of it is not there yet, and returns its folder. */
export async function installSchemathesis(log: (line: string) => void): Promise<string> {
  return installPythonPackages('fuzz', requirements, log);
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
    env: pythonEnvironment(folder, workFolder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
