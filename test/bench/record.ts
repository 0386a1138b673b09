import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { tableOf, type Result } from './figures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the figures depend on besides the code. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly load: string;
  readonly node: string;
}

export function machineNow(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commitNow(),
    processor: processorName(),
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    load: loadavg()
      .map((value) => value.toFixed(2))
      .join(' '),
    node: process.version,
  };
}

/** Writes the tables with all they depend on, and returns the path inside the repository. */
export function writeResult(result: Result, before: Machine, durability: string | undefined): string {
  const path = `docs/measurements/${before.date}-${result.id}.md`;
  const about = [
    `Commit ${before.commit}. ${before.processor}, ${before.cores} cores, ${before.memoryMiB} MiB, Node ${before.node}.`,
    `Load average before ${before.load}, after ${machineNow().load}.`,
    ...(durability ? [`PostgreSQL: ${durability}.`] : []),
  ];
  const text = [
    `# ${result.id}: ${result.title}`,
    about.join('\n'),
    tableOf(result.lines),
    ...result.raw,
    'How it was measured:',
    result.method.map((line) => `- ${line}`).join('\n'),
  ].join('\n\n');
  mkdirSync(`${root}/docs/measurements`, { recursive: true });
  writeFileSync(`${root}/${path}`, `${text}\n`);
  return path;
}

function commitNow(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git(
      'status',
      '--porcelain',
      '--',
      'api',
      'db',
      'domain',
      'worker',
      'workflows',
      'activities',
      'dev',
      'config.ts',
      'log.ts',
      'package-lock.json',
    );
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' with uncommitted changes of the product' : ''}`;
  } catch {
    return 'unknown';
  }
}

function processorName(): string {
  const model = cpus()[0]?.model.trim();
  if (model && model !== 'unknown') return model;
  return /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? process.arch;
}
