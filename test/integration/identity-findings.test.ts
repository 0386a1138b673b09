/** What attacks on identity and access once found, each a test. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedLink, mailTo } from '../harness/mailed.ts';
import { testPassword } from '../harness/people.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { until } from '../harness/until.ts';
import { enter, neededConsents, someAddress, tally, visitorOf } from './identity-surroundings.ts';

let kontor: Kontor;
let visitor: ApiDriver;

beforeAll(async () => {
  // One proxy in front, so that the callers of a test come from where they say.
  kontor = await startKontor({ proxyHops: 1, throttle: { ...roomyThrottle, mailToAddress: { tries: 5, seconds: 1800 } } });
  visitor = visitorOf(kontor.origin);
});
afterAll(() => kontor?.stop());

let places = 0;
/** A network that nobody else calls from. */
function somewhere(): Record<string, string> {
  places += 1;
  return { 'x-forwarded-for': `198.51.${Math.floor(places / 250)}.${(places % 250) + 1}` };
}

async function invited(owner: ApiDriver, email: string, role: string, nth = 1): Promise<string> {
  expect((await owner.post('/account/invitations', { email, role })).status).toBe(201);
  return until('the invitation is mailed', async () => {
    const links = kontor.mail.to(email).flatMap((mail) => /\/links\/invitation\S*#([\w-]{43})/.exec(mail.text ?? '')?.[1] ?? []);
    return links[nth - 1];
  });
}

const newcomer = { name: 'Boris', password: testPassword, consents: neededConsents };

describe('I2: who floods us with hashing', () => {
  const more = 100;

  test('with his own right password keeps nobody else out', async () => {
    const eve = await kontor.people.customer();
    const anna = await kontor.people.customer();
    const here = somewhere();
    const signIn = (email: string, from: Record<string, string>) => visitor.post('/auth/sign-in', { email, password: testPassword }, from);
    const flood = Promise.all(Array.from({ length: more }, () => signIn(eve.email, here)));
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(anna.email, somewhere())));
    expect(tally(answers)).toEqual({ '200': 12 });
    // Otherwise there was no flood.
    expect(tally(await flood)['503 auth.busy']).toBeGreaterThan(12);
  });

  test('with recovery codes that he cannot have costs us no hash', async () => {
    const eve = await enter(kontor, await kontor.people.customer());
    const here = somewhere();
    const flood = await Promise.all(Array.from({ length: more }, () => eve.post('/me/recovery-codes', undefined, here)));
    expect(tally(flood)).toEqual({ '404 factor.not_found': more });
  });
});

describe('I1: who was let go', () => {
  test('does not come back by an invitation that was sent twice', async () => {
    const owner = await enter(kontor, await kontor.people.customer());
    const email = someAddress();
    const spare = await invited(owner, email, 'owner', 1);
    const token = await invited(owner, email, 'owner', 2);
    expect((await visitor.post('/auth/invitation', { token, ...newcomer })).status).toBe(200);
    const boris = (await owner.get('/account/users')).body.items.find((member: { email: string }) => member.email === email);
    expect((await owner.delete(`/account/users/${boris.id}`)).status).toBe(204);
    expect((await visitor.post('/auth/invitation', { token: spare })).body.error.code).toBe('auth.link_invalid');
    expect((await owner.get('/account/users')).body.items).toHaveLength(1);
    expect((await owner.get('/account/invitations')).body.items).toEqual([]);
  });

  test.each(['let go', 'made technical'])('as an owner, being %s, is no owner again by an invitation that he made', async (how) => {
    const first = await kontor.people.customer();
    const owner = await enter(kontor, first);
    const email = someAddress();
    const token = await invited(owner, email, 'owner');
    await visitor.post('/auth/invitation', { token, ...newcomer });
    const boris = await enter(kontor, { email });
    const alias = await invited(boris, someAddress(), 'owner');
    const { id } = (await boris.get('/me')).body;
    const answer =
      how === 'let go' ? await owner.delete(`/account/users/${id}`) : await owner.patch(`/account/users/${id}`, { role: 'technical' });
    expect(answer.status).toBe(204);
    expect((await visitor.post('/auth/invitation', { token: alias, ...newcomer })).body.error.code).toBe('auth.link_invalid');
    expect(await kontor.db.query(`select 1 from audit_line where action = 'invitation.revoke' and actor_id = $1`, [first.id])).toHaveLength(
      1,
    );
  });

  test.each(['deactivated', 'made a clerk'])('as an administrator, being %s, is none again under another address', async (how) => {
    const maria = await kontor.people.staff({ role: 'administrator' });
    const eve = await kontor.people.staff({ role: 'administrator' });
    const alias = someAddress();
    expect((await eve.post('/staff-invitations', { email: alias, role: 'administrator' })).status).toBe(201);
    const token = await mailedLink(kontor.mail, alias, 'invitation');
    const answer =
      how === 'deactivated'
        ? await maria.post(`/staff/${eve.id}/deactivation`)
        : await maria.patch(`/staff/${eve.id}`, { role: 'billing' });
    expect(answer.status).toBe(204);
    expect((await visitor.post('/auth/invitation', { token, name: 'Eve', password: testPassword })).body.error.code).toBe(
      'auth.link_invalid',
    );
    expect((await maria.get('/staff-invitations')).body.items.map((each: { email: string }) => each.email)).not.toContain(alias);
  });
});

describe('I10: whoever sits down at an owner’s open browser', () => {
  test('makes nobody an owner, and lets nobody go, without a fresh code; its owner may leave', async () => {
    const first = await kontor.people.customer();
    const owner = await enter(kontor, first);
    const email = someAddress();
    await visitor.post('/auth/invitation', { token: await invited(owner, email, 'technical'), ...newcomer });
    const boris = await enter(kontor, { email });
    const { id } = (await boris.get('/me')).body;
    await kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '5 minutes' where user_id = any($1)`, [
      [first.id, id],
    ]);
    for (const answer of [
      await owner.post('/account/invitations', { email: someAddress(), role: 'owner' }),
      await owner.patch(`/account/users/${id}`, { role: 'owner' }),
      await owner.delete(`/account/users/${id}`),
    ])
      expect(answer.body.error.code).toBe('auth.step_up_required');
    expect((await owner.get('/account/invitations')).body.items).toEqual([]);
    expect((await boris.delete(`/account/users/${first.id}`)).body.error.code).toBe('auth.not_permitted');
    expect((await boris.delete(`/account/users/${id}`)).status).toBe(204);
  });
});

describe('I4: who forgot his password', () => {
  test('gets his letter although strangers asked for every other kind in his name', async () => {
    const anna = await kontor.people.customer();
    const wanted = { email: anna.email, name: 'Eve', accountName: 'Eve', consents: neededConsents };
    const asked = await Promise.all(Array.from({ length: 8 }, () => visitor.post('/auth/registration', wanted, somewhere())));
    expect(tally(asked)).toEqual({ '202': 5, '429 auth.too_many_tries': 3 });
    expect((await visitor.post('/auth/password-reset', { email: anna.email }, somewhere())).status).toBe(202);
    await mailedLink(kontor.mail, anna.email, 'password-reset');
  });
});

describe('I5: whoever begins a change of address at somebody’s open browser', () => {
  test('has it taken back when its owner changes the password', async () => {
    const anna = await kontor.people.customer();
    const thief = await enter(kontor, anna);
    const owner = await enter(kontor, anna);
    const elsewhere = someAddress();
    expect((await thief.post('/me/email', { email: elsewhere })).status).toBe(202);
    const token = await mailedLink(kontor.mail, elsewhere, 'email-change');
    const change = { currentPassword: testPassword, password: 'another walk along the sea' };
    expect((await owner.put('/me/password', change)).status).toBe(204);
    expect((await visitor.post('/auth/email-change', { token })).body.error.code).toBe('auth.link_invalid');
    expect((await owner.get('/me')).body.email).toBe(anna.email);
    await mailTo(kontor.mail, anna.email, /taken back/);
  });
});
