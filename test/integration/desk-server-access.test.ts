/** Access to customers' servers over the API (SPEC T17): who may, until when, who is told; and the ways in which a secret is attacked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
/** Anna as she is signed in: a token cannot lend access. */
let own: ApiDriver;
let oleg: TestStaff;
const clock = new MovableClock();
const world = { removeFile: async () => undefined };
const hour = 3_600_000;
let secrets = 0;

beforeAll(async () => {
  kontor = await startKontor({ clock });
  anna = await kontor.people.customer();
  own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => kontor?.stop());

const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];
const newSecret = () => `secret word ${(secrets += 1)} „ж“`;

async function open(by: ApiDriver = anna, category = 'technical'): Promise<string> {
  const opened = await by.post('/tickets', { subject: 'The panel does not start', body: 'Please look', category });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

const withSecret = (secret: string, more: object = {}) => ({ address: '203.0.113.7', way: 'secret', secret, ...more });

async function granted(number: string, secret = newSecret(), by = own): Promise<string> {
  const answer = await by.post(`/tickets/${number}/server-accesses`, withSecret(secret));
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const at = (number: string, id: string, more = '') => `/tickets/${number}/server-accesses/${id}${more}`;
const look = (by: ApiDriver, number: string, id: string, reason = 'To read the log') => by.post(at(number, id, '/views'), { reason });
const accesses = async (by: ApiDriver, number: string) => (await by.get(`/tickets/${number}/server-accesses`)).body.items;
const sealed = async (id: string) =>
  (await kontor.db.query<{ secret: string | null }>('select secret from server_access where id = $1', [id]))[0]!.secret;
const viewsOf = (id: string) =>
  kontor.db.query<{ reason: string }>('select reason from server_access_view where server_access_id = $1', [id]);
const storyOf = async (by: ApiDriver, number: string) =>
  (await by.get(`/tickets/${number}/history?limit=100`)).body.items.map((line: { what: string }) => line.what);

/** Lets the engine and its clock be: the step of this access is taken as its workflow would take it. */
async function timeComes(id: string): Promise<void> {
  const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`server-access:${id}`]);
  await takeTimedStep(kontor.database, clock, world, `server-access:${id}`, step!.id);
}

/** Sessions end while a clock is moved by days. */
async function everybodySignsInAgain(): Promise<void> {
  own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  oleg = { ...oleg, ...(await signedIn(kontor.origin, 'staff', oleg.email, testPassword, oleg.app)) };
}

describe('lending access', () => {
  test('T17: for 72 hours, on port 22 as root when nothing else is said; the secret is in no answer and sealed in its row', async () => {
    const number = await open();
    const secret = newSecret();
    const answer = await own.post(`/tickets/${number}/server-accesses`, withSecret(secret));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      address: '203.0.113.7',
      sshPort: 22,
      login: 'root',
      way: 'secret',
      open: true,
      grantedBy: { id: anna.id },
      viewCount: 0,
      views: [],
      allowedActions: ['extend', 'end'],
    });
    expect(Date.parse(answer.body.endsAt) - Date.parse(answer.body.grantedAt)).toBe(72 * hour);
    expect(await sealed(answer.body.id)).toMatch(/^1\.[0-9a-f]{8}\.[\w-]+\.[\w-]+$/);
    const shown = await Promise.all([accesses(own, number), accesses(anna, number), accesses(oleg, number)]);
    expect(JSON.stringify([answer.body, ...shown])).not.toMatch(/secret word|"secret":/);
    expect(shown[2][0]).toMatchObject({ address: '203.0.113.7', allowedActions: ['view', 'end'] });
    const line = (await anna.get(`/tickets/${number}/history`)).body.items.at(-1);
    expect(line).toMatchObject({
      what: 'access_granted',
      text: 'Access to 203.0.113.7 was granted',
      data: { server: '203.0.113.7', way: 'secret' },
    });
  });

  test('T17: through the panel there is no secret, and none to look at', async () => {
    const number = await open();
    const answer = await own.post(`/tickets/${number}/server-accesses`, {
      address: 'Panel.Vega.Example',
      way: 'panel',
      sshPort: 2222,
      login: 'vega',
    });
    expect(answer.body).toMatchObject({ address: 'panel.vega.example', way: 'panel', sshPort: 2222, login: 'vega', open: true });
    expect((await accesses(oleg, number))[0].allowedActions).toEqual(['end']);
    expect(codeOf(await look(oleg, number, answer.body.id))).toEqual([409, 'server_access.no_secret']);
    expect(await viewsOf(answer.body.id)).toEqual([]);
  });

  test('T17: what is malformed is refused without repeating it, and nothing is kept', async () => {
    const number = await open();
    const secret = newSecret();
    const wrong: object[] = [
      withSecret(secret, { address: `root:${secret}@203.0.113.7` }),
      withSecret(secret, { address: '' }),
      withSecret(secret, { sshPort: 0 }),
      withSecret(secret, { sshPort: 65_536 }),
      withSecret(secret, { sshPort: '22' }),
      withSecret(secret, { login: `root:${secret}` }),
      withSecret(secret, { way: secret }),
      withSecret(secret, { way: 'panel' }),
      withSecret(secret, { password: secret }),
      withSecret(''),
      withSecret(`${secret}${'x'.repeat(8192)}`),
      withSecret(`${secret}\ud800`),
      { address: '203.0.113.7', way: 'secret' },
      { address: '203.0.113.7', way: 'secret', secret: [secret] },
      { address: '203.0.113.7', way: 'secret', secret: { text: secret } },
    ];
    for (const body of wrong) {
      const answer = await own.post(`/tickets/${number}/server-accesses`, body);
      expect(codeOf(answer), JSON.stringify(body)).toEqual([400, 'request.invalid']);
      expect(JSON.stringify(answer.body)).not.toContain(secret);
    }
    const broken = await fetch(`${kontor.origin}/api/v1/tickets/${number}/server-accesses`, {
      method: 'POST',
      headers: { ...own.credentials, 'content-type': 'application/json' },
      body: `{"address":"203.0.113.7","way":"secret","secret":"${secret}`,
    });
    expect([broken.status, await broken.text()]).toEqual([400, expect.not.stringContaining('secret word')]);
    expect(await accesses(own, number)).toEqual([]);
  });

  test('T17, I8: only somebody who has signed in, as owner or technician, and on a ticket of his own that is open', async () => {
    const number = await open();
    const body = withSecret(newSecret());
    expect(codeOf(await anna.post(`/tickets/${number}/server-accesses`, body))).toEqual([403, 'auth.sign_in_required']);
    const [clerk, technician] = await Promise.all(
      (['billing', 'technical'] as const).map(async (role) => {
        const person = await kontor.people.customer({ account: { id: anna.accountId, role } });
        return { ...person, session: await inAccount(person.email, anna.accountId) };
      }),
    );
    expect(codeOf(await clerk!.session.post(`/tickets/${number}/server-accesses`, body))).toEqual([403, 'auth.not_permitted']);
    expect((await technician!.session.post(`/tickets/${number}/server-accesses`, body)).status).toBe(201);
    const stranger = await kontor.people.customer({ name: 'Stranger' });
    const strangers = await signedIn(kontor.origin, 'customer', stranger.email, testPassword);
    expect(codeOf(await strangers.post(`/tickets/${number}/server-accesses`, body))).toEqual([404, 'ticket.not_found']);
    expect(codeOf(await strangers.get(`/tickets/${number}/server-accesses`))).toEqual([404, 'ticket.not_found']);
    expect((await oleg.post(`/tickets/${number}/server-accesses`, body)).status).toBeOneOf([404, 405]);
    await anna.post(`/tickets/${number}/resolution`);
    expect(codeOf(await own.post(`/tickets/${number}/server-accesses`, body))).toEqual([409, 'ticket.closed']);
  });

  test('R10: the same key twenty times at once lends once; the key’s record holds neither the secret nor a hash of it that could be guessed', async () => {
    const number = await open();
    const secret = newSecret();
    const body = withSecret(secret);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => own.post(`/tickets/${number}/server-accesses`, body, { 'idempotency-key': `lend-${secrets}` })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect(await accesses(own, number)).toHaveLength(1);
    const [record] = await kontor.db.query<{ request_hash: string; answer: unknown }>(
      'select request_hash, answer from idempotency_record where key = $1',
      [`lend-${secrets}`],
    );
    const request = `${anna.accountId} POST /api/v1/tickets/${number}/server-accesses\n${JSON.stringify(body)}`;
    const { createHash } = await import('node:crypto');
    expect(record!.request_hash).not.toBe(createHash('sha256').update(request).digest('hex'));
    expect(record!.request_hash).toBe(kontor.vault.fingerprint('idempotency', request));
    expect(JSON.stringify(record)).not.toContain('secret word');
  });

  test('T17: twenty open accesses are as many as a ticket has', async () => {
    const number = await open();
    for (let made = 0; made < 20; made += 1) await granted(number);
    expect(codeOf(await own.post(`/tickets/${number}/server-accesses`, withSecret(newSecret())))).toEqual([422, 'server_access.too_many']);
    await anna.post(`/tickets/${number}/resolution`);
    const all = (await anna.get(`/tickets/${number}/server-accesses?limit=100`)).body.items;
    expect(new Set(all.map((access: { endedBy: string }) => access.endedBy))).toEqual(new Set(['closing']));
  });
});

/** Signed in, and acting in this account of the two that he has. */
async function inAccount(email: string, account: string): Promise<ApiDriver> {
  const session = await signedIn(kontor.origin, 'customer', email, testPassword);
  await kontor.db.query('update session set active_account_id = $1 where user_id = (select id from app_user where email = $2)', [
    account,
    email,
  ]);
  return session;
}

describe('looking at a secret', () => {
  test('T17: it is shown once for a reason; the customer is told who, when and why, and sees it in the list and the history', async () => {
    const number = await open();
    const secret = newSecret();
    const id = await granted(number, secret);
    const seen = await look(oleg, number, id, 'To read the log of the update');
    expect(seen.status).toBe(201);
    expect(seen.headers.get('cache-control')).toBe('no-store');
    expect(seen.body).toEqual({
      id: expect.stringMatching(/^sav_/),
      address: '203.0.113.7',
      sshPort: 22,
      login: 'root',
      secret,
      at: expect.any(String),
    });
    const view = { id: seen.body.id, by: { id: oleg.id, name: 'Oleg Sidorov' }, reason: 'To read the log of the update', at: seen.body.at };
    for (const reader of [own, anna, oleg]) expect((await accesses(reader, number))[0]).toMatchObject({ viewCount: 1, views: [view] });
    expect((await own.get(at(number, id, '/views'))).body).toEqual({ items: [view], nextCursor: null });
    const line = (await anna.get(`/tickets/${number}/history?limit=100`)).body.items.at(-1);
    expect(line).toMatchObject({ what: 'access_viewed', by: { person: { name: 'Oleg Sidorov' } } });
    expect(line.text).toBe('Staff looked at the secret of 203.0.113.7: “To read the log of the update”');
    const { text } = await mailTo(kontor.mail, anna.email, new RegExp(`looked at the access to your server.*${number}`));
    expect(text).toContain('Oleg Sidorov looked at the secret of 203.0.113.7 on');
    expect(text).toContain('The reason given: “To read the log of the update”');
    expect(text).not.toContain('secret word');
    expect((await anna.get('/notifications')).body.items[0]).toMatchObject({ event: 'server_access.viewed', ticket: number });
    const [audited] = await kontor.db.query(
      `select actor_id, after from audit_line where action = 'ticket.access_viewed' and after->>'access' = $1`,
      [id],
    );
    expect(audited).toMatchObject({ actor_id: oleg.id, after: { view: seen.body.id } });
  });

  test('T17: no customer reads it, by whichever address, and neither do staff whose role may not', async () => {
    const number = await open();
    const id = await granted(number);
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await look(own, number, id)).status).toBeOneOf([404, 405]);
    expect((await own.post(`/api/staff/v1${at(number, id, '/views')}`, { reason: 'I forgot it' })).status).toBe(401);
    expect((await anna.post(`/api/staff/v1${at(number, id, '/views')}`, { reason: 'I forgot it' })).status).toBe(404);
    expect((await look(clerk, number, id)).status).toBe(403);
    expect((await clerk.get(`/tickets/${number}/server-accesses`)).status).toBe(403);
    for (const path of [at(number, id), at(number, id, '/secret')]) expect((await own.get(path)).status).toBeOneOf([404, 405]);
    expect(await viewsOf(id)).toEqual([]);
  });

  test('T17: without a reason that says something nobody looks, and nothing is recorded', async () => {
    const number = await open();
    const id = await granted(number);
    const bodies = [
      undefined,
      {},
      { reason: '' },
      { reason: '   ' },
      { reason: 'ab' },
      { reason: '  a ' },
      { reason: 'x'.repeat(301) },
      { reason: 'a\nb c' },
      { reason: 7 },
    ];
    for (const body of bodies) {
      const answer = await oleg.post(at(number, id, '/views'), body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('secret word');
    }
    expect(await viewsOf(id)).toEqual([]);
    expect((await look(oleg, number, id, 'abc')).status).toBe(201);
    expect((await look(oleg, number, id, 'x'.repeat(300))).status).toBe(201);
  });

  test('I10: it asks for a fresh code', async () => {
    const number = await open();
    const id = await granted(number);
    await kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '10 minutes' where user_id = $1`, [oleg.id]);
    expect(codeOf(await look(oleg, number, id))).toEqual([403, 'auth.step_up_required']);
    expect(await viewsOf(id)).toEqual([]);
    await everybodySignsInAgain();
    expect((await look(oleg, number, id)).status).toBe(201);
  });

  test('T17: twenty looks at once are twenty records, and each is told', async () => {
    const number = await open();
    const secret = newSecret();
    const id = await granted(number, secret);
    const seen = await Promise.all(Array.from({ length: 20 }, (_each, round) => look(oleg, number, id, `Reason ${round}`)));
    expect(new Set(seen.map(({ status, body }) => `${status} ${body.secret}`))).toEqual(new Set([`201 ${secret}`]));
    expect(new Set((await viewsOf(id)).map(({ reason }) => reason)).size).toBe(20);
    expect((await accesses(own, number))[0]).toMatchObject({ viewCount: 20, views: { length: 20 } });
    expect((await storyOf(own, number)).filter((what: string) => what === 'access_viewed')).toHaveLength(20);
    await kontor.settled();
    const mails = kontor.mail.to(anna.email).filter((mail) => mail.text?.includes('Reason ') && mail.subject?.includes(number));
    expect(new Set(mails.map((mail) => /Reason \d+/.exec(mail.text!)![0])).size).toBe(20);
    expect(mails).toHaveLength(20);
    const pages: string[] = [];
    for (let cursor = ''; ;) {
      const page = (await own.get(at(number, id, `/views?limit=7${cursor}`))).body;
      pages.push(...page.items.map((view: { id: string }) => view.id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(new Set(pages).size).toBe(20);
  });

  test('T17, api.md: the answer is kept under no key: a repeat is refused, and is no second look', async () => {
    const number = await open();
    const id = await granted(number);
    const again = () => oleg.post(at(number, id, '/views'), { reason: 'To read the log' }, { 'idempotency-key': `look-${id}` });
    const first = await again();
    expect(first.status).toBe(201);
    expect(codeOf(await again())).toEqual([409, 'idempotency.answer_not_kept']);
    expect(await viewsOf(id)).toHaveLength(1);
    expect(await kontor.db.query('select answer from idempotency_record where key = $1', [`look-${id}`])).toEqual([{ answer: null }]);
  });

  test('T17: a seal that was moved to another row opens there for nobody, and no look is recorded', async () => {
    const number = await open();
    const [one, other] = [await granted(number), await granted(number)];
    await kontor.db.query('update server_access set secret = (select secret from server_access where id = $1) where id = $2', [one, other]);
    expect(codeOf(await look(oleg, number, other))).toEqual([409, 'server_access.unreadable']);
    expect(await viewsOf(other)).toEqual([]);
  });

  test('T17: nobody takes a secret out of the table without saying so: the product’s role cannot change or delete a look', async () => {
    const number = await open();
    await look(oleg, number, await granted(number));
    const em = kontor.database.fork();
    for (const sql of [
      'delete from server_access_view',
      `update server_access_view set reason = 'none'`,
      'delete from server_access',
      'update server_access set address = address',
    ])
      await expect(em.execute(sql), sql).rejects.toThrow(/permission denied/);
    // The table itself refuses an access that is over and still has its secret.
    await expect(kontor.db.query(`update server_access set ended_at = now(), ended_by = 'time' where secret is not null`)).rejects.toThrow(
      /check/,
    );
  });
});

describe('its end', () => {
  test('T17: after 72 hours nobody looks, also before its timer has come; then the secret is gone from the row, and the customer is told', async () => {
    const number = await open();
    const id = await granted(number);
    clock.move(72 * 3600 + 1);
    await everybodySignsInAgain();
    expect(await sealed(id)).not.toBeNull();
    expect(codeOf(await look(oleg, number, id))).toEqual([409, 'server_access.ended']);
    expect((await accesses(own, number))[0]).toMatchObject({ open: false, allowedActions: [] });
    expect(codeOf(await own.post(at(number, id, '/extension')))).toEqual([409, 'server_access.ended']);
    await timeComes(id);
    expect(await sealed(id)).toBeNull();
    expect((await accesses(own, number))[0]).toMatchObject({ endedBy: 'time', endedByPerson: null });
    expect(codeOf(await look(oleg, number, id))).toEqual([409, 'server_access.ended']);
    const { text } = await mailTo(kontor.mail, anna.email, new RegExp(`access to your server in your request ${number}.*has ended`));
    expect(text).toContain('The access to 203.0.113.7 has run out.');
    expect(await viewsOf(id)).toEqual([]);
  });

  test('T17: its longest is 720 hours, also where the database’s clocks are changed meanwhile', async () => {
    const id = await granted(await open());
    const begun = new Date('2026-03-10T12:00:00Z');
    const until = (hours: number) =>
      kontor.db.query('update server_access set granted_at = $1, ends_at = $2 where id = $3', [
        begun,
        new Date(begun.getTime() + hours * hour),
        id,
      ]);
    await kontor.db.query(`set timezone to 'Europe/Berlin'`);
    try {
      await until(720);
      await expect(until(720.001)).rejects.toThrow('server_access_check');
    } finally {
      await kontor.db.query('reset timezone');
    }
  });

  test('T17: extended by the customer it stands for 72 hours from then, and its secret with it, up to 30 days in all', async () => {
    const number = await open();
    const id = await granted(number);
    const [{ grantedAt }] = await accesses(own, number);
    for (let days = 2; days <= 26; days += 2) {
      clock.move(48 * 3600);
      await everybodySignsInAgain();
      const longer = await own.post(at(number, id, '/extension'));
      expect(longer.status).toBe(200);
      expect(Date.parse(longer.body.endsAt)).toBeGreaterThan(clock.now().getTime() + 71 * hour);
      await timeComes(id);
    }
    clock.move(48 * 3600);
    await everybodySignsInAgain();
    const last = await own.post(at(number, id, '/extension'));
    expect(Date.parse(last.body.endsAt) - Date.parse(grantedAt)).toBe(30 * 24 * hour);
    expect(last.body.allowedActions).toEqual(['end']);
    expect(codeOf(await own.post(at(number, id, '/extension')))).toEqual([409, 'server_access.extended_to_the_end']);
    expect((await look(oleg, number, id)).status).toBe(201);
    expect((await storyOf(own, number)).filter((what: string) => what === 'access_extended')).toHaveLength(14);
  });

  test.each([
    ['the customer resolves it', async (number: string) => anna.post(`/tickets/${number}/resolution`), 'closed'],
    ['staff close it', async (number: string) => oleg.post(`/tickets/${number}/closing`, { reason: 'Done' }), 'closed'],
  ])('T17: when %s, the access ends with the ticket in the same moment, and its secret is gone', async (how, close, status) => {
    const number = await open();
    const id = await granted(number);
    expect((await close(number)).body.status).toBe(status);
    expect(await sealed(id)).toBeNull();
    expect(codeOf(await look(oleg, number, id))).toEqual([409, 'server_access.ended']);
    expect((await accesses(own, number))[0]).toMatchObject({ open: false, endedBy: 'closing' });
    expect(await kontor.db.query('select 1 from obligation where entity = $1', [`server-access:${id}`])).toEqual([]);
    expect((await storyOf(own, number)).slice(-2).toSorted()).toEqual(
      ['access_ended', how.startsWith('staff') ? 'close' : 'resolve'].toSorted(),
    );
    // Opened again, what was destroyed stays destroyed.
    await anna.post(`/tickets/${number}/messages`, { body: 'Not quite' });
    expect(codeOf(await look(oleg, number, id))).toEqual([409, 'server_access.ended']);
  });

  test('T17, N3: a closing tells of it in its own mail: one cause, one mail', async () => {
    const number = await open();
    await granted(number);
    const before = kontor.mail.to(anna.email).length;
    await oleg.post(`/tickets/${number}/closing`);
    await kontor.settled();
    const mails = kontor.mail
      .to(anna.email)
      .slice(before)
      .filter((mail) => mail.subject?.includes(number) && !/received/.test(mail.text ?? ''));
    expect(mails).toHaveLength(1);
    expect(mails[0]!.text).toContain('has ended too, and its secret is destroyed here');
  });

  test('T17, T13: merged, an access moves with its ticket, is shown and ends there, and moves back when the merge is undone', async () => {
    const [number, other] = [await open(), await open()];
    const [id, back] = [await granted(number), await granted(number)];
    expect((await oleg.post(`/tickets/${number}/merge`, { into: other })).status).toBe(200);
    expect((await look(oleg, other, id)).status).toBe(201);
    expect(codeOf(await look(oleg, number, id))).toEqual([404, 'server_access.not_found']);
    expect((await own.delete(at(other, id))).body.endedBy).toBe('customer');
    expect((await oleg.delete(`/tickets/${number}/merge`)).status).toBe(200);
    expect((await look(oleg, number, back)).status).toBe(201);
    await oleg.post(`/tickets/${number}/merge`, { into: other });
    await oleg.post(`/tickets/${other}/closing`);
    expect(await sealed(back)).toBeNull();
  });

  test('T17, T13: merged into a ticket that stays closed, an access ends', async () => {
    const [number, other] = [await open(), await open()];
    const id = await granted(number);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Is it the same as before?' });
    await oleg.post(`/tickets/${other}/closing`);
    expect((await oleg.post(`/tickets/${number}/merge`, { into: other })).status).toBe(200);
    expect((await oleg.get(`/tickets/${other}`)).body.status).toBe('closed');
    expect(await sealed(id)).toBeNull();
  });

  test('T17: either side ends it by hand, once, also by ten requests at once; staff’s end is told to the customer', async () => {
    const number = await open();
    const [byCustomer, byStaff] = [await granted(number), await granted(number)];
    const ends = await Promise.all(Array.from({ length: 10 }, () => own.delete(at(number, byCustomer))));
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(ends.filter(({ status }) => status === 409)).toHaveLength(9);
    expect((await oleg.delete(at(number, byStaff))).body).toMatchObject({
      endedBy: 'staff',
      endedByPerson: { id: oleg.id },
      allowedActions: [],
    });
    expect([await sealed(byCustomer), await sealed(byStaff)]).toEqual([null, null]);
    expect((await storyOf(own, number)).filter((what: string) => what === 'access_ended')).toHaveLength(2);
    await kontor.settled();
    const ended = kontor.mail.to(anna.email).filter((mail) => mail.text?.includes('has ended') && mail.subject?.includes(number));
    expect(ended.map((mail) => mail.text!.includes('staff need the access to 203.0.113.7 no longer'))).toEqual([true]);
  });

  test('T17: against twenty looks at once, an end leaves no look after it', async () => {
    const number = await open();
    const id = await granted(number);
    const looks = Array.from({ length: 20 }, () => look(oleg, number, id));
    const [ended, ...seen] = await Promise.all([own.delete(at(number, id)), ...looks]);
    expect(ended.status).toBe(200);
    const shown = seen.filter(({ status }) => status === 201);
    for (const refused of seen.filter((each) => !shown.includes(each))) expect(codeOf(refused)).toEqual([409, 'server_access.ended']);
    expect(await viewsOf(id)).toHaveLength(shown.length);
    const story = await storyOf(own, number);
    expect(story.lastIndexOf('access_viewed')).toBeLessThan(story.indexOf('access_ended'));
  });
});
