/**
 * The record of a run, in its data folder: who supervises (one at a time), and which processes were started, so that
 * the next start can end what a killed run left. Each process is written with its start time: an id that belongs to
 * another process by now is never touched.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, identify, isRunning, type ProcessIdentity } from './process-identity.ts';
import { StartError } from './start-error.ts';

export interface RunRecord {
  /** Says that this process of the run is there now (again). */
  note(name: string, identity: ProcessIdentity): void;
  /** Ends the run's record: another may supervise. */
  release(): void;
}

const claimName = /^supervisor-.*\.json$/;
const processesFile = 'processes.json';

/** The supervisor of this data folder, when one runs. */
export function runningSupervisor(dataFolder: string): ProcessIdentity | undefined {
  return livingClaims(dataFolder)[0];
}

/**
 * Records this process as the supervisor, and returns when it is the only one.
 *
 * Each contender writes a claim under a name of its own and looks at the others' afterwards: of two, the later one to
 * write sees the earlier. Nobody removes a living one's claim, so no order of steps lets two pass. Two who see each
 * other while both still try step back, and try again after a different while.
 * @throws StartError when another one runs on this data folder
 */
export async function openRunRecord(dataFolder: string): Promise<RunRecord> {
  mkdirSync(dataFolder, { recursive: true });
  const self = identify(process.pid);
  if (!self) throw new Error('This process cannot find itself in the process table');
  const claim = join(dataFolder, `supervisor-${self.pid}-${self.started.replace(/\W+/g, '-')}.json`);
  const write = (runs: boolean) => {
    writeFileSync(`${claim}.new`, JSON.stringify({ ...self, runs }), { mode: 0o600 });
    renameSync(`${claim}.new`, claim);
  };
  for (;;) {
    write(false);
    const others = livingClaims(dataFolder).filter(({ pid }) => pid !== self.pid);
    if (others.length === 0) break;
    rmSync(claim, { force: true });
    const other = others.find(({ runs }) => runs);
    if (other)
      throw new StartError(
        `Kontor is already running on ${dataFolder} (process ${other.pid}): use that one, or stop it first (Ctrl-C in its window, or kill ${other.pid}).`,
      );
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 50));
  }
  write(true);

  const processes: Record<string, ProcessIdentity> = {};
  return {
    note(name, identity) {
      processes[name] = identity;
      const path = join(dataFolder, processesFile);
      try {
        writeFileSync(`${path}.new`, JSON.stringify(processes), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch {
        // On a full disk the process runs all the same, and ends with us; only the next start knows less.
      }
    },
    release() {
      rmSync(claim, { force: true });
    },
  };
}

/** Claims whose writers live; those of the dead are removed, which is safe because no name is used twice. */
function livingClaims(dataFolder: string): (ProcessIdentity & { runs: boolean })[] {
  const living: (ProcessIdentity & { runs: boolean })[] = [];
  for (const name of readdirSync(dataFolder).filter((entry) => claimName.test(entry))) {
    const file = join(dataFolder, name);
    const written = readJson(file);
    const identity = asIdentity(written);
    if (identity && isRunning(identity)) living.push({ ...identity, runs: (written as { runs?: unknown }).runs === true });
    else rmSync(file, { force: true });
  }
  return living;
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

function asIdentity(value: unknown): ProcessIdentity | undefined {
  const { pid, started } = (value ?? {}) as Partial<ProcessIdentity>;
  return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
}
