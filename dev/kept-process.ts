/** A process that is started again when it dies, within {@link decideRestart}'s bound. */
import { essence, lastLines, logLength } from './child-log.ts';
import type { Ending } from './node-process.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { decideRestart, restartBound } from './restart-bound.ts';
import { sentenceFor, StartError } from './start-error.ts';

export interface Runnable {
  identity: ProcessIdentity;
  ended: Promise<Ending>;
  end(graceMs: number): Promise<void>;
}

export interface KeptProcess {
  name: string;
  /** Ends it for good; with less grace when called again. Returns when it is gone. */
  end(graceMs: number): Promise<void>;
}

export interface KeptOptions {
  name: string;
  logFile: string;
  start: () => Promise<Runnable>;
  /** Told each time it runs (again). */
  onStart: (identity: ProcessIdentity) => void;
  say: (line: string) => void;
  /** Told once, when it is not started again; the sentence says why. */
  onGiveUp: (failure: StartError) => void;
}

/** EX_CONFIG: a wrong setting. Starting again would change nothing. */
const wrongSettingCode = 78;

/**
 * Starts it and keeps it running. Rejects when the first start fails; later failures go to `onGiveUp`. `end` may be
 * called while the first start is under way.
 */
export function keepProcess(options: KeptOptions): { kept: KeptProcess; started: Promise<void> } {
  const { name, logFile, say } = options;
  const restarts: number[] = [];
  let running: Runnable | undefined;
  let wanted = true;
  let pause: NodeJS.Timeout | undefined;
  let inStart: Promise<unknown> = Promise.resolve();

  const start = async () => {
    const from = logLength(logFile);
    const runnable = await options.start();
    running = runnable;
    options.onStart(runnable.identity);
    void runnable.ended.then((ending) => {
      running = undefined;
      if (wanted) died(describe(ending), ending.code === wrongSettingCode, essence(lastLines(logFile, 40, from), 5));
    });
  };
  const died = (how: string, settled: boolean, words: string[]) => {
    const decision = settled ? 'give up' : decideRestart(restarts, performance.now());
    if (decision === 'give up') {
      wanted = false;
      const last = words.length ? `Its last words: ${words.at(-1)} (log: ${logFile}).` : `Its log: ${logFile}.`;
      options.onGiveUp(
        new StartError(
          settled
            ? (words.at(-1) ?? `${the(name)} found a wrong setting.`)
            : `${the(name)} ${how} and was started again ${restartBound.restarts} times within a minute: Kontor stops. ${last}`,
        ),
      );
      return;
    }
    say(`${the(name)} ${how}; starting it again.${words.length ? ` Its last words (${logFile}):` : ''}`);
    for (const line of words) say(`    ${line}`);
    pause = setTimeout(() => {
      restarts.push(performance.now());
      inStart = start().catch((error: unknown) => {
        const sentence = sentenceFor(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
        if (wanted) died(`did not start: ${sentence}`, false, []);
      });
    }, decision.restartAfterMs);
  };

  const started = start();
  inStart = started.catch(() => {});
  return {
    started,
    kept: {
      name,
      async end(graceMs) {
        wanted = false;
        clearTimeout(pause);
        // A program still starting when patience ends is ended by its watcher, when we end.
        await Promise.race([inStart, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
        await running?.end(graceMs);
      },
    },
  };
}

/** The name at the beginning of a sentence. */
function the(name: string): string {
  return name === 'PostgreSQL' ? name : `The ${name}`;
}

function describe({ code, signal }: Ending): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
