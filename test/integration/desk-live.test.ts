import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { forgetOldChanges, tellPages } from '../../db/change-feed.ts';
import { signedIn } from '../harness/api-driver.ts';
import { EventReader, listen } from '../harness/event-reader.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestStaff;
let maria: TestStaff;
const open: EventReader[] = [];

beforeAll(async () => {
  kontor = await startKontor({ live: { heartbeatSeconds: 0.2, checkSeconds: 0.4, pollSeconds: 0.5 } });
  anna = await kontor.people.customer();
  boris = await kontor.people.customer();
  oleg = await kontor.people.staff();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
});
afterAll(() => kontor?.stop());
afterEach(async () => {
  for (const reader of open.splice(0)) reader.close();
  await until('no stream is left open', () => kontor.live.open === 0);
});

async function hear(tree: 'customer' | 'staff', person: { credentials: Readonly<Record<string, string>> }, since?: string) {
  const reader = await listen(kontor.origin, tree, person, since);
  open.push(reader);
  return reader;
}

async function openTicket(customer = anna): Promise<string> {
  return (await customer.post('/tickets', { subject: 'The panel does not start', body: 'After the update.', category: 'technical' })).body
    .number;
}

/** Something is told afterwards on the same way: what had not come by then never does. */
async function marker(reader: EventReader, to: { staff?: boolean; accountId?: string; userId?: string }): Promise<void> {
  const id = `mark-${Math.random()}`;
  await kontor.database.fork().transactional((em) => tellPages(em, kontor.clock.now(), to, { what: 'problem', id }));
  await reader.until('the marker comes', (changes) => changes.some((change) => change.id === id));
}

const kinds = (reader: EventReader, number: string) =>
  reader.changes.filter(({ what, ticket }) => what === 'ticket' && ticket === number).map(({ kind }) => kind);

describe('what reaches open pages', () => {
  test('T18: a new message and a new state are told to both sides, with where to look and not what is there', async () => {
    const number = await openTicket();
    const [staff, customer] = [await hear('staff', oleg), await hear('customer', anna)];
    expect(customer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
    });
    const { messageId } = (await anna.post(`/tickets/${number}/messages`, { body: 'The secret words of Anna' })).body;
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/messages`, { body: 'The secret words of Oleg' });
    for (const reader of [staff, customer]) {
      await reader.until('three facts are told', () => kinds(reader, number).length === 3);
      expect(kinds(reader, number)).toEqual(['customer_message', 'take', 'staff_message']);
      expect(reader.text).not.toMatch(/secret|Anna|Oleg|panel/);
    }
    expect(staff.changes[0]).toEqual({
      what: 'ticket',
      ticket: number,
      revision: 2,
      kind: 'customer_message',
      side: 'customer',
      by: anna.id,
      message: messageId,
      visibility: 'public',
    });
    expect(customer.changes[0]).toEqual({ what: 'ticket', ticket: number, kind: 'customer_message', side: 'customer', message: messageId });
  });

  test('T18: what time does reaches open pages as well', async () => {
    const category = await kontor.queue({ autoClose: 1, archive: 3600 });
    const number = (await anna.post('/tickets', { subject: 'A panel', body: 'It stands', category })).body.number;
    const customer = await hear('customer', anna);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Try again' });
    await customer.until('it closed by itself', () => kinds(customer, number).includes('auto_close'));
    await customer.until('and she is told', (changes) => changes.filter(({ what }) => what === 'notification').length === 2);
  });

  test('T13: no note, snooze, dismissal or presence of staff is ever told to a customer; a state that moved is, without why', async () => {
    const number = await openTicket();
    const customer = await hear('customer', anna);
    const staff = await hear('staff', maria);
    await oleg.post(`/tickets/${number}/notes`, { body: 'Among us' });
    await oleg.put(`/tickets/${number}/presence`, { writing: true });
    await oleg.post(`/tickets/${number}/snooze`, { until: new Date(Date.now() + 86_400_000).toISOString() });
    await oleg.delete(`/tickets/${number}/snooze`);
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.delete(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try' });
    await anna.post(`/tickets/${number}/messages`, { body: 'Thank you' });
    await oleg.post(`/tickets/${number}/dismissal`);
    await staff.until('staff are told of all', () => kinds(staff, number).at(-1) === 'dismiss');
    expect(staff.changes.some(({ what }) => what === 'presence')).toBe(true);
    await marker(customer, { accountId: anna.accountId });
    expect(kinds(customer, number)).toEqual(['take', 'status_changed', 'staff_message', 'customer_message', 'status_changed']);
    expect(customer.text).not.toMatch(/note|snooze|wake|dismiss|return|presence|internal|revision|usr_/);
  });

  test('T18: a stranger hears nothing of another account, nor of another’s notifications; nor do colleagues', async () => {
    const stranger = await hear('customer', boris);
    const colleague = await hear('staff', maria);
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try' });
    await marker(stranger, { accountId: boris.accountId });
    await marker(colleague, { staff: true });
    expect(stranger.changes.map(({ what }) => what)).toEqual(['problem']);
    expect(colleague.changes.filter(({ what }) => what === 'notification')).toEqual([]);
  });

  test('T18: a token hears of what its scopes let it read', async () => {
    const session = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const { token } = (await session.post('/me/tokens', { name: 'Watcher', scopes: ['event.read', 'notification.read'] })).body;
    const watcher = await hear('customer', { credentials: { authorization: `Bearer ${token}` } });
    const number = await openTicket();
    await watcher.until('it hears of her notification', (changes) => changes.some(({ what }) => what === 'notification'));
    expect(kinds(watcher, number)).toEqual([]);
  });
});

describe('nothing lost, nothing twice', () => {
  test('T18: rows of transactions that commit out of order all come, once, and in one order for all', async () => {
    const reader = await hear('staff', oleg);
    const writers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const client = new Client({ connectionString: kontor.db.appUrl });
        await client.connect();
        return client;
      }),
    );
    const written: string[] = [];
    const write = async (client: Client, id: string) => {
      written.push(id);
      await client.query(`insert into change_feed (at, topic, staff) values (now(), $1, true)`, [{ what: 'setting', id }]);
    };
    for (let round = 0; round < 25; round += 1) {
      await Promise.all(writers.map((client) => client.query('begin')));
      for (const [index, client] of writers.entries()) await write(client, `${round}-${index}`);
      // The one that began last commits first: rows of later transactions are seen before those of earlier ones.
      for (const client of writers.toReversed()) {
        await client.query('commit');
        await client.query('notify kontor_outbox');
      }
    }
    await Promise.all(writers.map((client) => client.end()));
    await reader.until('all have come', (changes) => changes.length >= written.length);
    expect(new Set(reader.changes.map(({ id }) => id as string))).toEqual(new Set(written));
    const ids = reader.events.filter(({ event }) => event === 'change').map(({ id }) => id);
    expect(new Set(ids).size).toBe(written.length);
    const again = await hear('staff', maria, reader.events[0]!.id);
    await again.until('the same come to whoever resumes', (changes) => changes.length >= written.length);
    expect(again.changes.map(({ id }) => id)).toEqual(reader.changes.map(({ id }) => id));
  });

  test('T18: a row that an older transaction keeps back comes when that one has ended, though nobody rings', async () => {
    const reader = await hear('staff', oleg);
    const older = new Client({ connectionString: kontor.db.appUrl });
    await older.connect();
    await older.query('begin');
    await older.query('select pg_current_xact_id()');
    const number = await openTicket();
    await until('it was looked for several times', () => reader.heartbeats >= 5);
    expect(kinds(reader, number)).toEqual([]);
    await older.query('rollback');
    await reader.until('the row is free', () => kinds(reader, number).length === 1, 3);
    await older.end();
  });

  test('T18: what no bell announced, as its process was killed before it could ring, is found by looking', async () => {
    const reader = await hear('staff', oleg);
    await kontor.db.query(`insert into change_feed (at, topic, staff) values (now(), '{"what": "setting", "id": "unannounced"}', true)`);
    await reader.until('it is found', (changes) => changes.some(({ id }) => id === 'unannounced'));
  });

  test('T18: when its connection is killed the process connects again and goes on where it was', async () => {
    const reader = await hear('staff', oleg);
    const numbers: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      if (round % 3 === 0)
        await until('the connection is killed', async () => {
          const killed = await kontor.database
            .fork()
            .execute<unknown[]>(
              `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kontor-live' and datname = ?`,
              [kontor.db.name],
            );
          return killed.length > 0;
        });
      numbers.push(await openTicket());
    }
    await reader.until('all have come', () => numbers.every((number) => kinds(reader, number).length > 0));
    expect(numbers.map((number) => kinds(reader, number))).toEqual(numbers.map(() => ['opened']));
    expect(reader.ended).toBe(false);
  });

  test('T18: whoever comes back gets what he missed, once, and then what is new', async () => {
    const first = await hear('customer', anna);
    const before = await openTicket();
    await first.until('he hears', () => kinds(first, before).length === 1);
    first.close();
    await until('the stream is gone', () => kontor.live.open === 0);
    const missed = [await openTicket(), await openTicket()];
    await openTicket(boris);
    const second = await hear('customer', anna, first.lastId);
    expect(second.events[0]).toMatchObject({ event: 'resumed', id: first.lastId });
    const after = await openTicket();
    await second.until('the new one comes', () => kinds(second, after).length === 1);
    const told = second.changes.filter(({ what }) => what === 'ticket').map(({ ticket }) => ticket);
    expect(told).toEqual([...missed, after]);
  });

  test('T18: while others reconnect and write at once, each hears each fact once', async () => {
    let reader = await hear('customer', anna);
    const heard: string[] = [];
    const keep = (from: EventReader) => heard.push(...from.changes.filter(({ kind }) => kind === 'opened').map(({ ticket }) => ticket));
    const writing = Promise.all(
      Array.from({ length: 4 }, async () => {
        const numbers: string[] = [];
        for (let round = 0; round < 12; round += 1) numbers.push(await openTicket());
        return numbers;
      }),
    );
    let done = false;
    void writing.then(() => (done = true));
    while (!done) {
      const { lastId } = reader;
      keep(reader);
      reader.close();
      // What had come after it was looked at is asked for again.
      reader = await hear('customer', anna, lastId);
      await until('something comes', () => done || reader.changes.length > 0);
    }
    const numbers = (await writing).flat();
    await until('all were heard', () => {
      const all = new Set([...heard, ...reader.changes.map(({ ticket }) => ticket)]);
      return numbers.every((number) => all.has(number));
    });
    keep(reader);
    expect(heard.toSorted()).toEqual(numbers.toSorted());
  });

  test('T18: what was forgotten, lies ahead, or is no place at all makes the page read anew', async () => {
    const first = await hear('staff', oleg);
    const place = first.lastId;
    await openTicket();
    await forgetOldChanges(kontor.database.fork(), new Date(Date.now() + 60_000));
    for (const since of [place, `${2n ** 62n}-1`, 'nonsense', '1-1', '9'.repeat(40)]) {
      const reader = await hear('staff', oleg, since);
      expect(reader.events[0]).toMatchObject({ event: 'reset', data: {} });
      const number = await openTicket();
      await reader.until('it goes on from there', () => kinds(reader, number).length === 1);
      reader.close();
    }
  });

  test('T18: rows older than a day go, but not the one that tells what is whole', async () => {
    const em = kontor.database.fork();
    await forgetOldChanges(em, new Date(Date.now() + 60_000));
    expect(await kontor.db.query('select 1 from change_feed')).toHaveLength(1);
    const reader = await hear('staff', oleg);
    const { lastId } = reader;
    const [newest] = [await openTicket(), await openTicket()].toReversed();
    await reader.until('both are told', () => kinds(reader, newest!).length === 1);
    expect((await hear('staff', oleg, lastId)).events[0]).toMatchObject({ event: 'resumed' });
    await kontor.db.query(`update change_feed set at = at - interval '25 hours' where topic->>'ticket' is distinct from $1`, [newest]);
    await forgetOldChanges(em, new Date(Date.now() - 24 * 3600 * 1000));
    const left = await kontor.db.query<{ ticket: string }>(`select topic->>'ticket' as ticket from change_feed order by tx, id`);
    expect(left.map(({ ticket }) => ticket === newest)).toEqual([false, ...left.slice(1).map(() => true)]);
    expect(left.length).toBeGreaterThan(1);
    await kontor.db.query(`insert into change_feed (tx, at, topic, staff) values ('4611686018427387904', now(), '{}', true)`);
    await forgetOldChanges(em, new Date(0));
    expect(await kontor.db.query(`select 1 from change_feed where tx = '4611686018427387904'`)).toEqual([]);
  });
});

describe('streams in bounds', () => {
  test('T18: quiet streams beat', async () => {
    const reader = await hear('staff', oleg);
    await until('three beats', () => reader.heartbeats >= 3);
  });

  test('T18: a thirteenth stream of one person is refused with 429; another person’s is not', async () => {
    for (let index = 0; index < 12; index += 1) await hear('staff', oleg);
    const refused = await EventReader.open(`${kontor.origin}/api/staff/v1/events`, oleg.credentials);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    await hear('staff', maria);
    open[0]!.close();
    await until('one is free again', () => kontor.live.open === 12);
    await hear('staff', oleg);
  });

  test('T18: streams hold no connection of the pool', async () => {
    await Promise.all(Array.from({ length: 40 }, async () => hear('customer', await kontor.people.customer())));
    const [row] = await kontor.db.query<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity where datname = $1 and application_name = 'kontor-live'`,
      [kontor.db.name],
    );
    expect(row!.n).toBe(1);
    expect((await anna.get('/tickets')).status).toBe(200);
  });

  test('T18: HEAD opens no stream, and a closed one is let go', async () => {
    const answer = await fetch(`${kontor.origin}/api/v1/events`, { method: 'HEAD', headers: anna.credentials });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(kontor.live.open).toBe(0);
    const reader = await hear('customer', anna);
    expect(kontor.live.open).toBe(1);
    reader.close();
    await until('it is let go', () => kontor.live.open === 0);
  });

  test('T18: a reader who takes nothing is cut off, others hear on, and he resumes', async () => {
    const [slow, quick] = [await hear('staff', oleg), await hear('staff', maria)];
    slow.stall();
    const padding = 'x'.repeat(3_000);
    let told = 0;
    const tell = async () => {
      await kontor.db.query(
        `insert into change_feed (at, topic, staff) select now(), jsonb_build_object('what', 'setting', 'id', $1 || i), true from generate_series(1, 200) i`,
        [padding],
      );
      told += 200;
      await kontor.db.query('notify kontor_outbox');
      await quick.until('the quick one hears', (changes) => changes.length >= told);
    };
    while (kontor.live.open === 2 && told < 40_000) await tell();
    expect(kontor.live.open).toBe(1);
    slow.wake();
    await until('it notices', () => slow.ended);
    expect(quick.changes).toHaveLength(told);
    const again = await hear('staff', oleg, quick.lastId);
    expect(again.events[0]!.event).toBe('resumed');
  }, 60_000);
});

describe('who may no longer', () => {
  test('T18: a session that is ended, a token that is revoked and a member who is taken out hear no more', async () => {
    const session = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const made = (await session.post('/me/tokens', { name: 'Watcher', scopes: ['event.read'] })).body;
    const member = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    const readers = [
      await hear('customer', session),
      await hear('customer', { credentials: { authorization: `Bearer ${made.token}` } }),
      await hear('customer', member),
    ];
    const stays = await hear('customer', anna);
    await anna.delete(`/me/tokens/${made.id}`);
    await kontor.db.query('delete from membership where user_id = $1 and account_id = $2', [member.id, anna.accountId]);
    await session.post('/auth/sign-out');
    await until('all three streams ended', () => readers.every(({ ended }) => ended));
    expect(stays.ended).toBe(false);
    await marker(stays, { accountId: anna.accountId });
    // Letters about the token and the sign-in may have been told to Anna before; what came afterwards is told to nobody who left.
    for (const reader of readers) expect(reader.changes.filter(({ what }) => what !== 'notification')).toEqual([]);
  });

  test('T18: whose role changes begins anew, and an open page does not keep a session from running out', async () => {
    const clerk = await kontor.people.staff();
    const reader = await hear('staff', clerk);
    const seen = async () =>
      (await kontor.db.query<{ at: Date }>('select last_seen_at as at from session where user_id = $1', [clerk.id]))[0]!.at;
    await kontor.db.query(`update session set last_seen_at = last_seen_at - interval '10 minutes' where user_id = $1`, [clerk.id]);
    const before = await seen();
    await until('it was asked about', () => reader.heartbeats >= 8);
    expect(await seen()).toEqual(before);
    await kontor.db.query(`update app_user set staff_role = 'billing' where id = $1`, [clerk.id]);
    await until('the stream ended', () => reader.ended);
  });

  test('T18: without credentials, with a customer’s at the staff’s, there is no stream', async () => {
    expect(await EventReader.open(`${kontor.origin}/api/v1/events`, {})).toMatchObject({ status: 401 });
    expect(await EventReader.open(`${kontor.origin}/api/staff/v1/events`, anna.credentials)).toMatchObject({ status: 404 });
  });
});
