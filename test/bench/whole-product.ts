/** The whole product from its own start command, on ports and data of its own, as a newcomer runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCluster } from '../../dev/postgres-server.ts';
import { cloneFolder, defaultPorts } from '../../dev/start-options.ts';
import { sampleSignIns } from '../../dev/sample-data.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../harness/until.ts';

/** Far from the ports of a copy that somebody uses on this machine. */
const portOffset = 1_700;

export interface WholeProduct {
  readonly origin: string;
  /** The start command's own process; all others descend from it. */
  readonly pid: number;
  /** What it has printed so far. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts it on fresh data and returns at once. */
export function startWholeProduct(): WholeProduct {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kontor-whole-'));
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(KONTOR_|TEMPORAL_|npm_)/.test(name)));
  const command = spawn('npm', ['start', '--', '--port-offset', String(portOffset), '--data-folder', dataFolder], {
    cwd: cloneFolder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  return {
    origin: `http://127.0.0.1:${defaultPorts.http + portOffset}`,
    pid: command.pid!,
    said: () => said,
    stop: () => stopAll(command, dataFolder),
  };
}

async function stopAll(command: ChildProcess, dataFolder: string): Promise<void> {
  const family = descendantsOf(command.pid!);
  command.kill('SIGTERM');
  await until('everything that was started has ended', () => !family.some(isRunning), 60);
  await removeCluster(join(dataFolder, 'postgres'));
  rmSync(dataFolder, { recursive: true, force: true });
}

/** Signs in as the sample customer as soon as there is one, and opens a ticket. */
export async function openFirstTicket(product: WholeProduct, seconds: number): Promise<void> {
  const { origin } = product;
  const customers = sampleSignIns.filter((signIn) => signIn.where === 'API');
  let tries = 0;
  await until('the API answers', async () => (await fetch(`${origin}/health/ready`)).ok, seconds);
  const cookie = await until(
    'the sample customer can sign in',
    async () => {
      // Nobody may try an address for ever, also before it is somebody's: they take turns, and not at once.
      const { email, password } = customers[tries % customers.length]!;
      tries += 1;
      const answer = await post(`${origin}/api/v1/auth/sign-in`, { email, password });
      if (!answer.ok) await pause(150);
      return (
        answer.ok &&
        answer.headers
          .getSetCookie()
          .map((set) => set.split(';')[0])
          .join('; ')
      );
    },
    seconds,
  );
  const ticket = { subject: 'Panel does not start', body: 'It does not.', category: 'technical' };
  await until('a ticket is accepted', async () => (await post(`${origin}/api/v1/tickets`, ticket, cookie)).status === 201, seconds);
}

async function post(url: string, body: unknown, cookie?: string): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer;
}

/** The process and all that descend from it. */
export function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (let index = 0; index < found.length; index += 1) found.push(...(children.get(found[index]!) ?? []));
  return found;
}

/** The fields of /proc/<pid>/stat after the name, which may hold spaces: state, then the parent. */
function parentOf(pid: number): number | undefined {
  const fields = statusOf(pid);
  return fields && Number(fields[1]);
}

function isRunning(pid: number): boolean {
  const fields = statusOf(pid);
  return fields !== undefined && fields[0] !== 'Z';
}

function statusOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
