/** P1: what a customer waits for when he writes, and how soon the workflow has planned anew. */
import { countEvents } from './event-count.ts';
import { markdownTable, median, quantile, withSpread, type Result } from './figures.ts';
import { floorCustomerReply, floorOpen, floorStaffReply, openFloorPool, type FloorPeople } from './floor.ts';
import { HttpLoad } from './http-load.ts';
import { databasePool, hirePeople, messageBody, planned, startProduct, ticketNumber, type Product } from './product.ts';
import type { Stage } from './stage.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { hireFloorPeople } from './floor-people.ts';
import type { BenchOptions } from './options.ts';

const warmUps = 40;
const blocks = 6;
/** About as long as the product's replies wait for the engine: caches cool down for both alike. */
const pauseMs = 40;

export async function benchReply(stage: Stage, options: BenchOptions): Promise<Result> {
  const product = await startProduct(stage, options.profileFolder);
  const pool = openFloorPool(stage.floor.appUrl, databasePool);
  const perBlock = options.quick ? 15 : 60;
  try {
    const floorPeople = await hireFloorPeople(stage.floor);
    const conversation = await openConversation(stage, product);
    const floorTicket = await floorOpen(pool, floorPeople, messageBody);
    await floorReply(pool, floorPeople, floorTicket, warmUps);
    for (let count = 0; count < warmUps; count += 1) await conversation.reply();

    const floor: number[][] = [];
    const ours: Timed[][] = [];
    for (let block = 0; block < blocks; block += 1) {
      floor.push(await floorReply(pool, floorPeople, floorTicket, perBlock));
      const replies: Timed[] = [];
      for (let count = 0; count < perBlock; count += 1) replies.push(await conversation.reply());
      ours.push(replies);
    }
    const again = await conversation.backToBack(perBlock * 4);
    const planning = await conversation.planning(ours.flat());
    return resultOf(floor, ours, planning, again);
  } finally {
    await pool.end();
    await product.stop();
  }
}

interface Timed {
  readonly messageId: string;
  readonly milliseconds: number;
  /** Wall clock, as the engine's event times. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** Each measured transaction follows an unmeasured staff reply, so that every customer reply ends two next steps. */
async function floorReply(pool: Parameters<typeof floorOpen>[0], people: FloorPeople, number: number, count: number): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await floorStaffReply(pool, people, number, messageBody);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const started = performance.now();
    await floorCustomerReply(pool, people, number, messageBody);
    milliseconds.push(performance.now() - started);
  }
  return milliseconds;
}

interface Conversation {
  /** Staff answer, everything settles, the customer replies (this is timed), everything settles. */
  reply(): Promise<Timed>;
  /** Replies one after the other while the engine is busy with the ones before. */
  backToBack(count: number): Promise<number[]>;
  /** For each reply, when its workflow had planned anew: milliseconds after the answer arrived and after it was sent. */
  planning(replies: readonly Timed[]): Promise<{ afterAnswer: number[]; afterSending: number[] }>;
}

async function openConversation(stage: Stage, product: Product): Promise<Conversation> {
  const { customers, staff } = await hirePeople(product, 1);
  const anna = customers[0]!;
  const load = new HttpLoad(product.origin, 1);
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });
  const opened = await load.must<{ number: string }>(
    'POST',
    '/api/v1/tickets',
    { ...anna.credentials, ...key() },
    { subject: 'Panel does not start', body: messageBody, category: 'technical' },
  );
  const number = ticketNumber(opened.number);
  const quiet = async () => {
    for (;;) {
      const [waiting] = await stage.product.query<{ n: string }>(
        `select (select count(*) from outbox where parked_at is null) + (select count(*) from delivery where state = 'pending') as n`,
      );
      if (waiting?.n === '0') break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await planned(stage, number);
  };
  const write = async (): Promise<Timed> => {
    const sentAtMs = performance.timeOrigin + performance.now();
    const answer = await load.send(
      'POST',
      `/api/v1/tickets/${opened.number}/messages`,
      { ...anna.credentials, ...key() },
      { body: messageBody },
    );
    const answeredAtMs = performance.timeOrigin + performance.now();
    if (answer.status !== 201) throw new Error(`a reply answered ${answer.status}: ${answer.text}`);
    return {
      messageId: (JSON.parse(answer.text) as { messageId: string }).messageId,
      milliseconds: answer.milliseconds,
      sentAtMs,
      answeredAtMs,
    };
  };
  return {
    reply: async () => {
      await load.must('POST', `/api/staff/v1/tickets/${opened.number}/messages`, { ...staff.credentials, ...key() }, { body: messageBody });
      await quiet();
      const timed = await write();
      await quiet();
      return timed;
    },
    backToBack: async (count) => {
      const milliseconds: number[] = [];
      for (let index = 0; index < count; index += 1) milliseconds.push((await write()).milliseconds);
      await quiet();
      return milliseconds;
    },
    planning: async (replies) => {
      const plannedAt = await plannedAtOf(stage, number);
      const found = replies.filter((reply) => plannedAt.has(reply.messageId));
      if (found.length < replies.length) throw new Error(`${replies.length - found.length} replies are in no history`);
      return {
        afterAnswer: found.map((reply) => plannedAt.get(reply.messageId)! - reply.answeredAtMs),
        afterSending: found.map((reply) => plannedAt.get(reply.messageId)! - reply.sentAtMs),
      };
    },
  };
}

/** The instant at which the workflow had planned on each message, over all runs of the ticket. */
async function plannedAtOf(stage: Stage, number: number): Promise<Map<string, number>> {
  const at = new Map<string, number>();
  const workflowId = `ticket:${spellTicketNumber(number)}`;
  for (let runId: string | undefined = (await stage.temporal.workflow.getHandle(workflowId).describe()).runId; runId;) {
    const history = await stage.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const episode of countEvents(history)) if (episode.news?.messageId) at.set(episode.news.messageId, episode.plannedAtMs);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return at;
}

function resultOf(
  floor: readonly number[][],
  ours: readonly Timed[][],
  planning: { afterAnswer: number[]; afterSending: number[] },
  again: readonly number[],
): Result {
  const reply = ours.map((block) => block.map((timed) => timed.milliseconds));
  const floorMedians = floor.map(median);
  const ourMedians = reply.map(median);
  const [floorP50, ourP50] = [median(floor.flat()), median(reply.flat())];
  const p99 = quantile(planning.afterSending, 0.99);
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return {
    id: 'P1',
    title: 'A customer replies, alone',
    lines: [
      {
        goal: 'P1',
        what: 'reply over HTTP, p50',
        floor: ms(floorP50),
        ours: ms(ourP50),
        ratio: `${(ourP50 / floorP50).toFixed(2)} ×`,
        wanted: '≤ 2.5 × floor',
        met: ourP50 <= 2.5 * floorP50,
      },
      { goal: 'P1', what: 'reply over HTTP, p50', floor: '', ours: ms(ourP50), ratio: '', wanted: '≤ 10 ms', met: ourP50 <= 10 },
      {
        goal: 'P1',
        what: 'reply over HTTP, p99',
        floor: ms(quantile(floor.flat(), 0.99)),
        ours: ms(quantile(reply.flat(), 0.99)),
        ratio: '',
        wanted: '',
      },
      { goal: 'P1', what: 'reply sent → planned anew, p50', floor: '', ours: ms(median(planning.afterSending)), ratio: '', wanted: '' },
      { goal: 'P1', what: 'reply sent → planned anew, p99', floor: '', ours: ms(p99), ratio: '', wanted: '≤ 300 ms', met: p99 <= 300 },
      { goal: 'P1', what: 'back to back, engine busy, p50', floor: '', ours: ms(median(again)), ratio: '', wanted: '' },
      { goal: 'P1', what: 'back to back, engine busy, p99', floor: '', ours: ms(quantile(again, 0.99)), ratio: '', wanted: '' },
    ],
    method: [
      `One client, one connection, ${reply.flat().length} replies in ${blocks} blocks, each block after a block of the floor. Each timed reply follows a staff reply, so that it ends two next steps, and each begins only when the outbox is empty, the mail sent and the workflow without a task (the floor pauses as long): "alone" is meant.`,
      'Each reply carries a fresh Idempotency-Key. Timed in the client, from sending to the last byte; whole product running.',
      'Planned anew: the history’s time of the workflow task that handled the signal of this very message, less the client’s wall clock when it sent the reply (one machine, one clock). That includes the transaction, so the true time from commit is less by some milliseconds; counted from the arrival of the answer it is an underestimate by the way of the answer. Both are below.',
    ],
    raw: [
      markdownTable(
        ['block medians, ms', 'median (least–greatest)'],
        [
          ['floor', withSpread(floorMedians, 2)],
          ['ours', withSpread(ourMedians, 2)],
          [
            'ratio of each block to its floor',
            withSpread(
              ourMedians.map((value, index) => value / floorMedians[index]!),
              2,
            ),
          ],
        ],
      ),
      markdownTable(
        ['planned anew, ms', 'p50', 'p90', 'p99', 'greatest'],
        [
          ['after the answer arrived', ...[0.5, 0.9, 0.99, 1].map((share) => quantile(planning.afterAnswer, share).toFixed(1))],
          ['after the reply was sent', ...[0.5, 0.9, 0.99, 1].map((share) => quantile(planning.afterSending, share).toFixed(1))],
        ],
      ),
      markdownTable(
        ['reply, ms', 'p50', 'p90', 'p99', 'greatest'],
        [
          ['floor', ...[0.5, 0.9, 0.99, 1].map((share) => quantile(floor.flat(), share).toFixed(2))],
          ['ours', ...[0.5, 0.9, 0.99, 1].map((share) => quantile(reply.flat(), share).toFixed(2))],
        ],
      ),
    ],
  };
}
