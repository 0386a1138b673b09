/** Changes of somebody's doors that wait, over the API: what is refused, what is not told, and who wins at the same moment. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedLink } from '../harness/mailed.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let oleg: TestStaff;
let maria: TestStaff;
let visitor: ApiDriver;
let mailboxes = 0;

beforeAll(async () => {
  kontor = await startKontor();
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  maria = await kontor.people.staff({ name: 'Maria Orlova' });
  visitor = apiDriver(`${kontor.origin}/api/v1`, {});
});
afterAll(() => kontor?.stop());

const newMailbox = () => `change-${(mailboxes += 1)}@mail.example`;
const asCustomer = (anna: TestCustomer, email = anna.email) => signedIn(kontor.origin, 'customer', email, testPassword);
const emailOf = async (id: string) =>
  (await kontor.db.query<{ email: string }>('select email from app_user where id = $1', [id]))[0]!.email;
const confirm = async (email: string) =>
  visitor.post('/auth/email-change', { token: await mailedLink(kontor.mail, email, 'email-change') });
const subjectsTo = (address: string) => kontor.mail.to(address).map((mail) => mail.subject);
const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

async function begin(anna: TestCustomer): Promise<{ id: string; email: string }> {
  const email = newMailbox();
  const begun = await oleg.post(`/users/${anna.id}/email-change`, { email, reason: 'Lost the mailbox' });
  expect(begun.status).toBe(202);
  return { id: begun.body.id, email };
}

describe('a customer’s own change of address', () => {
  test('I5: confirmed from the new mailbox it takes effect; both addresses are told; only where he proved himself he stays signed in', async () => {
    const anna = await kontor.people.customer();
    const elsewhere = await asCustomer(anna);
    await kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '10 minutes' where user_id = $1`, [anna.id]);
    const here = await asCustomer(anna);
    const email = newMailbox();
    const begun = await here.post('/me/email', { email: `  ${email.toUpperCase()} ` });
    expect(begun.status).toBe(202);
    expect(begun.body).toMatchObject({
      state: 'pending',
      newEmail: email,
      coolsUntil: null,
      next: { what: 'lapse' },
      allowedActions: ['veto'],
    });
    await until('the old address is told', () => subjectsTo(anna.email).includes('Your address is about to change'));
    expect((await confirm(email)).body).toMatchObject({ state: 'done', next: null, user: null, begunBy: null });
    expect(await emailOf(anna.id)).toBe(email);
    expect((await here.get('/me')).body.email).toBe(email);
    expect((await elsewhere.get('/me')).status).toBe(401);
    await kontor.settled();
    expect(subjectsTo(anna.email)).toContain('Your address was changed');
    expect(subjectsTo(email)).toContain('Your address was changed');
    const told = await kontor.db.query<{ event: string }>(
      `select event from notification where recipient_id = $1 and event like 'security.%' and event <> 'security.new_sign_in' order by created_at`,
      [anna.id],
    );
    expect(told.map(({ event }) => event)).toEqual(['security.change_begun', 'security.email_changed']);
  });

  test('I2: an address that somebody has is answered like any other, reaches its owner as a note, and the change has no link', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer({ name: 'Boris Orlov' })];
    const [own, other] = [await asCustomer(anna), await asCustomer(await kontor.people.customer())];
    const taken = await own.post('/me/email', { email: boris.email });
    const free = await other.post('/me/email', { email: newMailbox() });
    const shape = (body: Record<string, unknown>) => Object.entries(body).map(([key, value]) => [key, typeof value]);
    expect([taken.status, shape(taken.body)]).toEqual([free.status, shape(free.body)]);
    await kontor.settled();
    const note = kontor.mail.to(boris.email).find((mail) => mail.subject === 'Your address is in use already');
    expect(note?.text).not.toMatch(/\/links\/email-change|Anna|#/);
    expect(note?.text).not.toContain(anna.email);
    expect(await kontor.db.query('select 1 from mailed_link where about = $1', [taken.body.id])).toEqual([]);
  });

  test('I5: what he began he takes back; the mailed link is dead then', async () => {
    const anna = await kontor.people.customer();
    const own = await asCustomer(anna);
    const email = newMailbox();
    const { id } = (await own.post('/me/email', { email })).body;
    const token = await mailedLink(kontor.mail, email, 'email-change');
    expect((await own.post(`/pending-actions/${id}/veto`)).body.state).toBe('withdrawn');
    expect(codeOf(await visitor.post('/auth/email-change', { token }))).toEqual([404, 'auth.link_invalid']);
    expect((await own.post('/me/email', { email: newMailbox() })).status).toBe(202);
  });

  test('I5: refused are the address he has, one that is none, and a second change beside the first', async () => {
    const anna = await kontor.people.customer();
    const own = await asCustomer(anna);
    expect(codeOf(await own.post('/me/email', { email: anna.email.toUpperCase() }))).toEqual([422, 'email.same']);
    for (const email of ['a@x.example, b@y.example', '"x" <a@x.example>', 'аnna@vega.example', 'anna'])
      expect((await own.post('/me/email', { email })).status).toBe(400);
    expect((await own.post('/me/email', { email: newMailbox() })).status).toBe(202);
    expect(codeOf(await own.post('/me/email', { email: newMailbox() }))).toEqual([409, 'pending_action.open_already']);
  });

  test('I4, I5: a new password by mailed link takes back a change that somebody began at his open browser', async () => {
    const anna = await kontor.people.customer();
    const own = await asCustomer(anna);
    const email = newMailbox();
    await own.post('/me/email', { email });
    const token = await mailedLink(kontor.mail, email, 'email-change');
    await visitor.post('/auth/password-reset', { email: anna.email });
    const reset = await mailedLink(kontor.mail, anna.email, 'password-reset');
    const password = 'another ordinary long password';
    expect((await visitor.post('/auth/password-reset/confirmation', { token: reset, password })).status).toBe(204);
    expect((await visitor.post('/auth/email-change', { token })).status).toBe(404);
    expect(await emailOf(anna.id)).toBe(anna.email);
  });
});

describe('a change that staff begin', () => {
  test('I5: only customers can be meant; staff and nobody answer alike; a ticket must be of his account', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    const foreign = (await boris.post('/tickets', { subject: 'Mine', body: 'Mine', category: 'general' })).body.number;
    const nobody = anna.id.slice(0, -4) + (anna.id.endsWith('0000') ? '1111' : '0000');
    const wish = { email: newMailbox(), reason: 'Asked by phone' };
    for (const id of [maria.id, nobody, 'usr_1', anna.accountId])
      for (const path of ['email-change', 'factor-reset'])
        expect(codeOf(await oleg.post(`/users/${id}/${path}`, path === 'email-change' ? wish : { reason: 'Lost' }))).toEqual([
          404,
          'customer.not_found',
        ]);
    for (const ticket of [foreign, 'CS-999999', '9999999999'])
      expect(codeOf(await oleg.post(`/users/${anna.id}/email-change`, { ...wish, ticket }))).toEqual([404, 'ticket.not_found']);
    expect(codeOf(await oleg.post(`/users/${anna.id}/email-change`, { ...wish, email: boris.email.toUpperCase() }))).toEqual([
      422,
      'email.taken',
    ]);
    expect(codeOf(await oleg.post(`/users/${anna.id}/email-change`, { ...wish, email: anna.email }))).toEqual([422, 'email.same']);
    expect((await oleg.get('/pending-actions?state=pending')).body.items.filter((each: any) => each.user.id === anna.id)).toEqual([]);
  });

  test('I8: billing clerks read what waits, and neither begin, approve nor withdraw', async () => {
    const anna = await kontor.people.customer();
    const { id } = await begin(anna);
    const clerk = await kontor.people.staff({ role: 'billing' });
    const [seen] = (await clerk.get(`/pending-actions?user=${anna.id}`)).body.items;
    expect(seen).toMatchObject({ id, allowedActions: [], reason: 'Lost the mailbox' });
    for (const path of [`/pending-actions/${id}/approval`, `/pending-actions/${id}/withdrawal`])
      expect(codeOf(await clerk.post(path))).toEqual([403, 'auth.not_permitted']);
    expect(codeOf(await clerk.post(`/users/${anna.id}/factor-reset`, { reason: 'x' }))).toEqual([403, 'auth.not_permitted']);
  });

  test('I10: beginning and approving ask for a fresh code', async () => {
    const anna = await kontor.people.customer();
    const { id } = await begin(anna);
    const stale = await kontor.people.staff();
    await kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '6 minutes' where user_id = $1`, [stale.id]);
    for (const [path, body] of [
      [`/users/${anna.id}/email-change`, { email: newMailbox(), reason: 'x' }],
      [`/users/${anna.id}/factor-reset`, { reason: 'x' }],
      [`/pending-actions/${id}/approval`, undefined],
    ] as const)
      expect(codeOf(await stale.post(path, body))).toEqual([403, 'auth.step_up_required']);
  });

  test('I10: the list is read page by page, by state, and an unknown id is unknown', async () => {
    const people = [await kontor.people.customer(), await kontor.people.customer(), await kontor.people.customer()];
    const begun: string[] = [];
    for (const person of people) begun.push((await begin(person)).id);
    await oleg.post(`/pending-actions/${begun[1]}/withdrawal`);
    const first = (await oleg.get('/pending-actions?limit=2')).body;
    const second = (await oleg.get(`/pending-actions?limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map((each) => each.id);
    expect(ids.slice(0, 3)).toEqual(begun.toReversed());
    expect((await oleg.get('/pending-actions?state=withdrawn&limit=1')).body.items[0]).toMatchObject({ id: begun[1], state: 'withdrawn' });
    for (const id of ['pac_1', 'pac_00000000000000000000000000'])
      for (const path of ['approval', 'withdrawal'])
        expect(codeOf(await oleg.post(`/pending-actions/${id}/${path}`))).toEqual([404, 'pending_action.not_found']);
  });

  test('I5: the link for the new mailbox vetoes nothing, the one for the old confirms nothing', async () => {
    const anna = await kontor.people.customer();
    const { email } = await begin(anna);
    const [confirming, stopping] = [
      await mailedLink(kontor.mail, email, 'email-change'),
      await mailedLink(kontor.mail, anna.email, 'veto'),
    ];
    for (const [path, token] of [
      ['/auth/veto', confirming],
      ['/auth/email-change', stopping],
      ['/auth/veto', 'x'.repeat(43)],
    ])
      expect(codeOf(await visitor.post(path!, { token }))).toEqual([404, 'auth.link_invalid']);
    expect((await visitor.post('/auth/veto', { token: stopping })).body.state).toBe('vetoed');
  });
});

describe('at the same moment', () => {
  test('R10: of ten who follow one link one is heard; the change happens once', async () => {
    const anna = await kontor.people.customer();
    const email = newMailbox();
    await (await asCustomer(anna)).post('/me/email', { email });
    const token = await mailedLink(kontor.mail, email, 'email-change');
    const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post('/auth/email-change', { token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9);
    await kontor.settled();
    expect(subjectsTo(email).filter((subject) => subject === 'Your address was changed')).toHaveLength(1);
  });

  test('I10: veto, approval, withdrawal and confirmation at once: one story, no deadlock, and everybody is told the same end', async () => {
    const ends = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const anna = await kontor.people.customer();
        const { id, email } = await begin(anna);
        const [confirming, stopping] = [
          await mailedLink(kontor.mail, email, 'email-change'),
          await mailedLink(kontor.mail, anna.email, 'veto'),
        ];
        const answers = await Promise.all([
          visitor.post('/auth/email-change', { token: confirming }),
          maria.post(`/pending-actions/${id}/approval`),
          visitor.post('/auth/veto', { token: stopping }),
          maria.post(`/pending-actions/${id}/withdrawal`),
        ]);
        expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
        const [{ state }] = (await oleg.get(`/pending-actions?user=${anna.id}`)).body.items;
        expect(['done', 'vetoed', 'withdrawn']).toContain(state);
        expect(await emailOf(anna.id)).toBe(state === 'done' ? email : anna.email);
        const settlings = await kontor.db.query<{ action: string }>(
          `select action from audit_line where object = $1 and action in ('pending_action.take_effect', 'pending_action.veto', 'pending_action.withdraw')`,
          [`pending-action:${id}`],
        );
        expect(settlings).toHaveLength(1);
        expect(await kontor.db.query('select 1 from obligation where entity = $1', [`pending-action:${id}`])).toEqual([]);
        return state as string;
      }),
    );
    expect(ends).toHaveLength(12);
    await kontor.settled();
  });

  test('I5: two customers who want one address at once: one has it, the other keeps his', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    const email = newMailbox();
    const begun = [];
    for (const person of [anna, boris])
      begun.push((await oleg.post(`/users/${person.id}/email-change`, { email, reason: 'Asked' })).body.id);
    const tokens = await until('both links are there', () => {
      const found = kontor.mail.to(email).flatMap((mail) => /email-change\?lang=\w+#([\w-]{43})/.exec(mail.text ?? '')?.[1] ?? []);
      return found.length === 2 && found;
    });
    for (const token of tokens) expect((await visitor.post('/auth/email-change', { token })).status).toBe(200);
    await Promise.all(begun.map((id) => maria.post(`/pending-actions/${id}/approval`)));
    const emails = [await emailOf(anna.id), await emailOf(boris.id)];
    expect(emails.filter((address) => address === email)).toHaveLength(1);
    const states = await kontor.db.query<{ state: string }>('select state from pending_action where id = any($1) order by state', [begun]);
    expect(states.map(({ state }) => state)).toEqual(['done', 'lapsed']);
  });

  test('R10: the same wish sent twenty times begins one change', async () => {
    const anna = await kontor.people.customer();
    const wish = { email: newMailbox(), reason: 'Once' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => oleg.post(`/users/${anna.id}/email-change`, wish, { 'idempotency-key': `once-${anna.id}` })),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect((await oleg.get(`/pending-actions?user=${anna.id}`)).body.items).toHaveLength(1);
  });
});

describe('what the engine has lost', () => {
  test('R3: a change that the engine has forgotten is started again by the sweep, and takes effect once', async () => {
    const forgetful = await startKontor({ promises: false, sweepSeconds: 0.3 });
    try {
      const [staff, anna] = [await forgetful.people.staff(), await forgetful.people.customer()];
      const begun = await staff.post(`/users/${anna.id}/factor-reset`, { reason: 'Lost the phone' });
      expect(begun.status).toBe(202);
      // The engine was told and lost everything; the time is over, and three minutes more, as the sweep does not jostle the living.
      await forgetful.db.query(`delete from outbox where entity like 'pending-action:%'`);
      for (const statement of [
        `update pending_action set cools_until = cools_until - interval '4324 minutes'`,
        `update obligation set due_at = due_at - interval '4324 minutes'`,
      ])
        await forgetful.db.query(statement);
      await forgetful.startPromises();
      await until('it has taken effect', async () => (await staff.get('/pending-actions')).body.items[0].state === 'done');
      await forgetful.settled();
      const lines = await forgetful.db.query<{ action: string }>(`select action from audit_line where object = $1 order by id`, [
        `pending-action:${begun.body.id}`,
      ]);
      expect(lines.map(({ action }) => action)).toEqual(['pending_action.begin', 'pending_action.take_effect']);
      expect(await forgetful.db.query('select 1 from staff_case')).toEqual([]);
    } finally {
      await forgetful.stop();
    }
  });

  test('DESIGN: a fact about a change that never was becomes a case and leaves the outbox', async () => {
    const entity = 'pending-action:pac_00000000000000000000000000';
    const message = { kind: 'pending_action.happening', id: 'pac_00000000000000000000000000', happening: 'changeVetoed' };
    await kontor.db.query('insert into outbox (entity, message, created_at) values ($1, $2, $3)', [entity, message, kontor.clock.now()]);
    // Something that rings the bell.
    await begin(await kontor.people.customer());
    await kontor.settled();
    expect(await kontor.db.query('select kind from staff_case where about = $1', [entity])).toEqual([{ kind: 'engine.unknown_entity' }]);
  });

  test('P4: a change that is confirmed and takes effect costs few events, none of which tells an address or a name', async () => {
    const anna = await kontor.people.customer({ name: 'Anna Petrova' });
    const { id, email } = await begin(anna);
    await kontor.settled();
    await confirm(email);
    await kontor.settled();
    await maria.post(`/pending-actions/${id}/approval`);
    const handle = kontor.temporal.workflow.getHandle(`pending-action:${id}`);
    await until('its workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    const history = await handle.fetchHistory();
    expect(history.events!.length).toBeLessThanOrEqual(24);
    const told = JSON.stringify([history, (await handle.describe()).raw], (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : typeof value === 'bigint' ? String(value) : value,
    ).replaceAll(/"data":"([\w+/=-]+)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString('utf8'));
    expect(told).toContain(id);
    for (const secret of [email, anna.email, 'Petrova', 'Lost the mailbox']) expect(told).not.toContain(secret);
  });
});
