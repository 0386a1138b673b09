/**
 * Which process is which. A process id alone is not enough to kill by: ids are reused, and a file that names one
 * may be from before a reboot. A process is ours when its id and its start agree with what was noted, or when its
 * command line names a folder only we use.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

export interface ProcessIdentity {
  pid: number;
  /** When it started, in the operating system's own spelling: clock ticks and boot on Linux, a date elsewhere. */
  started: string;
}

const hasProc = process.platform === 'linux';

/** The identity of a running process, or undefined when there is none with this id (a zombie is none). */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  try {
    if (!hasProc) {
      const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      return started === '' ? undefined : { pid, started };
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { pid, started: `${fields[19]}@${boot}` };
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs: the same id *and* the same start. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** The processes whose command line satisfies the test, oldest id first. Those we may not look at are left out. */
export function findByCommand(test: (command: string[]) => boolean): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const [pid, command] of hasProc ? commandsFromProc() : commandsFromPs()) {
    if (pid === process.pid || !test(command)) continue;
    const identity = identify(pid);
    if (identity) found.push(identity);
  }
  return found;
}

function* commandsFromProc(): Generator<[number, string[]]> {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    let line: string;
    try {
      line = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
    } catch {
      continue;
    }
    if (line !== '') yield [Number(entry), line.replace(/\0$/, '').split('\0')];
  }
}

function* commandsFromPs(): Generator<[number, string[]]> {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  for (const line of lines) {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) yield [Number(match[1]), match[2].split(' ')];
  }
}

/**
 * Ends a process that was verified to be ours: the asked signal, and SIGKILL when it still runs after `graceMs`.
 * Returns once it is gone. Does nothing when the id belongs to another process by now.
 */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!signalIfSame(identity, signal)) return;
  const gone = () => (isRunning(identity) ? undefined : true);
  if (await until(gone, graceMs)) return;
  signalIfSame(identity, 'SIGKILL');
  if (!(await until(gone, 5_000))) throw new Error(`Process ${identity.pid} does not end, even after SIGKILL`);
}

function signalIfSame(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
