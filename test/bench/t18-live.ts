/** T18: a thousand open pages: what each costs the API's process, and how soon after a commit all of them have heard. */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { markdownTable, median, quantile, type Result } from './figures.ts';
import type { ReadersAnswer, ReadersWish } from './live-readers.ts';
import type { BenchOptions } from './options.ts';
import { hirePeople, messageBody, startProduct, type Product } from './product.ts';
import type { Stage } from './stage.ts';

const streamsOfOne = 12;
const goalMs = 1_000;
const tickets = 20;

interface Reply {
  readonly messageId: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

interface Round {
  readonly rate: number;
  readonly replies: readonly Reply[];
  /** For each reply, how long after its answer each page had heard. */
  readonly afterAnswer: readonly number[];
  readonly afterSending: readonly number[];
  readonly lost: number;
  readonly twice: number;
}

export async function benchLive(stage: Stage, options: BenchOptions): Promise<Result> {
  const streams = options.quick ? 120 : 1_000;
  const floorKiB = await weighFloor(streams);
  const product = await startProduct(stage, options.profileFolder);
  const readers = new Readers();
  try {
    const { members, staff } = await hireOneAccount(product, Math.ceil(streams / streamsOfOne));
    const numbers = await openTickets(members);
    await product.settled();
    const before = rssKiB(product.apiProcess);
    options.say(`${streams} streams are opened`);
    await readers.open(addressesOf(product.origin, members, staff, streams));
    await rest(3);
    const after = rssKiB(product.apiProcess);
    const rounds: Round[] = [];
    for (const rate of options.quick ? [5] : [5, 20]) {
      options.say(`${rate} replies a second`);
      rounds.push(await measure(members, numbers, readers, streams, rate, options.quick ? 4 : 30));
      await product.settled();
    }
    return resultOf(streams, { floorKiB, before, after, loaded: rssKiB(product.apiProcess) }, rounds);
  } finally {
    readers.stop();
    await product.stop();
  }
}

/** All in one account, so that every page hears of every reply. */
async function hireOneAccount(product: Product, count: number): Promise<{ members: TestCustomer[]; staff: TestPerson }> {
  const { customers, staff } = await hirePeople(product, 1);
  const members = [customers[0]!];
  while (members.length < count) members.push(await product.people.customer({ account: { id: members[0]!.accountId, role: 'technical' } }));
  return { members, staff };
}

async function openTickets(members: readonly TestCustomer[]): Promise<string[]> {
  const numbers: string[] = [];
  for (let index = 0; index < tickets; index += 1) {
    const answer = await members[0]!.post('/tickets', { subject: 'A panel', body: messageBody, category: 'technical' });
    numbers.push(answer.body.number);
  }
  return numbers;
}

/** A few are pages of staff, the others pages and programs of customers. */
function addressesOf(origin: string, members: readonly TestCustomer[], staff: TestPerson, streams: number) {
  return Array.from({ length: streams }, (_stream, index) =>
    index < streamsOfOne
      ? { address: `${origin}/api/staff/v1/events`, headers: { ...staff.credentials } }
      : { address: `${origin}/api/v1/events`, headers: { ...members[index % members.length]!.credentials } },
  );
}

async function measure(
  members: readonly TestCustomer[],
  numbers: readonly string[],
  readers: Readers,
  streams: number,
  rate: number,
  seconds: number,
): Promise<Round> {
  const replying: Promise<Reply>[] = [];
  const begun = performance.now();
  for (let index = 0; index < rate * seconds; index += 1) {
    const wait = begun + (index * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    replying.push(reply(members[index % members.length]!, numbers[index % numbers.length]!));
  }
  const replies = await Promise.all(replying);
  const arrivals = new Map<string, number[]>();
  await until('every page has heard of every reply', async () => {
    for (const [messageId, at] of await readers.collect()) arrivals.set(messageId, [...(arrivals.get(messageId) ?? []), ...at]);
    return replies.every(({ messageId }) => (arrivals.get(messageId)?.length ?? 0) >= streams);
  }).catch(() => undefined);
  const heard = (messageId: string) => arrivals.get(messageId) ?? [];
  return {
    rate,
    replies,
    afterAnswer: replies.flatMap(({ messageId, answeredAtMs }) => heard(messageId).map((at) => at - answeredAtMs)),
    afterSending: replies.flatMap(({ messageId, sentAtMs }) => heard(messageId).map((at) => at - sentAtMs)),
    lost: replies.reduce((sum, { messageId }) => sum + Math.max(0, streams - heard(messageId).length), 0),
    twice: replies.reduce((sum, { messageId }) => sum + Math.max(0, heard(messageId).length - streams), 0),
  };
}

async function reply(member: TestCustomer, number: string): Promise<Reply> {
  const sentAtMs = performance.timeOrigin + performance.now();
  const answer = await member.post(`/tickets/${number}/messages`, { body: messageBody });
  if (answer.status !== 201) throw new Error(`a reply was answered with ${answer.status}`);
  return { messageId: answer.body.messageId, sentAtMs, answeredAtMs: performance.timeOrigin + performance.now() };
}

/** The process that reads the streams. */
class Readers {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'live-readers.ts'));

  async open(streams: NonNullable<ReadersWish['open']>): Promise<void> {
    for (let from = 0; from < streams.length; from += 50) await this.ask({ open: streams.slice(from, from + 50) });
  }

  async collect(): Promise<NonNullable<ReadersAnswer['arrivals']>> {
    return (await this.ask({ collect: true })).arrivals!;
  }

  stop(): void {
    this.child.kill();
  }

  private ask(wish: ReadersWish): Promise<ReadersAnswer> {
    return new Promise((resolve) => {
      this.child.once('message', (answer) => resolve(answer as ReadersAnswer));
      this.child.send(wish);
    });
  }
}

/** What as many answers that do not end weigh in a bare server of the same Node, which keeps nothing of them but the answer itself. */
async function weighFloor(streams: number): Promise<number> {
  const server = createServer((_asked, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write(':\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const readers = new Readers();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await readers.open([{ address, headers: {} }]);
  const before = rssKiB(process.pid);
  await readers.open(Array.from({ length: streams }, () => ({ address, headers: {} })));
  await rest(2);
  const after = rssKiB(process.pid);
  readers.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return (after - before) / streams;
}

function rssKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

function rest(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

interface Memory {
  readonly floorKiB: number;
  readonly before: number;
  readonly after: number;
  readonly loaded: number;
}

function resultOf(streams: number, { floorKiB, before, after, loaded }: Memory, rounds: readonly Round[]): Result {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const each = (after - before) / streams;
  return {
    id: 'T18',
    title: `live pages, ${streams} open streams`,
    lines: [
      {
        goal: 'T18',
        what: 'memory of a stream',
        floor: `${floorKiB.toFixed(1)} KiB`,
        ours: `${each.toFixed(1)} KiB`,
        ratio: `${(each / floorKiB).toFixed(1)} ×`,
        wanted: '',
      },
      ...rounds.flatMap(({ rate, afterSending, lost, twice }) => {
        const p99 = quantile(afterSending, 0.99);
        const what = `${rate} replies/s, ${rate * streams} events/s`;
        return [
          { goal: 'T18', what: `${what}: sent → page, p50`, floor: '', ours: ms(median(afterSending)), ratio: '', wanted: '' },
          { goal: 'T18', what: `${what}: sent → page, p99`, floor: '', ours: ms(p99), ratio: '', wanted: '≤ 1 s', met: p99 <= goalMs },
          {
            goal: 'T18',
            what: `${what}: lost, twice`,
            floor: '',
            ours: `${lost}, ${twice}`,
            ratio: '',
            wanted: '0, 0',
            met: lost + twice === 0,
          },
        ];
      }),
    ],
    method: [
      `${streams} streams read by a process of its own, each by a connection of its own: ${streamsOfOne} of one member of staff, the others of members of one account, so that every stream hears of every reply. Replies by HTTP at an even rate for 30 s, to ${tickets} tickets; whole product running.`,
      'From sending the reply to the arrival of its event, both by the machine’s clock. The commit lies between sending and answer, so that from commit to page it is less than “after sending” and more than “after the answer” (which may be negative).',
      `Memory: the API process’s resident set before and ${streams} streams after, at rest; the floor is the same of a bare node:http server. Resident memory moves by some MiB by itself.`,
    ],
    raw: [
      markdownTable(
        ['resident set of the API process', 'MiB'],
        [
          ['before the streams', (before / 1024).toFixed(1)],
          [`with ${streams} streams, at rest`, (after / 1024).toFixed(1)],
          ['after the replies', (loaded / 1024).toFixed(1)],
        ],
      ),
      markdownTable(
        ['event on the page, ms', 'p50', 'p90', 'p99', 'greatest'],
        rounds.flatMap(({ rate, afterAnswer, afterSending }) =>
          (
            [
              ['after sending', afterSending],
              ['after the answer', afterAnswer],
            ] as const
          ).map(([name, samples]) => [`${rate}/s, ${name}`, ...[0.5, 0.9, 0.99, 1].map((share) => quantile(samples, share).toFixed(1))]),
        ),
      ),
    ],
  };
}
