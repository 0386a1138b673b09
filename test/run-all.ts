/**
 * `npm test`: everything a green build means (QUALITY, G). Prints what the runners print, and last the line
 * `tests: N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './check.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = ['unit', 'integration', 'scenarios', 'e2e'];

const checked = await runChecks();
const console_ = buildConsole();
const tested = runTests();
const passed = checked.passed + console_.passed + tested.passed;
const failed = checked.failed + console_.failed + tested.failed;
process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${tested.skipped} skipped\n`);
process.exitCode = failed > 0 || tested.passed === 0 ? 1 : 0;

/** The browser tests look at the built console, the one that is served in production. */
function buildConsole(): { passed: number; failed: number } {
  const { status } = spawnSync('npm', ['run', '--silent', 'console:build', '--', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stdout.write(`${status === 0 ? '✓' : '✗'} console build\n`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

function runTests(): { passed: number; failed: number; skipped: number } {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-report-'));
  const path = join(folder, 'report.json');
  try {
    const given = [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${path}`,
    ];
    const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), given, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    // A file that cannot be loaded, or an error outside any test, fails the run without a failed test.
    const unseen = status !== 0 && report.numFailedTests === 0 ? 1 : 0;
    return { passed: report.numPassedTests, failed: report.numFailedTests + unseen, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
