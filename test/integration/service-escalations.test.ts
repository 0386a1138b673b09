/** Broken promises as the engine calls them out: on open pages, by mail, once each, also after the worker was away (SPEC S5, N1–N3). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tellPages } from '../../db/change-feed.ts';
import { listen, type EventReader } from '../harness/event-reader.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let clock: MovableClock;
let anna: TestCustomer;
let maria: TestStaff;
/** Works in the queue. */
let oleg: TestStaff;
/** On duty, and reads Russian in Vladivostok. */
let vera: TestStaff;
let category: string;

beforeAll(async () => {
  clock = new MovableClock();
  kontor = await startKontor({ clock, signInAgain: true });
  maria = await kontor.people.staff({ role: 'administrator' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  vera = await kontor.people.staff({ name: 'Vera Belova', locale: 'ru', timeZone: 'Asia/Vladivostok' });
  const names = { en: 'Round the clock', ru: 'Круглосуточно' };
  const always = { zone: 'UTC', weekdays: [1, 2, 3, 4, 5, 6, 7], opens: 0, closes: 1_440, honourShortDays: false, years: {} };
  const calendar = (await maria.post('/calendars', { names, ...always })).body.id;
  const promised = { response: { amount: 1, unit: 'minutes' }, criticalFix: { amount: 2, unit: 'minutes' } };
  const plan = (await maria.post('/sla-plans', { names: { en: 'Fast', ru: 'Быстрый' }, rank: 10, calendar, hours: null, ...promised }))
    .body;
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  category = `queue-${Math.random().toString(36).slice(2, 10)}`;
  const people = { staff: [oleg.id], duty: [vera.id] };
  await maria.post('/queues', { category, names: { en: category }, timingPolicy, slaPlan: plan.id, ...people });
});
afterAll(() => kontor?.stop());
beforeEach(async () => {
  anna = await kontor.people.customer();
});

/** Opens a ticket that was received so many seconds ago. */
async function openedAgo(seconds: number, more: object = {}): Promise<string> {
  clock.move(-seconds);
  try {
    const opened = await anna.post('/tickets', { subject: 'A panel', body: 'The words of Anna', category, ...more });
    expect(opened.status).toBe(201);
    return opened.body.number;
  } finally {
    clock.move(seconds);
  }
}

const digits = (number: string) => Number(number.slice(3));
const linesOf = async (number: string) =>
  (await oleg.get(`/tickets/${number}/history?limit=100`)).body.items.filter(({ what }: { what: string }) => what.startsWith('clock_'));
const mailsOf = (person: TestStaff, number: string) => kontor.mail.to(person.email).filter(({ subject }) => subject?.includes(number));
const toldOf = (number: string) =>
  kontor.db.query<{ event: string; recipient: string }>(
    `select event, recipient_id as recipient from notification where ticket_number = $1 and event like 'staff.deadline_%' order by event, recipient_id`,
    [digits(number)],
  );

async function breached(number: string): Promise<any> {
  return until('the promise is called broken', async () => {
    const { body } = await oleg.get(`/tickets/${number}`);
    return body.breachedAt !== null && body;
  });
}

/** Something is told afterwards on the same way: what had not come by then never does. */
async function marker(reader: EventReader, to: { staff?: boolean; accountId?: string }): Promise<void> {
  const id = `mark-${Math.random()}`;
  await kontor.database.fork().transactional((em) => tellPages(em, clock.now(), to, { what: 'problem', id }));
  await reader.until('the marker comes', (changes) => changes.some((change) => change.id === id));
}

describe('when the time of a promise runs out', () => {
  test('S5, T18: open pages of staff hear of the warning and the breach, the customer’s of neither', async () => {
    const pages = [await listen(kontor.origin, 'staff', oleg), await listen(kontor.origin, 'customer', anna)] as const;
    const number = await openedAgo(58);
    await breached(number);
    const kinds = (reader: EventReader) =>
      reader.changes.filter(({ what, ticket }) => what === 'ticket' && ticket === number).map(({ kind }) => kind);
    await pages[0].until('both are told', () => kinds(pages[0]).length === 3);
    expect(kinds(pages[0])).toEqual(['opened', 'clock_warning', 'clock_breach']);
    await marker(pages[1], { accountId: anna.accountId });
    expect(kinds(pages[1])).toEqual(['opened']);
    for (const page of pages) page.close();
  });

  test('S5, N1, N3: the queue is mailed a warning, those on duty the breach, each once, in his language and zone', async () => {
    const number = await openedAgo(58);
    const { clocks, breachedAt } = await breached(number);
    const { dueAt } = clocks[0];
    expect(new Date(breachedAt).getTime() - new Date(dueAt).getTime()).toBeGreaterThanOrEqual(0);
    const warned = await mailTo(kontor.mail, oleg.email, new RegExp(`${number}[^]*three quarters of the time`));
    expect(warned.text).toMatch(/The first response (is|was) due on .* \(Europe\/Moscow\)\./);
    expect(warned.text).toContain('Promised: 1 working minute, by the plan Fast.');
    const called = await mailTo(kontor.mail, vera.email, new RegExp(`${number}[^]*истекло`));
    const when = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Asia/Vladivostok' }).format(
      new Date(dueAt),
    );
    expect(called.text).toContain(`Первый ответ. Срок истёк: ${when} (Asia/Vladivostok).`);
    expect(called.text).toContain('Обещано: 1 рабочая минута, по плану Быстрый.');
    for (const { text } of [warned, called]) expect(text).not.toMatch(/words of Anna|late\.|опоздало/);
    await kontor.settled();
    expect([mailsOf(oleg, number).length, mailsOf(vera, number).length]).toEqual([1, 1]);
    expect(await toldOf(number)).toEqual([
      { event: 'staff.deadline_missed', recipient: vera.id },
      { event: 'staff.deadline_near', recipient: oleg.id },
    ]);
  });

  test('S5: an answer in time is the end of it', async () => {
    const answered = await openedAgo(50);
    await oleg.post(`/tickets/${answered}/messages`, { body: 'Please try again' });
    await breached(await openedAgo(48));
    await kontor.settled();
    expect((await toldOf(answered)).map(({ event }) => event)).not.toContain('staff.deadline_missed');
    expect((await oleg.get(`/tickets/${answered}`)).body).toMatchObject({ clocks: [], breachedAt: null });
  });

  test('S4, T20: one answer to many tickets is a person’s answer in each', async () => {
    const numbers = [await openedAgo(10), await openedAgo(5)];
    const words = { en: 'Fixed in 6.13' };
    const problem = (await oleg.post('/problems', { kind: 'problem', internalTitle: 'A page', title: words, text: words })).body.id;
    for (const number of numbers) await oleg.post(`/problems/${problem}/tickets`, { number });
    expect((await oleg.post(`/problems/${problem}/answers`, { text: words })).status).toBe(201);
    for (const number of numbers)
      await until('it is answered', async () => (await oleg.get(`/tickets/${number}`)).body.status === 'awaiting_customer');
    const runs = await kontor.db.query<{ outcome: string; agent: string }>(
      `select y.outcome, y.agent_id as agent from clock_run r join clock_tally y on y.id = r.tally_id where r.ticket_number = any($1::integer[])`,
      [numbers.map(digits)],
    );
    expect(runs).toEqual(numbers.map(() => ({ outcome: 'met', agent: oleg.id })));
  });

  test('S5: of a fault that is critical the mail says that it is the fix', async () => {
    const number = await openedAgo(119, { severity: 'critical' });
    await until('both are called broken', async () => (await linesOf(number)).length === 4);
    const mail = await mailTo(kontor.mail, vera.email, new RegExp(`${number}[^]*Устранение критической неисправности`));
    expect(mail.text).toContain('Обещано: 2 рабочие минуты');
    expect((await oleg.get(`/tickets/${number}`)).body.clocks).toMatchObject([{ state: 'breached' }, { state: 'breached' }]);
  });
});

describe('when the worker was away', () => {
  test('S5: over the warning and the breach, each is told once, late, and that is said; one mail', async () => {
    await kontor.stopPromises();
    const number = await openedAgo(2 * 3_600);
    const answered = await openedAgo(3_600);
    await oleg.post(`/tickets/${answered}/messages`, { body: 'Please try again' });
    await kontor.startPromises();
    await breached(number);
    await kontor.settled();
    const lines = await linesOf(number);
    expect(lines.map(({ what }: { what: string }) => what)).toEqual(['clock_warning', 'clock_breach']);
    for (const { text } of lines) expect(text).toMatch(/; told 1 h 5\d min late$/);
    const called = await mailTo(kontor.mail, vera.email, new RegExp(`${number}[^]*опоздало`));
    expect(called.text).toMatch(/Это сообщение опоздало на 1 ч 5\d мин\./);
    expect([mailsOf(oleg, number).length, mailsOf(vera, number).length], 'the warning is overtaken').toEqual([0, 1]);
    expect(await toldOf(answered), 'what was answered meanwhile is over').toEqual([]);
    expect((await linesOf(answered)).length).toBe(0);
  });
});
