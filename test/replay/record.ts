/**
 * Records the histories that `replay.test.ts` replays: `npm run record-histories`. Old files stay, as running tickets
 * have such histories; new ones are added under the name of the version that wrote them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiDriver, signedIn } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedLink } from '../harness/mailed.ts';
import { testPassword } from '../harness/people.ts';
import { letQueuePromise } from '../harness/promising-queue.ts';
import { until } from '../harness/until.ts';

const folder = fileURLToPath(new URL('histories', import.meta.url));
const version = '0005';
let kontor: Kontor;
beforeAll(async () => {
  kontor = await startKontor();
});
afterAll(() => kontor?.stop());

test('a ticket that is opened, answered, closed, reopened, closed again and archived; and its mails', async () => {
  const { number } = await wholeLife(kontor);
  await save(kontor, `ticket:${number}`, 'ticket-whole-life');
  const [delivery] = await kontor.db.query<{ id: string }>('select id from delivery order by id limit 1');
  await save(kontor, `notification:${delivery!.id}`, 'notification-delivered');
});

test('a ticket that was snoozed, held and handed over to a fresh run', async () => {
  const short = await startKontor({ continueAfterEvents: 20 });
  try {
    const { number, firstRunId } = await wholeLife(short);
    await save(short, `ticket:${number}`, 'ticket-continued-as-new-first', firstRunId);
    await save(short, `ticket:${number}`, 'ticket-continued-as-new-last');
  } finally {
    await short.stop();
  }
});

test('a change of address that staff began: confirmed, held, and taking effect', async () => {
  const { oleg, begin, confirm } = await changes(kontor);
  const { id, email, account } = await begin({ coolsInSeconds: 4 });
  await kontor.settled();
  await confirm(email);
  await kontor.settled();
  const maria = await kontor.people.staff({ role: 'administrator' });
  const hold = (await maria.post('/holds', { scope: 'account', scopeId: account, reason: 'Recorded' })).body.id;
  const next = async () => (await oleg.get('/pending-actions')).body.items.find((each: { id: string }) => each.id === id).next;
  const due = new Date((await next()).at);
  await until('its workflow has asked under the hold', () => kontor.clock.now().getTime() > due.getTime() + 1_500);
  await kontor.settled();
  expect((await next()).hold).toEqual({ until: null });
  await maria.post(`/holds/${hold}/lifting`);
  await ended(kontor, id, 'done');
  await save(kontor, `pending-action:${id}`, 'pending-action-taking-effect');
});

test('changes that come to nothing: vetoed, and lapsed; and the letter that offered the veto', async () => {
  const { begin } = await changes(kontor);
  const vetoed = await begin({});
  await kontor.settled();
  const token = await mailedLink(kontor.mail, vetoed.oldEmail, 'veto');
  await apiDriver(`${kontor.origin}/api/v1`, {}).post('/auth/veto', { token });
  await ended(kontor, vetoed.id, 'vetoed');
  await save(kontor, `pending-action:${vetoed.id}`, 'pending-action-vetoed');
  const lapsed = await begin({ lapsesInSeconds: 2 });
  await ended(kontor, lapsed.id, 'lapsed');
  await save(kontor, `pending-action:${lapsed.id}`, 'pending-action-lapsed');
  const [letter] = await kontor.db.query<{ id: string }>(`select delivery_id as id from letter where kind = 'change.veto' limit 1`);
  await save(kontor, `notification:${letter!.id}`, 'notification-letter');
});

test('a change that was handed over to a fresh run', async () => {
  const short = await startKontor({ continueAfterEvents: 5 });
  try {
    const { begin, confirm } = await changes(short);
    const { id, email } = await begin({ coolsInSeconds: 5 });
    await short.settled();
    const firstRunId = (await short.temporal.workflow.getHandle(`pending-action:${id}`).describe()).runId;
    await confirm(email);
    await ended(short, id, 'done');
    await save(short, `pending-action:${id}`, 'pending-action-continued-as-new-first', firstRunId);
    await save(short, `pending-action:${id}`, 'pending-action-continued-as-new-last');
  } finally {
    await short.stop();
  }
});

test('a quote that expires, one that is accepted; an access that is extended, and one that ends with its ticket', async () => {
  const anna = await kontor.people.customer();
  const own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  const oleg = await kontor.people.staff();
  const { number } = (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category: 'technical' })).body;
  const validUntil = new Date(kontor.clock.now().getTime() + 48 * 3_600_000).toISOString();
  const work = { description: 'Recorded', amount: { amountMinor: 100, currency: 'RUB' }, validUntil };
  const offer = async () => (await oleg.post(`/tickets/${number}/quotes`, work)).body.id as string;
  const lend = async () =>
    (await own.post(`/tickets/${number}/server-accesses`, { address: '203.0.113.7', way: 'panel' })).body.id as string;
  // What expires does so in seconds: its hours are shortened before its workflow looks for the first time.
  await kontor.stopPromises();
  const [expiring, ending] = [await offer(), await lend()];
  const soon = new Date(kontor.clock.now().getTime() + 2_000);
  await kontor.db.query('update obligation set due_at = $1 where entity = any($2)', [
    soon,
    [`quote:${expiring}`, `server-access:${ending}`],
  ]);
  await kontor.db.query(`update server_access set ends_at = $1 where id = $2`, [soon, ending]);
  await kontor.startPromises();
  const [accepted, extended] = [await offer(), await lend()];
  await kontor.settled();
  await fund(kontor, anna.accountId, 100);
  await anna.post(`/tickets/${number}/quotes/${accepted}/acceptance`);
  await own.post(`/tickets/${number}/server-accesses/${extended}/extension`);
  await kontor.settled();
  await anna.post(`/tickets/${number}/resolution`);
  for (const [workflowId, name] of [
    [`quote:${expiring}`, 'deadline-quote-expired'],
    [`quote:${accepted}`, 'deadline-quote-accepted'],
    [`server-access:${ending}`, 'deadline-access-run-out'],
    [`server-access:${extended}`, 'deadline-access-extended-and-ended'],
  ] as const) {
    const handle = kontor.temporal.workflow.getHandle(workflowId);
    await until(`${name}: its workflow has ended`, async () => (await handle.describe()).status.name === 'COMPLETED');
    await save(kontor, workflowId, name);
  }
});

test('long work, in one run and handed over to a fresh one; and a hold with an end of its own', async () => {
  const short = await startKontor({ continueAfterEvents: 5 });
  try {
    await save(kontor, `job:${await applyPolicy(kontor, 2)}`, 'job-done');
    // Slow enough for more than one batch.
    await short.db.query(
      'create function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$',
    );
    await short.db.query('create trigger slow before update on job_item for each row execute function take_time()');
    const long = await applyPolicy(short, 90);
    const runs: string[] = [];
    for await (const run of short.temporal.workflow.list({ query: `WorkflowId = 'job:${long}'` })) runs.push(run.runId);
    expect(runs.length).toBeGreaterThan(1);
    await save(short, `job:${long}`, 'job-continued-as-new-first', runs.at(-1));
    await save(short, `job:${long}`, 'job-continued-as-new-last');
  } finally {
    await short.stop();
  }
  const maria = await kontor.people.staff({ role: 'administrator' });
  const end = new Date(kontor.clock.now().getTime() + 2_000).toISOString();
  const { id } = (await maria.post('/holds', { scope: 'all', reason: 'Recorded', until: end })).body;
  await workflowEnded(kontor, `hold:${id}`);
  await save(kontor, `hold:${id}`, 'deadline-hold');
}, 180_000);

test('a payment that is told of, one that is only asked for, one that is refused an answer; a refund; a refund of the cabinet; an audit', async () => {
  const clerk = await kontor.people.staff({ role: 'billing' });
  const [told, asked, unanswered] = [await topUp(kontor), await topUp(kontor), await topUp(kontor, { answersServerErrorUndone: 1 })];
  await kontor.simulator.pay(told.providerId);
  await workflowEnded(kontor, `payment:${told.id}`);
  kontor.simulator.dial({ notificationsLost: 1 });
  await kontor.simulator.pay(asked.providerId);
  await workflowEnded(kontor, `payment:${asked.id}`);
  kontor.simulator.dial({ notificationsLost: 0 });
  await kontor.simulator.decline(unanswered.providerId, 'insufficient_funds');
  await workflowEnded(kontor, `payment:${unanswered.id}`);
  await save(kontor, `payment:${told.id}`, 'payment-told');
  await save(kontor, `payment:${asked.id}`, 'payment-asked');
  await save(kontor, `payment:${unanswered.id}`, 'payment-unanswered-and-declined');

  const wish = { amount: { amountMinor: 400, currency: 'RUB' }, reason: 'Recorded' };
  const refund = (await clerk.post(`/payments/${told.id}/refunds`, wish, { 'idempotency-key': 'recorded' })).body.id as string;
  await workflowEnded(kontor, `refund:${refund}`);
  await save(kontor, `refund:${refund}`, 'refund-paid-back');
  await kontor.simulator.refundInCabinet(told.providerId, 300);
  const notice = await until('the notice is there', async () => {
    const [row] = await kontor.db.query<{ id: string }>(
      'select id::text from provider_notification where handled_at is not null and payment_id is null',
    );
    return row?.id;
  });
  await workflowEnded(kontor, `provider-notice:${notice}`);
  await save(kontor, `provider-notice:${notice}`, 'provider-notice-of-a-cabinet-refund');
  const audit = (await clerk.post('/books-audits', undefined, { 'idempotency-key': 'recorded-audit' })).body.id as string;
  await workflowEnded(kontor, `books-audit:${audit}`);
  await save(kontor, `books-audit:${audit}`, 'books-audit-done');
}, 300_000);

test('a payment, and an audit of the books, that were handed over to a fresh run', async () => {
  const short = await startKontor({ continueAfterEvents: 5 });
  try {
    const clerk = await short.people.staff({ role: 'billing' });
    const { id, providerId } = await topUp(short);
    const firstRunId = (await short.temporal.workflow.getHandle(`payment:${id}`).describe()).runId;
    await clerk.post(`/payments/${id}/look`);
    await short.settled();
    await short.simulator.pay(providerId);
    await workflowEnded(short, `payment:${id}`);
    await save(short, `payment:${id}`, 'payment-continued-as-new-first', await firstRunOf(short, `payment:${id}`, firstRunId));
    await save(short, `payment:${id}`, 'payment-continued-as-new-last');
    const audit = (await clerk.post('/books-audits', undefined, { 'idempotency-key': 'recorded-audit' })).body.id as string;
    await workflowEnded(short, `books-audit:${audit}`);
    await save(short, `books-audit:${audit}`, 'books-audit-continued-as-new-first', await firstRunOf(short, `books-audit:${audit}`));
    await save(short, `books-audit:${audit}`, 'books-audit-continued-as-new-last');
  } finally {
    await short.stop();
  }
}, 180_000);

async function firstRunOf(on: Kontor, workflowId: string, known?: string): Promise<string> {
  const runs: string[] = known === undefined ? [] : [known];
  for await (const run of on.temporal.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run.runId);
  expect(new Set(runs).size).toBeGreaterThan(1);
  return runs.at(-1)!;
}

/** A customer's top-up that can be paid. */
async function topUp(on: Kontor, trouble?: Parameters<Kontor['simulator']['dial']>[0]): Promise<{ id: string; providerId: string }> {
  const anna = await on.people.customer();
  if (trouble) on.simulator.dial(trouble);
  const wish = { amount: { amountMinor: 1_000, currency: 'RUB' } };
  const { id } = (await anna.post('/payments', wish, { 'idempotency-key': `recorded-${anna.id}` })).body as { id: string };
  if (trouble)
    await until(
      'it was asked for in vain',
      async () => (await on.db.query('select 1 from payment where id = $1 and asks > 0', [id])).length === 1,
    );
  on.simulator.dial({ answersServerErrorUndone: 0 });
  const providerId = await until(
    'it can be paid',
    async () => {
      const [row] = await on.db.query<{ provider_id: string | null }>('select provider_id from payment where id = $1', [id]);
      return row?.provider_id ?? undefined;
    },
    90,
  );
  return { id, providerId };
}

/** Applies a changed policy to so many answered tickets, and returns the job that did it. */
async function applyPolicy(on: Kontor, tickets: number): Promise<string> {
  const [anna, maria] = [await on.people.customer(), await on.people.staff({ role: 'administrator' })];
  const names = { en: 'Recorded' };
  const hours = (count: number) => ({ autoCloseAfterSeconds: count * 3600, archiveAfterSeconds: 3600, warnBeforeSeconds: 0 });
  const policy = (await maria.post('/timing-policies', { names, ...hours(2) })).body.id;
  const { category } = (await maria.post('/queues', { category: `recorded-${tickets}`, names, timingPolicy: policy })).body;
  for (let index = 0; index < tickets; index += 1) {
    const { number } = (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Answer' });
  }
  await maria.put(`/timing-policies/${policy}`, { names, ...hours(3) });
  const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
  await workflowEnded(on, `job:${job}`);
  return job;
}

async function workflowEnded(on: Kontor, id: string): Promise<void> {
  const status = async () => {
    try {
      return (await on.temporal.workflow.getHandle(id).describe()).status.name;
    } catch {
      return 'unknown';
    }
  };
  await until('its workflow has ended', async () => (await status()) === 'COMPLETED', 120);
}

test('tickets that were merged: taken back after its closing had passed, and settled by the next message; one that was moved and split', async () => {
  const [anna, oleg, maria] = [await kontor.people.customer(), await kontor.people.staff(), await kontor.people.staff()];
  const category = await kontor.queue({ autoClose: 2, archive: 2 });
  const open = async () => (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category })).body.number as string;
  const [undone, settled, target] = [await open(), await open(), await open()];
  await kontor.settled();
  await oleg.post(`/tickets/${undone}/messages`, { body: 'Answer' });
  await kontor.settled();
  const closes = new Date((await oleg.get(`/tickets/${undone}`)).body.next.at);
  for (const source of [undone, settled]) await oleg.post(`/tickets/${source}/merge`, { into: target });
  await kontor.settled();
  await until('its closing has passed', () => kontor.clock.now() > closes);
  await oleg.delete(`/tickets/${undone}/merge`);
  await oleg.put(`/tickets/${target}/assignment`, { assignee: maria.id });
  await kontor.settled();
  await oleg.post(`/tickets/${target}/transfer`, { category: 'general' });
  await kontor.settled();
  const { messageId } = (await anna.post(`/tickets/${target}/messages`, { body: 'Another thing' })).body;
  const split = (await oleg.post(`/tickets/${target}/split`, { messages: [messageId], subject: 'Another', category })).body.number;
  await kontor.settled();
  await oleg.post(`/tickets/${split}/messages`, { body: 'Answer' });
  const over = (number: string) => async () =>
    (await kontor.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name === 'COMPLETED';
  for (const number of [undone, settled, split]) await until(`the workflow of ${number} has ended`, over(number));
  await save(kontor, `ticket:${undone}`, 'ticket-merge-undone');
  await save(kontor, `ticket:${settled}`, 'ticket-merge-settled');
  await save(kontor, `ticket:${split}`, 'ticket-split-off');
  await save(kontor, `ticket:${target}`, 'ticket-assigned-and-moved');
});

test('a critical ticket whose clocks warn, run out, wait and are stopped', async () => {
  const [anna, oleg] = [await kontor.people.customer(), await kontor.people.staff()];
  const category = await kontor.queue({ autoClose: 3, archive: 3, warn: 1 });
  await letQueuePromise((sql, values) => kontor.db.query(sql, values), category, 0.1);
  const { number } = (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category, severity: 'critical' })).body;
  await kontor.settled();
  const history = async () => (await oleg.get(`/tickets/${number}/history?limit=100`)).body.items as { what: string }[];
  const breaches = async () => (await history()).filter(({ what }) => what === 'clock_breach').length;
  await until('the response is overdue', async () => (await breaches()) === 1);
  await kontor.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Looking into it', nextStepBy: 'staff' });
  await kontor.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
  await kontor.settled();
  await anna.post(`/tickets/${number}/messages`, { body: 'Still there' });
  await kontor.settled();
  await until('the fix is overdue too', async () => (await breaches()) >= 2, 40);
  await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
  await workflowEnded(kontor, `ticket:${number}`);
  await save(kontor, `ticket:${number}`, 'ticket-clocks');
}, 120_000);

/** Changes as staff begin them, with hours shortened to seconds before their workflow looks for the first time. */
async function changes(on: Kontor) {
  const oleg = await on.people.staff();
  const visitor = apiDriver(`${on.origin}/api/v1`, {});
  return {
    oleg,
    confirm: async (email: string) => visitor.post('/auth/email-change', { token: await mailedLink(on.mail, email, 'email-change') }),
    begin: async ({ coolsInSeconds = 3600, lapsesInSeconds = 7200 }: { coolsInSeconds?: number; lapsesInSeconds?: number }) => {
      const anna = await on.people.customer();
      const email = `new-${anna.email}`;
      await on.stopPromises();
      const { id } = (await oleg.post(`/users/${anna.id}/email-change`, { email, reason: 'Recorded' })).body;
      const inSeconds = (seconds: number) => new Date(on.clock.now().getTime() + seconds * 1000);
      await on.db.query('update pending_action set cools_until = $1, lapses_at = $2 where id = $3', [
        inSeconds(coolsInSeconds),
        inSeconds(lapsesInSeconds),
        id,
      ]);
      await on.startPromises();
      return { id: id as string, email, oldEmail: anna.email, account: anna.accountId };
    },
  };
}

async function ended(on: Kontor, id: string, state: string): Promise<void> {
  const stateOf = async () => (await on.db.query<{ state: string }>('select state from pending_action where id = $1', [id]))[0]?.state;
  await until(`it is ${state}`, async () => (await stateOf()) === state);
  const handle = on.temporal.workflow.getHandle(`pending-action:${id}`);
  await until('its workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
}

async function wholeLife(on: Kontor): Promise<{ number: string; firstRunId: string }> {
  const anna = await on.people.customer();
  const oleg = await on.people.staff();
  const category = await on.queue({ autoClose: 3, archive: 3, warn: 1 });
  const { number } = (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category })).body;
  await on.settled();
  const firstRunId = (await on.temporal.workflow.getHandle(`ticket:${number}`).describe()).runId;
  const status = async () => (await anna.get(`/tickets/${number}`)).body.status as string;
  await oleg.post(`/tickets/${number}/assignment`);
  await on.settled();
  await oleg.post(`/tickets/${number}/snooze`, { until: new Date(on.clock.now().getTime() + 1_000).toISOString() });
  await on.settled();
  await until('the snooze ends', async () => (await oleg.get(`/tickets/${number}`)).body.snoozedUntil === null);
  await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
  await until('it closes by itself', async () => (await status()) === 'closed');
  await anna.post(`/tickets/${number}/messages`, { body: 'Still there' });
  await on.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Looking into it', nextStepBy: 'staff' });
  await on.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Done' });
  await on.settled();
  const maria = await on.people.staff({ role: 'administrator' });
  const hold = (await maria.post('/holds', { scope: 'entity', scopeId: `ticket:${number}`, reason: 'Recorded' })).body.id;
  await anna.post(`/tickets/${number}/resolution`);
  await on.settled();
  // The archive falls due under the hold: the workflow asks, is told to wait, and is told of the lifting.
  await until('the archive is overdue', async () => new Date((await oleg.get(`/tickets/${number}`)).body.next.at) < on.clock.now());
  await on.settled();
  expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('closed');
  await maria.post(`/holds/${hold}/lifting`);
  await until('it is archived', async () => (await status()) === 'archived');
  await until(
    'its workflow has ended',
    async () => (await on.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name === 'COMPLETED',
  );
  return { number, firstRunId };
}

async function save(on: Kontor, workflowId: string, name: string, runId?: string): Promise<void> {
  const history = await on.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  expect(history.events?.length).toBeGreaterThan(5);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/${version}-${name}.json`,
    `${JSON.stringify({ workflowId, history: JSON.parse(historyToJSON(history)) as object }, null, 1)}\n`,
  );
}
