/**
 * The clocks of service levels on tickets, as people and time move them (SPEC S1, S4, S5). Time stands still here but for what
 * a test lets pass, and whoever keeps promises is the test itself; a calendar that is worked around the clock makes of working
 * time plain time.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTicketPlan, takeTicketStep } from '../../db/repositories/ticket-steps.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

const [minute, hour, day] = [60, 3_600, 86_400];

let kontor: Kontor;
let clock: MovableClock;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;
let vera: TestStaff;
let roundTheClock: string;
/** An answer within an hour, a critical fault fixed within four. */
let plan: string;
let queue: Queue;

interface Queue {
  readonly id: string;
  readonly category: string;
  readonly name: string;
}

beforeAll(async () => {
  clock = new MovableClock();
  kontor = await startKontor({ promises: false, clock, signInAgain: true });
  clock.stop();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  vera = await kontor.people.staff({ name: 'Vera Belova' });
  const names = { en: 'Round the clock' };
  const made = await maria.post('/calendars', {
    names,
    zone: 'UTC',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    opens: 0,
    closes: 1_440,
    honourShortDays: false,
    years: {},
  });
  roundTheClock = made.body.id;
  plan = await planOf({ response: { amount: 60, unit: 'minutes' }, criticalFix: { amount: 4, unit: 'hours' } }, 'Fast');
  queue = await queueOf(plan);
});
afterAll(() => kontor?.stop());
/** An account of its own, as an agreement is one of an account. */
beforeEach(async () => {
  anna = await kontor.people.customer();
});

async function planOf(terms: object, name = `Plan ${Math.random()}`): Promise<string> {
  const made = await maria.post('/sla-plans', { names: { en: name, ru: name }, rank: 10, calendar: roundTheClock, hours: null, ...terms });
  expect(made.status).toBe(201);
  return made.body.id;
}

async function queueOf(slaPlan: string | null, more: object = {}): Promise<Queue> {
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
  const made = await maria.post('/queues', { category, names: { en: category }, timingPolicy, slaPlan, ...more });
  expect(made.status).toBe(201);
  return made.body;
}

async function openTicket(more: object = {}): Promise<string> {
  const opened = await anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category: queue.category, ...more });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

const page = async (number: string, reader: TestStaff | TestCustomer = oleg) => (await reader.get(`/tickets/${number}`)).body;
const answer = (number: string, more: object = {}, by = oleg) =>
  by.post(`/tickets/${number}/messages`, { body: 'Please try again', ...more });
const write = (number: string, more: object = {}) => anna.post(`/tickets/${number}/messages`, { body: 'It still does not', ...more });
const digits = (number: string) => Number(number.slice(3));
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

/** How long from now on an instant lies, in seconds. */
const ahead = (at: string) => (new Date(at).getTime() - clock.now().getTime()) / 1000;

interface ShownClock {
  readonly what: string;
  readonly state: string;
  readonly since: string;
  readonly dueAt: string | null;
  readonly leftMinutes: number;
}

async function clocksOf(number: string): Promise<Record<string, ShownClock>> {
  return Object.fromEntries((await page(number)).clocks.map((each: ShownClock) => [each.what, each]));
}

/** Takes what is due, one step after the other, as the ticket's workflow would. */
async function workerLooks(number: string): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const due = await dueStepOf(number);
    if (!due) return taken;
    taken.push(due.kind);
    await takeTicketStep(kontor.database, clock, number, due.id);
  }
}

async function dueStepOf(number: string) {
  const found = await readTicketPlan(kontor.database, clock, number);
  return found?.steps.find((step) => step.heldUntil === undefined && new Date(step.dueAt) <= clock.now());
}

async function passes(seconds: number, ...numbers: string[]): Promise<void> {
  clock.move(seconds);
  for (const number of numbers) await workerLooks(number);
}

interface Run {
  readonly kind: string;
  readonly outcome: string;
  readonly taken: number;
  readonly agent: string | null;
}

/** What became of the ticket's clocks, in the order they ended; the time they took in minutes. */
function runsOf(number: string): Promise<Run[]> {
  return kontor.db.query<Run>(
    `select r.kind, y.outcome, (r.taken_ms / 60000)::integer as taken, y.agent_id as agent from clock_run r join clock_tally y on y.id = r.tally_id
      where r.ticket_number = $1 order by r.ended_at, r.kind`,
    [digits(number)],
  );
}
const outcomes = async (number: string) => (await runsOf(number)).map(({ kind, outcome }) => `${kind} ${outcome}`);

interface Told {
  readonly event: string;
  readonly recipient: string;
  readonly mailed: boolean;
  readonly about: string;
}

function toldOf(number: string): Promise<Told[]> {
  return kontor.db.query<Told>(
    `select n.event, n.recipient_id as recipient, n.about, exists (select 1 from delivery d where d.notification_id = n.id) as mailed
      from notification n where n.ticket_number = $1 and n.event like 'staff.deadline_%' order by n.created_at, n.event desc, n.recipient_id`,
    [digits(number)],
  );
}

const linesOf = async (number: string, reader: TestStaff | TestCustomer = oleg) =>
  (await reader.get(`/tickets/${number}/history?limit=100`)).body.items as { what: string; text: string; data: Record<string, string> }[];

/** What history tells of its clocks, in the order it was written: time may stand still between two lines. */
async function clockLines(number: string): Promise<string[]> {
  const lines = await kontor.db.query<{ kind: string }>(
    `select kind from ticket_event where ticket_number = $1 and kind like 'clock_%' order by revision`,
    [digits(number)],
  );
  return lines.map(({ kind }) => kind);
}

/** Every row that lists and workflows go by says the same as the clocks. */
async function expectInStep(number: string): Promise<void> {
  const { clocks, breachesAt, breachedAt, steps } = await page(number);
  const standing = clocks.filter((each: ShownClock) => each.state === 'running');
  const dues = standing.map((each: ShownClock) => each.dueAt).toSorted();
  expect(breachesAt).toBe(dues[0] ?? null);
  expect(breachedAt === null).toBe(!clocks.some((each: ShownClock) => each.state === 'breached'));
  const planned = steps.filter(({ what }: { what: string }) => what.endsWith('_breach'));
  expect(planned.map(({ what, at }: { what: string; at: string }) => [what, at]).toSorted()).toEqual(
    standing.map((each: ShownClock) => [`${each.what}_breach`, each.dueAt]).toSorted(),
  );
}

describe('what is promised to a ticket', () => {
  test('S1: the default of its queue, with its reason, to staff and to the customer', async () => {
    const number = await openTicket();
    expect((await page(number)).serviceLevel).toEqual({
      plan: { id: plan, name: 'Fast' },
      agreement: null,
      source: 'queue',
      sourceText: `default of the queue ${queue.name}`,
      calendar: { id: roundTheClock, name: 'Round the clock', zone: 'UTC' },
      response: { amount: 60, unit: 'minutes', words: '60 working minutes' },
      criticalFix: { amount: 4, unit: 'hours', words: '4 working hours' },
      hours: null,
    });
    expect((await page(number, anna)).serviceLevel).toEqual({ plan: 'Fast', sourceText: `default of the queue ${queue.name}` });
    const russian = (await anna.get(`/tickets/${number}`, { 'accept-language': 'ru' })).body;
    expect(russian.serviceLevel.sourceText).toBe(`по умолчанию для очереди «${queue.name}»`);
    expect(russian.clocks).toMatchObject([{ targetText: '60 рабочих минут' }]);
    const [row] = (await oleg.get(`/tickets?account=${anna.accountId}`)).body.items;
    expect(row.serviceLevel).toEqual((await page(number)).serviceLevel);
    const { leftMinutes: _left, uncertainYears: _years, ...told } = (await page(number)).clocks[0];
    expect(row.clocks).toEqual([told]);
  });

  test('S1, S6: an agreement of the account comes first; ended while the ticket is open, what was promised stays', async () => {
    const agreed = await planOf({ response: { amount: 2, unit: 'hours' }, criticalFix: null });
    const made = await maria.post('/agreements', {
      account: anna.accountId,
      kind: 'enterprise',
      plan: agreed,
      own: { response: { amount: 30, unit: 'minutes' } },
      startsAt: clock.now().toISOString(),
    });
    expect(made.status).toBe(201);
    const number = await openTicket();
    const promised = {
      agreement: made.body.id,
      source: 'agreement',
      sourceText: 'by the account’s agreement',
      response: { amount: 30 },
      criticalFix: null,
    };
    expect((await page(number)).serviceLevel).toMatchObject(promised);
    await passes(minute);
    await maria.post(`/agreements/${made.body.id}/end`);
    const state = (await maria.get(`/agreements/${made.body.id}`)).body;
    if (state.state !== 'ended') throw new Error(`the agreement is ${state.state}`);
    expect((await page(number)).serviceLevel).toMatchObject(promised);
    await answer(number);
    await write(number);
    expect(ahead((await clocksOf(number))['next_response']!.dueAt!)).toBe(30 * minute);
    expect((await page(await openTicket())).serviceLevel).toMatchObject({ source: 'queue', plan: { id: plan } });
  });

  test('S1: nothing, where nothing is: no clocks, no steps, no lists', async () => {
    const plainQueue = await queueOf(null);
    const number = await openTicket({ category: plainQueue.category, severity: 'critical' });
    expect(await page(number)).toMatchObject({ serviceLevel: null, clocks: [], breachesAt: null, breachedAt: null, steps: [], next: null });
    expect(await page(number, anna)).toMatchObject({ serviceLevel: null, clocks: [] });
    expect(codeOf(await oleg.post(`/tickets/${number}/fix`))).toEqual([409, 'ticket.no_fix_promised']);
    await answer(number);
    expect(await runsOf(number)).toEqual([]);
  });

  test('S1, S7: a plan that changes later, or another queue, changes nothing of what was promised', async () => {
    const own = await planOf({ response: { amount: 90, unit: 'minutes' }, criticalFix: null });
    const from = await queueOf(own);
    const number = await openTicket({ category: from.category });
    const before = (await clocksOf(number))['first_response'];
    await maria.patch(`/sla-plans/${own}`, { response: { amount: 5, unit: 'minutes' } });
    await oleg.post(`/tickets/${number}/transfer`, { category: queue.category });
    expect((await clocksOf(number))['first_response']).toEqual(before);
    expect((await page(number)).serviceLevel).toMatchObject({ plan: { id: own }, sourceText: 'default of the queue it was opened in' });
    expect((await page(await openTicket({ category: from.category }))).clocks[0].allowanceMinutes).toBe(5);
  });

  test('S3: a deadline that runs through a year that its calendar does not know says so', async () => {
    const long = await queueOf(await planOf({ response: { amount: 500, unit: 'days' }, criticalFix: null }));
    const number = await openTicket({ category: long.category });
    const year = clock.now().getUTCFullYear();
    expect((await page(number)).clocks[0].uncertainYears.slice(0, 2)).toEqual([year, year + 1]);
  });
});

describe('the clock of the response', () => {
  test('S4: what staff do but answer leaves it as it is', async () => {
    const number = await openTicket();
    const before = (await clocksOf(number))['first_response']!;
    expect(ahead(before.dueAt!)).toBe(hour);
    const other = await queueOf(null);
    const validUntil = new Date(clock.now().getTime() + 2 * day * 1000).toISOString();
    const deeds: [string, () => Promise<{ status: number }>][] = [
      ['a note', () => oleg.post(`/tickets/${number}/notes`, { body: 'The same again' })],
      ['taking', () => oleg.post(`/tickets/${number}/assignment`)],
      ['returning', () => oleg.delete(`/tickets/${number}/assignment`)],
      ['assigning', () => maria.put(`/tickets/${number}/assignment`, { assignee: oleg.id })],
      ['marking', () => oleg.patch(`/tickets/${number}`, { priority: 'high', tags: ['panel'] })],
      [
        'an offer',
        () => oleg.post(`/tickets/${number}/quotes`, { description: 'Moving it', amount: { amountMinor: 1, currency: 'RUB' }, validUntil }),
      ],
      ['a snooze', () => oleg.post(`/tickets/${number}/snooze`, { until: validUntil })],
      ['another queue', () => oleg.post(`/tickets/${number}/transfer`, { category: other.category })],
      ['another message of the customer', () => write(number)],
    ];
    for (const [deed, done] of deeds) {
      expect([deed, (await done()).status < 300]).toEqual([deed, true]);
      expect([deed, (await clocksOf(number))['first_response']]).toEqual([deed, before]);
      await expectInStep(number);
    }
    expect(await runsOf(number)).toEqual([]);
    await passes(20 * minute);
    await answer(number);
    expect((await page(number)).clocks).toEqual([]);
    expect(await runsOf(number)).toEqual([{ kind: 'first_response', outcome: 'met', taken: 20, agent: oleg.id }]);
    await expectInStep(number);
  });

  test('S4, C6: a ticket that staff open for who called counts from the call, and what they write down answers nothing', async () => {
    const call = {
      account: anna.accountId,
      customer: anna.id,
      channel: 'phone',
      category: queue.category,
      subject: 'A call',
      body: 'It does not start',
    };
    const { status, body } = await oleg.post('/tickets', call);
    expect(status).toBe(201);
    expect(body.clocks).toMatchObject([{ what: 'first_response', state: 'running', leftMinutes: 60 }]);
    await passes(10 * minute);
    await oleg.post(`/tickets/${body.number}/messages`, { body: 'I called back', channel: 'phone' });
    expect(await runsOf(body.number)).toMatchObject([{ kind: 'first_response', outcome: 'met', taken: 10 }]);
  });

  test('S4, T4: “we are looking into it” is a first response; the customer waits on since the same moment', async () => {
    const number = await openTicket();
    const { since, dueAt } = (await clocksOf(number))['first_response']!;
    await passes(50 * minute, number);
    await answer(number, { nextStepBy: 'staff' });
    expect((await page(number)).clocks).toMatchObject([{ what: 'next_response', since, dueAt, warnsAt: null, leftMinutes: 10 }]);
    expect(await outcomes(number)).toEqual(['first_response met']);
    await passes(hour, number);
    expect(await clockLines(number), 'warned once, though it has another name by now').toEqual(['clock_warning', 'clock_breach']);
    await answer(number, { nextStepBy: 'staff' });
    expect(await page(number)).toMatchObject({ clocks: [{ what: 'next_response', state: 'breached' }] });
    await answer(number);
    expect(await outcomes(number)).toEqual(['first_response met', 'next_response breached']);
    expect(await page(number)).toMatchObject({ clocks: [], breachedAt: null });
  });

  test('S4: later ones count from the oldest unanswered message', async () => {
    const number = await openTicket();
    await answer(number);
    await passes(10 * minute);
    await write(number);
    const first = (await clocksOf(number))['next_response']!;
    await passes(10 * minute);
    await write(number);
    expect((await clocksOf(number))['next_response']).toMatchObject({ since: first.since, dueAt: first.dueAt, leftMinutes: 50 });
  });

  test('T4, S4: a mere “thank you” gives everything back, with no breach, even after one was told', async () => {
    const number = await openTicket({ severity: 'critical' });
    await passes(30 * minute);
    await answer(number);
    const before = await page(number);
    expect(before.clocks).toMatchObject([{ what: 'fix', state: 'paused', leftMinutes: 210 }]);
    await passes(hour);
    await write(number, { body: 'Thank you' });
    await passes(5 * hour, number);
    expect((await page(number)).clocks).toMatchObject([{ state: 'breached' }, { state: 'breached' }]);
    await oleg.post(`/tickets/${number}/dismissal`);
    const after = await page(number);
    expect(after.clocks).toEqual(before.clocks);
    expect(after).toMatchObject({ status: 'awaiting_customer', breachedAt: null, breachesAt: null, steps: before.steps });
    expect(await outcomes(number)).toEqual(['first_response met', 'next_response void']);
    await expectInStep(number);
  });

  test('S4: closing stops all, reopening starts the next response', async () => {
    const number = await openTicket({ severity: 'critical' });
    await passes(10 * minute);
    await oleg.post(`/tickets/${number}/closing`, {});
    expect(await page(number)).toMatchObject({ clocks: [], breachesAt: null });
    expect(await outcomes(number)).toEqual(['first_response void', 'fix void']);
    await passes(hour, number);
    expect(await clockLines(number)).toEqual([]);
    await oleg.post(`/tickets/${number}/reopening`);
    expect(ahead((await clocksOf(number))['first_response']!.dueAt!), 'nobody has answered it yet').toBe(hour);
    await answer(number);
    await oleg.post(`/tickets/${number}/closing`, {});
    await passes(hour);
    await write(number);
    expect(Object.keys(await clocksOf(number))).toEqual(['next_response']);
    await anna.post(`/tickets/${number}/resolution`);
    expect((await outcomes(number)).at(-1)).toBe('next_response void');
  });

  test('S8: closed after its time, the promise was broken all the same', async () => {
    const number = await openTicket();
    await passes(2 * hour);
    await oleg.post(`/tickets/${number}/closing`, {});
    expect(await outcomes(number)).toEqual(['first_response breached']);
    await workerLooks(number);
    expect(await toldOf(number)).toEqual([]);
  });
});

describe('the clock of the fix', () => {
  test('S4, T14: counts from the claim, waits while the customer’s answer is awaited, runs on with what was left', async () => {
    const number = await openTicket();
    await passes(10 * minute);
    await anna.post(`/tickets/${number}/severity`, { sentence: 'Nobody can sign in' });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', since: clock.now().toISOString(), leftMinutes: 240 });
    await passes(30 * minute);
    await answer(number);
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'paused', dueAt: null, leftMinutes: 210 });
    await passes(2 * day);
    await write(number);
    const { fix } = await clocksOf(number);
    expect([ahead(fix!.dueAt!), fix!.leftMinutes]).toEqual([210 * minute, 210]);
    await expectInStep(number);
  });

  test('S4: a snooze or another queue does not stop it', async () => {
    const number = await openTicket({ severity: 'critical' });
    const { dueAt } = (await clocksOf(number))['fix']!;
    await oleg.post(`/tickets/${number}/snooze`, { until: new Date(clock.now().getTime() + day * 1000).toISOString() });
    await oleg.post(`/tickets/${number}/transfer`, { category: (await queueOf(null)).category });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', dueAt });
  });

  test('T14: refused it does nothing, and counts on; confirmed after its time, the breach is told at once', async () => {
    const number = await openTicket({ severity: 'critical' });
    const { dueAt } = (await clocksOf(number))['fix']!;
    await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'One user' });
    await answer(number, { nextStepBy: 'staff' });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'not_counted', dueAt });
    expect((await page(number, anna)).clocks.map(({ what }: ShownClock) => what)).toEqual(['next_response']);
    expect(codeOf(await oleg.post(`/tickets/${number}/fix`))).toEqual([409, 'ticket.no_fix_promised']);
    await passes(5 * hour, number);
    expect((await toldOf(number)).map(({ about }) => about.split(' ')[0])).not.toContain('fix');
    await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', dueAt });
    expect(await workerLooks(number)).toEqual(['fix_warning', 'fix_breach']);
  });

  test('S4: stops when staff say that it is fixed; the customer contradicts, and it runs on with what was left', async () => {
    const number = await openTicket({ severity: 'critical' });
    await answer(number, { nextStepBy: 'staff' });
    expect((await page(number)).allowedActions).toEqual(expect.arrayContaining(['mark_fixed']));
    expect((await page(number, anna)).allowedActions).toEqual(['reply', 'resolve']);
    expect(codeOf(await write(number, { notFixed: true }))).toEqual([409, 'ticket.not_fixed']);
    expect(codeOf(await oleg.post(`/tickets/${number}/fix-contradiction`))).toEqual([409, 'ticket.not_fixed']);
    await passes(hour);
    const fixed = (await oleg.post(`/tickets/${number}/fix`)).body;
    expect(fixed).toMatchObject({ fixedAt: clock.now().toISOString() });
    expect(fixed.allowedActions).toEqual(expect.arrayContaining(['resume_fix']));
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'fixed', dueAt: null, leftMinutes: 180 });
    expect(codeOf(await oleg.post(`/tickets/${number}/fix`))).toEqual([409, 'ticket.already_fixed']);
    expect((await outcomes(number)).filter((run) => run.startsWith('fix'))).toEqual(['fix met']);
    expect(await page(number, anna)).toMatchObject({ allowedActions: ['reply', 'resolve', 'contradict_fix'] });
    expect((await linesOf(number, anna)).at(-1)).toMatchObject({ what: 'mark_fixed', text: 'Staff say that it is fixed' });

    await passes(6 * hour, number);
    await write(number);
    expect((await clocksOf(number))['fix'], 'a mere message contradicts nothing').toMatchObject({ state: 'fixed' });
    await passes(minute);
    const contradicted = await write(number, { notFixed: true });
    expect(contradicted).toMatchObject({ status: 201, body: { allowedActions: ['reply', 'resolve'] } });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', leftMinutes: 180 });
    expect((await outcomes(number)).filter((run) => run.startsWith('fix'))).toEqual([]);
    expect((await linesOf(number, anna)).at(-1)!.text).toBe('The customer wrote that it is not fixed');
    await expectInStep(number);
    await passes(30 * minute);
    await oleg.post(`/tickets/${number}/fix`);
    await oleg.post(`/tickets/${number}/fix-contradiction`);
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', leftMinutes: 150 });
  });

  test('S4: the customer may come back to a closed ticket and contradict: the closing had stopped nothing that was not fixed', async () => {
    const number = await openTicket({ severity: 'critical' });
    await passes(hour);
    await oleg.post(`/tickets/${number}/fix`);
    await answer(number);
    await passes(8 * day, number);
    expect(await page(number)).toMatchObject({ status: 'closed', breachesAt: null, breachedAt: null });
    await write(number, { notFixed: true });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', leftMinutes: 180 });
    await expectInStep(number);
  });

  test('S5: fixed after its time while the worker was away, it is broken in reports, and nobody is called for it', async () => {
    const number = await openTicket({ severity: 'critical' });
    await passes(5 * hour);
    await oleg.post(`/tickets/${number}/fix`);
    await answer(number);
    expect(await workerLooks(number)).toEqual([]);
    expect(await page(number)).toMatchObject({ breachedAt: null, clocks: [{ what: 'fix', state: 'fixed' }] });
    expect(await outcomes(number)).toEqual(['first_response breached', 'fix breached']);
    await write(number, { notFixed: true });
    expect(await workerLooks(number), 'it is not: now somebody is').toEqual(['fix_warning', 'fix_breach']);
  });

  test('S5: a broken promise that is fixed at last presses nobody any more; contradicted, it does again, and is not told again', async () => {
    const number = await openTicket({ severity: 'critical' });
    await answer(number, { nextStepBy: 'staff' });
    await passes(5 * hour, number);
    await oleg.post(`/tickets/${number}/fix`);
    await answer(number);
    expect(await page(number)).toMatchObject({ breachedAt: null });
    expect((await oleg.get(`/tickets?breached=true&account=${anna.accountId}`)).body.items).toEqual([]);
    const told = (await toldOf(number)).length;
    await write(number, { notFixed: true });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'breached' });
    expect((await oleg.get(`/tickets?breached=true&account=${anna.accountId}`)).body.items).toHaveLength(1);
    expect(await workerLooks(number)).toEqual([]);
    expect(await toldOf(number)).toHaveLength(told);
  });

  test('S5: what ran out before an answer paused it is still told, also when a closing is due by then', async () => {
    const number = await openTicket({ severity: 'critical' });
    await passes(5 * hour);
    await answer(number);
    expect(await page(number)).toMatchObject({ status: 'awaiting_customer' });
    clock.move(8 * day);
    expect(await workerLooks(number)).toEqual(['fix_warning', 'fix_breach', 'auto_close']);
    expect(await outcomes(number)).toEqual(['first_response breached', 'fix breached']);
  });

  test('T14: claimed anew after a refusal, it counts from the new claim, whatever was fixed before', async () => {
    const number = await openTicket({ severity: 'critical' });
    await oleg.post(`/tickets/${number}/fix`);
    await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'One user' });
    await passes(minute);
    await write(number);
    expect((await anna.post(`/tickets/${number}/severity`, {})).status).toBe(200);
    expect(await page(number)).toMatchObject({ fixedAt: null });
    expect((await clocksOf(number))['fix']).toMatchObject({ state: 'running', since: clock.now().toISOString(), leftMinutes: 240 });
    expect(await outcomes(number)).toEqual(['fix met']);
  });
});

describe('merging, splitting', () => {
  const merge = (number: string, into: string) => oleg.post(`/tickets/${number}/merge`, { into });
  const undo = (number: string) => oleg.delete(`/tickets/${number}/merge`);
  const shown = async (number: string) => (await page(number)).clocks;

  test('T13, S4: of two promises the one that is due first stands, in the ticket that goes on; the undo gives both back', async () => {
    const slow = await queueOf(await planOf({ response: { amount: 5, unit: 'hours' }, criticalFix: null }));
    const target = await openTicket({ category: slow.category });
    await passes(10 * minute);
    const source = await openTicket();
    const [ofSource, ofTarget] = [await shown(source), await shown(target)];
    await merge(source, target);
    expect(await shown(source)).toEqual([]);
    expect(await shown(target)).toEqual(ofSource);
    for (const number of [source, target]) await expectInStep(number);
    // Whatever is done with it then, it buys nobody time either.
    await oleg.post(`/tickets/${target}/notes`, { body: 'The same' });
    await oleg.patch(`/tickets/${target}`, { priority: 'high' });
    expect(await shown(target)).toEqual(ofSource);
    await undo(source);
    expect([await shown(source), await shown(target)]).toEqual([ofSource, ofTarget]);
    for (const number of [source, target]) await expectInStep(number);
    await merge(source, target);
    await oleg.post(`/tickets/${target}/assignment`);
    expect(await shown(target), 'taken, it still has the promise that came along').toEqual(ofSource);
    await passes(30 * minute);
    await answer(target);
    expect(await outcomes(target)).toEqual(['first_response met']);
    expect(await runsOf(source)).toEqual([]);
  });

  test('T13: counted by another calendar, or promised where nothing was, it comes along too', async () => {
    const week = {
      names: { en: 'Elsewhere' },
      zone: 'Asia/Vladivostok',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      opens: 0,
      closes: 1_440,
      honourShortDays: false,
      years: {},
    };
    const calendar = (await maria.post('/calendars', week)).body.id;
    const elsewhere = await queueOf(
      await planOf({ response: { amount: 20, unit: 'minutes' }, criticalFix: { amount: 2, unit: 'hours' }, calendar }),
    );
    const unpromised = await queueOf(null);
    for (const category of [queue.category, unpromised.category]) {
      const target = await openTicket({ category });
      await answer(target);
      const source = await openTicket({ category: elsewhere.category, severity: 'critical' });
      expect((await merge(source, target)).status).toBe(200);
      expect(await shown(target)).toMatchObject([
        { what: 'next_response', state: 'running', allowanceMinutes: 20, calendar: { id: calendar } },
        { what: 'fix', state: 'running', allowanceMinutes: 120, calendar: { id: calendar } },
      ]);
      await expectInStep(target);
      await passes(10 * minute);
      expect((await answer(target)).status).toBe(201);
      expect(await shown(target)).toMatchObject([{ what: 'fix', state: 'paused', leftMinutes: 110 }]);
      expect((await runsOf(target)).at(-1)).toMatchObject({ kind: 'next_response', outcome: 'met', taken: 10 });
      await write(target);
      expect((await clocksOf(target))['fix']).toMatchObject({ state: 'running', leftMinutes: 110 });
      await expectInStep(target);
    }
  });

  test('S5, T13: what was broken between the merge and its undo is told once, and stays broken where it belongs', async () => {
    const slow = await queueOf(await planOf({ response: { amount: 5, unit: 'hours' }, criticalFix: null }));
    const [target, source] = [await openTicket({ category: slow.category }), await openTicket()];
    await merge(source, target);
    await passes(2 * hour, target, source);
    expect(await clockLines(target)).toEqual(['clock_warning', 'clock_breach']);
    await undo(source);
    expect(await shown(source)).toMatchObject([{ what: 'first_response', state: 'breached' }]);
    expect(await shown(target)).toMatchObject([{ what: 'first_response', state: 'running', leftMinutes: 180 }]);
    expect([...(await workerLooks(source)), ...(await workerLooks(target))]).toEqual([]);
    for (const number of [source, target]) await expectInStep(number);
    expect(await toldOf(source)).toEqual([]);
  });

  test('S5, T13: the target’s own promise that ran out meanwhile is broken at once when it is given back', async () => {
    const [target, source] = [await openTicket(), await openTicket()];
    await passes(minute);
    const sooner = await queueOf(await planOf({ response: { amount: 10, unit: 'minutes' }, criticalFix: null }));
    const urgent = await openTicket({ category: sooner.category });
    await merge(urgent, target);
    await passes(2 * hour, target);
    expect(await clockLines(target)).toEqual(['clock_warning', 'clock_breach']);
    await undo(urgent);
    expect(await workerLooks(target)).toEqual(['first_response_warning', 'first_response_breach']);
    await merge(source, target);
    expect(await shown(target), 'of two that are broken, the first').toMatchObject([{ state: 'breached' }]);
  });

  test('T13, T14: a fix goes with the claim that presses more, and comes back with it, whatever else has changed', async () => {
    const [target, source] = [await openTicket(), await openTicket({ severity: 'critical' })];
    const { fix } = await clocksOf(source);
    await merge(source, target);
    expect((await clocksOf(target))['fix']).toEqual(fix);
    await oleg.post(`/tickets/${target}/assignment`);
    await undo(source);
    expect((await clocksOf(source))['fix']).toEqual(fix);
    expect(Object.keys(await clocksOf(target)), 'its severity is its own again, and so is its fix').toEqual(['first_response']);
    expect(await page(target)).toMatchObject({ severity: null });
    for (const number of [source, target]) await expectInStep(number);
  });

  test('T13, S4: of two critical faults the one that is not fixed stands', async () => {
    const [target, source] = [await openTicket({ severity: 'critical' }), await openTicket({ severity: 'critical' })];
    await oleg.post(`/tickets/${source}/severity`, { decision: 'confirm' });
    await oleg.post(`/tickets/${source}/fix`);
    await merge(source, target);
    expect((await clocksOf(target))['fix']).toMatchObject({ state: 'running' });
    await undo(source);
    expect((await clocksOf(source))['fix']).toMatchObject({ state: 'fixed' });
    const third = await openTicket();
    await merge(source, third);
    expect(await page(third)).toMatchObject({ severity: { state: 'confirmed' }, fixedAt: (await page(source)).fixedAt });
    expect((await clocksOf(third))['fix']).toMatchObject({ state: 'fixed' });
  });

  test('T13, S4: split off, a message keeps its receipt; the ticket it leaves keeps its clock', async () => {
    const number = await openTicket();
    await answer(number);
    await passes(10 * minute);
    const { messageId } = (await write(number)).body;
    const before = await shown(number);
    await passes(15 * minute);
    const split = await oleg.post(`/tickets/${number}/split`, { messages: [messageId], subject: 'Another', category: queue.category });
    expect(split.body.clocks).toMatchObject([{ what: 'first_response', since: before[0].since, leftMinutes: 45 }]);
    expect((await shown(number))[0]).toMatchObject({ since: before[0].since, dueAt: before[0].dueAt });
    await expectInStep(split.body.number);
  });

  test('T13, S4: split off with its answer, a message breaks no promise: the next response counts from the split', async () => {
    const number = await openTicket();
    await passes(minute);
    const { messageId: asked } = (await write(number)).body;
    await passes(minute);
    const { messageId: said } = (await answer(number)).body;
    await passes(2 * day);
    const split = await oleg.post(`/tickets/${number}/split`, { messages: [asked, said], subject: 'Another', category: queue.category });
    expect(split).toMatchObject({ status: 201 });
    expect(split.body.clocks).toMatchObject([{ what: 'next_response', since: clock.now().toISOString(), leftMinutes: 60 }]);
    expect(await workerLooks(split.body.number)).toEqual([]);
  });
});

describe('escalation', () => {
  let own: Queue;
  beforeAll(async () => {
    own = await queueOf(plan, { staff: [oleg.id], duty: [vera.id] });
  });
  const about = (number: string, event: string) =>
    toldOf(number).then((told) => told.filter((each) => each.event === event).map(({ recipient }) => recipient));

  test('S5: at three quarters whoever has it and the queue are warned, at its end those on duty and whoever has it are called; each once', async () => {
    const number = await openTicket({ category: own.category });
    await oleg.post(`/tickets/${number}/assignment`);
    const { dueAt } = (await clocksOf(number))['first_response']!;
    await passes(45 * minute - 0.001, number);
    expect(await toldOf(number)).toEqual([]);
    await passes(0.001, number);
    expect(await toldOf(number)).toEqual([
      { event: 'staff.deadline_near', recipient: oleg.id, mailed: true, about: `first_response ${dueAt}` },
    ]);
    await passes(15 * minute, number);
    expect((await about(number, 'staff.deadline_missed')).toSorted()).toEqual([oleg.id, vera.id].toSorted());
    expect(await page(number)).toMatchObject({ breachedAt: dueAt, breachesAt: null });
    expect((await linesOf(number)).filter(({ what }) => what.startsWith('clock_'))).toMatchObject([
      {
        text: 'First response: three quarters of the time are over (60 working minutes)',
        data: { clock: 'first_response', dueAt, lateSeconds: null },
      },
      { text: 'First response overdue (60 working minutes)', data: { clock: 'first_response', dueAt, lateSeconds: null } },
    ]);
    await passes(day, number);
    expect(await toldOf(number)).toHaveLength(3);
  });

  test('S5: who is locked out hears nothing; where nobody of the queue is left, somebody does all the same', async () => {
    const gone = await kontor.people.staff({ name: 'Gone' });
    const lonely = await queueOf(plan, { staff: [gone.id], duty: [gone.id] });
    const number = await openTicket({ category: lonely.category });
    await gone.post(`/tickets/${number}/assignment`);
    await kontor.db.query('update app_user set disabled_at = created_at where id = $1', [gone.id]);
    await passes(hour, number);
    const administrators = (
      await kontor.db.query<{ id: string }>(`select id from app_user where staff_role = 'administrator' and disabled_at is null`)
    ).map(({ id }) => id);
    for (const event of ['staff.deadline_near', 'staff.deadline_missed'])
      expect((await about(number, event)).toSorted()).toEqual(administrators.toSorted());
    const taken = await openTicket({ category: lonely.category });
    await oleg.post(`/tickets/${taken}/assignment`);
    await passes(hour, taken);
    expect(await about(taken, 'staff.deadline_near'), 'whoever has it is enough').toEqual([oleg.id]);
  });

  test('S5: in a queue whose staff nobody has named, whoever is called for what is urgent is warned', async () => {
    const number = await openTicket();
    await passes(45 * minute, number);
    expect((await about(number, 'staff.deadline_near')).length).toBeGreaterThan(0);
  });

  test('S5: worker away over the warning and the breach: each is told once, marked late, and mailed once', async () => {
    const number = await openTicket({ category: own.category });
    clock.move(3 * hour);
    expect(await workerLooks(number)).toEqual(['first_response_warning', 'first_response_breach']);
    expect(await workerLooks(number)).toEqual([]);
    const line = async (kind: string) => (await linesOf(number)).find(({ what }) => what === kind);
    expect(await line('clock_warning')).toMatchObject({
      text: 'First response: three quarters of the time are over (60 working minutes); told 2 h 15 min late',
      data: { lateSeconds: String(135 * minute) },
    });
    expect(await line('clock_breach')).toMatchObject({
      text: 'First response overdue (60 working minutes); told 2 h late',
      data: { lateSeconds: String(2 * hour) },
    });
    expect((await toldOf(number)).map(({ event, recipient, mailed }) => [event, recipient, mailed])).toEqual([
      ['staff.deadline_near', oleg.id, false],
      ['staff.deadline_missed', vera.id, true],
    ]);
  });

  test('S5: worker away, and answered after the deadline: broken in reports, and nobody is called for what is over', async () => {
    const number = await openTicket({ category: own.category });
    clock.move(hour);
    clock.move(0.001);
    await answer(number);
    expect(await workerLooks(number)).toEqual([]);
    expect(await outcomes(number)).toEqual(['first_response breached']);
    expect(await toldOf(number)).toEqual([]);
  });

  test('S5: a reply in the millisecond of the breach has one winner, and both sides agree who', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket({ category: own.category });
      await passes(45 * minute, number);
      clock.move(15 * minute);
      const step = (await dueStepOf(number))!;
      const act = () => takeTicketStep(kontor.database, clock, number, step.id);
      if (round === 0) await answer(number).then(act);
      else if (round === 1) await act().then(() => answer(number));
      else await Promise.all([answer(number), act()]);
      const breached = (await clockLines(number)).includes('clock_breach');
      if (round < 2) expect(breached).toBe(round === 1);
      expect(await outcomes(number)).toEqual([breached ? 'first_response breached' : 'first_response met']);
      expect(await about(number, 'staff.deadline_missed')).toHaveLength(breached ? 1 : 0);
      expect(await page(number)).toMatchObject({ clocks: [], breachedAt: null, breachesAt: null });
    }
  });

  test('S5: the same step asked for many times at once is taken once', async () => {
    const number = await openTicket({ category: own.category });
    clock.move(2 * hour);
    const step = (await dueStepOf(number))!;
    await Promise.all(Array.from({ length: 8 }, () => takeTicketStep(kontor.database, clock, number, step.id)));
    await workerLooks(number);
    await takeTicketStep(kontor.database, clock, number, step.id);
    expect(await clockLines(number)).toEqual(['clock_warning', 'clock_breach']);
    expect(await toldOf(number)).toHaveLength(2);
    const outbox = await kontor.db.query<{ id: string }>(
      `select message ->> 'deliveryId' as id from outbox where message ->> 'kind' = 'delivery.wanted' and message ->> 'number' = $1 and message ->> 'event' like 'staff.deadline_%'`,
      [number],
    );
    expect(new Set(outbox.map(({ id }) => id)).size).toBe(1);
  });

  test('M3: a hold keeps a promise from being called broken; lifted without moving it, that is told late', async () => {
    const number = await openTicket({ category: own.category });
    const held = { scope: 'entity', scopeId: `ticket:${number}`, kinds: ['clocks'], reason: 'A test', shifts: false };
    const hold = (await maria.post('/holds', held)).body.id;
    await passes(2 * hour, number);
    expect(await clockLines(number)).toEqual([]);
    expect((await page(number)).clocks).toMatchObject([{ state: 'running', hold: { until: null }, leftMinutes: 0 }]);
    expect((await maria.post(`/holds/${hold}/lifting`, { shift: false })).status).toBe(200);
    expect(await workerLooks(number)).toEqual(['first_response_warning', 'first_response_breach']);
    const breach = (await linesOf(number)).find(({ what }) => what === 'clock_breach');
    expect(breach!.data['lateSeconds']).toBe(String(hour));
  });

  test('S4, S5: a customer reads what he was promised, and nothing of warnings, breaches and what staff do about them', async () => {
    const number = await openTicket({ category: own.category, severity: 'critical' });
    await oleg.post(`/tickets/${number}/notes`, { body: 'A note of staff' });
    const before = (await anna.get(`/tickets?limit=1`)).body.items[0];
    await passes(5 * hour, number);
    const shown = (await anna.get(`/tickets/${number}`)).body;
    expect(shown.clocks.map((each: object) => Object.keys(each).toSorted())).toEqual([
      ['dueAt', 'state', 'targetText', 'what'],
      ['dueAt', 'state', 'targetText', 'what'],
    ]);
    expect(Object.keys(shown.serviceLevel)).toEqual(['plan', 'sourceText']);
    expect(shown.next).toBeNull();
    const list = (await anna.get(`/tickets?limit=1`)).body.items[0];
    expect(list.updatedAt, 'no time and no order tell that one was called').toBe(before.updatedAt);
    const everything = JSON.stringify([
      shown,
      list,
      (await anna.get(`/tickets/${number}/history?limit=100`)).body,
      (await anna.get(`/tickets/${number}/messages`)).body,
      (await anna.get('/notifications')).body,
    ]);
    for (const word of [
      'clock_',
      '_warning',
      '_breach',
      'deadline',
      'breachedAt',
      'warnsAt',
      'allowance',
      'A note of staff',
      'trm_',
      'cal_',
    ])
      expect([word, everything.includes(word)]).toEqual([word, false]);
    const fed = await kontor.db.query<{ account_id: string | null }>(
      `select account_id from change_feed where topic ->> 'ticket' = $1 and topic ->> 'kind' like 'clock_%'`,
      [number],
    );
    expect(fed.length).toBe(4);
    expect(fed.every(({ account_id: account }) => account === null)).toBe(true);
  });
});

describe('lists', () => {
  let lists: Queue;
  let owner: TestCustomer;
  /** By their subject. */
  const numbers: Record<string, string> = {};
  const found = async (query: string, reader: TestStaff | TestCustomer = oleg): Promise<string[]> => {
    const names: string[] = [];
    let cursor = '';
    for (;;) {
      const { status, body } = await reader.get(`/tickets?category=${lists.category}&${query}${cursor}`);
      expect(status).toBe(200);
      names.push(...body.items.map(({ subject }: { subject: string }) => subject));
      if (!body.nextCursor) return names;
      cursor = `&cursor=${body.nextCursor}`;
    }
  };

  beforeAll(async () => {
    lists = await queueOf(plan);
    anna = owner = await kontor.people.customer();
    const open = async (subject: string) => (numbers[subject] = await openTicket({ subject, category: lists.category }));
    // Broken in the order b, a; then c and d wait, c being due first; e was answered, f is closed, g waits without a promise.
    await open('b');
    await passes(minute);
    await open('a');
    await passes(50 * minute);
    await passes(10 * minute, numbers['b']!, numbers['a']!);
    await open('c');
    await passes(minute);
    await open('d');
    await passes(minute);
    await answer(await open('e'));
    await passes(minute);
    await oleg.post(`/tickets/${await open('f')}/closing`, {});
    await passes(minute);
    await kontor.db.query('update queue set sla_plan_id = null where id = $1', [lists.id]);
    await open('g');
  });

  test('S5: what is broken is raised in every list of staff, the longest broken first, whatever the order of the others', async () => {
    expect(await found('limit=100')).toEqual(['b', 'a', 'g', 'f', 'e', 'd', 'c']);
    expect(await found('sort=createdAt')).toEqual(['b', 'a', 'c', 'd', 'e', 'f', 'g']);
    expect(await found('sort=-number')).toEqual(['b', 'a', 'g', 'f', 'e', 'd', 'c']);
    expect(await found('sort=waitingSince&status=awaiting_staff,in_progress')).toEqual(['b', 'a', 'c', 'd', 'g']);
    expect(await found('assignee=none')).toEqual(['b', 'a', 'g', 'f', 'd', 'c']);
    expect(await found('archived=true')).toEqual([]);
    expect(await found('sort=number', maria)).toEqual(['b', 'a', 'c', 'd', 'e', 'f', 'g']);
    const own = (await owner.get(`/tickets?category=${lists.category}`)).body.items.map(({ subject }: { subject: string }) => subject);
    expect(own, 'a customer’s list is in the order he asked for').toEqual(['g', 'f', 'e', 'd', 'c', 'a', 'b']);
  });

  test('T10: whatever the page’s length, each ticket comes once, in the same order', async () => {
    for (const order of [
      '',
      'sort=createdAt',
      'sort=-lastMessageAt',
      'sort=breachesAt',
      'sort=-breachesAt',
      'sort=-waitingSince',
      'unread=true',
      'breached=true',
      'breached=false',
    ]) {
      const whole = await found(`${order}&limit=100`);
      expect(new Set(whole).size).toBe(whole.length);
      for (const limit of [1, 2, 3]) expect([order, await found(`${order}&limit=${limit}`)]).toEqual([order, whole]);
    }
  });

  test('T10: what is broken between two pages is neither lost from the first part nor shown twice in the second', async () => {
    const first = (await oleg.get(`/tickets?category=${lists.category}&limit=3&sort=createdAt`)).body;
    await passes(56 * minute, numbers['c']!);
    const second = (await oleg.get(`/tickets?category=${lists.category}&limit=100&sort=createdAt&cursor=${first.nextCursor}`)).body;
    const names = [...first.items, ...second.items].map(({ subject }: { subject: string }) => subject);
    expect(names).toEqual(['b', 'a', 'c', 'd', 'e', 'f', 'g']);
    expect(await found('breached=true')).toEqual(['b', 'a', 'c']);
  });

  test('S5, S8: what breaks next, and before when', async () => {
    expect(await found('sort=breachesAt&breached=false')).toEqual(['d', 'e', 'f', 'g']);
    expect((await found('sort=-breachesAt&breached=false')).at(-1)).toBe('d');
    const dueAt = (await clocksOf(numbers['d']!))['first_response']!.dueAt!;
    const before = (at: string) => found(`sort=breachesAt&breachesBefore=${encodeURIComponent(at)}`);
    expect(await before(dueAt)).toEqual(['b', 'a', 'c']);
    expect(await before(new Date(new Date(dueAt).getTime() + 1).toISOString())).toEqual(['b', 'a', 'c', 'd']);
    const { pageInfo } = (await oleg.get(`/tickets?category=${lists.category}&breached=true&limit=1`)).body;
    expect(pageInfo).toEqual({ total: 3, exact: true });
  });

  test('E: a cursor of the raised part is refused where nothing is raised, and in another order', async () => {
    const { nextCursor } = (await oleg.get(`/tickets?category=${lists.category}&limit=1`)).body;
    for (const refused of [
      await anna.get(`/tickets?cursor=${nextCursor}`),
      await oleg.get(`/tickets?sort=createdAt&cursor=${nextCursor}`),
      await oleg.get(`/tickets?cursor=${Buffer.from(JSON.stringify(['raised, then -updatedAt', null, 1])).toString('base64url')}`),
      await oleg.get('/tickets?breachesBefore=tomorrow'),
      await oleg.get('/tickets?breached=1'),
    ])
      expect(refused.status).toBe(400);
    expect((await anna.get('/tickets?breached=true')).status).toBe(400);
  });
});
