/** Kontor's real processes, as an installation runs them, each behind a proxy of its own, to be killed and started again. */
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { until } from '../harness/until.ts';
import type { FaultProxy } from './fault-proxy.ts';

export interface KontorProcessOptions {
  /** The entry, such as `api/main.ts`. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `http://127.0.0.1:<port>`, where its health is asked. */
  readonly origin: string;
  /** What stands between it and PostgreSQL. */
  readonly proxy: FaultProxy;
  readonly logFile: string;
}

export class KontorProcess {
  readonly origin: string;
  readonly proxy: FaultProxy;
  private readonly options: KontorProcessOptions;
  private running: NodeProcess | undefined;

  constructor(options: KontorProcessOptions) {
    this.options = options;
    this.origin = options.origin;
    this.proxy = options.proxy;
  }

  /** Starts it and returns when it answers; whether what it needs is there is another question. */
  async start(): Promise<void> {
    const { entry, environment, logFile } = this.options;
    const started = await startNodeProcess({ args: [entry], environment, logFile });
    this.running = started;
    let over = false;
    void started.ended.then(() => (over = true));
    await until(`${entry} answers (log: ${logFile})`, async () => over || (await this.answers('/health/live')) === 200, 30);
    if (over) throw new Error(`${entry} ended while it started (log: ${logFile})`);
  }

  /** Ends it as the kernel ends a process that ate the memory: at once, between two instructions. */
  async kill(): Promise<void> {
    const { running } = this;
    if (!running) throw new Error(`${this.options.entry} does not run`);
    this.running = undefined;
    process.kill(running.pid, 'SIGKILL');
    await running.ended;
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.end(5_000);
  }

  /** Whether the process has not ended by itself. */
  async isAlive(): Promise<boolean> {
    return this.running !== undefined && (await Promise.race([this.running.ended.then(() => false), Promise.resolve(true)]));
  }

  async isReady(): Promise<boolean> {
    return (await this.answers('/health/ready')) === 200;
  }

  private async answers(path: string): Promise<number | undefined> {
    try {
      const answer = await fetch(`${this.origin}${path}`, { signal: AbortSignal.timeout(4_000) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined;
    }
  }
}
