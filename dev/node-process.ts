/** Kontor's own processes: Node programs of this clone that end when the supervisor is gone, told by their IPC channel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { cloneFolder } from './start-options.ts';
import { until } from './until.ts';

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

export interface NodeProcess {
  pid: number;
  identity: ProcessIdentity;
  /** Settles when it has ended, for whatever reason. Never rejects. */
  ended: Promise<Ending>;
  /** Asks it to end (SIGTERM), by SIGKILL after `graceMs`; returns when it is gone. May be called again, with less grace. */
  end(graceMs: number): Promise<void>;
}

export interface NodeCommand {
  /** Flags of Node itself. */
  flags?: string[];
  /** Script and its arguments, relative to the clone. */
  args: string[];
  environment: Record<string, string | undefined>;
  /** Receives both outputs, appended. */
  logFile: string;
}

/** Starts it in a session of its own: Ctrl-C in the terminal reaches it through the supervisor, in order. */
export async function startNodeProcess(command: NodeCommand): Promise<NodeProcess> {
  const log = openSync(command.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...(command.flags ?? []), ...command.args], {
      cwd: cloneFolder,
      env: command.environment,
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
  const ended = new Promise<Ending>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  let running = true;
  void ended.then(() => (running = false));
  const pid = child.pid!;
  return {
    pid,
    identity: identify(pid) ?? { pid, started: 'ended at once' },
    ended,
    async end(graceMs) {
      if (!running) return;
      child.kill('SIGTERM');
      if (await until(() => (running ? undefined : true), graceMs)) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What a short program of this clone writes to standard output. Its errors go to ours when it fails. */
export async function outputOf(
  args: string[],
  environment: Record<string, string | undefined>,
): Promise<Ending & { output: string; errors: string }> {
  const child = spawn(process.execPath, args, { cwd: cloneFolder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output, errors }));
  });
}
