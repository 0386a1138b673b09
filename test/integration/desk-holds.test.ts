import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginJob } from '../../db/repositories/job-row.ts';
import { maxJobItems } from '../../domain/job.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator' });
  oleg = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

async function answered(category: string): Promise<string> {
  const { number } = (await anna.post('/tickets', { subject: 'Held', body: 'Held', category })).body;
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  return number;
}

async function place(hold: object): Promise<string> {
  const placed = await maria.post('/holds', { reason: 'A test', ...hold });
  expect(placed.status).toBe(201);
  return placed.body.id;
}

/** Pretends that the hold stands since so many hours before now; the deadline was running all the while. */
async function standsSince(hold: string, number: string, hours: number): Promise<void> {
  await kontor.db.query(`update hold set from_at = from_at - make_interval(hours => $1) where id = $2`, [hours, hold]);
  const [ticket] = [Number(number.slice(3))];
  await kontor.db.query(
    `update ticket set closes_at = closes_at - make_interval(hours => $1), warns_at = warns_at - make_interval(hours => $1) where number = $2`,
    [hours, ticket],
  );
  await kontor.db.query(`update obligation set due_at = due_at - make_interval(hours => $1) where entity = $2`, [
    hours,
    `ticket:${number}`,
  ]);
}

async function closesAt(number: string): Promise<number> {
  const { steps } = (await maria.get(`/tickets/${number}`)).body;
  return new Date(steps.find((step: { what: string }) => step.what === 'auto_close').at).getTime();
}

async function lifted(hold: string): Promise<Record<string, unknown>> {
  return until('it is lifted', async () => {
    const { items } = (await maria.get('/holds?lifted=true')).body;
    const found = items.find((item: { id: string }) => item.id === hold);
    return found.liftedAt === null ? undefined : found;
  });
}

const hour = 3_600_000;

test('M3: a hold names who placed it, why and on what; of what is not there, and into the past, none is placed', async () => {
  const queue = (await maria.get('/queues')).body.items.find((each: { category: string }) => each.category === 'sales');
  const id = await place({ scope: 'queue', scopeId: queue.id, kinds: ['archive'] });
  const shown = (await oleg.get('/holds')).body.items.find((item: { id: string }) => item.id === id);
  expect(shown).toMatchObject({
    scope: 'queue',
    scopeId: queue.id,
    scopeName: queue.name,
    kinds: ['archive'],
    shifts: true,
    placedBy: { id: maria.id },
    liftingAt: null,
  });
  const wrong = { reason: 'A test' };
  for (const scope of [
    { scope: 'queue', scopeId: 'que_nobody' },
    { scope: 'account', scopeId: 'acc_nobody' },
    { scope: 'entity', scopeId: 'ticket:CS-999999' },
    { scope: 'all', scopeId: 'anything' },
  ]) {
    expect((await maria.post('/holds', { ...wrong, ...scope })).body.error.code).toBe('hold.scope_unknown');
    expect((await maria.post('/holds/preview', scope)).body.error.code).toBe('hold.scope_unknown');
  }
  expect((await maria.post('/holds', { ...wrong, scope: 'all', until: '2020-01-01T00:00:00Z' })).body.error.code).toBe(
    'hold.until_in_past',
  );
  expect((await oleg.post('/holds', { ...wrong, scope: 'all' })).status).toBe(403);
  await maria.post(`/holds/${id}/lifting`);
});

test('M3: a hold on a queue stops its tickets and no others, wherever holds are told of', async () => {
  const [category, other] = [await kontor.queue({ autoClose: 2, archive: 3600 }), await kontor.queue({ autoClose: 2, archive: 3600 })];
  const queue = (await maria.get('/queues')).body.items.find((each: { category: string }) => each.category === category);
  const id = await place({ scope: 'queue', scopeId: queue.id });
  const [held, free] = [await answered(category), await answered(other)];
  await until('the other closes', async () => (await anna.get(`/tickets/${free}`)).body.status === 'closed');
  await kontor.settled();
  expect((await anna.get(`/tickets/${held}`)).body).toMatchObject({ status: 'awaiting_customer', next: { hold: { until: null } } });
  expect((await maria.post(`/holds/${id}/lifting`, { shift: false })).body.job).toBeNull();
  await until('the held one closes', async () => (await anna.get(`/tickets/${held}`)).body.status === 'closed');
});

test('M3: lifted twice at once, a hold shifts once', async () => {
  const number = await answered('technical');
  const id = await place({ scope: 'entity', scopeId: `ticket:${number}` });
  await standsSince(id, number, 10);
  const before = await closesAt(number);
  const answers = await Promise.all([1, 2].map(() => maria.post(`/holds/${id}/lifting`)));
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  await lifted(id);
  const moved = (await closesAt(number)) - before;
  expect(Math.abs(moved - 10 * hour)).toBeLessThan(60_000);
  expect((await anna.get(`/tickets/${number}/history`)).body.items.filter((item: { what: string }) => item.what === 'shift')).toHaveLength(
    1,
  );
});

test('M3: while it is being lifted it holds; stopped in between it stands, and what was moved is not moved again', async () => {
  const number = await answered('technical');
  const id = await place({ scope: 'entity', scopeId: `ticket:${number}` });
  await standsSince(id, number, 10);
  const before = await closesAt(number);
  await kontor.stopPromises();
  const { job } = (await maria.post(`/holds/${id}/lifting`)).body;
  const shown = (await maria.get('/holds')).body.items.find((item: { id: string }) => item.id === id);
  expect(shown).toMatchObject({ liftingAt: expect.any(String), liftingJob: job, liftedAt: null });
  expect((await maria.get(`/tickets/${number}`)).body.next.hold).toEqual({ until: null });
  // As if the job had done the ticket and was stopped before its end.
  await kontor.db.query(
    `update job_item set state = 'done', settled_at = now(), before = jsonb_build_object('closesAt', $2::text) where job_id = $1`,
    [job, new Date(before).toISOString()],
  );
  await maria.post(`/jobs/${job}/cancellation`);
  expect((await maria.get('/holds')).body.items.find((item: { id: string }) => item.id === id).liftingAt).toBeNull();
  await kontor.startPromises();
  await maria.post(`/holds/${id}/lifting`);
  await lifted(id);
  expect((await closesAt(number)) - before).toBeLessThan(60_000);
});

test('M3: a ticket that is answered while a hold stands moves by the time since its answer only', async () => {
  const category = 'technical';
  const { number } = (await anna.post('/tickets', { subject: 'Held', body: 'Held', category })).body;
  const id = await place({ scope: 'account', scopeId: anna.accountId });
  await kontor.db.query(`update hold set from_at = from_at - interval '5 days' where id = $1`, [id]);
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  const before = await closesAt(number);
  await maria.post(`/holds/${id}/lifting`);
  await lifted(id);
  expect((await closesAt(number)) - before).toBeLessThan(60_000);
});

test('M3: a hold with an end that the engine missed is lifted when it is back, and shifts up to its end', async () => {
  const number = await answered('technical');
  const end = new Date(kontor.clock.now().getTime() + 6_000);
  const id = await place({ scope: 'entity', scopeId: `ticket:${number}`, until: end.toISOString() });
  await standsSince(id, number, 10);
  const before = await closesAt(number);
  await kontor.settled();
  await kontor.stopPromises();
  await until('its end has passed', () => kontor.clock.now().getTime() > end.getTime() + 1_000);
  expect((await maria.get(`/tickets/${number}`)).body.next.hold).toEqual({ until: null });
  await kontor.startPromises();
  expect(await lifted(id)).toMatchObject({ liftedBy: null });
  const moved = (await closesAt(number)) - before;
  expect(Math.abs(moved - 10 * hour)).toBeLessThan(10_000);
});

test('M3, T4: a deadline that a mere “thank you” had interrupted while a hold was lifted is given back shifted', async () => {
  const number = await answered('technical');
  const id = await place({ scope: 'entity', scopeId: `ticket:${number}` });
  await standsSince(id, number, 10);
  const before = await closesAt(number);
  await anna.post(`/tickets/${number}/messages`, { body: 'Thank you' });
  expect((await maria.post(`/holds/${id}/lifting`)).body.job).toBeNull();
  expect((await oleg.post(`/tickets/${number}/dismissal`)).status).toBe(200);
  expect(Math.abs((await closesAt(number)) - before - 10 * hour)).toBeLessThan(60_000);
});

test('M3, T13: an undone merge gives deadlines back shifted by what was lifted meanwhile', async () => {
  const [number, into] = [await answered('technical'), await answered('technical')];
  const id = await place({ scope: 'entity', scopeId: `ticket:${number}` });
  await standsSince(id, number, 10);
  const before = await closesAt(number);
  await oleg.post(`/tickets/${number}/merge`, { into });
  expect((await maria.post(`/holds/${id}/lifting`)).body.job).toBeNull();
  expect((await oleg.delete(`/tickets/${number}/merge`)).status).toBe(200);
  expect(Math.abs((await closesAt(number)) - before - 10 * hour)).toBeLessThan(60_000);
});

test('M3: of two holds that shift, the one lifted last moves what the other left to it, also when it is lifted without shifting', async () => {
  const number = await answered('technical');
  const scope = { scope: 'entity', scopeId: `ticket:${number}` };
  const [first, last] = [await place(scope), await place(scope)];
  await standsSince(first, number, 10);
  await kontor.db.query(`update hold set from_at = from_at - interval '4 hours' where id = $1`, [last]);
  const before = await closesAt(number);
  await maria.post(`/holds/${first}/lifting`);
  await lifted(first);
  expect(Math.abs((await closesAt(number)) - before - 6 * hour)).toBeLessThan(60_000);

  // Stopped in between it stands as it was placed, and owes the same.
  await kontor.stopPromises();
  const { job } = (await maria.post(`/holds/${last}/lifting`, { shift: false })).body;
  await maria.post(`/jobs/${job}/cancellation`);
  expect((await maria.get('/holds')).body.items.find((item: { id: string }) => item.id === last)).toMatchObject({ shifts: true });
  await kontor.startPromises();
  const [shown] = (await maria.get(`/holds/${last}/lifting-preview?shift=false`)).body.items;
  expect(shown).toMatchObject({ ticket: number });
  await maria.post(`/holds/${last}/lifting`, { shift: false });
  await lifted(last);
  expect(Math.abs((await closesAt(number)) - before - 10 * hour)).toBeLessThan(60_000);
});

test('M3: a hold is lifted however much it stopped', async () => {
  const entities = Array.from({ length: maxJobItems + 1 }, (_, index) => `ticket:CS-${index}`);
  const begun = kontor.database.fork().transactional(async (em) => {
    await beginJob(em, kontor.clock.now(), { kind: 'lift_hold', params: {}, startedById: null, entities });
    throw new Error('taken back');
  });
  await expect(begun).rejects.toThrow('taken back');
});
