import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../../db/provision.ts';
import { Client } from 'pg';
import { inject } from 'vitest';
import { historyAtRest, startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';

/** A ticket that was answered in a queue of this timing, in seconds, and whose workflow waits for what comes next. */
async function answeredTicket(
  kontor: Kontor,
  anna: TestCustomer,
  oleg: TestPerson,
  timing: { autoClose: number; archive: number; warn?: number },
): Promise<string> {
  const category = await kontor.queue(timing);
  const { number } = (await anna.post('/tickets', { subject: 'Odd order', body: 'Odd order', category })).body;
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  await kontor.settled();
  return number;
}

async function passed(kontor: Kontor, instant: string): Promise<void> {
  await until(`it is ${instant}`, () => kontor.clock.now() > new Date(instant));
}

describe('promises, when things happen in an odd order', () => {
  let kontor: Kontor;
  let anna: TestCustomer;
  let maria: TestPerson;
  const status = async (number: string) => (await anna.get(`/tickets/${number}`)).body.status as string;

  beforeAll(async () => {
    kontor = await startKontor();
    anna = await kontor.people.customer();
    maria = await kontor.people.staff({ role: 'administrator' });
  });
  afterAll(() => kontor?.stop());

  test('T9: a worker that was away over warning and closing closes, and does not warn of it', async () => {
    const number = await answeredTicket(kontor, anna, maria, { autoClose: 4, archive: 3600, warn: 2 });
    const closesAt = (await anna.get(`/tickets/${number}`)).body.next.at as string;
    await kontor.stopPromises();
    await passed(kontor, closesAt);
    await kontor.startPromises();
    await until('it is closed', async () => (await status(number)) === 'closed');
    await kontor.settled();
    const told = await kontor.db.query<{ event: string }>('select event from notification where ticket_number = $1 order by created_at', [
      Number(number.slice(3)),
    ]);
    expect(told.map((row) => row.event)).toEqual(['ticket.created', 'ticket.answered', 'ticket.closed']);
  });

  test('M3: a hold that is lifted before the step is due changes nothing of the promise', async () => {
    const category = await kontor.queue({ autoClose: 5, archive: 3600 });
    const { number } = (await anna.post('/tickets', { subject: 'Held', body: 'Held', category })).body;
    const { id } = (await maria.post('/holds', { scope: 'entity', scopeId: `ticket:${number}`, reason: 'For a moment' })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
    await kontor.settled();
    expect((await maria.post(`/holds/${id}/lifting`)).status).toBe(200);
    const closesAt = new Date((await anna.get(`/tickets/${number}`)).body.next.at as string);
    await until('it is closed', async () => (await status(number)) === 'closed');
    const { closedAt } = (await anna.get(`/tickets/${number}`)).body;
    expect(new Date(closedAt).getTime() - closesAt.getTime()).toBeLessThan(3_000);
  });

  test('P4: while the database is away at a deadline the history grows by a back-off, not by the second', async () => {
    const number = await answeredTicket(kontor, anna, maria, { autoClose: 2, archive: 3600 });
    const admin = new Client({ connectionString: withDatabase(inject('postgresAdminUrl'), 'postgres') });
    await admin.connect();
    const handle = kontor.temporal.workflow.getHandle(`ticket:${number}`);
    const timers = async () => (await handle.fetchHistory()).events!.filter((event) => event.timerStartedEventAttributes).length;
    const before = await timers();
    try {
      await admin.query(`alter database ${kontor.db.name} with allow_connections false`);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [kontor.db.name]);
      await until('the workflow waits on durable timers', async () => (await timers()) >= before + 2, 40);
    } finally {
      await admin.query(`alter database ${kontor.db.name} with allow_connections true`);
      await admin.end();
    }
    await until('it is closed', async () => (await status(number)) === 'closed', 40);
    const { events } = await handle.fetchHistory();
    expect(events!.length).toBeLessThan(60);
  });

  test('I1: one idempotency key in two accounts of one person is two wishes, and the second is refused rather than answered with the first', async () => {
    const boris = await kontor.people.customer();
    const both = await kontor.people.customer({ account: { id: boris.accountId, role: 'technical' } });
    const own = await kontor.people.tokenFor(both.id);
    const wish = ['/tickets', { subject: 'Once', body: 'Once', category: 'general' }, { 'idempotency-key': 'the-same' }] as const;
    expect((await both.post(...wish)).status).toBe(201);
    expect((await own.post(...wish)).body.error.code).toBe('idempotency.key_reused');
  });
});

test('R7: while the facts’ clock is behind the engine’s, the workflow asks with patience and the promise is kept', async () => {
  const behindMs = 6_000;
  const kontor = await startKontor({ clock: { now: () => new Date(Date.now() - behindMs) } });
  try {
    const anna = await kontor.people.customer();
    const oleg = await kontor.people.staff();
    const number = await answeredTicket(kontor, anna, oleg, { autoClose: 2, archive: 3600 });
    await until('it is closed', async () => (await anna.get(`/tickets/${number}`)).body.status === 'closed', 30);
    const events = await until('its workflow is at rest', () => historyAtRest(kontor.temporal, `ticket:${number}`));
    expect(events).toBeLessThan(60);
  } finally {
    await kontor.stop();
  }
});

test('P4: a long conversation is handed over to a fresh run, and the promise is kept by it', async () => {
  const kontor = await startKontor({ continueAfterEvents: 25 });
  try {
    const anna = await kontor.people.customer();
    const oleg = await kontor.people.staff();
    const number = await answeredTicket(kontor, anna, oleg, { autoClose: 3, archive: 2 });
    const handle = kontor.temporal.workflow.getHandle(`ticket:${number}`);
    const first = (await handle.describe()).runId;
    for (let turn = 0; turn < 4; turn += 1) {
      await anna.post(`/tickets/${number}/messages`, { body: `Question ${turn}` });
      await kontor.settled();
      await oleg.post(`/tickets/${number}/messages`, { body: `Answer ${turn}` });
      await kontor.settled();
    }
    expect((await handle.describe()).runId).not.toBe(first);
    await until('it is archived', async () => (await anna.get(`/tickets/${number}`)).body.status === 'archived');
    await until('its workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    const told = await kontor.db.query<{ n: string }>(
      `select count(*) as n from notification where ticket_number = $1 and event = 'ticket.closed'`,
      [Number(number.slice(3))],
    );
    expect(told[0]?.n).toBe('1');
  } finally {
    await kontor.stop();
  }
});
