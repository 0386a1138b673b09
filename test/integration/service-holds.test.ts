/** Holds over the clocks of service levels, and what their lifting gives back (SPEC M3, S4). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestCustomer } from '../harness/people.ts';
import { accepted, march, ServiceDesk, type MovedStep, type Queue } from './service-desk.ts';

let desk: ServiceDesk;
let anna: TestCustomer;
let calendar: string;
let queue: Queue;

beforeAll(async () => {
  desk = await ServiceDesk.open();
});
afterAll(() => desk?.kontor.stop());
beforeEach(async () => {
  desk.beginAgain();
  anna = await desk.kontor.people.customer();
  calendar = await desk.makeCalendar();
  queue = await desk.queue(await desk.plan({ calendar }));
});

async function place(more: object = {}): Promise<string> {
  const wanted = { scope: 'account', scopeId: anna.accountId, kinds: ['clocks'], reason: 'The provider is down' };
  return accepted(await desk.maria.post('/holds', { ...wanted, ...more })).body.id;
}

/** Lifts the hold, its job done as the worker would. */
async function lift(hold: string, shift?: boolean): Promise<string | null> {
  const { job } = accepted(await desk.maria.post(`/holds/${hold}/lifting`, shift === undefined ? {} : { shift })).body;
  if (job) await desk.work(job);
  const found = (await desk.maria.get('/holds?lifted=true')).body.items.find((item: { id: string }) => item.id === hold);
  expect(found.liftedAt).not.toBeNull();
  return job;
}

const told = (steps: readonly MovedStep[]) => steps.map(({ what, old, new: then }) => [what, old, then]);
const iso = (day: number, time: string) => march(day, time).toISOString();
const claim = async (number: string) => accepted(await anna.post(`/tickets/${number}/severity`, {}));

async function expectAgreement(number: string): Promise<void> {
  const { promised, awaited } = await desk.promisesOf(number);
  expect(awaited).toEqual(promised);
}

describe('under a hold', () => {
  test('M3, S5: a breach does not fire, and people see why; lifted without shifting it fires at once, and is told to be late', async () => {
    const number = await desk.open(anna, queue);
    desk.at(march(12, '12:00'));
    const hold = await place();
    desk.at(march(13, '12:00'));
    expect(await desk.look(number)).toEqual([]);
    expect((await desk.oleg.get(`/tickets/${number}`)).body).toMatchObject({
      breachedAt: null,
      clocks: [{ what: 'first_response', state: 'running', dueAt: iso(12, '19:00') }],
      next: { hold: { until: null } },
    });
    expect(await lift(hold, false)).toBeNull();
    expect(await desk.look(number)).toEqual(['first_response_warning', 'first_response_breach']);
    const [event] = await desk.kontor.db.query<{ data: Record<string, string> }>(
      `select data from ticket_event where ticket_number = $1 and kind = 'clock_breach'`,
      [Number(number.slice(3))],
    );
    expect(event!.data).toMatchObject({ clock: 'first_response', dueAt: iso(12, '19:00'), lateSeconds: String(17 * 3600) });
  });

  test('M3: a hold of other kinds leaves the clocks alone, and one of clocks leaves closings alone', async () => {
    const [waits, answered] = [await desk.open(anna, queue), await desk.open(anna, queue)];
    await desk.answer(answered);
    const other = await place({ kinds: ['auto_close', 'archive', 'reminders'] });
    desk.at(march(12, '19:00'));
    expect(await desk.look(waits)).toEqual(['first_response_warning', 'first_response_breach']);
    await lift(other, false);
    await place();
    desk.at(march(18, '12:00'));
    expect(await desk.look(answered)).toEqual(['auto_close']);
  });
});

describe('answered under a hold', () => {
  const runOf = async (number: string, kind: string) => {
    const [run] = await desk.kontor.db.query<{ outcome: string; taken_ms: string }>(
      'select y.outcome, r.taken_ms from clock_run r join clock_tally y on y.id = r.tally_id where r.ticket_number = $1 and r.kind = $2',
      [Number(number.slice(3)), kind],
    );
    return run && { outcome: run.outcome, minutes: Number(run.taken_ms) / 60_000 };
  };

  test('M3, S8: the time of a hold that shifts is not used by an answer that comes before the lifting; that of one that does not is', async () => {
    const two = await desk.queue(await desk.plan({ calendar, response: { amount: 2, unit: 'hours' } }));
    for (const [shifts, run] of [
      [true, { outcome: 'met', minutes: 60 }],
      [false, { outcome: 'breached', minutes: 240 }],
    ] as const) {
      desk.beginAgain();
      const number = await desk.open(anna, two);
      desk.at(march(11, '13:00'));
      const hold = await place({ shifts });
      desk.at(march(11, '16:00'));
      await desk.answer(number);
      expect(await runOf(number, 'first_response'), `a hold that ${shifts ? 'shifts' : 'does not'}`).toEqual(run);
      await lift(hold);
      expect(await runOf(number, 'first_response'), 'lifting changes nothing of it').toEqual(run);
      await expectAgreement(number);
    }
  });

  test('M3, S8: two holds that stand at once count once, and what lies before a receipt counts for nothing', async () => {
    const four = await desk.queue(await desk.plan({ calendar, response: { amount: 4, unit: 'hours' } }));
    const first = await place();
    desk.at(march(11, '13:00'));
    const number = await desk.open(anna, four);
    desk.at(march(11, '14:00'));
    const second = await place({ kinds: null });
    desk.at(march(11, '17:00'));
    await desk.answer(number);
    expect(await runOf(number, 'first_response')).toEqual({ outcome: 'met', minutes: 0 });
    await lift(first);
    await lift(second);
    await expectAgreement(number);
  });

  test('M3, S4: a fix that is paused under a hold keeps all that was left of it, once', async () => {
    const quick = await desk.queue(await desk.plan({ calendar, criticalFix: { amount: 2, unit: 'hours' } }));
    const number = await desk.open(anna, quick);
    await claim(number);
    desk.at(march(11, '13:00'));
    const hold = await place();
    desk.at(march(11, '13:30'));
    await desk.answer(number);
    const fix = async () =>
      (await desk.oleg.get(`/tickets/${number}`)).body.clocks.find(({ what }: { what: string }) => what === 'fix') as {
        state: string;
        dueAt: string | null;
        leftMinutes: number;
      };
    expect(await fix()).toMatchObject({ state: 'paused', leftMinutes: 60 });
    // Anna writes while the hold still stands: what runs now is moved by its lifting, from here on.
    desk.at(march(11, '15:00'));
    accepted(await anna.post(`/tickets/${number}/messages`, { body: 'Here is the log' }));
    desk.at(march(11, '18:00'));
    await lift(hold);
    expect(await fix()).toMatchObject({ state: 'running', dueAt: iso(11, '19:00') });
    await expectAgreement(number);
  });
});

describe('lifting', () => {
  test('M3: gives back the working time in which the clock ran under the hold, not the time on the wall', async () => {
    const number = await desk.open(anna, queue);
    const asked = await desk.open(anna, await desk.queue(null));
    desk.at(march(15, '18:00'));
    const late = await desk.open(anna, queue);
    expect(await desk.dueAt(late)).toEqual(march(19, '16:00'));
    await desk.answer(number);
    const hold = await place();
    desk.at(march(18, '12:00'));
    const looked = (await desk.maria.get(`/holds/${hold}/lifting-preview`)).body;
    expect(looked.items.map(({ ticket, steps }: any) => [ticket, told(steps)])).toEqual([
      [
        late,
        [
          ['first_response_warning', iso(19, '12:00'), iso(19, '15:00')],
          ['first_response_breach', iso(19, '16:00'), iso(19, '19:00')],
        ],
      ],
    ]);
    expect(looked).toMatchObject({ total: 1, quotes: [], totalQuotes: 0 });
    const job = await lift(hold);
    expect(await desk.dueAt(late), 'two hours of Friday and one of Monday').toEqual(march(19, '19:00'));
    expect(await desk.clocksOf(asked)).toEqual({});
    await expectAgreement(late);
    expect(await desk.itemsOf(job!)).toMatchObject([
      { about: `ticket:${late}`, before: { responseDueAt: iso(19, '16:00') }, after: { responseDueAt: iso(19, '19:00') } },
    ]);
    expect((await anna.get(`/tickets/${late}/history`)).body.items.at(-1).what).toBe('shift');
  });

  test('M3: over a night or a weekend nothing is taken, and nothing is given back', async () => {
    desk.at(march(15, '20:00'));
    const number = await desk.open(anna, queue);
    const hold = await place();
    desk.at(march(18, '11:00'));
    expect((await desk.maria.get(`/holds/${hold}/lifting-preview`)).body).toMatchObject({ total: 0 });
    expect(await lift(hold), 'no work is begun for it').toBeNull();
    expect(await desk.dueAt(number)).toEqual(march(19, '18:00'));
  });

  test('M3: one that fell due under it is due later by what it had left when the hold began', async () => {
    desk.at(march(11, '12:00'));
    const number = await desk.open(anna, queue);
    desk.at(march(12, '16:00'));
    expect(await desk.look(number)).toEqual(['first_response_warning']);
    const hold = await place();
    desk.at(march(14, '12:00'));
    await lift(hold);
    expect(await desk.look(number)).toEqual([]);
    expect(await desk.dueAt(number), 'three hours were left').toEqual(march(14, '15:00'));
    desk.at(march(14, '15:00'));
    expect(await desk.look(number)).toEqual(['first_response_breach']);
  });

  test('M3, S4: a fix that waits for the customer is not moved, and one that runs on under the hold only by that', async () => {
    const number = await desk.open(anna, queue);
    await claim(number);
    desk.at(march(11, '20:00'));
    await desk.answer(number);
    const left = (await desk.clocksOf(number))['fix']!.leftMinutes;
    const hold = await place();
    desk.at(march(13, '11:00'));
    expect((await desk.maria.get(`/holds/${hold}/lifting-preview`)).body.total).toBe(0);
    desk.at(march(13, '12:00'));
    accepted(await anna.post(`/tickets/${number}/messages`, { body: 'It still does not' }));
    desk.at(march(13, '14:00'));
    await lift(hold);
    const { fix, next_response: response } = await desk.clocksOf(number);
    expect(fix).toMatchObject({ state: 'running', leftMinutes: left });
    expect(response!.dueAt, 'sixteen hours from noon, and the two under the hold').toEqual(iso(15, '12:00'));
    await expectAgreement(number);
  });

  test('M3, S5: a promise that was broken before stays broken', async () => {
    const number = await desk.open(anna, queue);
    desk.at(march(12, '19:00'));
    await desk.look(number);
    const hold = await place();
    desk.at(march(14, '12:00'));
    expect(await lift(hold)).toBeNull();
    expect(await desk.clocksOf(number)).toMatchObject({ first_response: { state: 'breached', dueAt: iso(12, '19:00') } });
  });

  test('M3, T14: a claim that staff refuse counts on unseen, and has its time given back should they change their minds', async () => {
    const number = await desk.open(anna, queue);
    await claim(number);
    accepted(await desk.oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'Others can use it' }));
    const before = await desk.dueAt(number, 'fix');
    const hold = await place();
    desk.at(march(12, '12:00'));
    await lift(hold);
    accepted(await desk.oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' }));
    expect([before, await desk.dueAt(number, 'fix')]).toEqual([march(18, '20:00'), march(19, '20:00')]);
    await expectAgreement(number);
  });

  test('M3: of several holds, in whatever order they are lifted, each working minute is given back once', async () => {
    const number = await desk.open(anna, queue);
    const [first, second] = [await place(), await place({ scope: 'entity', scopeId: `ticket:${number}` })];
    desk.at(march(11, '14:00'));
    const third = await place({ kinds: null });
    desk.at(march(11, '16:00'));
    await lift(first);
    expect(await desk.dueAt(number), 'the others account for it').toEqual(march(12, '19:00'));
    desk.at(march(11, '18:00'));
    await lift(third);
    desk.at(march(12, '12:00'));
    expect((await desk.maria.get(`/holds/${second}/lifting-preview?shift=false`)).body.items[0].steps.at(-1)).toMatchObject({
      what: 'first_response_breach',
      new: iso(13, '16:00'),
    });
    await lift(second, false);
    expect(await desk.dueAt(number), 'what was promised by those that shifted: six hours').toEqual(march(13, '16:00'));
  });

  test('M3: one that does not shift keeps things waiting, and gives nothing back', async () => {
    const number = await desk.open(anna, queue);
    const hold = await place({ shifts: false });
    desk.at(march(12, '12:00'));
    expect(await lift(hold)).toBeNull();
    expect(await desk.dueAt(number)).toEqual(march(12, '19:00'));
  });

  test('M3: broken off in the middle, what was moved is not moved again, and what lay aside then is', async () => {
    const [kept, laidAside] = [await desk.open(anna, queue), await desk.open(anna, queue)];
    desk.at(march(11, '13:00'));
    await desk.answer(laidAside);
    const hold = await place({ kinds: null });
    desk.at(march(11, '14:00'));
    accepted(await anna.post(`/tickets/${laidAside}/messages`, { body: 'Thank you' }));
    desk.at(march(11, '16:00'));
    const { job } = (await desk.maria.post(`/holds/${hold}/lifting`)).body;
    // Both are done when somebody stops it.
    const items = await desk.itemsOf(job);
    expect(items.map((item) => item['about'])).toEqual([`ticket:${kept}`, `ticket:${laidAside}`]);
    await desk.kontor.db.query(`update job set total = total + 1 where id = $1`, [job]);
    await desk.kontor.db.query(`insert into job_item (job_id, position, entity) values ($1, 99, 'ticket:CS-000000')`, [job]);
    await desk.kontor.db.query(`create function keep_one() returns trigger language plpgsql as $$ begin
        if new.entity = 'ticket:CS-000000' then raise exception 'out of its turn' using errcode = '57014'; end if; return new; end $$`);
    await desk.kontor.db.query('create trigger keep_one before update on job_item for each row execute function keep_one()');
    await expect(desk.work(job)).rejects.toThrow('out of its turn');
    await desk.kontor.db.query('drop trigger keep_one on job_item; drop function keep_one');
    expect((await desk.itemsOf(job)).map((item) => item['state'])).toEqual(['done', 'done', 'pending']);
    accepted(await desk.maria.post(`/jobs/${job}/cancellation`));
    expect(await desk.dueAt(kept), 'three hours').toEqual(march(13, '13:00'));
    desk.at(march(11, '17:00'));
    accepted(await desk.oleg.post(`/tickets/${laidAside}/dismissal`));
    await lift(hold);
    expect(await desk.dueAt(kept), 'and one more').toEqual(march(13, '14:00'));
    const closes = (await desk.oleg.get(`/tickets/${laidAside}`)).body.steps.find((step: any) => step.what === 'auto_close').at;
    expect(closes, 'four hours from one o’clock to five').toEqual(iso(18, '17:00'));
  });
});

describe('what lay aside while a hold was lifted', () => {
  test('M3, T4: a closing is given back shifted, although the lifting moved the clock that ran in its place', async () => {
    const number = await desk.open(anna, queue);
    await desk.answer(number);
    const hold = await place({ kinds: null });
    desk.at(march(11, '13:00'));
    accepted(await anna.post(`/tickets/${number}/messages`, { body: 'Thank you' }));
    desk.at(march(11, '15:00'));
    const job = await lift(hold);
    expect(await desk.itemsOf(job!)).toMatchObject([{ about: `ticket:${number}`, state: 'done' }]);
    expect(await desk.dueAt(number, 'next_response'), 'two hours').toEqual(march(13, '13:00'));
    accepted(await desk.oleg.post(`/tickets/${number}/dismissal`));
    const { steps, clocks } = (await desk.oleg.get(`/tickets/${number}`)).body;
    expect(steps.find((step: any) => step.what === 'auto_close').at).toEqual(iso(18, '15:00'));
    expect(clocks).toEqual([]);
  });

  test('M3, T13: an undone merge gives clocks back shifted, and those that went on in place once only', async () => {
    const source = await desk.open(anna, queue);
    desk.at(march(11, '13:00'));
    const target = await desk.open(anna, queue);
    const hold = await place();
    accepted(await desk.oleg.post(`/tickets/${source}/merge`, { into: target }));
    expect(await desk.dueAt(target)).toEqual(march(12, '19:00'));
    desk.at(march(11, '17:00'));
    await lift(hold);
    expect(await desk.dueAt(target), 'four hours').toEqual(march(13, '14:00'));
    accepted(await desk.oleg.delete(`/tickets/${source}/merge`));
    expect([await desk.dueAt(source), await desk.dueAt(target)]).toEqual([march(13, '14:00'), march(13, '15:00')]);
    await expectAgreement(source);
    await expectAgreement(target);
  });

  test('M3, T13: one that stood in its own place all the while is not moved twice', async () => {
    const target = await desk.open(anna, queue);
    desk.at(march(11, '13:00'));
    const source = await desk.open(anna, queue);
    const hold = await place();
    accepted(await desk.oleg.post(`/tickets/${source}/merge`, { into: target }));
    desk.at(march(11, '15:00'));
    await lift(hold);
    accepted(await desk.oleg.delete(`/tickets/${source}/merge`));
    expect([await desk.dueAt(source), await desk.dueAt(target)]).toEqual([march(13, '13:00'), march(13, '12:00')]);
  });

  test('M3, T13: a clock that a merge brought into a ticket without a promise of its own is moved too', async () => {
    const [source, target] = [await desk.open(anna, queue), await desk.open(anna, await desk.queue(null))];
    accepted(await desk.oleg.post(`/tickets/${source}/merge`, { into: target }));
    const hold = await place();
    desk.at(march(11, '15:00'));
    await lift(hold);
    expect(await desk.dueAt(target)).toEqual(march(13, '13:00'));
    await expectAgreement(target);
  });
});

describe('looking ahead', () => {
  test('M3: a hold with an end shows what it would keep waiting and when that would be then, clocks and offers too', async () => {
    const number = await desk.open(anna, queue);
    const offered = accepted(
      await desk.oleg.post(`/tickets/${number}/quotes`, {
        description: 'A plugin',
        amount: { amountMinor: 1_000_000, currency: 'RUB' },
        validUntil: iso(13, '12:00'),
      }),
    ).body.id;
    desk.at(march(12, '18:00'));
    await desk.look(number);
    const wanted = { scope: 'account', scopeId: anna.accountId, kinds: null };
    const looked = async (more: object) => (await desk.maria.post('/holds/preview', { ...wanted, ...more })).body;
    const until = await looked({ until: iso(14, '12:00') });
    expect(until.items.map(({ ticket, steps }: any) => [ticket, told(steps)])).toEqual([
      [number, [['first_response_breach', iso(12, '19:00'), iso(14, '13:00')]]],
    ]);
    expect(until).toMatchObject({
      total: 1,
      totalQuotes: 1,
      quotes: [{ quote: offered, ticket: number, old: iso(13, '12:00'), new: iso(15, '06:00') }],
    });
    const still = await looked({ until: iso(14, '12:00'), shifts: false });
    expect(told(still.items[0].steps)).toEqual([['first_response_breach', iso(12, '19:00'), iso(14, '12:00')]]);
    expect(still.quotes).toMatchObject([{ new: iso(14, '12:00') }]);
    const open = await looked({});
    expect(told(open.items[0].steps)).toEqual([['first_response_breach', iso(12, '19:00'), null]]);
    expect(open.quotes).toMatchObject([{ old: iso(13, '12:00'), new: null }]);
    expect((await looked({ kinds: ['clocks'] })).quotes, 'an offer is held by a hold of everything only').toEqual([]);
    expect((await looked({ scope: 'queue', scopeId: queue.id })).quotes, 'and lies in no queue').toEqual([]);
    // It is asked for on the first page only.
    const second = await desk.open(anna, queue);
    const page = (await desk.maria.post('/holds/preview?limit=1', wanted)).body;
    expect(page.quotes).toHaveLength(1);
    const next = (await desk.maria.post(`/holds/preview?limit=1&cursor=${page.nextCursor}`, wanted)).body;
    expect(next).toMatchObject({ items: [{ ticket: second }], quotes: null, totalQuotes: null, total: null });
  });

  test('M3, T16: before a hold is lifted, what becomes of offers is shown too, and it comes so', async () => {
    const number = await desk.open(anna, queue);
    const work = { description: 'A plugin', amount: { amountMinor: 1_000_000, currency: 'RUB' }, validUntil: iso(13, '12:00') };
    const offered = accepted(await desk.oleg.post(`/tickets/${number}/quotes`, work)).body.id;
    const hold = await place({ kinds: null });
    desk.at(march(12, '18:00'));
    const looked = (await desk.maria.get(`/holds/${hold}/lifting-preview`)).body;
    expect(looked.quotes).toEqual([{ quote: offered, ticket: number, old: iso(13, '12:00'), new: iso(14, '18:00') }]);
    desk.at(march(13, '18:00'));
    const without = (await desk.maria.get(`/holds/${hold}/lifting-preview?shift=false`)).body;
    expect(without.quotes).toEqual([{ quote: offered, ticket: number, old: iso(13, '12:00'), new: iso(13, '18:00') }]);
    expect(told(without.items[0].steps)).toEqual([
      ['first_response_warning', iso(12, '15:00'), iso(13, '18:00')],
      ['first_response_breach', iso(12, '19:00'), iso(13, '18:00')],
    ]);
    await lift(hold);
    const [quote] = (await desk.oleg.get(`/tickets/${number}/quotes`)).body.items;
    expect(quote).toMatchObject({ id: offered, validUntil: iso(15, '18:00') });
  });
});

test('M3, S7: a calendar that changes while a hold stands: both are counted, each once', async () => {
  const number = await desk.open(anna, queue);
  const hold = await place();
  desk.at(march(11, '14:00'));
  await desk.decree(calendar, '2030-03-12');
  await desk.retime('calendar', calendar);
  expect(await desk.dueAt(number)).toEqual(march(13, '19:00'));
  desk.at(march(13, '12:00'));
  await lift(hold);
  expect(await desk.dueAt(number), 'eight hours of Monday and one of Wednesday').toEqual(march(14, '19:00'));
  await desk.decree(calendar);
  await desk.retime('calendar', calendar);
  expect(await desk.dueAt(number), 'what was given back stays given back').toEqual(march(13, '19:00'));
});
