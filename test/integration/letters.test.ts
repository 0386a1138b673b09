/** Letters about a person's own doors on their way out: their secrets, their lateness, and an engine that is away. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { Client as EngineClient, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { deliver } from '../../activities/deliveries.ts';
import { sendLetter, type LetterRecipient } from '../../db/repositories/letters.ts';
import { Vault } from '../../db/vault.ts';
import { codeSeconds, type LetterKind } from '../../domain/letter.ts';
import { systemClock } from '../../system-clock.ts';
import { Dispatcher } from '../../worker/dispatcher.ts';
import { Engine } from '../../worker/engine.ts';
import { apiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedCode } from '../harness/mailed.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let written = 0;

beforeAll(async () => {
  kontor = await startKontor({ sweepSeconds: 0.3 });
  anna = await kontor.people.customer({ name: 'Anna Petrova' });
});
afterAll(() => kontor?.stop());

function mailbox(): LetterRecipient & { id: string } {
  written += 1;
  return { id: anna.id, address: `letter-${written}@mail.example`, name: 'Anna Petrova', locale: 'en', timeZone: 'UTC' };
}

/** Writes a letter as a wish would, and returns its delivery. */
async function write(
  kind: LetterKind,
  to: LetterRecipient,
  secret?: string,
  at = systemClock.now(),
  vault = kontor.vault,
): Promise<string> {
  await kontor.database.fork().transactional((em) => sendLetter({ em, vault }, at, kind, to, {}, secret));
  const [row] = await kontor.db.query<{ id: string }>('select delivery_id as id from letter where address = $1', [to.address]);
  return row!.id;
}

const letterOf = async (id: string) =>
  (
    await kontor.db.query<{ state: string; secret: string | null }>(
      'select d.state, l.secret from delivery d join letter l on l.delivery_id = d.id where d.id = $1',
      [id],
    )
  )[0]!;
const settledAs = (id: string, state: string) => until(`${id} is ${state}`, async () => (await letterOf(id)).state === state);
const casesOf = (id: string) =>
  kontor.db.query<{ kind: string; detail: { why: string } }>('select kind, detail from staff_case where about = $1', [`delivery:${id}`]);

describe('a letter that carries a secret', () => {
  test('security.md: it is mailed, the secret is wiped with it, and no history tells code, address or name', async () => {
    const to = mailbox();
    kontor.mail.refuseWith(451);
    const id = await write('code.sign_in', to, '271828');
    expect((await letterOf(id)).secret).not.toContain('271828');
    await until('it was tried and not taken', async () => {
      const { events } = await kontor.temporal.workflow.getHandle(`notification:${id}`).fetchHistory();
      const pending = (await kontor.temporal.workflow.getHandle(`notification:${id}`).describe()).raw.pendingActivities ?? [];
      return events !== undefined && pending.some((activity) => activity.lastFailure);
    });
    const { raw } = await kontor.temporal.workflow.getHandle(`notification:${id}`).describe();
    kontor.mail.refuseWith(null);
    await settledAs(id, 'delivered');
    expect(await letterOf(id)).toEqual({ state: 'delivered', secret: null });
    expect(kontor.mail.to(to.address).map((mail) => mail.text?.includes('271828'))).toEqual([true]);
    const handle = kontor.temporal.workflow.getHandle(`notification:${id}`);
    await until('its workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    const told = readable([raw, await handle.fetchHistory(), (await handle.describe()).raw]);
    for (const secret of ['271828', to.address, 'Anna', 'Petrova']) expect(told).not.toContain(secret);
    expect(told).toContain('letter.code.sign_in');
  });

  test('I3: a code is sent until the millisecond before its two minutes are over, and not after; either way it is wiped', async () => {
    await kontor.stopPromises();
    try {
      const at = systemClock.now();
      const [inTime, late] = [mailbox(), mailbox()];
      const inTimeId = await write('code.step_up', inTime, '111111', at);
      const lateId = await write('code.step_up', late, '222222', at);
      const clockAt = (ms: number) => ({ now: () => new Date(at.getTime() + codeSeconds * 1000 + ms) });
      expect(await deliver({ ...kontor.deliveries, clock: clockAt(-1) }, inTimeId)).toBe('delivered');
      expect(await deliver({ ...kontor.deliveries, clock: clockAt(0) }, lateId)).toBe('expired');
      expect([await letterOf(inTimeId), await letterOf(lateId)]).toEqual([
        { state: 'delivered', secret: null },
        { state: 'expired', secret: null },
      ]);
      expect([kontor.mail.to(inTime.address).length, kontor.mail.to(late.address).length]).toEqual([1, 0]);
      // Made again, it sends nothing more.
      expect(await deliver(kontor.deliveries, inTimeId)).toBe('delivered');
      expect(kontor.mail.to(inTime.address)).toHaveLength(1);
      expect(await casesOf(lateId)).toEqual([]);
    } finally {
      await kontor.startPromises();
    }
  });

  test('a mailbox that is not there is a case for staff, unless a stranger typed it; the secret is wiped', async () => {
    kontor.mail.refuseWith(550);
    const known = await write('email.confirm', mailbox(), 'a-token');
    const typed = await write('registration.confirm', { ...mailbox(), id: null }, 'a-token');
    for (const id of [known, typed]) {
      await settledAs(id, 'refused');
      expect((await letterOf(id)).secret).toBeNull();
    }
    kontor.mail.refuseWith(null);
    expect(await casesOf(known)).toMatchObject([{ kind: 'delivery.refused', detail: { why: 'smtp' } }]);
    expect(await casesOf(typed)).toEqual([]);
  });

  test('a secret that is gone, sealed with a lost key, or another letter’s is refused and a case, not tried for ever', async () => {
    await kontor.stopPromises();
    const [gone, foreign, moved] = [mailbox(), mailbox(), mailbox()];
    const goneId = await write('password.reset', gone, 'token');
    await kontor.db.query('update letter set secret = null where delivery_id = $1', [goneId]);
    const foreignId = await write('password.reset', foreign, 'token', systemClock.now(), new Vault('77'.repeat(32)));
    const movedId = await write('password.reset', moved, 'token');
    await kontor.db.query('update letter set secret = (select secret from letter where delivery_id = $1) where delivery_id = $2', [
      foreignId,
      movedId,
    ]);
    await kontor.startPromises();
    for (const id of [goneId, foreignId, movedId]) {
      await settledAs(id, 'refused');
      expect((await letterOf(id)).secret).toBeNull();
      expect(await casesOf(id)).toMatchObject([{ kind: 'delivery.refused', detail: { why: 'secret' } }]);
    }
    for (const { address } of [gone, foreign, moved]) expect(kontor.mail.to(address)).toEqual([]);
  });

  test('ASVS 1.3.11: an address that is not one mailbox reaches nobody and is a case', async () => {
    const before = kontor.mail.recipients.length;
    const id = await write('password.changed', { ...mailbox(), address: 'a@x.example, b@y.example' });
    await settledAs(id, 'refused');
    expect(await casesOf(id)).toMatchObject([{ detail: { why: 'address' } }]);
    expect(kontor.mail.recipients.slice(before).filter((address) => /[xy]\.example$/.test(address))).toEqual([]);
  });

  test('a name that somebody typed who is not known is neither greeted nor in the header', async () => {
    const to = { ...mailbox(), id: null, name: 'Win a prize at evil.example' };
    await settledAs(await write('registration.confirm', to, 'token'), 'delivered');
    const [mail] = kontor.mail.to(to.address);
    expect(`${mail?.text} ${mail?.html} ${[mail?.to].flat()[0]?.text}`).not.toContain('prize');
  });

  test('R3: a letter that the engine has forgotten is started again by the sweep', async () => {
    await kontor.stopPromises();
    const to = mailbox();
    const id = await write('password.changed', to);
    await kontor.db.query('delete from outbox');
    await kontor.db.query(`update letter set created_at = created_at - interval '3 minutes' where delivery_id = $1`, [id]);
    await kontor.startPromises();
    await settledAs(id, 'delivered');
    expect(kontor.mail.to(to.address)).toHaveLength(1);
  });
});

describe('the engine is away', () => {
  /** Where the engine should be and is not: nobody listens, or somebody who never answers. */
  class Nowhere {
    private readonly server: Server;
    private readonly open = new Set<Socket>();
    private constructor(server: Server) {
      this.server = server;
      server.on('connection', (socket) => {
        this.open.add(socket);
        socket.on('error', () => undefined);
      });
    }
    static async begin(): Promise<Nowhere> {
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return new Nowhere(server);
    }
    get address(): string {
      return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }
    async end(): Promise<void> {
      for (const socket of this.open) socket.destroy();
      await new Promise((resolve) => this.server.close(resolve));
    }
  }

  let lines: string[];
  let dispatcher: Dispatcher;
  let connection: Connection;

  async function dispatchTo(address: string): Promise<void> {
    lines = [];
    const log = pino({ level: 'debug' }, new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }));
    connection = Connection.lazy({ address });
    dispatcher = new Dispatcher({
      database: kontor.database,
      databaseUrl: kontor.db.appUrl,
      engine: new Engine(new EngineClient({ connection, namespace: inject('temporalNamespace') }), kontor.taskQueue),
      deliver: (deliveryId) => deliver(kontor.deliveries, deliveryId),
      clock: systemClock,
      log,
      sweepSeconds: 30,
    });
    dispatcher.start();
  }

  async function endDispatching(): Promise<void> {
    await dispatcher.stop();
    await connection.close();
  }

  beforeAll(() => kontor.stopPromises());

  test('R3: somebody signs in with a mailed code as ever; what can wait waits, and everything is mailed once', async () => {
    const closed = await Nowhere.begin();
    const { address } = closed;
    await closed.end();
    await dispatchTo(address);
    try {
      const boris = await kontor.people.customer();
      await kontor.db.query(`insert into factor (user_id, kind, state, created_at) values ($1, 'email', 'active', $2)`, [
        boris.id,
        systemClock.now(),
      ]);
      const visitor = apiDriver(`${kontor.origin}/api/v1`, {});
      const { body } = await visitor.post('/auth/sign-in', { email: boris.email, password: testPassword });
      expect(body.next).toMatchObject({ what: 'second_factor' });
      expect((await visitor.post('/auth/second-factor/email-code', { attempt: body.next.attempt })).status).toBe(202);
      const code = await mailedCode(kontor.mail, boris.email);
      const signedIn = await visitor.post('/auth/second-factor', { attempt: body.next.attempt, method: 'email', code });
      expect(signedIn.status).toBe(200);

      const patient = mailbox();
      const patientId = await write('password.changed', patient);
      await until('the engine was asked again', async () => (await kontor.db.query('select 1 from outbox')).length >= 2);
      expect((await letterOf(patientId)).state).toBe('pending');
      await endDispatching();
      await kontor.startPromises();
      await settledAs(patientId, 'delivered');
      await until('the engine has heard of everything', async () => (await kontor.db.query('select 1 from outbox')).length === 0);
      expect(kontor.mail.to(boris.email).filter((mail) => mail.text?.includes(code))).toHaveLength(1);
      expect(kontor.mail.to(patient.address)).toHaveLength(1);
    } finally {
      await dispatcher.stop();
      await kontor.stopPromises();
    }
  });

  test('R3: behind hundreds of messages, an engine that never answers and a mail server that stumbles, codes go out in time', async () => {
    const silent = await Nowhere.begin();
    for (let number = 1; number <= 300; number += 1)
      await kontor.db.query('insert into outbox (entity, message, created_at) values ($1, $2, $3)', [
        `ticket:CS-${900_000 + number}`,
        { kind: 'ticket.happening', number: `CS-${900_000 + number}`, happening: 'customerReplied', revision: 1 },
        systemClock.now(),
      ]);
    await dispatchTo(silent.address);
    try {
      kontor.mail.refuseWith(421);
      const letters = Array.from({ length: 20 }, () => mailbox());
      const ids: string[] = [];
      for (const [index, to] of letters.entries()) ids.push(await write('code.sign_in', to, String(100_000 + index)));
      await until('one was tried and not taken', () => lines.some((line) => line.includes('mail.unavailable')), 30);
      kontor.mail.refuseWith(null);
      for (const id of ids) await settledAs(id, 'delivered');
      for (const [index, { address }] of letters.entries())
        expect(kontor.mail.to(address).map((mail) => mail.text?.includes(String(100_000 + index)))).toEqual([true]);
      const said = lines.join('\n');
      expect(said).not.toMatch(/@mail\.example|Anna|1000[01]\d/);
    } finally {
      await endDispatching();
      await silent.end();
      await kontor.db.query('delete from outbox');
    }
  });
});

/** As an operator could read it: payloads decoded, however the engine's library spells them. */
function readable(told: unknown): string {
  const spelled = JSON.stringify(told, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    return typeof value === 'bigint' ? String(value) : value;
  });
  return spelled.replaceAll(/"data":"([\w+/=-]+)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString('utf8'));
}
