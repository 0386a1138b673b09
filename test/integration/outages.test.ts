/** What happens while something is away, and once it is back. The slow and brutal versions are in test/chaos. */
import { randomUUID } from 'node:crypto';
import { Client as EngineClient } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { deliver } from '../../activities/deliveries.ts';
import { OutboxBell } from '../../db/outbox-bell.ts';
import { entityOf, type OutboxMessage } from '../../db/outbox.ts';
import { readTicketPlan, takeTicketStep } from '../../db/repositories/ticket-steps.ts';
import type { Clock } from '../../domain/clock.ts';
import { readTicketNumber } from '../../domain/ids.ts';
import { openLog } from '../../log.ts';
import { systemClock } from '../../system-clock.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { Dispatcher } from '../../worker/dispatcher.ts';
import { Engine, type Told } from '../../worker/engine.ts';
import { createWorkers } from '../../worker/worker.ts';
import { deliveriesTaskQueue, notificationWorkflowId } from '../../workflows/notification/contract.ts';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { breakConnections, PostgresAway } from '../harness/postgres-away.ts';
import { until } from '../harness/until.ts';

const log = openLog('worker', 'silent');
let kontor: Kontor;
let staff: TestPerson;

beforeAll(async () => {
  // The sweep is quick here: what a wake-up would do at once, it makes good within a third of a second.
  kontor = await startKontor({ promises: false, sweepSeconds: 0.3 });
  staff = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

describe('PostgreSQL is away', () => {
  test('R2: every request is answered 503 with Retry-After in the envelope, and the desk heals by itself', async () => {
    const customer = await kontor.people.customer();
    const number = await open(customer);
    const away = await PostgresAway.begin(kontor);
    try {
      for (const answer of [await customer.get(`/tickets/${number}`), await reply(customer, number), await staff.get('/tickets')]) {
        expect(answer.status).toBe(503);
        expect(answer.body.error).toMatchObject({ code: 'service.unavailable', requestId: expect.any(String) });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await customer.get('/health/ready')).status).toBe(503);
      expect((await customer.get('/health/live')).status).toBe(200);
    } finally {
      await away.end();
    }
    await until('the API is ready again', async () => (await customer.get('/health/ready')).status === 200);
    expect((await reply(customer, number)).status).toBe(201);
    expect((await messagesOf(number)).length).toBe(2);
  });

  test('R2: connections that break in the midst of wishes answer 503, leave nothing half done, and are not missed afterwards', async () => {
    const customers = await Promise.all(Array.from({ length: 6 }, () => kontor.people.customer()));
    const written = await Promise.all(
      customers.map(async (customer) => {
        const number = await open(customer);
        const keys = Array.from({ length: 12 }, () => randomUUID());
        // As many breaks as the pool has places: a connection that were not given back would be missed now.
        const answers = await Promise.all(
          keys.map(async (key) => [await reply(customer, number, key), await breakConnections(kontor)] as const),
        );
        const strange = answers
          .map(([each]) => each)
          .filter(({ status, headers }) => status !== 201 && !(status === 503 && headers.has('retry-after')));
        expect(strange.map(({ status, body }) => [status, body])).toEqual([]);
        const again = await Promise.all(keys.map((key) => insist(() => reply(customer, number, key))));
        expect(again.map((answer) => answer.status)).toEqual(keys.map(() => 201));
        return number;
      }),
    );
    for (const number of written) expect((await messagesOf(number)).length).toBe(13);
    expect(await halfDone()).toEqual([]);
  });
});

describe('the engine and its worker are away', () => {
  test('R3: people open, answer, write and close as ever; what was promised happens once when the worker is there', async () => {
    const category = await kontor.queue({ autoClose: 1, archive: 1 });
    const [left, closed] = [await kontor.people.customer(), await kontor.people.customer()];
    const silent = await open(left, category);
    expect((await answer(silent)).body).toMatchObject({ status: 'awaiting_customer', next: { what: 'auto_close' } });
    const solved = await open(closed, category);
    await answer(solved);
    expect((await reply(closed, solved)).body.status).toBe('awaiting_staff');
    expect((await staff.post(`/tickets/${solved}/closing`, { reason: null })).body.status).toBe('closed');
    const due = new Date((await left.get(`/tickets/${silent}`)).body.next.at);
    await until('the closing is overdue', () => new Date() > due);
    expect((await left.get(`/tickets/${silent}`)).body.status).toBe('awaiting_customer');
    expect(kontor.mail.to(left.email)).toEqual([]);

    await kontor.startPromises();
    await until(
      'both tickets are archived',
      async () => (await statusOf(silent)) === 'archived' && (await statusOf(solved)) === 'archived',
    );
    expect(await toldTo(left)).toEqual(['ticket.answered', 'ticket.closed', 'ticket.created', 'ticket.created']);
    expect(await toldTo(closed)).toEqual(['ticket.answered', 'ticket.closed', 'ticket.created', 'ticket.created']);
    expect(await stepsOfTime(silent)).toEqual(['auto_close', 'archive']);
    expect(await stepsOfTime(solved)).toEqual(['archive']);
  });

  test('R13: a worker that is stopped in the middle of the work loses nothing', async () => {
    const category = await kontor.queue({ autoClose: 2, archive: 1 });
    const customers = await Promise.all(Array.from({ length: 8 }, () => kontor.people.customer()));
    const answered = Promise.all(
      customers.map(async (customer) => {
        const number = await open(customer, category);
        await answer(number);
        return number;
      }),
    );
    await kontor.stopPromises();
    const numbers = await answered;
    await kontor.startPromises();
    await until('all are archived', async () => (await Promise.all(numbers.map(statusOf))).every((status) => status === 'archived'));
    for (const number of numbers) expect(await stepsOfTime(number)).toEqual(['auto_close', 'archive']);
    for (const customer of customers)
      expect(await toldTo(customer)).toEqual(['ticket.answered', 'ticket.closed', 'ticket.created', 'ticket.created']);
  });

  test(
    'R13: a mail that the engine handed to a worker as it ended is sent by the next, within half a minute',
    { timeout: 60_000 },
    async () => {
      await kontor.stopPromises();
      const customer = await kontor.people.customer();
      await open(customer);
      const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
      const [entities, deliveries] = await workersOn(connection);
      const dispatcher = dispatch(new Engine(kontor.temporal, kontor.taskQueue));
      const runs = [entities.run()];
      try {
        // What a worker does that stops asking in the very moment it is answered: the engine believes that it has the mail in hand.
        await until('the engine hands it out', async () => (await handedOut()) === (await deliveryTo(customer)));
        runs.push(deliveries.run());
        await until('the mail is there', () => kontor.mail.to(customer.email).length > 0, 30);
        expect(kontor.mail.to(customer.email)).toHaveLength(1);
      } finally {
        await dispatcher.stop();
        for (const worker of [entities, deliveries]) if (worker.getState() === 'RUNNING') worker.shutdown();
        await Promise.all(runs);
        await kontor.startPromises();
      }
      await connection.close();
    },
  );

  test('R1: a wake-up that is lost with its process is made good by the sweep', async () => {
    // Written without the bell, as if the API had died between its COMMIT and the bell.
    await tell({ kind: 'ticket.happening', number: await open(await kontor.people.customer()), happening: 'staffReplied', revision: 1 });
    await until('the sweep has told it', outboxIsEmpty, 5);
  });

  test('R1: old rows that cannot be forgotten keep nobody from hearing what happened', async () => {
    await kontor.db.query('alter table challenge rename to challenge_away');
    try {
      await tell({ kind: 'ticket.happening', number: await open(await kontor.people.customer()), happening: 'staffReplied', revision: 1 });
      await until('the sweep has told it', outboxIsEmpty, 5);
    } finally {
      await kontor.db.query('alter table challenge_away rename to challenge');
    }
  });

  test('R3: what the engine has forgotten is started again by the sweep: deadlines and deliveries', async () => {
    await kontor.stopPromises();
    const customer = await kontor.people.customer();
    const number = await open(customer, await kontor.queue({ autoClose: 1, archive: 1 }));
    await answer(number);
    // The engine was told and lost everything; and three minutes have passed, as the sweep does not jostle the living.
    await kontor.db.query('delete from outbox');
    for (const table of ['ticket', 'obligation', 'notification']) await moveIntoThePast(table, number);
    await kontor.startPromises();
    await until('it is archived', async () => (await statusOf(number)) === 'archived');
    expect(await toldTo(customer)).toEqual(['ticket.answered', 'ticket.closed', 'ticket.created', 'ticket.created']);
    expect(await stepsOfTime(number)).toEqual(['auto_close', 'archive']);
  });
});

describe('messages to the engine', () => {
  test('R11: a message that the engine refuses is set aside after five tries, is a case for staff, and delays nobody', async () => {
    await kontor.stopPromises();
    const clock = new JumpingClock();
    const dispatcher = dispatch(new Engine(kontor.temporal, kontor.taskQueue), clock);
    try {
      // Longer than an id of the engine may be.
      const poison = 'x'.repeat(1_100);
      await tell({ kind: 'delivery.wanted', deliveryId: poison, event: 'ticket.created', number: 'CS-000001' });
      const attempts = async () =>
        (await kontor.db.query<{ attempts: number }>(`select attempts from outbox where entity = $1`, [`notification:${poison}`]))[0]
          ?.attempts;
      for (let tried = 1; tried <= 5; tried += 1) {
        await until(`it was tried ${tried} times`, async () => (await attempts()) === tried, 5);
        await open(await kontor.people.customer());
        await until('others are told meanwhile', outboxIsEmptyBut(poison), 5);
        clock.jump(60);
      }
      const [parked] = await kontor.db.query<{ parked_at: Date | null }>('select parked_at from outbox where entity = $1', [
        `notification:${poison}`,
      ]);
      expect(parked?.parked_at).not.toBeNull();
      expect((await cases()).filter((each) => each.about === `notification:${poison}`)).toMatchObject([{ kind: 'outbox.parked' }]);
      expect(await attempts()).toBe(5);
    } finally {
      await dispatcher.stop();
      await kontor.db.query('delete from outbox');
    }
  });

  test('DESIGN: a fact about a ticket that never was becomes a case, once, and leaves the outbox', async () => {
    const dispatcher = dispatch(new Engine(kontor.temporal, kontor.taskQueue));
    try {
      for (const revision of [7, 8]) {
        await tell({ kind: 'ticket.happening', number: 'CS-999999', happening: 'customerReplied', revision });
        await until('the outbox is empty', outboxIsEmpty, 5);
      }
      expect((await cases()).filter((each) => each.about === 'ticket:CS-999999')).toMatchObject([{ kind: 'engine.unknown_entity' }]);
    } finally {
      await dispatcher.stop();
    }
  });

  test('R3: an engine whose namespace is not there yet is away: messages wait, and none counts as refused', async () => {
    const engine = new RecordingEngine('not-made-yet');
    const dispatcher = dispatch(engine);
    try {
      await tell({ kind: 'delivery.wanted', deliveryId: 'dlv_waiting', event: 'ticket.created', number: 'CS-000001' });
      await until('the engine was asked twice', () => engine.told.length >= 2, 5);
      expect(await kontor.db.query('select attempts, parked_at from outbox')).toEqual([{ attempts: 0, parked_at: null }]);
    } finally {
      await dispatcher.stop();
      await kontor.db.query('delete from outbox');
    }
  });

  test('DESIGN: of two dispatchers one delivers; the other takes over when the first is gone', async () => {
    const [first, second] = [new RecordingEngine(), new RecordingEngine()];
    const firstDispatcher = dispatch(first);
    await tellAndWait();
    const secondDispatcher = dispatch(second);
    try {
      await until('both are there', async () => (await dispatcherConnections()) === 2, 5);
      for (let told = 0; told < 5; told += 1) await tellAndWait();
      expect([first.told.length, second.told.length]).toEqual([6, 0]);
      await firstDispatcher.stop();
      await tellAndWait();
      expect([first.told.length, second.told.length]).toEqual([6, 1]);
    } finally {
      await firstDispatcher.stop();
      await secondDispatcher.stop();
    }
  });
});

describe('many at once', () => {
  test('R10: the same request 20 times at once has one effect and one answer', async () => {
    const customer = await kontor.people.customer();
    const number = await open(customer);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => reply(customer, number, key)));
    expect(new Set(answers.map((each) => `${each.status} ${JSON.stringify(each.body)}`)).size).toBe(1);
    expect(answers.filter((each) => each.headers.get('idempotency-replayed') === 'true').length).toBe(19);
    expect((await messagesOf(number)).length).toBe(2);
    const reused = await customer.post(`/tickets/${number}/messages`, { body: 'Something else' }, { 'idempotency-key': key });
    expect([reused.status, reused.body.error.code]).toEqual([409, 'idempotency.key_reused']);
    expect((await messagesOf(number)).length).toBe(2);
  });

  test('T4: a reply in the millisecond of the auto-close: one of them is first, both agree who, and no message is lost', async () => {
    const category = await kontor.queue({ autoClose: 1, archive: 3600 });
    const races = await Promise.all(
      Array.from({ length: 40 }, async (_, race) => {
        const customer = await kontor.people.customer();
        const number = await open(customer, category);
        const { next } = (await answer(number)).body;
        return { race, customer, number, due: new Date(next.at) };
      }),
    );
    await until('all closings are due', () => races.every(({ due }) => new Date() > due));
    const winners = await Promise.all(races.map(runRace));
    // The first two were let run one after the other, so that either outcome is seen in every run.
    expect(winners.slice(0, 2)).toEqual(['time', 'customer']);
    expect(await halfDone()).toEqual([]);
  });
});

/** Lets customer and time act on one ticket at once, and tells who was first as far as everybody can see. */
async function runRace({ race, customer, number }: { race: number; customer: TestCustomer; number: string }): Promise<'time' | 'customer'> {
  const plan = await readTicketPlan(kontor.database, systemClock, number);
  const step = plan!.steps[0]!;
  const time = () => takeTicketStep(kontor.database, systemClock, number, step.id);
  const person = () => reply(customer, number);
  if (race === 0) await time();
  const replying = person();
  if (race === 1) await replying;
  // Each race gives the customer a little more of a start.
  for (let turn = 0; turn < race; turn += 1) await new Promise(setImmediate);
  const [after, replied] = await Promise.all([time(), replying]);

  expect(replied.status).toBe(201);
  expect((await messagesOf(number)).map((message) => message.id)).toContain(replied.body.messageId);
  const history = (await staff.get(`/tickets/${number}/history`)).body.items.map((event: { what: string }) => event.what);
  const timeWasFirst = history.includes('auto_close');
  expect(history).toEqual(['opened', 'staff_message', ...(timeWasFirst ? ['auto_close'] : []), 'customer_message']);
  // Whoever was first: the customer wrote last, so that staff owe an answer and nothing closes.
  expect((await staff.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_staff', closedAt: null, next: null });
  if (timeWasFirst && race !== 0) expect(after?.status).toBe('closed');
  if (!timeWasFirst) expect(after).toMatchObject({ status: 'awaiting_staff', steps: [] });
  return timeWasFirst ? 'time' : 'customer';
}

async function insist(send: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  return until('it is answered', async () => {
    const answered = await send();
    return answered.status === 503 ? undefined : answered;
  });
}

async function open(customer: ApiDriver, category = 'technical'): Promise<string> {
  const opened = await customer.post('/tickets', { subject: 'It is dark', body: 'And nobody answers.', category });
  expect(opened.status).toBe(201);
  return opened.body.number as string;
}

async function reply(customer: ApiDriver, number: string, key: string = randomUUID()): Promise<ApiAnswer> {
  return customer.post(`/tickets/${number}/messages`, { body: 'Still dark.' }, { 'idempotency-key': key });
}

async function answer(number: string): Promise<ApiAnswer> {
  return staff.post(`/tickets/${number}/messages`, { body: 'Is it plugged in?' });
}

async function statusOf(number: string): Promise<string> {
  return (await staff.get(`/tickets/${number}`)).body.status as string;
}

async function messagesOf(number: string): Promise<{ id: string }[]> {
  return (await staff.get(`/tickets/${number}/messages?limit=100`)).body.items as { id: string }[];
}

async function stepsOfTime(number: string): Promise<string[]> {
  const events = (await staff.get(`/tickets/${number}/history`)).body.items as { what: string; by: { side: string } }[];
  return events.filter((event) => event.by.side === 'time').map((event) => event.what);
}

async function cases(): Promise<{ kind: string; about: string }[]> {
  return (await staff.get('/cases')).body.items as { kind: string; about: string }[];
}

/**
 * What a customer was told in the end. A marker opened now goes the same way as everything before it: when its mail is
 * there, every mail is counted.
 */
async function toldTo(customer: TestCustomer): Promise<string[]> {
  const marker = await open(customer);
  await until('the marker’s mail is there', () => kontor.mail.to(customer.email).some((mail) => mail.subject?.includes(marker)), 30);
  // His own: one of somebody else's that a stopped worker had in hand is noticed by its missing heartbeat, a little later.
  await until(
    'no delivery to him is on its way',
    async () =>
      (
        await kontor.db.query(
          `select 1 from delivery d join notification n on n.id = d.notification_id where d.state = 'pending' and n.recipient_id = $1`,
          [customer.id],
        )
      ).length === 0,
    30,
  );
  const told = await kontor.db.query<{ event: string }>('select event from notification where recipient_id = $1 order by event', [
    customer.id,
  ]);
  expect(kontor.mail.to(customer.email).length).toBe(told.length);
  return told.map(({ event }) => event);
}

/** Tickets whose parts do not agree: a revision without its line of history, or with two; a message that is not counted. */
async function halfDone(): Promise<unknown[]> {
  return kontor.db.query(
    `select t.number from ticket t join ticket_event e on e.ticket_number = t.number and e.kind <> 'cited'
      group by t.number having count(*) <> t.revision or count(distinct e.revision) <> t.revision
        or t.reply_count <> (select count(*) - 1 from message m where m.ticket_number = t.number)`,
  );
}

async function moveIntoThePast(table: string, number: string): Promise<void> {
  const columns = await kontor.db.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_name = $1 and data_type = 'timestamp with time zone'`,
    [table],
  );
  const about = { ticket: 'number = $1', obligation: `entity = 'ticket:' || $1`, notification: 'ticket_number = $1' }[table];
  const value = table === 'obligation' ? number : readTicketNumber(number);
  await kontor.db.query(
    `update ${table} set ${columns.map(({ name }) => `${name} = ${name} - interval '180 s'`).join(', ')} where ${about}`,
    [value],
  );
}

async function tell(message: OutboxMessage): Promise<void> {
  await kontor.db.query('insert into outbox (entity, message, created_at) values ($1, $2, $3)', [
    entityOf(message),
    message,
    systemClock.now(),
  ]);
}

/** Tells the engine something new, without the bell, and waits until a dispatcher has done it. */
async function tellAndWait(): Promise<void> {
  await tell({ kind: 'delivery.wanted', deliveryId: `dlv_${randomUUID()}`, event: 'ticket.created', number: 'CS-000001' });
  await until('the outbox is empty', outboxIsEmpty, 5);
}

async function outboxIsEmpty(): Promise<boolean> {
  return (await kontor.db.query('select 1 from outbox')).length === 0;
}

function outboxIsEmptyBut(deliveryId: string): () => Promise<boolean> {
  return async () => (await kontor.db.query('select 1 from outbox where entity <> $1', [`notification:${deliveryId}`])).length === 0;
}

async function dispatcherConnections(): Promise<number> {
  return (
    await kontor.db.query(`select 1 from pg_stat_activity where datname = $1 and application_name = 'kontor-dispatcher'`, [kontor.db.name])
  ).length;
}

/** Asks for a delivery as a worker does, and does nothing with it; answers its workflow's id. */
async function handedOut(): Promise<string | null | undefined> {
  const { connection, workflowService } = kontor.temporal;
  const { workflowExecution } = await connection.withDeadline(systemClock.now().getTime() + 20_000, () =>
    workflowService.pollActivityTaskQueue({
      namespace: inject('temporalNamespace'),
      taskQueue: { name: deliveriesTaskQueue(kontor.taskQueue) },
      identity: 'a worker that is gone',
    }),
  );
  return workflowExecution?.workflowId;
}

async function deliveryTo({ id }: TestCustomer): Promise<string> {
  const [delivery] = await kontor.db.query<{ id: string }>(
    'select d.id from delivery d join notification n on n.id = d.notification_id where n.recipient_id = $1',
    [id],
  );
  return notificationWorkflowId(delivery!.id);
}

/** The two workers of a process, one by one: for the entities, and for deliveries. */
async function workersOn(connection: NativeConnection): Promise<[Worker, Worker]> {
  const workers = await createWorkers({
    connection,
    namespace: inject('temporalNamespace'),
    taskQueue: kontor.taskQueue,
    bundle: await workflowBundle(),
    ...kontor.deliveries,
    bell: new OutboxBell(kontor.database),
    storage: kontor.storage,
    provider: kontor.provider,
    shutdownSeconds: 5,
  });
  return workers as [Worker, Worker];
}

function dispatch(engine: Engine, clock: Clock = systemClock): Dispatcher {
  const dispatcher = new Dispatcher({
    database: kontor.database,
    databaseUrl: kontor.db.appUrl,
    engine,
    deliver: (deliveryId) => deliver(kontor.deliveries, deliveryId),
    clock,
    log,
    sweepSeconds: 0.2,
  });
  dispatcher.start();
  return dispatcher;
}

/** The engine itself, with a note of each delivery it was asked to start. */
class RecordingEngine extends Engine {
  readonly told: string[] = [];

  constructor(namespace?: string) {
    super(
      namespace === undefined ? kontor.temporal : new EngineClient({ connection: kontor.temporal.connection, namespace }),
      kontor.taskQueue,
    );
  }

  override async startNotification(input: Parameters<Engine['startNotification']>[0], number?: string): Promise<Told> {
    this.told.push(input.deliveryId);
    return super.startNotification(input, number);
  }
}

class JumpingClock implements Clock {
  private aheadSeconds = 0;

  now(): Date {
    return new Date(systemClock.now().getTime() + this.aheadSeconds * 1000);
  }

  jump(seconds: number): void {
    this.aheadSeconds += seconds;
  }
}
