/** `npm run check`: format, lint with types and folder law, types, and the committed OpenAPI document. Fast, and all at once. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const checks: readonly (readonly [name: string, program: string, ...given: string[]])[] = [
  ['format', 'node_modules/.bin/oxfmt', '--check', '.'],
  ['lint', 'node_modules/.bin/oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'node_modules/.bin/tsc', '-p', '.'],
  ['OpenAPI document', process.execPath, 'api/write-openapi.ts', '--check'],
];

/** Runs every check and says which failed, with what it printed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const outcomes = await Promise.all(checks.map(([name, program, ...given]) => run(name, program, given)));
  const failed = outcomes.filter((passed) => !passed).length;
  return { passed: outcomes.length - failed, failed };
}

async function run(name: string, program: string, given: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(program, given, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => printed.push(piece));
  const passed = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
  process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  if (!passed) process.stdout.write(Buffer.concat(printed).toString().split('\n').slice(-80).join('\n'));
  return passed;
}

if (import.meta.main) {
  const { failed } = await runChecks();
  process.exitCode = failed ? 1 : 0;
}
