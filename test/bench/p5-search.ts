/** P5: lists and full-text search of tickets, at 10 k, 100 k and 1 M of them. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { removeCluster, startPostgres } from '../../dev/postgres-server.ts';
import { migrateDatabase } from '../../db/migration-run.ts';
import { openDatabase } from '../../db/database.ts';
import { provisionDatabase } from '../../db/provision.ts';
import { Vault } from '../../db/vault.ts';
import { systemClock } from '../../system-clock.ts';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { People, testPassword } from '../harness/people.ts';
import { roleUrls, templateDatabase } from '../harness/servers.ts';
import { withApi } from './api-of-its-own.ts';
import { markdownTable, quantile, type Line, type Result } from './figures.ts';
import { fillWithTickets, type Company } from './many-tickets.ts';
import type { BenchOptions } from './options.ts';
import { buffersIn, explainStatements, plansIn, ServerLog } from './p5-plans.ts';
import { questionsOf, type Asked, type Readers } from './p5-questions.ts';

const goalMs = 50;
const goalGrowth = 1.5;
const goalBuffers = 2_000;
/** Each question with each of its words. */
const warmUps = 12;
const folder = fileURLToPath(new URL('../../.kontor/bench-p5', import.meta.url));

/** One question at one size: what its requests took, and what the database read for one of them. */
interface Measured {
  readonly asked: Asked;
  readonly milliseconds: number[];
  buffers: number;
  plans: string;
}

interface Size {
  readonly tickets: number;
  readonly measured: Map<string, Measured>;
  readonly bytes: string;
}

/** Starts a PostgreSQL of its own on the disk that the repository lies on, and asks the API's own process over HTTP. */
export async function benchSearch(options: BenchOptions): Promise<Result> {
  const sizes = options.sizes ?? (options.quick ? [2_000, 10_000] : [10_000, 100_000, 1_000_000]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dataFolder = join(folder, 'postgres');
  const postgres = await startPostgres({ dataFolder, port: 0, log: options.say });
  try {
    const urls = roleUrls(postgres.adminUrl, templateDatabase);
    await provisionDatabase(postgres.adminUrl, urls.ownerUrl, urls.appUrl);
    await migrateDatabase(urls.ownerUrl);
    const places: Place[] = [];
    for (const tickets of sizes) places.push(await makePlace(postgres.adminUrl, tickets, options.say));
    const measured = await measure(places, new ServerLog(join(dataFolder, 'postgres.log')), options);
    for (const { db } of places) await db.drop();
    return resultOf(measured);
  } finally {
    await postgres.stop();
    await removeCluster(dataFolder);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly tickets: number;
  readonly db: FreshDatabase;
  readonly superuser: string;
  readonly company: Company;
  /** One address throughout: who signed in goes on there. */
  readonly port: number;
  readonly secretsKey: string;
}

async function makePlace(adminUrl: string, tickets: number, say: (line: string) => void): Promise<Place> {
  const db = await freshDatabase(adminUrl);
  const superuser = Object.assign(new URL(adminUrl), { pathname: `/${db.name}` }).href;
  const company = await fillWithTickets(superuser, tickets, systemClock.now(), say);
  return { tickets, db, superuser, company, port: await freePort(), secretsKey: randomBytes(32).toString('hex') };
}

/** All sizes side by side, each question of each in turn, so that a noisy machine is as noisy to all. */
async function measure(places: readonly Place[], log: ServerLog, options: BenchOptions): Promise<Size[]> {
  const sizes = places.map(({ tickets }): Size => ({ tickets, measured: new Map(), bytes: '' }));
  await withApis(places, async () => {
    for (const [at, place] of places.entries())
      for (const asked of questionsOf(place.company, await hireReaders(place)))
        sizes[at]!.measured.set(asked.name, { asked, milliseconds: [], buffers: 0, plans: '' });
    await ask(sizes, options.quick ? 5 : 60);
  });
  options.say('asked; now the plans');
  for (const nested of [false, true]) {
    for (const { superuser, db } of places) await explainStatements(superuser, db.name, nested);
    await withApis(places, async () => {
      for (const { measured } of sizes)
        for (const each of measured.values()) {
          const once = () => each.asked.by.get(each.asked.paths[0]!);
          await once();
          const written = await log.during(once);
          if (nested) each.plans = plansIn(written).filter(readsTickets).join('\n');
          else each.buffers = buffersIn(written);
        }
    });
  }
  return Promise.all(sizes.map(async (size, at) => ({ ...size, bytes: await weigh(places[at]!.db) })));
}

async function ask(sizes: readonly Size[], rounds: number): Promise<void> {
  const names = [...sizes[0]!.measured.keys()];
  for (let round = -warmUps; round < rounds; round += 1)
    for (const name of names)
      for (const { measured } of sizes) {
        const { asked, milliseconds } = measured.get(name)!;
        const started = performance.now();
        const { status, body } = await asked.by.get(asked.paths[(round + warmUps) % asked.paths.length]!);
        if (status !== 200) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
        if (round >= 0) milliseconds.push(performance.now() - started);
      }
}

async function withApis(places: readonly Place[], work: () => Promise<void>): Promise<void> {
  const [first, ...others] = places;
  return first ? withApi({ ...first, folder }, () => withApis(others, work)) : work();
}

/** An agent who works on tickets, customers with some and with very many. */
async function hireReaders({ db, port, secretsKey, company }: Place): Promise<Readers> {
  const origin = `http://127.0.0.1:${port}`;
  const database = await openDatabase(db.appUrl, 2);
  try {
    const drive = async (
      token: string | undefined,
      tree: 'customer' | 'staff',
      email: string,
      app?: Parameters<typeof signedIn>[4],
    ): Promise<ApiDriver> =>
      token ? apiDriver(`${origin}/api/v1`, { authorization: `Bearer ${token}` }) : signedIn(origin, tree, email, testPassword, app);
    const people = new People(database, new Vault(secretsKey), systemClock, drive);
    const agent = await people.staff();
    // He takes over what a generated colleague had, and has read the newest of what there is.
    await db.query('update ticket set assignee_id = $1 where assignee_id = $2', [agent.id, company.staff[3]]);
    await db.query(
      `insert into ticket_read (user_id, ticket_number, read_at)
        select $1, number, last_message_at from (select number, last_message_at from ticket where status <> 'archived' order by last_message_at desc limit 60) newest`,
      [agent.id],
    );
    await db.query('vacuum analyze ticket, ticket_read');
    const some = Math.floor(company.accounts.length / 10);
    return { agent, usual: await people.tokenFor(company.users[some]!), large: await people.tokenFor(company.users[0]!) };
  } finally {
    await database.close();
  }
}

async function weigh(db: FreshDatabase): Promise<string> {
  const [row] = await db.query<Record<string, string>>(
    `select pg_size_pretty(pg_total_relation_size('ticket')) as ticket, pg_size_pretty(pg_total_relation_size('message')) as message,
      pg_size_pretty(pg_total_relation_size('ticket_search')) as search, pg_size_pretty(pg_relation_size('ticket_search_words_idx')) as words`,
  );
  return `tickets ${row!['ticket']}, messages ${row!['message']}, documents ${row!['search']} of which the index of words ${row!['words']}`;
}

function resultOf(sizes: readonly Size[]): Result {
  const smallest = sizes[0]!;
  const largest = sizes.at(-1)!;
  const lines: Line[] = [...largest.measured.values()].map(({ asked, milliseconds, buffers }) => {
    const before = quantile(smallest.measured.get(asked.name)!.milliseconds, 0.95);
    const after = quantile(milliseconds, 0.95);
    return {
      goal: 'P5',
      what: asked.name,
      floor: `${before.toFixed(1)} ms at ${spell(smallest.tickets)}`,
      ours: `${after.toFixed(1)} ms at ${spell(largest.tickets)}, ${buffers} buffers`,
      ratio: (after / before).toFixed(2),
      wanted: asked.goal ? `≤ ${goalMs} ms, ≤ ${goalGrowth} ×, ≤ ${goalBuffers}` : `≤ ${goalMs} ms, ≤ ${goalBuffers}`,
      met: after <= goalMs && buffers <= goalBuffers && (!asked.goal || after / before <= goalGrowth),
    };
  });
  return {
    id: 'P5',
    title: 'lists and full-text search of tickets, p95 over HTTP',
    lines,
    raw: [tableOfSizes(sizes), ...sizes.map(({ tickets, bytes }) => `${spell(tickets)} tickets: ${bytes}.`), ...plansOf(largest)],
    method: [
      'Tickets straight into the tables: Zipf-distributed Russian and English words (exponent 1, 30,000 words), 3.6 messages each, 8 % notes, accounts as unequal, three years; what is older than two weeks is archived. Documents made by the product’s own functions.',
      `PostgreSQL with the product’s settings for a small machine (64 MB of shared buffers), fsync on, on ${fileSystem()}; the API in a process of its own; one client, requests over HTTP on loopback; all sizes stand side by side and each question is asked of each in turn, with several words or accounts in turn, 60 rounds after twelve that do not count, in which every word is asked for once.`,
      'Buffers: of all statements of one request together, by auto_explain, pages hit and read.',
      'Growth is asked of what QUALITY names: a rare word, a common one, both, a word frequent only in another account. The rest is measured for the goal in milliseconds and buffers.',
    ],
  };
}

function tableOfSizes(sizes: readonly Size[]): string {
  const heads = ['p50 / p95 in ms · buffers', ...sizes.map(({ tickets }) => `${spell(tickets)} tickets`)];
  const rows = [...sizes[0]!.measured.keys()].map((name) => [
    name,
    ...sizes.map(({ measured }) => {
      const { milliseconds, buffers } = measured.get(name)!;
      return `${quantile(milliseconds, 0.5).toFixed(1)} / ${quantile(milliseconds, 0.95).toFixed(1)} · ${buffers}`;
    }),
  ]);
  return markdownTable(heads, rows);
}

function plansOf({ tickets, measured }: Size): string[] {
  return [...measured.values()]
    .filter(({ asked }) => asked.explained)
    .map(({ asked, plans }) => `Plans of “${asked.name}” at ${spell(tickets)} tickets:\n\n\`\`\`\n${plans}\n\`\`\``);
}

/** The caller's identity is asked for as well; its plans are those of every request. */
function readsTickets(plan: string): boolean {
  return / on (?:ticket|message)\w* /.test(plan);
}

function spell(tickets: number): string {
  return tickets >= 1_000_000 ? `${tickets / 1_000_000} M` : `${tickets / 1_000} k`;
}

function fileSystem(): string {
  const names: Readonly<Record<number, string>> = { 0xef53: 'ext4', 0x58465342: 'xfs', 0x9123683e: 'btrfs', 0x01021994: 'tmpfs' };
  const { type } = statfsSync(fileURLToPath(new URL('.', import.meta.url)));
  return names[type] ?? `a file system of type ${type.toString(16)}`;
}
