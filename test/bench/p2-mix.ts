/** P2: a busy desk. Commands answered per second, and how fast the engine catches up with what it was told. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { until } from '../harness/until.ts';
import { countEvents } from './event-count.ts';
import { markdownTable, median, quantile, withSpread, type Result } from './figures.ts';
import { floorOpen, openFloorPool, type FloorPeople } from './floor.ts';
import { hireFloorPeople } from './floor-people.ts';
import type { FloorOrder } from './floor-worker.ts';
import { clientCeiling, HttpLoad } from './http-load.ts';
import type { BenchOptions } from './options.ts';
import { databasePool, hirePeople, messageBody, startProduct, ticketNumber, type Product } from './product.ts';
import type { Stage } from './stage.ts';

const clients = 16;
const rounds = 3;
const repliesPerTicket = 8;

/** One conversation of the mix, sent by one client: 1 open, 8 replies by customer and staff in turn, 1 close by staff. */
type Converse = (client: number, timed: (command: () => Promise<unknown>) => Promise<void>) => Promise<void>;

interface Block {
  readonly perSecond: number;
  readonly milliseconds: number[];
  /** The load's own share of one core; near 1 it would be what is measured. */
  readonly clientCores: number;
}

export async function benchMix(stage: Stage, options: BenchOptions): Promise<Result> {
  const product = await startProduct(stage, options.profileFolder);
  const floorApi = await startFloorApi(stage);
  try {
    const mix = await measureMix(product, floorApi, options);
    const drain = await measureDrain(stage, product, options);
    return resultOf(mix, drain);
  } finally {
    await floorApi.stop();
    await product.stop();
  }
}

interface FloorApi {
  readonly origin: string;
  readonly people: FloorPeople & { token: string };
  stop(): Promise<void>;
}

async function startFloorApi(stage: Stage): Promise<FloorApi> {
  const people = await hireFloorPeople(stage.floor);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = forkFloor('floor-api.ts', {
    FLOOR_DATABASE_URL: stage.floor.appUrl,
    FLOOR_DATABASE_POOL: String(databasePool),
    FLOOR_PEOPLE: JSON.stringify(people),
    FLOOR_PORT: String(port),
  });
  await until('the floor’s server answers', async () => (await fetch(`${origin}/`)).status > 0);
  return { origin, people, stop: () => endFloor(server) };
}

interface MixFigures {
  readonly floor: Block[];
  readonly ours: Block[];
  readonly withoutWorker: Block[];
  readonly catchUpSeconds: number[];
  readonly ceiling: number;
}

async function measureMix(product: Product, floorApi: FloorApi, options: BenchOptions): Promise<MixFigures> {
  const ticketsPerClient = options.quick ? 1 : 10;
  const [floorMix, ourMix] = [converseWithFloor(floorApi), await converseWithProduct(product)];
  const ceiling = await clientCeiling(product.origin, '/health/live', clients, options.quick ? 500 : 5_000);
  options.say(`the load itself: ${ceiling.toFixed(0)} trivial requests/s`);
  await runBlock(floorMix, 2);
  await runBlock(ourMix, 2);
  await product.settled();

  const figures: MixFigures = { floor: [], ours: [], withoutWorker: [], catchUpSeconds: [], ceiling };
  for (let round = 0; round < rounds; round += 1) {
    figures.floor.push(await runBlock(floorMix, ticketsPerClient));
    figures.ours.push(await runBlock(ourMix, ticketsPerClient));
    const answeredAt = performance.now();
    await product.settled();
    figures.catchUpSeconds.push((performance.now() - answeredAt) / 1000);
    product.freezeWorker();
    figures.withoutWorker.push(await runBlock(ourMix, ticketsPerClient));
    product.thawWorker();
    await product.settled();
    options.say(
      `round ${round + 1}: floor ${figures.floor.at(-1)!.perSecond.toFixed(0)}/s, ours ${figures.ours.at(-1)!.perSecond.toFixed(0)}/s, worker frozen ${figures.withoutWorker.at(-1)!.perSecond.toFixed(0)}/s`,
    );
  }
  return figures;
}

async function runBlock(converse: Converse, ticketsPerClient: number): Promise<Block> {
  const milliseconds: number[] = [];
  const timed = async (command: () => Promise<unknown>) => {
    const started = performance.now();
    await command();
    milliseconds.push(performance.now() - started);
  };
  const usage = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let ticket = 0; ticket < ticketsPerClient; ticket += 1) await converse(client, timed);
    }),
  );
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(usage);
  return { perSecond: (milliseconds.length * 1000) / elapsed, milliseconds, clientCores: (user + system) / 1000 / elapsed };
}

function converseWithFloor({ origin, people }: FloorApi): Converse {
  const load = new HttpLoad(origin, clients);
  const who = { authorization: `Bearer ${people.token}` };
  return async (_client, timed) => {
    let number = 0;
    await timed(async () => {
      ({ number } = await load.must<{ number: number }>('POST', '/tickets', who, { body: messageBody }));
    });
    for (let reply = 0; reply < repliesPerTicket; reply += 1)
      await timed(() => load.must('POST', `/tickets/${number}/${reply % 2 ? 'customer' : 'staff'}`, who, { body: messageBody }));
    await timed(() => load.must('POST', `/tickets/${number}/closing`, who));
  };
}

async function converseWithProduct(product: Product): Promise<Converse> {
  const load = new HttpLoad(product.origin, clients);
  const { customers, staff } = await hirePeople(product, clients);
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });
  return async (client, timed) => {
    const customer = customers[client]!.credentials;
    let number = '';
    await timed(async () => {
      ({ number } = await load.must<{ number: string }>(
        'POST',
        '/api/v1/tickets',
        { ...customer, ...key() },
        { subject: 'Panel does not start', body: messageBody, category: 'technical' },
      ));
    });
    for (let reply = 0; reply < repliesPerTicket; reply += 1) {
      if (reply % 2)
        await timed(() => load.must('POST', `/api/v1/tickets/${number}/messages`, { ...customer, ...key() }, { body: messageBody }));
      else
        await timed(() =>
          load.must('POST', `/api/staff/v1/tickets/${number}/messages`, { ...staff.credentials, ...key() }, { body: messageBody }),
        );
    }
    await timed(() => load.must('POST', `/api/staff/v1/tickets/${number}/closing`, { ...staff.credentials, ...key() }, {}));
  };
}

interface DrainFigures {
  readonly messages: number;
  readonly floor: number[];
  readonly ours: number[];
}

/**
 * The same number of workflows on both sides, all in the worker's cache. The product's worker is frozen while one
 * reply is written to each ticket, then thawed; the floor is told to signal each of its workflows once.
 */
async function measureDrain(stage: Stage, product: Product, options: BenchOptions): Promise<DrainFigures> {
  const messages = options.quick ? 40 : 400;
  const numbers = await openTickets(product, messages);
  await product.settled();
  const floorWorker = await startFloorWorker(stage);
  try {
    const floorNumbers = await floorTickets(stage, messages);
    await tell(floorWorker, { verb: 'start', numbers: floorNumbers });
    await allPlanned(
      stage,
      floorNumbers.map((number) => `floor:${number}`),
    );
    const write = await replier(product, numbers);
    const figures: DrainFigures = { messages, floor: [], ours: [] };
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      const floor = await drainFloor(stage, floorWorker, floorNumbers);
      const ours = await drainProduct(stage, product, numbers, write);
      options.say(`drain ${round}: floor ${floor.toFixed(0)}/s, ours ${ours.toFixed(0)}/s${round ? '' : ' (warming up)'}`);
      if (round === 0) continue;
      figures.floor.push(floor);
      figures.ours.push(ours);
    }
    return figures;
  } finally {
    await endFloor(floorWorker);
  }
}

async function openTickets(product: Product, count: number): Promise<number[]> {
  const load = new HttpLoad(product.origin, clients);
  const { customers } = await hirePeople(product, 1);
  const numbers: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left > 0) {
        left -= 1;
        const opened = await load.must<{ number: string }>('POST', '/api/v1/tickets', customers[0]!.credentials, {
          subject: 'Panel does not start',
          body: messageBody,
          category: 'technical',
        });
        numbers.push(ticketNumber(opened.number));
      }
    }),
  );
  load.close();
  owners.set(product, customers[0]!.credentials);
  return numbers;
}

/** Whose tickets the drained ones are. */
const owners = new WeakMap<Product, Readonly<Record<string, string>>>();

async function replier(product: Product, numbers: readonly number[]): Promise<() => Promise<void>> {
  const load = new HttpLoad(product.origin, clients);
  const credentials = owners.get(product)!;
  return async () => {
    const left = [...numbers];
    const lane = async () => {
      for (let number = left.shift(); number !== undefined; number = left.shift())
        await load.must('POST', `/api/v1/tickets/${spellTicketNumber(number)}/messages`, credentials, { body: messageBody });
    };
    await Promise.all(Array.from({ length: clients }, lane));
  };
}

async function drainProduct(stage: Stage, product: Product, numbers: readonly number[], write: () => Promise<void>): Promise<number> {
  product.freezeWorker();
  await write();
  const startedAtMs = performance.timeOrigin + performance.now();
  product.thawWorker();
  await until(
    'the outbox is empty',
    async () => (await stage.product.query<{ n: string }>('select count(*) as n from outbox'))[0]?.n === '0',
    120,
  );
  const ids = numbers.map((number) => `ticket:${spellTicketNumber(number)}`);
  await allPlanned(stage, ids);
  return (numbers.length * 1000) / ((await lastPlannedAt(stage, ids)) - startedAtMs);
}

async function drainFloor(stage: Stage, worker: ChildProcess, numbers: readonly number[]): Promise<number> {
  const ids = numbers.map((number) => `floor:${number}`);
  const startedAtMs = performance.timeOrigin + performance.now();
  await tell(worker, { verb: 'signal', numbers: [...numbers] });
  await allPlanned(stage, ids);
  return (numbers.length * 1000) / ((await lastPlannedAt(stage, ids)) - startedAtMs);
}

/** Waits until none has a task; asked of few at a time, so that the asking weighs little and alike on both sides. */
async function allPlanned(stage: Stage, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const handle = stage.temporal.workflow.getHandle(id);
    await until(
      `${id} has planned`,
      async () => {
        const { raw } = await handle.describe();
        return !raw.pendingWorkflowTask;
      },
      60,
    );
  }
}

/** When the last of these workflows completed its last task, by the engine's own time. */
export async function lastPlannedAt(stage: Stage, ids: readonly string[]): Promise<number> {
  let last = 0;
  for (const id of ids) {
    const episodes = countEvents(await stage.temporal.workflow.getHandle(id).fetchHistory());
    last = Math.max(last, episodes.at(-1)!.plannedAtMs);
  }
  return last;
}

export async function floorTickets(stage: Stage, count: number): Promise<number[]> {
  const people = await hireFloorPeople(stage.floor);
  const pool = openFloorPool(stage.floor.appUrl, databasePool);
  const numbers: number[] = [];
  for (let index = 0; index < count; index += 1) numbers.push(await floorOpen(pool, people, messageBody));
  await pool.end();
  return numbers;
}

export async function startFloorWorker(stage: Stage): Promise<ChildProcess> {
  const worker = forkFloor('floor-worker.ts', {
    FLOOR_DATABASE_URL: stage.floor.appUrl,
    FLOOR_DATABASE_POOL: String(databasePool),
    FLOOR_TEMPORAL_ADDRESS: stage.temporalAddress,
    FLOOR_TEMPORAL_NAMESPACE: stage.temporal.options.namespace,
  });
  await answered(worker, 'ready');
  return worker;
}

export async function tell(worker: ChildProcess, order: FloorOrder): Promise<void> {
  worker.send(order);
  await answered(worker, 'done');
}

async function answered(worker: ChildProcess, word: string): Promise<void> {
  const [said] = (await once(worker, 'message', { signal: AbortSignal.timeout(120_000) })) as [unknown];
  if (said !== word) throw new Error(`the floor’s worker said ${String(said)} and not ${word}`);
}

function forkFloor(file: string, environment: Record<string, string>): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export async function endFloor(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}

function resultOf(mix: MixFigures, drain: DrainFigures): Result {
  const rate = (blocks: readonly Block[]) => blocks.map((block) => block.perSecond);
  const [floor, ours, frozen] = [rate(mix.floor), rate(mix.ours), rate(mix.withoutWorker)];
  const share = (of: readonly number[], floorOf: readonly number[]) => (100 * median(of)) / median(floorOf);
  const perSecond = (blocks: readonly number[]) => `${withSpread(blocks, 0)}/s`;
  const percent = (value: number) => `${value.toFixed(0)} %`;
  const [answered, drained] = [share(ours, floor), share(drain.ours, drain.floor)];
  const latency = (name: string, blocks: readonly Block[]) => {
    const all = blocks.flatMap((block) => block.milliseconds);
    return [
      name,
      ...[0.5, 0.9, 0.99, 1].map((part) => quantile(all, part).toFixed(1)),
      String(all.length),
      withSpread(
        blocks.map((block) => block.clientCores),
        2,
      ),
    ];
  };
  return {
    id: 'P2',
    title: 'A busy desk: 1 open, 8 replies, 1 close, 16 clients',
    lines: [
      {
        goal: 'P2',
        what: 'commands answered, whole product running',
        floor: perSecond(floor),
        ours: perSecond(ours),
        ratio: percent(answered),
        wanted: '≥ 40 % of floor',
        met: answered >= 40,
      },
      {
        goal: 'P2',
        what: 'commands answered, worker frozen',
        floor: perSecond(floor),
        ours: perSecond(frozen),
        ratio: percent(share(frozen, floor)),
        wanted: '',
      },
      {
        goal: 'P2',
        what: `backlog of ${drain.messages} messages, until all have planned`,
        floor: perSecond(drain.floor),
        ours: perSecond(drain.ours),
        ratio: percent(drained),
        wanted: '≥ 70 % of floor',
        met: drained >= 70,
      },
      {
        goal: 'P2',
        what: 'engine has caught up after a block of the mix',
        floor: '',
        ours: `${withSpread(mix.catchUpSeconds, 1)} s`,
        ratio: '',
        wanted: '',
      },
    ],
    method: [
      `${clients} clients, each with a kept connection and a customer of its own, ${rounds} rounds of floor, product, product with the worker frozen; medians with least and greatest. Replies are by staff (cookie) and customer (token) in turn, so half of them write a notification and a mail; every command of the product carries a fresh Idempotency-Key. After each block of the product everything settles before the next.`,
      'Floor: a Hono server on the same node server, one token look-up, then one bare transaction of the same rows (floor.ts), with the same pool, on the same PostgreSQL.',
      `The load is not the bottleneck: with the same client the API’s health answer reaches ${mix.ceiling.toFixed(0)}/s, and the table shows the share of one core that the load used.`,
      'Backlog: the worker process is frozen (SIGSTOP) while one reply is written to each ticket, and thawed; a start from nothing would measure the start. Rate = messages / (last workflow task completed, by its history − thawed). Floor: a worker with the same options whose workflow reads one row in a local activity, signalled 24 at a time. All workflows of either side fit the worker’s cache.',
    ],
    raw: [
      markdownTable(
        ['commands, ms', 'p50', 'p90', 'p99', 'greatest', 'number', 'cores of the load'],
        [latency('floor', mix.floor), latency('ours', mix.ours), latency('ours, worker frozen', mix.withoutWorker)],
      ),
      markdownTable(
        ['round', 'floor/s', 'ours/s', 'ours, frozen/s', 'catching up, s', 'backlog floor/s', 'backlog ours/s'],
        floor.map((value, round) => [
          String(round + 1),
          value.toFixed(0),
          ours[round]!.toFixed(0),
          frozen[round]!.toFixed(0),
          mix.catchUpSeconds[round]!.toFixed(1),
          drain.floor[round]!.toFixed(0),
          drain.ours[round]!.toFixed(0),
        ]),
      ),
    ],
  };
}
