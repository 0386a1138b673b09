/** Whether a ticket is critical: claims, decisions, whom they reach, and what nobody may (SPEC T14). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let stranger: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  stranger = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => kontor?.stop());

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

async function open(more: object = {}): Promise<string> {
  const opened = await anna.post('/tickets', { subject: 'Nothing works', body: 'Nobody can sign in', category: 'technical', ...more });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

const severityOf = async (number: string) => (await anna.get(`/tickets/${number}`)).body.severity;
const linesOf = async (person: TestCustomer | TestStaff, number: string) =>
  (await person.get(`/tickets/${number}/history?limit=100`)).body.items.filter(({ what }: { what: string }) => what.startsWith('severity'));

describe('a claim', () => {
  test('T14: made with the first message, it counts from its receipt, and both sides read the sentence', async () => {
    const number = await open({ severity: 'critical', severitySentence: 'None of our forty users' });
    const { severity, createdAt } = (await anna.get(`/tickets/${number}`)).body;
    expect(severity).toEqual({ state: 'claimed', claimedAt: createdAt });
    expect((await oleg.get(`/tickets/${number}`)).body.severity).toEqual(severity);
    for (const person of [anna, oleg])
      expect(await linesOf(person, number)).toMatchObject([{ what: 'severity_claimed', data: { sentence: 'None of our forty users' } }]);
    expect((await anna.get(`/tickets/${await open()}`)).body.severity).toBeNull();
  });

  test('T14: made later, it stands once, also when twenty are sent at the same moment', async () => {
    const number = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.post(`/tickets/${number}/severity`, { sentence: 'Down' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map((answer) => answer.body.error.code))).toEqual(
      new Set(['severity.claimed_already']),
    );
    expect(await linesOf(anna, number)).toHaveLength(1);
    const key = { 'idempotency-key': `claim-${number}` };
    expect(codeOf(await anna.post(`/tickets/${number}/severity`, {}, key))).toEqual([409, 'severity.claimed_already']);
  });

  test('T14: a sentence goes with a claim; what the claim says is bounded', async () => {
    expect((await anna.post('/tickets', { subject: 'x', body: 'y', category: 'general', severity: 'high' })).status).toBe(400);
    const number = await open();
    expect((await anna.post(`/tickets/${number}/severity`, { sentence: 'x'.repeat(1_001) })).status).toBe(400);
    expect(await severityOf(number)).toBeNull();
  });

  test('T14: needs an open ticket, and one’s own', async () => {
    const number = await open();
    expect(codeOf(await stranger.post(`/tickets/${number}/severity`, {}))).toEqual([404, 'ticket.not_found']);
    await anna.post(`/tickets/${number}/resolution`);
    expect(codeOf(await anna.post(`/tickets/${number}/severity`, {}))).toEqual([409, 'ticket.closed']);
    await kontor.db.query(`update ticket set status = 'archived' where number = $1`, [Number(number.slice(3))]);
    expect(codeOf(await anna.post(`/tickets/${number}/severity`, {}))).toEqual([409, 'ticket.archived']);
    expect(codeOf(await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' }))).toEqual([409, 'ticket.archived']);
  });
});

describe('whom a claim reaches', () => {
  test('T14, N1: those on duty hear of it at once, by mail too; else whoever works in the queue; else the administrators', async () => {
    const category = await kontor.queue({ autoClose: 3600, archive: 3600 });
    const [queue] = await kontor.db.query<{ id: string }>('select id from queue where category = $1', [category]);
    const vera = await kontor.people.staff({ name: 'Vera Belova' });
    const told = async (person: TestStaff, number: string) =>
      (
        await kontor.db.query<{ event: string }>('select event from notification where recipient_id = $1 and ticket_number = $2', [
          person.id,
          Number(number.slice(3)),
        ])
      ).map(({ event }) => event);

    const first = await open({ category, severity: 'critical' });
    expect(await told(maria, first)).toEqual(['staff.critical_claimed']);
    expect(await told(vera, first)).toEqual([]);

    await kontor.db.query('insert into queue_staff (queue_id, user_id) values ($1, $2)', [queue!.id, oleg.id]);
    const second = await open({ category });
    await anna.post(`/tickets/${second}/severity`, {});
    expect(await told(oleg, second)).toEqual(['staff.critical_claimed']);
    expect(await told(maria, second)).toEqual([]);

    await kontor.db.query('insert into queue_duty (queue_id, user_id) values ($1, $2)', [queue!.id, vera.id]);
    const third = await open({ category, severity: 'critical' });
    expect(await told(vera, third)).toEqual(['staff.critical_claimed']);
    expect(await told(oleg, third)).toEqual([]);
    const mail = await mailTo(kontor.mail, vera.email, new RegExp(`${third}[^]*critical`));
    expect(mail.text).not.toContain('Nobody can sign in');
    await kontor.settled();
    expect(kontor.mail.to(vera.email)).toHaveLength(1);

    // Somebody who was locked out is on no duty.
    await kontor.db.query('update app_user set disabled_at = now() where id = $1', [vera.id]);
    const fourth = await open({ category, severity: 'critical' });
    expect(await told(vera, fourth)).toEqual([]);
    expect(await told(oleg, fourth)).toEqual(['staff.critical_claimed']);
  });
});

describe('what staff decide', () => {
  test('T14: confirmed, the claim’s instant stays; taken back with a reason, the customer reads it', async () => {
    const number = await open({ severity: 'critical' });
    const { claimedAt } = await severityOf(number);
    expect((await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' })).body).toEqual({ state: 'confirmed', claimedAt });
    expect(codeOf(await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' }))).toEqual([409, 'severity.decided_already']);
    expect(codeOf(await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse' }))).toEqual([422, 'severity.reason_missing']);
    const taken = await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'One user of twenty is affected' });
    expect(taken.body).toEqual({ state: 'refused', claimedAt });
    const lines = await linesOf(anna, number);
    expect(lines.map(({ what }: { what: string }) => what)).toEqual(['severity_claimed', 'severity_confirmed', 'severity_refused']);
    expect(lines[2]).toMatchObject({ data: { publicReason: 'One user of twenty is affected' }, by: { side: 'staff' } });
    const audited = await kontor.db.query<{ text: string }>(
      `select coalesce(before::text, '') || after::text as text from audit_line where object = $1 and action like 'ticket.severity%'`,
      [`ticket:${number}`],
    );
    expect(audited).toHaveLength(3);
    expect(JSON.stringify(audited)).not.toContain('affected');
  });

  test('T14: after a refusal the customer claims again only when he has written something new', async () => {
    const number = await open({ severity: 'critical' });
    const first = await severityOf(number);
    await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'It works for the others' });
    expect(codeOf(await anna.post(`/tickets/${number}/severity`, {}))).toEqual([409, 'severity.nothing_new']);
    await until(
      'a millisecond has passed',
      async () => (await anna.post(`/tickets/${number}/messages`, { body: 'Now nobody can' })).status === 201,
    );
    expect((await anna.post(`/tickets/${number}/severity`, {})).status).toBe(200);
    const second = await severityOf(number);
    expect(second.state).toBe('claimed');
    expect(second.claimedAt > first.claimedAt).toBe(true);
    expect((await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' })).body).toEqual({ ...second, state: 'confirmed' });
  });

  test('T14: two agents who decide at once: one decision, and the other is told', async () => {
    const number = await open({ severity: 'critical' });
    const answers = await Promise.all(
      [oleg, maria, oleg, maria].map((agent) => agent.post(`/tickets/${number}/severity`, { decision: 'confirm' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    expect(await linesOf(oleg, number)).toHaveLength(2);
  });

  test('T14: nothing is decided that nobody claimed, and billing clerks decide nothing', async () => {
    const number = await open();
    expect(codeOf(await oleg.post(`/tickets/${number}/severity`, { decision: 'confirm' }))).toEqual([409, 'severity.not_claimed']);
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect(codeOf(await clerk.post(`/tickets/${number}/severity`, { decision: 'confirm' }))).toEqual([403, 'auth.not_permitted']);
  });
});

test('T14, T10: lists are narrowed by it, on both sides', async () => {
  const owner = await kontor.people.customer();
  const opened = async (more: object) =>
    (await owner.post('/tickets', { subject: 'A panel', body: 'Down', category: 'technical', ...more })).body.number as string;
  const [claimed, confirmed, ordinary] = [await opened({ severity: 'critical' }), await opened({ severity: 'critical' }), await opened({})];
  await oleg.post(`/tickets/${confirmed}/severity`, { decision: 'confirm' });
  const found = async (person: TestCustomer | TestStaff, query: string) =>
    (await person.get(`/tickets?${query}&limit=100`)).body.items.map(({ number }: { number: string }) => number).toSorted();
  expect(await found(owner, 'severity=claimed')).toEqual([claimed]);
  expect(await found(owner, 'severity=confirmed')).toEqual([confirmed]);
  expect(await found(oleg, `severity=claimed,confirmed&account=${owner.accountId}`)).toEqual([claimed, confirmed].toSorted());
  expect(await found(owner, 'sort=-number')).toContain(ordinary);
  expect((await oleg.get('/tickets?severity=high')).status).toBe(400);
});
