/**
 * I2: what it costs to be signed in, and what a flood of sign-ins does to everybody else: its memory is bounded, and the
 * other routes go on answering.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { sessionQuestion } from '../../db/repositories/sessions.ts';
import { cookieOf, apiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';
import { markdownTable, median, quantile, withSpread, type Line, type Result } from './figures.ts';
import { HttpLoad } from './http-load.ts';
import type { BenchOptions } from './options.ts';
import { startProduct, type Product } from './product.ts';
import type { Stage } from './stage.ts';

const clients = 16;
const floodSize = 500;
/** The other routes while the flood is on: p99, milliseconds. */
const goalOthersMs = 300;
/** Two hashes of 19 MiB at a time, and room for the waiting requests. */
const goalGrowthMiB = 150;

export async function benchIdentity(stage: Stage, options: BenchOptions): Promise<Result> {
  // Addresses are told by a proxy, so that the flood comes from everywhere and the throttle lets it through to the hashing.
  const product = await startProduct(stage, options.profileFolder, { KONTOR_PROXY_HOPS: '1' });
  try {
    const staff = await product.people.staff();
    const customers: TestCustomer[] = [];
    for (let index = 0; index < 20; index += 1) customers.push(await product.people.customer());
    await fillSessions(stage);
    options.say('measuring the cost of a session');
    const cost = await costOfSession(product, staff.credentials['cookie']!, options.quick ? 200 : 4_000);
    options.say('sign-ins one after the other, then the flood');
    const steady = await steadySignIns(product, customers, options.quick ? 20 : 300);
    const flood = await floodOfSignIns(product, customers, options.quick ? 50 : floodSize);
    return resultOf(cost, steady, flood, await planOfSession(stage));
  } finally {
    await product.stop();
  }
}

/** As many sessions as a busy company has, so that the plan is one of a table that matters. */
async function fillSessions(stage: Stage): Promise<void> {
  await stage.product.query(`
    insert into app_user (id, kind, email, name, locale, time_zone, password_hash, password_changed_at, created_at)
      select 'usr_bench' || n, 'customer', 'bench' || n || '@people.example', 'Bench', 'en', 'UTC', '', now(), now() from generate_series(1, 20000) as n`);
  await stage.product.query(`
    insert into session (id, public_id, user_id, user_agent, address, created_at, last_seen_at, expires_at)
      select md5(n::text) || md5((-n)::text), 'ses_bench' || n, 'usr_bench' || (n % 20000 + 1), 'bench', '203.0.113.7', now(), now(), now() + interval '14 days'
        from generate_series(1, 100000) as n`);
  await stage.product.query('analyze');
}

async function planOfSession(stage: Stage): Promise<string> {
  const [first] = await stage.product.query<{ id: string }>(`select id from session where user_agent = 'bench' limit 1`);
  const question = sessionQuestion.replace('$1', `'${first!.id}'`).replace('$2', 'now()').replace('$3', 'now()');
  const rows = await stage.product.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers, costs off, timing off) ${question}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

interface Cost {
  /** Milliseconds at the median, alone; a figure a block. */
  readonly open: number[];
  readonly signedIn: number[];
  /** Requests a second with {@link clients}. */
  readonly openRate: number[];
  readonly signedInRate: number[];
}

async function costOfSession(product: Product, cookie: string, requests: number): Promise<Cost> {
  const load = new HttpLoad(product.origin, clients);
  const ways = { open: ['/health/live', {}], signedIn: ['/api/staff/v1/roles', { cookie }] } as const;
  const cost: Cost = { open: [], signedIn: [], openRate: [], signedInRate: [] };
  for (const way of ['open', 'signedIn'] as const) await requestsOf(load, ways[way], 200, 1);
  // Block by block in turn, so that what else the machine does falls on both.
  for (let block = 0; block < 6; block += 1)
    for (const way of ['open', 'signedIn'] as const) {
      cost[way].push(median(await requestsOf(load, ways[way], Math.ceil(requests / 20), 1)));
      const started = performance.now();
      await requestsOf(load, ways[way], requests, clients);
      cost[`${way}Rate`].push((requests * 1000) / (performance.now() - started));
    }
  load.close();
  return cost;
}

async function requestsOf(
  load: HttpLoad,
  [path, headers]: readonly [string, Readonly<Record<string, string>>],
  requests: number,
  lanes: number,
): Promise<number[]> {
  const samples: number[] = [];
  let left = requests;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await load.send('GET', path, headers);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
      samples.push(answer.milliseconds);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return samples;
}

/** An address of its own for each try, as the proxy in front would tell. */
function from(index: number): Record<string, string> {
  return { 'x-forwarded-for': `198.51.${(index >> 8) & 255}.${index & 255}` };
}

async function steadySignIns(product: Product, customers: readonly TestCustomer[], tries: number): Promise<number> {
  const load = new HttpLoad(product.origin, 4);
  let next = 0;
  const started = performance.now();
  const lane = async () => {
    while (next < tries) {
      const index = next;
      next += 1;
      const { email } = customers[index % customers.length]!;
      await load.must('POST', '/api/v1/auth/sign-in', from(index), { email, password: testPassword });
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  load.close();
  return (tries * 1000) / (performance.now() - started);
}

interface Flood {
  readonly tries: number;
  readonly signedIn: number;
  readonly toldToComeBack: number;
  readonly seconds: number;
  readonly growthMiB: number;
  readonly peakMiB: number;
  /** The other routes before and while it is on, milliseconds. */
  readonly calm: number[];
  readonly flooded: number[];
}

/**
 * Everybody at once, again and again for some seconds: each tries until he is in, as told by Retry-After, while somebody
 * reads his tickets all the time.
 */
async function floodOfSignIns(product: Product, customers: readonly TestCustomer[], tries: number): Promise<Flood> {
  const load = new HttpLoad(product.origin, tries);
  const reader = customers[0]!;
  const answer = await apiDriver(`${product.origin}/api/v1`, {}).post('/auth/sign-in', { email: reader.email, password: testPassword });
  const cookie = cookieOf(answer, 'customer');
  const readers = new Readers(product.origin, cookie);
  const calm = await readers.during(() => pause(3_000));
  const before = memoryMiB(product.apiProcess, 'VmRSS');
  let signedIn = 0;
  let toldToComeBack = 0;
  const started = performance.now();
  const flooded = await readers.during(async () => {
    await Promise.all(
      Array.from({ length: tries }, async (_try, index) => {
        for (;;) {
          const { email } = customers[index % customers.length]!;
          const { status } = await load.send('POST', '/api/v1/auth/sign-in', from(1_000 + index), { email, password: testPassword });
          if (status === 200) return void (signedIn += 1);
          if (status !== 503) throw new Error(`a sign-in of the flood answered ${status}`);
          toldToComeBack += 1;
          await pause(2_000);
        }
      }),
    );
  });
  const seconds = (performance.now() - started) / 1000;
  load.close();
  const peakMiB = memoryMiB(product.apiProcess, 'VmHWM');
  return { tries, signedIn, toldToComeBack, seconds, growthMiB: peakMiB - before, peakMiB, calm, flooded };
}

/** Two people who read their tickets, and the health check, all the time. */
class Readers {
  private readonly load: HttpLoad;
  private readonly cookie: string;

  constructor(origin: string, cookie: string) {
    this.load = new HttpLoad(origin, 4);
    this.cookie = cookie;
  }

  async during(work: () => Promise<unknown>): Promise<number[]> {
    const samples: number[] = [];
    let over = false;
    const read = async (path: string) => {
      while (!over) {
        const answer = await this.load.send('GET', path, { cookie: this.cookie });
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        samples.push(answer.milliseconds);
        await pause(10);
      }
    };
    const reading = Promise.all(['/api/v1/tickets', '/api/v1/notifications', '/health/live'].map(read));
    await work();
    over = true;
    await reading;
    return samples;
  }
}

function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return Number(kibibytes) / 1024;
}

function resultOf(cost: Cost, steady: number, flood: Flood, plan: string): Result {
  const p99 = quantile(flood.flooded, 0.99);
  const lines: Line[] = [
    {
      goal: 'I2',
      what: 'signed-in trivial route, p50 alone, ms',
      floor: withSpread(cost.open, 2),
      ours: withSpread(cost.signedIn, 2),
      ratio: `${(median(cost.signedIn) / median(cost.open)).toFixed(2)} ×`,
      wanted: '',
    },
    {
      goal: 'I2',
      what: `signed-in trivial route, ${clients} clients, requests/s`,
      floor: withSpread(cost.openRate, 0),
      ours: withSpread(cost.signedInRate, 0),
      ratio: `${((100 * median(cost.signedInRate)) / median(cost.openRate)).toFixed(0)} %`,
      wanted: '',
    },
    { goal: 'I2', what: 'sign-ins/s, 4 clients', floor: '', ours: steady.toFixed(1), ratio: '', wanted: '' },
    {
      goal: 'I2',
      what: `other routes' p99 while ${flood.tries} sign in at once, ms`,
      floor: quantile(flood.calm, 0.99).toFixed(1),
      ours: p99.toFixed(1),
      ratio: '',
      wanted: `< ${goalOthersMs}`,
      met: p99 < goalOthersMs,
    },
    {
      goal: 'I2',
      what: "the API's memory grows by, MiB",
      floor: '',
      ours: flood.growthMiB.toFixed(0),
      ratio: '',
      wanted: `≤ ${goalGrowthMiB}`,
      met: flood.growthMiB <= goalGrowthMiB,
    },
  ];
  return {
    id: 'I2',
    title: 'Being signed in, and a flood of sign-ins',
    lines,
    method: [
      'The floor is GET /health/live, which asks nobody; beside it GET /api/staff/v1/roles, which answers a fixed table to a session: the difference is identity. In turn, six blocks each; among 100,000 sessions.',
      `The flood: ${flood.tries} people at once, each from an address of his own, each trying again two seconds after a 503, until everybody is in. Meanwhile three readers ask for tickets, notifications and health, one after the other.`,
      "The API's peak is VmHWM of its process, since its start.",
    ],
    raw: [
      markdownTable(
        ['flood', ''],
        [
          ['signed in', String(flood.signedIn)],
          ['told to come back (503, Retry-After)', String(flood.toldToComeBack)],
          ['until everybody was in, s', flood.seconds.toFixed(1)],
          ["the API's peak memory, MiB", flood.peakMiB.toFixed(0)],
          ['other routes before, p50 / p99, ms', `${median(flood.calm).toFixed(1)} / ${quantile(flood.calm, 0.99).toFixed(1)}`],
          ['other routes meanwhile, p50 / p99, ms', `${median(flood.flooded).toFixed(1)} / ${quantile(flood.flooded, 0.99).toFixed(1)}`],
        ],
      ),
      `The one question a signed-in request asks for identity:\n\n\`\`\`\n${plan}\n\`\`\``,
    ],
  };
}
