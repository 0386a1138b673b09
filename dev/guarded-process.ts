/**
 * A native program that does not outlive us. Node's own children notice a lost parent by their IPC channel; a
 * database server does not, so each gets a watcher: a shell that reads from a pipe only we hold open. When we end,
 * however we end, the pipe closes and the watcher asks the program to stop.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { until } from './until.ts';

export interface GuardedProcess {
  pid: number;
  identity: ProcessIdentity;
  /** Settles when the program has ended, for whatever reason. Never rejects. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks it to end, by SIGKILL after `graceMs`; returns when it is gone. May be called twice. */
  end(graceMs: number): Promise<void>;
}

export interface GuardedCommand {
  program: string;
  args: string[];
  /** What the program takes as "finish and leave". */
  endSignal: 'SIGINT' | 'SIGTERM';
  /** Receives both outputs, appended: a file and not a pipe, so that the last words survive us too. */
  logFile: string;
  environment?: Record<string, string | undefined>;
  user?: { uid: number; gid: number };
}

// The start time in /proc tells the program from a later one with its id; without /proc the id has to do. A zombie
// (Z) has ended, though nobody has asked for its exit code yet.
// "done" on the pipe means that the program is known to have ended; the end of the pipe means that we have.
const watcherScript = `
pid=$1; signal=$2
look() { now=; read -r line < "/proc/$pid/stat" || return 0; set -- \${line##*") "}; [ "$1" = Z ] || now=\${20}; }
look 2>/dev/null
born=$now
same() { look 2>/dev/null; [ "$now" = "$born" ] && kill -0 "$pid" 2>/dev/null; }
if read -r word && [ "$word" = done ]; then exit 0; fi
same && kill -s "$signal" "$pid"
left=20
while same; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { kill -s KILL "$pid"; exit 0; }
  sleep 1
done
`;

/**
 * Starts the program in a session of its own, so that Ctrl-C in the terminal reaches it through us, in order, and
 * not at once. Throws the system's error when the program cannot be run at all.
 */
export async function startGuarded(command: GuardedCommand): Promise<GuardedProcess> {
  const log = openSync(command.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(command.program, command.args, {
      cwd: '/',
      env: command.environment ?? process.env,
      stdio: ['ignore', log, log],
      detached: true,
      ...command.user,
    });
  } finally {
    closeSync(log);
  }
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid!;
  const identity = identify(pid) ?? { pid, started: 'ended at once' };

  let running = child.exitCode === null && child.signalCode === null;
  let watcher: ChildProcess | undefined;
  const watch = () => {
    const started = spawn('/bin/sh', ['-c', watcherScript, 'kontor-watcher', String(pid), command.endSignal.slice(3)], {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    watcher = started;
    started.on('error', () => {});
    started.stdin.on('error', () => {});
    // Somebody ended the watcher alone: the program would be orphaned with us, so it gets another one, at once
    // unless watchers end as soon as they are made.
    const madeAt = performance.now();
    started.once('exit', () =>
      setTimeout(() => running && watcher === started && watch(), performance.now() - madeAt < 1_000 ? 200 : 0).unref(),
    );
  };
  if (running) watch();

  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    const over = () => {
      running = false;
      watcher?.stdin?.end('done\n');
      resolve({ code: child.exitCode, signal: child.signalCode });
    };
    if (running) child.once('exit', over);
    else over();
  });
  return {
    pid,
    identity,
    ended,
    async end(graceMs) {
      if (!running) return;
      child.kill(command.endSignal);
      const gone = () => (running ? undefined : true);
      if (await until(gone, graceMs)) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}
