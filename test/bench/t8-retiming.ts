/**
 * T8, S7: a timing policy applied to 10,000 open tickets, and a decree to 10,000 others with two clocks each: how fast one sees
 * what it would do, and how fast it is done.
 */
import { timingPresets } from '../../domain/timing-policy.ts';
import type { TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { markdownTable, quantile, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { endFloor, floorTickets, lastPlannedAt, startFloorWorker, tell } from './p2-mix.ts';
import { startProduct, type Product } from './product.ts';
import { fillPromisedDesk, workflowOf } from './promised-tickets.ts';
import type { Stage } from './stage.ts';

const looks = 10;
/** Workflows whose histories are read to know when the last of all had planned: those told last. */
const lastTold = 300;

export async function benchRetiming(stage: Stage, options: BenchOptions): Promise<Result> {
  const count = options.quick ? 200 : 10_000;
  const product = await startProduct(stage, options.profileFolder);
  try {
    const maria = await product.people.staff({ role: 'administrator' });
    const numbers = await fillDesk(stage, product, count);
    await known(stage, numbers, options);
    const policy = await measurePolicy(stage, maria, numbers);
    sayOf(options, 'the policy', policy);
    const decree = await measureDecree(stage, product, maria, count, options);
    sayOf(options, 'the decree', decree);
    const floorMs = await measureFloor(stage, count);
    options.say(`floor: ${count} bare signals in ${(floorMs / 1000).toFixed(1)} s`);
    return resultOf(count, { policy, decree }, floorMs);
  } finally {
    await product.stop();
  }
}

async function known(stage: Stage, numbers: readonly number[], options: BenchOptions): Promise<void> {
  await until('the engine knows them', async () => (await waiting(stage)) === 0, 1_800);
  await haveLooked(stage, lastOf(numbers, 'ticket'));
  options.say(`${numbers.length} open tickets, each with its workflow`);
}

function sayOf(options: BenchOptions, what: string, { movedMs, plannedMs }: Figures): void {
  options.say(`${what}: moved in ${(movedMs / 1000).toFixed(1)} s, all workflows had planned after ${(plannedMs / 1000).toFixed(1)} s`);
}

async function waiting(stage: Stage): Promise<number> {
  return Number((await stage.product.query<{ n: string }>('select count(*) as n from outbox where parked_at is null'))[0]!.n);
}

/** Tickets that were answered within the last two days, straight into the tables; their workflows start by the outbox. */
async function fillDesk(stage: Stage, product: Product, count: number): Promise<number[]> {
  const anna = await product.people.customer();
  const { autoCloseAfterSeconds: closes, warnBeforeSeconds: warns } = timingPresets['7+7'];
  const rule = `autoCloseAfter ${closes} s, warnBefore ${warns} s (' || q.timing_policy_id || ')`;
  const rows = await stage.product.query<{ number: number }>(
    `insert into ticket (account_id, queue_id, opened_by_id, channel, subject, priority, status, closes_at, warns_at, timing, reply_count, last_message_at,
        last_message_by, next_step, next_step_at, revision, created_at, updated_at)
      select $1, q.id, $2, 'api', 'Panel does not start', 'medium', 'awaiting_customer', a.at + make_interval(secs => ${closes}),
        a.at + make_interval(secs => ${closes - warns}), '${rule}', 1, a.at, 'staff', 'warn', a.at + make_interval(secs => ${closes - warns}), 2, a.at, a.at
      from queue q, generate_series(1, $3::integer) n, lateral (select date_trunc('milliseconds', now()) - make_interval(secs => n % 172800) as at) a
      where q.category = 'technical' returning number`,
    [anna.accountId, anna.id, count],
  );
  await stage.product.query(`insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
      select 'obl_' || k.kind || t.number, 'ticket:CS-' || lpad(t.number::text, greatest(6, length(t.number::text)), '0'), t.account_id, k.kind,
        case k.kind when 'warn' then t.warns_at else t.closes_at end, t.timing, 2
      from ticket t, (values ('warn'), ('auto_close')) k (kind)`);
  await stage.product.query(`insert into outbox (entity, message, created_at)
      select entity, jsonb_build_object('kind', 'ticket.opened', 'number', substr(entity, 8), 'category', 'technical'), now() from obligation where kind = 'warn'`);
  return rows.map((row) => row.number);
}

interface Figures {
  readonly lookMs: number[];
  readonly nextLookMs: number[];
  readonly acceptedMs: number;
  readonly movedMs: number;
  readonly plannedMs: number;
}

async function measurePolicy(stage: Stage, maria: TestStaff, numbers: readonly number[]): Promise<Figures> {
  const { items } = (await maria.get('/queues')).body;
  const policy: string = items.find((queue: { category: string }) => queue.category === 'technical').timingPolicy.id;
  const durations = timingPresets['3+1'];
  const looked = await lookAhead(maria, `/timing-policies/${policy}/retiming-preview`, { durations }, numbers.length);
  await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...durations });
  return { ...looked, ...(await apply(stage, maria, `/timing-policies/${policy}/retiming`, {}, numbers)) };
}

/** One more day off, which moves four steps of each ticket: the deadlines of two clocks, and the warnings before. */
async function measureDecree(stage: Stage, product: Product, maria: TestStaff, count: number, options: BenchOptions): Promise<Figures> {
  const { numbers, calendar, dayOff, definition } = await fillPromisedDesk(stage, await product.people.customer(), count);
  await known(stage, numbers, options);
  const year = dayOff.slice(0, 4);
  const stood = definition.years[year] ?? { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
  const years = { ...definition.years, [year]: { ...stood, daysOff: [...stood.daysOff, dayOff].toSorted() } };
  const { revision } = (await maria.get(`/calendars/${calendar}`)).body;
  const decreed = await maria.patch(`/calendars/${calendar}`, { years }, { 'if-match': `"${revision}"` });
  if (decreed.status !== 200) throw new Error(`the decree was answered ${JSON.stringify(decreed.body)}`);
  const wanted = { scope: 'calendar', id: calendar };
  const looked = await lookAhead(maria, '/service-retimings/preview', wanted, numbers.length);
  return { ...looked, ...(await apply(stage, maria, '/service-retimings', wanted, numbers)) };
}

async function lookAhead(maria: TestStaff, path: string, body: object, total: number): Promise<Pick<Figures, 'lookMs' | 'nextLookMs'>> {
  const [lookMs, nextLookMs]: [number[], number[]] = [[], []];
  for (let look = 0; look < looks; look += 1) {
    const first = await timed(() => maria.post(path, body));
    if (first.answer.body.total !== total) throw new Error(`the preview tells of ${first.answer.body.total} tickets`);
    lookMs.push(first.ms);
    nextLookMs.push((await timed(() => maria.post(`${path}?cursor=${first.answer.body.nextCursor}`, body))).ms);
  }
  return { lookMs, nextLookMs };
}

async function apply(
  stage: Stage,
  maria: TestStaff,
  path: string,
  body: object,
  numbers: readonly number[],
): Promise<Omit<Figures, 'lookMs' | 'nextLookMs'>> {
  const startedAtMs = performance.timeOrigin + performance.now();
  const { answer, ms } = await timed(() => maria.post(path, body));
  const { job, total } = answer.body as { job: string; total: number };
  if (total !== numbers.length) throw new Error(`the job has ${total} items`);
  await until('the job has ended', async () => (await maria.get(`/jobs/${job}`)).body.state === 'done', 1_800);
  const movedMs = performance.timeOrigin + performance.now() - startedAtMs;
  await until('the outbox is empty', async () => (await waiting(stage)) === 0, 1_800);
  // They are told in the order of the job, so that the last of them are the last of all.
  const ids = lastOf(numbers, 'ticket');
  await haveLooked(stage, ids);
  return { acceptedMs: ms, movedMs, plannedMs: (await lastPlannedAt(stage, ids)) - startedAtMs };
}

/** The workflows that are told last, as tickets are told in the order of their numbers. */
function lastOf(numbers: readonly number[], kind: 'ticket' | 'floor'): string[] {
  const last = numbers.toSorted((a, b) => a - b).slice(-lastTold);
  return last.map((number) => (kind === 'ticket' ? workflowOf(number) : `floor:${number}`));
}

/** Waits until none of these has a task; thousands before them may have. */
async function haveLooked(stage: Stage, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const handle = stage.temporal.workflow.getHandle(id);
    await until(`${id} has looked`, async () => !(await handle.describe()).raw.pendingWorkflowTask, 1_800);
  }
}

async function timed<Answer>(ask: () => Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const started = performance.now();
  const answer = await ask();
  return { answer, ms: performance.now() - started };
}

/** Bare signals to as many workflows, each of which reads one row. */
async function measureFloor(stage: Stage, count: number): Promise<number> {
  const numbers = await floorTickets(stage, count);
  const worker = await startFloorWorker(stage);
  try {
    for (let from = 0; from < count; from += 500) await tell(worker, { verb: 'start', numbers: numbers.slice(from, from + 500) });
    const last = lastOf(numbers, 'floor');
    await haveLooked(stage, last);
    const startedAtMs = performance.timeOrigin + performance.now();
    for (let from = 0; from < count; from += 500) await tell(worker, { verb: 'signal', numbers: numbers.slice(from, from + 500) });
    await haveLooked(stage, last);
    return (await lastPlannedAt(stage, last)) - startedAtMs;
  } finally {
    await endFloor(worker);
  }
}

function resultOf(count: number, { policy, decree }: { readonly policy: Figures; readonly decree: Figures }, floorMs: number): Result {
  const rate = (ms: number) => (count * 1000) / ms;
  const perSecond = (ms: number) => `${rate(ms).toFixed(0)}/s`;
  const milliseconds = (samples: readonly number[]) =>
    `p50 ${quantile(samples, 0.5).toFixed(0)} ms, most ${Math.max(...samples).toFixed(0)} ms`;
  const percent = (ms: number) => `${((100 * rate(ms)) / rate(floorMs)).toFixed(0)} %`;
  const linesOf = (goal: string, of: string, figures: Figures) => {
    const line = (what: string, floor: string, ours: string, ratio = '') => ({
      goal,
      what: `${of}: ${what}`,
      floor,
      ours,
      ratio,
      wanted: '',
    });
    return [
      line(`preview, first page and total of ${count}`, '', milliseconds(figures.lookMs)),
      line('preview, the next page', '', milliseconds(figures.nextLookMs)),
      line('accepted, the job with its items', '', `${figures.acceptedMs.toFixed(0)} ms`),
      line('moved: rows, history, audit, outbox', perSecond(floorMs), perSecond(figures.movedMs), percent(figures.movedMs)),
      line('and every workflow has planned anew', perSecond(floorMs), perSecond(figures.plannedMs), percent(figures.plannedMs)),
    ];
  };
  const seconds = ({ acceptedMs, movedMs, plannedMs }: Figures) => [acceptedMs, movedMs, plannedMs].map((ms) => (ms / 1000).toFixed(1));
  return {
    id: 'T8',
    title: `A timing policy applied to ${count} open tickets, and a decree to ${count} others with two clocks`,
    lines: [...linesOf('T8', 'policy', policy), ...linesOf('S7', 'decree', decree)],
    method: [
      `${count} tickets that wait for the customer, each with its running workflow; the policy 7+7 is changed to 3+1 and applied. Then ${count} critical tickets that wait for staff, by the plan Team: the next working day is made a day off in their calendar, which moves two deadlines and two warnings of each, and that is applied. All rates count from the request that applies it.`,
      'Floor: a worker with the same options, as many workflows that read one row, signalled once each, 24 at a time. On both sides the workflows are twenty times what the worker’s cache holds, so that most are replayed from their history.',
      `When the last workflow had planned is read from the histories of the ${lastTold} that were told last.`,
    ],
    raw: [
      markdownTable(
        ['seconds', 'accepted', 'moved', 'planned', 'floor'],
        [
          ['policy', ...seconds(policy), (floorMs / 1000).toFixed(1)],
          ['decree', ...seconds(decree), (floorMs / 1000).toFixed(1)],
        ],
      ),
    ],
  };
}
