/** S8: reports of what became of clocks, of a desk with a million tickets. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { removeCluster, startPostgres } from '../../dev/postgres-server.ts';
import { openDatabase } from '../../db/database.ts';
import { migrateDatabase } from '../../db/migration-run.ts';
import { provisionDatabase } from '../../db/provision.ts';
import { Vault } from '../../db/vault.ts';
import { systemClock } from '../../system-clock.ts';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { People, testPassword } from '../harness/people.ts';
import { roleUrls, templateDatabase } from '../harness/servers.ts';
import { withApi } from './api-of-its-own.ts';
import { markdownTable, quantile, type Result } from './figures.ts';
import { fillWithRuns, type Desk } from './many-runs.ts';
import type { BenchOptions } from './options.ts';
import { buffersIn, explainStatements, plansIn, ServerLog } from './p5-plans.ts';

const goalMs = 1_000;
const warmUps = 2;
const folder = fileURLToPath(new URL('../../.kontor/bench-s8', import.meta.url));

interface Measured {
  readonly name: string;
  readonly path: string;
  readonly milliseconds: number[];
  buffers: number;
  plans: string;
}

/** Starts a PostgreSQL of its own on the disk that the repository lies on, and asks the API's own process over HTTP. */
export async function benchReports(options: BenchOptions): Promise<Result> {
  const tickets = options.sizes?.at(-1) ?? (options.quick ? 20_000 : 1_000_000);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dataFolder = join(folder, 'postgres');
  const postgres = await startPostgres({ dataFolder, port: 0, log: options.say });
  try {
    const urls = roleUrls(postgres.adminUrl, templateDatabase);
    await provisionDatabase(postgres.adminUrl, urls.ownerUrl, urls.appUrl);
    await migrateDatabase(urls.ownerUrl);
    const db = await freshDatabase(postgres.adminUrl);
    const superuser = Object.assign(new URL(postgres.adminUrl), { pathname: `/${db.name}` }).href;
    const desk = await fillWithRuns(superuser, tickets, systemClock.now(), options.say);
    const figures = await measure({ db, superuser, desk, log: new ServerLog(join(dataFolder, 'postgres.log')) }, options);
    await db.drop();
    return resultOf(tickets, desk, figures);
  } finally {
    await postgres.stop();
    await removeCluster(dataFolder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function questionsOf({ account, largeAccount, agent, plan }: Desk): { name: string; path: string }[] {
  const now = systemClock.now().getTime();
  const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10);
  const year = `from=${day(364)}&to=${day(0)}`;
  const all = `from=${day(1_094)}&to=${day(0)}`;
  const report = (name: string, query: string) => `/service-reports/${name}?${query}`;
  return [
    { name: 'compliance, last 30 days', path: report('compliance', '') },
    { name: 'compliance, a year', path: report('compliance', year) },
    { name: 'compliance, three years', path: report('compliance', all) },
    { name: 'compliance, three years, one agent', path: report('compliance', `${all}&agent=${agent}`) },
    { name: 'compliance, three years, one account', path: report('compliance', `${all}&account=${account}`) },
    { name: 'compliance, three years, the account with most tickets', path: report('compliance', `${all}&account=${largeAccount}`) },
    { name: 'trend by day, last 30 days', path: report('trend', 'step=day') },
    { name: 'trend by week, a year', path: report('trend', `${year}&step=week`) },
    { name: 'trend by day, three years', path: report('trend', `${all}&step=day`) },
    { name: 'trend by month, three years, one plan', path: report('trend', `${all}&step=month&plan=${plan}`) },
    { name: 'distribution, last 30 days', path: report('distribution', '') },
    { name: 'distribution, a year', path: report('distribution', year) },
    { name: 'distribution, three years', path: report('distribution', all) },
    {
      name: 'distribution, three years, one plan, first responses',
      path: report('distribution', `${all}&plan=${plan}&kind=first_response`),
    },
    { name: 'what is about to breach', path: '/service-reports/breaching' },
    { name: 'open tickets by state and age', path: '/service-reports/open-tickets' },
    { name: 'list: last 30 days', path: '/clock-runs' },
    { name: 'list: kept promises of three years', path: `/clock-runs?${all}&outcome=met` },
    { name: 'list: broken promises of one agent, three years', path: `/clock-runs?${all}&outcome=breached&agent=${agent}` },
    { name: 'list: an account’s slow ones, three years', path: `/clock-runs?${all}&account=${account}&perCentOver=150` },
    { name: 'list: due within 8 working hours', path: '/clock-runs?outcome=running&withinHours=8' },
  ];
}

interface Place {
  readonly db: FreshDatabase;
  readonly superuser: string;
  readonly desk: Desk;
  readonly log: ServerLog;
}

async function measure({ db, superuser, desk, log }: Place, { quick, say }: BenchOptions) {
  const place = { db, port: await freePort(), secretsKey: randomBytes(32).toString('hex'), folder };
  const measured = questionsOf(desk).map((asked): Measured => ({ ...asked, milliseconds: [], buffers: 0, plans: '' }));
  const floor: number[] = [];
  const maria = await withApi(place, async () => {
    const agent = await hire(db, `http://127.0.0.1:${place.port}`, place.secretsKey);
    for (let round = -warmUps; round < (quick ? 3 : 15); round += 1) {
      floor.push(await bareCount(db));
      for (const { name, path, milliseconds } of measured) {
        const ms = await ask(agent, name, path);
        if (round >= 0) milliseconds.push(ms);
      }
    }
    return agent;
  });
  say('asked; now the plans');
  await explainStatements(superuser, db.name, false);
  await withApi(place, async () => {
    for (const each of measured) {
      const written = await log.during(() => ask(maria, each.name, each.path));
      each.buffers = buffersIn(written);
      each.plans = plansIn(written)
        .filter((plan) => /clock_run|width_bucket/.test(plan))
        .join('\n');
    }
  });
  const [sizes] = await db.query<Record<string, string>>(
    `select pg_size_pretty(pg_relation_size('clock_run')) as runs, pg_size_pretty(pg_indexes_size('clock_run')) as indexes, (select count(*) from clock_tally) as tallies`,
  );
  return { measured, floor: floor.slice(warmUps), sizes: sizes! };
}

async function ask(agent: ApiDriver, name: string, path: string): Promise<number> {
  const started = performance.now();
  const { status, body } = await agent.get(path);
  if (status !== 200) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
  return performance.now() - started;
}

/** The floor: all runs counted and nothing else, by one process, as a desk's small machine does it. */
async function bareCount(db: FreshDatabase): Promise<number> {
  const started = performance.now();
  await db.query('select count(*) from clock_run');
  return performance.now() - started;
}

async function hire(db: FreshDatabase, origin: string, secretsKey: string): Promise<ApiDriver> {
  const database = await openDatabase(db.appUrl, 2);
  try {
    const people = new People(database, new Vault(secretsKey), systemClock, (_token, tree, email, app) =>
      signedIn(origin, tree, email, testPassword, app),
    );
    return await people.staff();
  } finally {
    await database.close();
  }
}

/** A thousand days in an array tell nobody anything. */
function shortened(plans: string): string {
  return plans.replaceAll(/^.{200}.*$/gm, (line) => `${line.slice(0, 200)} …`);
}

type Figures = Awaited<ReturnType<typeof measure>>;

function resultOf(tickets: number, { runs }: Desk, { measured, floor, sizes }: Figures): Result {
  const spell = (milliseconds: readonly number[], share: number) => `${quantile(milliseconds, share).toFixed(0)} ms`;
  const floorMs = quantile(floor, 0.5);
  const number = (count: number) => count.toLocaleString('en');
  return {
    id: 'S8',
    title: `reports of what became of clocks, ${number(tickets)} tickets, ${number(runs)} clocks, over HTTP`,
    lines: measured.map(({ name, milliseconds, buffers }) => ({
      goal: 'S8',
      what: name,
      floor: `${floorMs.toFixed(0)} ms`,
      ours: `${spell(milliseconds, 0.95)} p95, ${number(buffers)} buffers`,
      ratio: (quantile(milliseconds, 0.5) / floorMs).toFixed(2),
      wanted: `≤ ${number(goalMs)} ms`,
      met: quantile(milliseconds, 0.95) <= goalMs,
    })),
    method: [
      `Tickets and the clocks that ended, straight into the tables: three years, 40 agents, the queues of an installation, two plans of five versions each, accounts as unequal as customers are; every plan, queue, agent, kind and outcome occurs together (${sizes['tallies']} tallies), which is more than a desk would have. Of every hundred tickets 1.3 are open, every tenth of these overdue.`,
      `Runs ${sizes['runs']}, their indexes ${sizes['indexes']}. PostgreSQL with the product’s settings for a small machine (64 MB of shared buffers), fsync on; the API in a process of its own; one client, requests over HTTP on loopback, each in turn, 15 rounds after two that do not count.`,
      'The floor: `select count(*) from clock_run` over all runs, on a connection of its own, by one process; the ratio is of the medians. A report may use two processes more where they are idle. Buffers: shared pages hit or read by all statements of one request, by auto_explain.',
    ],
    raw: [
      markdownTable(
        ['ms', 'p50', 'p95', 'greatest', 'buffers'],
        [
          ...measured.map(({ name, milliseconds, buffers }) => [
            name,
            quantile(milliseconds, 0.5).toFixed(0),
            quantile(milliseconds, 0.95).toFixed(0),
            Math.max(...milliseconds).toFixed(0),
            number(buffers),
          ]),
          ['floor: a bare count', floorMs.toFixed(0), quantile(floor, 0.95).toFixed(0), Math.max(...floor).toFixed(0), ''],
        ],
      ),
      ...measured
        .filter(({ name }) => ['compliance, three years', 'trend by day, three years', 'distribution, three years'].includes(name))
        .map(({ name, plans }) => `${name}:\n\n\`\`\`\n${shortened(plans.trim())}\n\`\`\``),
    ],
  };
}
