import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takePendingStep } from '../../db/repositories/pending-actions.ts';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { mailedLink } from '../harness/mailed.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

const hour = 3600 * 1000;
const day = 24 * hour;

let story: Story;
let oleg: TestStaff;
let maria: TestStaff;
let visitor: ApiDriver;
let mailboxes = 0;

beforeAll(async () => {
  story = await beginStory('2031-03-03T07:00:00Z');
  oleg = await story.people.staff({ name: 'Oleg Sidorov' });
  maria = await story.people.staff({ name: 'Maria Orlova' });
  visitor = apiDriver(`${story.origin}/api/v1`, {});
});
afterAll(() => story?.stop());

/** Signed in a moment ago, a minute after everything before: what asks for a fresh code is open, and the app has a new one. */
const fresh = async (staff: TestStaff) => {
  await passHours(1 / 60);
  return signedIn(story.origin, 'staff', staff.email, testPassword, staff.app);
};
const asCustomer = (email: string) => signedIn(story.origin, 'customer', email, testPassword);
const passHours = (hours: number) => story.passUntil(new Date(story.now().getTime() + hours * hour));
const newMailbox = () => `new-${(mailboxes += 1)}@mail.example`;
const subjectsTo = (address: string) => story.mail.to(address).map((mail) => mail.subject);
const workflowOf = async (id: string) => (await story.temporal.workflow.getHandle(`pending-action:${id}`).describe()).status.name;
const stateOf = async (id: string) =>
  (await oleg.get('/pending-actions?limit=100')).body.items.find((action: { id: string }) => action.id === id).state as string;
const emailOf = async (userId: string) =>
  (await story.db.query<{ email: string }>('select email from app_user where id = $1', [userId]))[0]!.email;

async function begin(anna: TestCustomer, email = newMailbox()): Promise<{ id: string; email: string }> {
  const begun = await (await fresh(oleg)).post(`/users/${anna.id}/email-change`, { email, reason: 'Lost the mailbox' });
  expect(begun.status).toBe(202);
  await story.settled();
  return { id: begun.body.id, email };
}

async function confirm(email: string) {
  return visitor.post('/auth/email-change', { token: await mailedLink(story.mail, email, 'email-change') });
}

describe('an address that staff changed', () => {
  let anna: TestCustomer;
  let ticket: string;
  let change: { id: string; email: string };

  beforeAll(async () => {
    anna = await story.people.customer({ name: 'Anna Petrova', locale: 'ru' });
    ticket = (await anna.post('/tickets', { subject: 'Нет доступа к почте', body: 'Смените адрес.', category: 'general' })).body.number;
  });

  test('I5: on Monday 3 March Oleg begins it on Anna’s ticket; both mailboxes hear of it', async () => {
    const email = newMailbox();
    const begun = await (await fresh(oleg)).post(`/users/${anna.id}/email-change`, { email, reason: 'Проверено по паспорту', ticket });
    expect(begun.status).toBe(202);
    expect(begun.body).toMatchObject({
      kind: 'email_change',
      state: 'pending',
      ticketNumber: ticket,
      reason: 'Проверено по паспорту',
      oldEmail: anna.email,
      newEmail: email,
      begunBy: { id: oleg.id },
      next: { what: 'lapse', hold: null },
      allowedActions: ['withdraw'],
    });
    const { begunAt, coolsUntil, lapsesAt } = begun.body;
    expect(new Date(coolsUntil).getTime() - new Date(begunAt).getTime()).toBe(72 * hour);
    expect(new Date(lapsesAt).getTime() - new Date(begunAt).getTime()).toBe(7 * day);
    change = { id: begun.body.id, email };
    await story.settled();
    expect(subjectsTo(email)).toEqual(['Подтвердите новый адрес']);
    expect(subjectsTo(anna.email).filter((subject) => subject === 'Ваш адрес скоро изменится')).toHaveLength(1);
    expect(await workflowOf(change.id)).toBe('RUNNING');
  });

  test('I10: Anna sees what waits, when, and that she may stop it; not the reason; nobody else sees it', async () => {
    const [seen] = (await anna.get('/pending-actions')).body.items;
    expect(seen).toMatchObject({ id: change.id, state: 'pending', reason: null, newEmail: change.email, allowedActions: ['veto'] });
    expect(seen.oldEmail).toBe(`${anna.email[0]}…@people.example`);
    expect(seen.user).toEqual({ id: anna.id, name: 'Anna Petrova' });
    const boris = await story.people.customer({ name: 'Boris' });
    expect((await boris.get('/pending-actions')).body.items).toEqual([]);
    const stranger = await asCustomer(boris.email);
    expect((await stranger.post(`/pending-actions/${change.id}/veto`)).body.error.code).toBe('pending_action.not_found');
  });

  test('I5: meanwhile no key is made for her account, and no second change is begun beside it', async () => {
    const signed = await asCustomer(anna.email);
    expect((await signed.post('/me/tokens', { name: 'Key', scopes: ['me.read'] })).body.error.code).toBe('person.change_pending');
    expect((await signed.post('/me/email', { email: newMailbox() })).body.error.code).toBe('person.change_pending');
    const again = await (await fresh(maria)).post(`/users/${anna.id}/email-change`, { email: newMailbox(), reason: 'Again' });
    expect([again.status, again.body.error.code]).toEqual([409, 'pending_action.open_already']);
  });

  test('I5: on Tuesday it is confirmed from the new mailbox, and still waits for the old one’s 72 hours', async () => {
    await passHours(24);
    const confirmed = await confirm(change.email);
    expect(confirmed.body).toMatchObject({ state: 'pending', user: null, begunBy: null, next: { what: 'take_effect' } });
    expect(confirmed.body.next.at).toBe(confirmed.body.coolsUntil);
    expect((await confirm(change.email)).body.error.code).toBe('auth.link_invalid');
    expect(await emailOf(anna.id)).toBe(anna.email);
    await passHours(47.9);
    expect(await stateOf(change.id)).toBe('pending');
  });

  test('I5: 72 hours after it began it is her address, to the second; every session is over, and both mailboxes hear of it', async () => {
    const signed = await asCustomer(anna.email);
    await passHours(0.2);
    const [settled] = (await anna.get('/pending-actions')).body.items;
    expect(settled).toMatchObject({ state: 'done', next: null, allowedActions: [] });
    expect(Math.abs(new Date(settled.settledAt).getTime() - new Date(settled.coolsUntil).getTime())).toBeLessThan(1_000);
    expect(await emailOf(anna.id)).toBe(change.email);
    expect((await signed.get('/me')).status).toBe(401);
    await expect(asCustomer(anna.email)).rejects.toThrow('401');
    expect((await (await asCustomer(change.email)).get('/me')).body.email).toBe(change.email);
    for (const address of [anna.email, change.email]) expect(subjectsTo(address)).toContain('Ваш адрес изменён');
    expect(story.mail.to(anna.email).at(-1)?.html).not.toContain('Anna');
    expect(await workflowOf(change.id)).toBe('COMPLETED');
  });

  test('I9: the audit tells who, whom, what and when, with addresses that cannot be read off it', async () => {
    const lines = await story.db.query<{ actor_kind: string; action: string; whom: string; after: { email?: string } | null }>(
      'select actor_kind, action, whom, after from audit_line where object = $1 order by id',
      [`pending-action:${change.id}`],
    );
    expect(lines.map((line) => `${line.actor_kind} ${line.action}`)).toEqual([
      'staff pending_action.begin',
      'nobody pending_action.confirm',
      'time pending_action.take_effect',
    ]);
    expect(lines.every((line) => line.whom === anna.id)).toBe(true);
    expect(lines[2]?.after?.email).toBe('n…@mail.example');
    const [written] = await story.db.query<{ all: string }>(
      `select string_agg(coalesce(before::text, '') || coalesce(after::text, ''), '') as all from audit_line where object = $1`,
      [`pending-action:${change.id}`],
    );
    for (const secret of [anna.email, change.email, 'паспорт']) expect(written!.all).not.toContain(secret);
  });

  test('R8: a step that is taken again, at once or later, changes nothing', async () => {
    const revision = async () =>
      (await story.db.query<{ revision: number }>('select revision from pending_action where id = $1', [change.id]))[0]!.revision;
    await story.settled();
    const [before, mails] = [await revision(), story.mail.mails.length];
    const again = await Promise.all(
      Array.from({ length: 4 }, () => takePendingStep(story.database, story.clock, story.vault, change.id, 'take_effect')),
    );
    expect(again.map((plan) => [plan?.state, plan?.steps])).toEqual(again.map(() => ['done', []]));
    await story.settled();
    expect([await revision(), story.mail.mails.length]).toEqual([before, mails]);
  });
});

describe('an address that an attacker talked staff into changing', () => {
  test('I5: in the 71st hour its owner stops it from the old mailbox: nothing was changed, and the attacker’s link is dead', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    await confirm(email);
    await passHours(71);
    const token = await mailedLink(story.mail, anna.email, 'veto');
    const vetoed = await visitor.post('/auth/veto', { token });
    expect([vetoed.status, vetoed.body.state]).toEqual([200, 'vetoed']);
    await passHours(2);
    expect(await emailOf(anna.id)).toBe(anna.email);
    expect((await confirm(email)).status).toBe(404);
    expect((await visitor.post('/auth/veto', { token })).body.error.code).toBe('auth.link_invalid');
    expect(subjectsTo(anna.email).at(-1)).toBe('Your address stays as it is');
    expect(subjectsTo(email)).toHaveLength(1);
    expect(await workflowOf(id)).toBe('COMPLETED');
    await passHours(24 * 8);
    expect(await stateOf(id)).toBe('vetoed');
  });

  test('I5: the veto’s link is dead when its 72 hours are over, though nobody has confirmed yet', async () => {
    const anna = await story.people.customer();
    const { id } = await begin(anna);
    await passHours(72.1);
    expect((await visitor.post('/auth/veto', { token: await mailedLink(story.mail, anna.email, 'veto') })).status).toBe(404);
    const stopped = await (await asCustomer(anna.email)).post(`/pending-actions/${id}/veto`);
    expect(stopped.body).toMatchObject({ state: 'vetoed', allowedActions: [] });
  });

  test('I10: staff who are told take it back themselves', async () => {
    const anna = await story.people.customer();
    const { id } = await begin(anna);
    const withdrawn = await (await fresh(maria)).post(`/pending-actions/${id}/withdrawal`);
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', allowedActions: [] });
    expect((await (await fresh(maria)).post(`/pending-actions/${id}/withdrawal`)).body.error.code).toBe('pending_action.settled');
    expect((await visitor.post('/auth/veto', { token: await mailedLink(story.mail, anna.email, 'veto') })).status).toBe(404);
    await story.settled();
    expect(await workflowOf(id)).toBe('COMPLETED');
  });
});

describe('a mailbox that an attacker took over', () => {
  test('I10: a second member of staff ends the waiting; he who began it may not, and then the attacker cannot veto', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    const refused = await (await fresh(oleg)).post(`/pending-actions/${id}/approval`);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'pending_action.second_person']);
    const attacker = await asCustomer(anna.email);
    const approved = await (await fresh(maria)).post(`/pending-actions/${id}/approval`);
    expect(approved.body).toMatchObject({
      state: 'pending',
      approvedBy: { id: maria.id },
      next: { what: 'lapse' },
      allowedActions: ['withdraw'],
    });
    expect((await visitor.post('/auth/veto', { token: await mailedLink(story.mail, anna.email, 'veto') })).status).toBe(404);
    expect((await attacker.post(`/pending-actions/${id}/veto`)).body.error.code).toBe('pending_action.settled');
    expect((await attacker.get('/pending-actions')).body.items[0].allowedActions).toEqual([]);
    // Once it is confirmed there is nothing more to wait for.
    expect((await confirm(email)).body.state).toBe('done');
    expect(await emailOf(anna.id)).toBe(email);
    expect((await attacker.get('/me')).status).toBe(401);
    await story.settled();
    expect(await workflowOf(id)).toBe('COMPLETED');
  });

  test('I10: what was confirmed takes effect with the second member’s approval', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    await confirm(email);
    const approved = await (await fresh(maria)).post(`/pending-actions/${id}/approval`);
    expect(approved.body).toMatchObject({ state: 'done', approvedBy: { id: maria.id } });
    expect(await emailOf(anna.id)).toBe(email);
  });
});

describe('a change that is not confirmed in time', () => {
  test('I5: confirmed after the cooling-off time, it takes effect at once', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    await passHours(100);
    expect(await stateOf(id)).toBe('pending');
    expect((await confirm(email)).body.state).toBe('done');
    expect(await emailOf(anna.id)).toBe(email);
  });

  test('I5: not confirmed within seven days, it lapses, and its owner is told', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    await passHours(7 * 24 - 1);
    expect(await stateOf(id)).toBe('pending');
    await passHours(1.1);
    expect(await stateOf(id)).toBe('lapsed');
    expect((await confirm(email)).status).toBe(404);
    expect(await emailOf(anna.id)).toBe(anna.email);
    expect(subjectsTo(anna.email).at(-1)).toBe('Your address stays as it is');
    expect(await workflowOf(id)).toBe('COMPLETED');
  });

  test('I5: an address that somebody else has taken meanwhile is not given away; staff have a case', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    const boris = await story.people.customer();
    await confirm(email);
    await story.db.query('update app_user set email = $1 where id = $2', [email, boris.id]);
    await passHours(73);
    expect(await stateOf(id)).toBe('lapsed');
    expect([await emailOf(anna.id), await emailOf(boris.id)]).toEqual([anna.email, email]);
    const cases = (await oleg.get('/cases')).body.items as { kind: string; about: string }[];
    expect(cases.filter((each) => each.about === `pending-action:${id}`)).toMatchObject([{ kind: 'change.address_taken' }]);
  });
});

describe('second factors that were lost', () => {
  test('I3, I10: staff begin their removal; 72 hours later they are gone, with every session', async () => {
    const anna = await story.people.customer();
    const app = await story.people.addApp(anna.id);
    const begun = await (await fresh(oleg)).post(`/users/${anna.id}/factor-reset`, { reason: 'Lost the phone' });
    expect(begun.body).toMatchObject({ kind: 'factor_reset', newEmail: null, next: { what: 'take_effect', at: begun.body.coolsUntil } });
    await passHours(71.9);
    const signed = await signedIn(story.origin, 'customer', anna.email, testPassword, app);
    expect((await signed.get('/me')).body.secondFactorSet).toBe(true);
    await passHours(0.2);
    expect(await stateOf(begun.body.id)).toBe('done');
    expect((await signed.get('/me')).status).toBe(401);
    expect((await (await asCustomer(anna.email)).get('/me')).body.secondFactorSet).toBe(false);
    expect(subjectsTo(anna.email).slice(-2)).toContain('The second factor of your account was changed');
  });
});

describe('a hold on everything', () => {
  test('M3: under a hold the change waits, and happens once it is lifted', async () => {
    const anna = await story.people.customer();
    const { id, email } = await begin(anna);
    await confirm(email);
    const director = await story.people.staff({ role: 'administrator' });
    const hold = (await director.post('/holds', { scope: 'account', scopeId: anna.accountId, reason: 'A dispute' })).body.id;
    await passHours(80);
    expect((await anna.get('/pending-actions')).body.items[0]).toMatchObject({ state: 'pending', next: { hold: { until: null } } });
    expect((await director.post(`/holds/${hold}/lifting`)).status).toBe(200);
    await story.settled();
    await passHours(0.1);
    expect(await stateOf(id)).toBe('done');
  });
});
