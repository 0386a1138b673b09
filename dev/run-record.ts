/**
 * The record of a run, in its data folder: who supervises (one at a time), and which processes were started, so that
 * the next start can end what a killed run left. Each process is written with its start time: an id that belongs to
 * another process by now is never touched.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, identify, isRunning, type ProcessIdentity } from './process-identity.ts';
import { StartError } from './start-error.ts';

export interface RunRecord {
  /** Says that this process of the run is there now (again). */
  note(name: string, identity: ProcessIdentity): void;
  /** Ends the run's record: another may supervise. */
  release(): void;
  /** Whether this run is still the recorded one: of two that started in the same instant, one is not. */
  isOurs(): boolean;
}

const supervisorFile = 'supervisor.json';
const processesFile = 'processes.json';

/** The supervisor of this data folder, when one runs. */
export function runningSupervisor(dataFolder: string): ProcessIdentity | undefined {
  const recorded = readIdentity(join(dataFolder, supervisorFile));
  return recorded && isRunning(recorded) ? recorded : undefined;
}

/**
 * Records this process as the supervisor.
 * @throws StartError when another one runs on this data folder
 */
export function openRunRecord(dataFolder: string): RunRecord {
  mkdirSync(dataFolder, { recursive: true });
  const self = identify(process.pid);
  if (!self) throw new Error('This process cannot find itself in the process table');
  const file = join(dataFolder, supervisorFile);
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      const other = runningSupervisor(dataFolder);
      if (other)
        throw new StartError(
          `Kontor is already running on ${dataFolder} (process ${other.pid}): use that one, or stop it first (Ctrl-C in its window, or kill ${other.pid}).`,
        );
      rmSync(file, { force: true });
      try {
        // Linking fails when the name exists, unlike renaming: of two supervisors one sees the other.
        linkSync(mine, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }

  const processes: Record<string, ProcessIdentity> = {};
  const isOurs = () => {
    const recorded = readIdentity(file);
    return recorded?.pid === self.pid && recorded.started === self.started;
  };
  return {
    isOurs,
    note(name, identity) {
      processes[name] = identity;
      const path = join(dataFolder, processesFile);
      writeFileSync(`${path}.new`, JSON.stringify(processes), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    release() {
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

/**
 * Ends, in the order of a stop, what an earlier run left running; returns the names of those it found. For a process
 * to be ended it must run under the recorded id *and* have the recorded start time.
 */
export async function endLeftovers(dataFolder: string, order: readonly string[], log: (line: string) => void): Promise<string[]> {
  const found: string[] = [];
  const recorded = readJson(join(dataFolder, processesFile)) ?? {};
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  for (const name of Object.keys(recorded).toSorted((a, b) => rank(a) - rank(b))) {
    const identity = asIdentity((recorded as Record<string, unknown>)[name]);
    if (!identity || !isRunning(identity)) continue;
    log(`ending ${name === 'PostgreSQL' ? name : `the ${name}`} left by an earlier run (process ${identity.pid})`);
    // The signal means "finish quickly" to PostgreSQL; to the others it is the same as SIGTERM.
    await endProcess(identity, name === 'PostgreSQL' ? 'SIGINT' : 'SIGTERM', 10_000);
    found.push(name);
  }
  return found;
}

function readJson(file: string): object | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    // Half a file is what a crash leaves, and says nothing; a file one may not read is another matter.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readIdentity(file: string): ProcessIdentity | undefined {
  return asIdentity(readJson(file));
}

function asIdentity(value: unknown): ProcessIdentity | undefined {
  const { pid, started } = (value ?? {}) as Partial<ProcessIdentity>;
  return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
}
