/** Paid work over the API (SPEC T16): who may, once only, against its end in the same millisecond, and what everybody is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spellMoney } from '../../domain/money.ts';
import { quoteRule } from '../../db/repositories/quote-expiry.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;
const clock = new MovableClock();
const sum = spellMoney({ amountMinor: 1_250_000, currency: 'RUB' });
const world = { removeFile: async () => undefined };

beforeAll(async () => {
  kontor = await startKontor({ clock });
  anna = await kontor.people.customer();
  await fund(kontor, anna.accountId, 100_000_000);
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => kontor?.stop());

const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
const work = (more: object = {}) => ({
  description: 'Moving the panel: **4 hours**',
  amount: { amountMinor: 1_250_000, currency: 'RUB' },
  validUntil: inHours(48),
  ...more,
});

async function open(by: ApiDriver = anna, category = 'technical'): Promise<string> {
  const opened = await by.post('/tickets', { subject: 'Move the panel', body: 'Can you?', category });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

/** Lifts a hold, and waits until what its clocks owe is moved: it holds until then. */
async function lifted(maria: TestStaff, hold: string): Promise<void> {
  await maria.post(`/holds/${hold}/lifting`);
  await until('it is lifted', async () => {
    const { items } = (await maria.get('/holds?lifted=true')).body;
    return items.find((item: { id: string }) => item.id === hold).liftedAt !== null;
  });
}

async function offered(number: string, more: object = {}): Promise<string> {
  const answer = await oleg.post(`/tickets/${number}/quotes`, work(more));
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function stepOf(id: string): Promise<string> {
  const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`quote:${id}`]);
  return step!.id;
}

const ofTicket = async (by: ApiDriver, number: string) => (await by.get(`/tickets/${number}/quotes`)).body.items;
const storyOf = async (by: ApiDriver, number: string) =>
  (await by.get(`/tickets/${number}/history?limit=100`)).body.items.map((line: { what: string }) => line.what);

describe('an offer', () => {
  test('T16: the customer is shown and mailed the sum, the work and until when, and may accept or decline', async () => {
    const number = await open();
    const answer = await oleg.post(`/tickets/${number}/quotes`, work());
    expect(answer.body).toMatchObject({
      ticket: number,
      state: 'offered',
      amount: { amountMinor: 1_250_000, currency: 'RUB' },
      offeredBy: { name: 'Oleg Sidorov' },
      settledAt: null,
      chargedAt: null,
      next: { what: 'expire', hold: null },
      allowedActions: ['withdraw'],
    });
    expect((await ofTicket(anna, number))[0]).toMatchObject({ id: answer.body.id, allowedActions: ['accept', 'decline'] });
    expect((await oleg.get(`/tickets/${number}/quotes`)).body.currency).toBe('RUB');
    const { text } = await mailTo(kontor.mail, anna.email, new RegExp(`offer you paid work.*${number}`));
    expect(text).toContain(sum);
    expect(text).toContain('Moving the panel: **4 hours**');
    expect(text).toMatch(/until .+\(Europe\/Moscow\)/);
    const told = (await anna.get('/notifications')).body.items.find((each: { event: string }) => each.event === 'quote.offered');
    expect(told).toMatchObject({ ticket: number, readAt: null });
    const [line] = (await anna.get(`/tickets/${number}/history?limit=100`)).body.items.slice(-1);
    expect(line).toMatchObject({ what: 'quote_offered', text: `Paid work was offered for ${sum}`, by: { side: 'staff' } });
  });

  test('T16: what is no offer is refused, and nothing is kept of it', async () => {
    const number = await open();
    const refused = async (more: object) => codeOf(await oleg.post(`/tickets/${number}/quotes`, work(more)));
    for (const amountMinor of [0, -1, 0.5, 10_000_000_001, '1', null])
      expect(await refused({ amount: { amountMinor, currency: 'RUB' } }), String(amountMinor)).toEqual([400, 'request.invalid']);
    expect(await refused({ description: '' })).toEqual([400, 'request.invalid']);
    expect(await refused({ description: 'x'.repeat(4001) })).toEqual([400, 'request.invalid']);
    expect(await refused({ amount: { amountMinor: 1, currency: 'USD' } })).toEqual([422, 'quote.currency_wrong']);
    expect(await refused({ validUntil: inHours(0.9) })).toEqual([422, 'quote.validity_out_of_range']);
    expect(await refused({ validUntil: inHours(90 * 24 + 1) })).toEqual([422, 'quote.validity_out_of_range']);
    expect(await refused({ validUntil: inHours(-1) })).toEqual([422, 'quote.validity_out_of_range']);
    expect(await ofTicket(oleg, number)).toEqual([]);
    expect(await storyOf(oleg, number)).toEqual(['opened']);
  });

  test('T16, I8: on a ticket that is closed, archived or unknown there is none, and clerks and customers cannot make one', async () => {
    const number = await open();
    await anna.post(`/tickets/${number}/resolution`);
    expect(codeOf(await oleg.post(`/tickets/${number}/quotes`, work()))).toEqual([409, 'ticket.closed']);
    const category = await kontor.queue({ autoClose: 3600, archive: 3600, reopen: false });
    const archived = await open(anna, category);
    await anna.post(`/tickets/${archived}/resolution`);
    expect(codeOf(await oleg.post(`/tickets/${archived}/quotes`, work()))).toEqual([409, 'ticket.archived']);
    expect(codeOf(await oleg.post('/tickets/CS-999999999/quotes', work()))).toEqual([404, 'ticket.not_found']);
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await clerk.post(`/tickets/${number}/quotes`, work())).status).toBe(403);
    expect((await clerk.get(`/tickets/${number}/quotes`)).status).toBe(200);
    expect((await anna.post(`/api/staff/v1/tickets/${number}/quotes`, work())).status).toBe(404);
  });

  test('T16: twenty open offers are as many as a ticket has, and archiving withdraws every one of them', async () => {
    const category = await kontor.queue({ autoClose: 3600, archive: 3600, reopen: false });
    const number = await open(anna, category);
    for (let made = 0; made < 20; made += 1) await offered(number);
    expect(codeOf(await oleg.post(`/tickets/${number}/quotes`, work()))).toEqual([422, 'quote.too_many']);
    expect((await anna.post(`/tickets/${number}/resolution`)).body.status).toBe('archived');
    const quotes = (await anna.get(`/tickets/${number}/quotes?limit=100`)).body.items;
    expect(new Set(quotes.map((quote: { state: string }) => quote.state))).toEqual(new Set(['withdrawn']));
    expect(quotes).toHaveLength(20);
    expect((await storyOf(anna, number)).filter((what: string) => what === 'quote_withdrawn')).toHaveLength(20);
    expect(
      await kontor.db.query(`select 1 from obligation where entity like 'quote:%' and kind = 'expire' and entity = any($1)`, [
        quotes.map((quote: { id: string }) => `quote:${quote.id}`),
      ]),
    ).toEqual([]);
    expect(codeOf(await anna.post(`/tickets/${number}/quotes/${quotes[0].id}/acceptance`))).toEqual([409, 'quote.settled']);
  });

  test('T16: an offer that nobody who takes part may answer is told to those who may', async () => {
    const owner = await kontor.people.customer({ name: 'Vera Owner' });
    await fund(kontor, owner.accountId, 1_250_000);
    const technician = await kontor.people.customer({ name: 'Timur', account: { id: owner.accountId, role: 'technical' } });
    const number = await open(technician);
    const id = await offered(number);
    await kontor.settled();
    const mailed = (email: string) => kontor.mail.to(email).filter((mail) => mail.text?.includes('paid work')).length;
    expect([mailed(owner.email), mailed(technician.email)]).toEqual([1, 1]);
    expect((await ofTicket(technician, number))[0].allowedActions).toEqual([]);
    expect((await technician.post(`/tickets/${number}/quotes/${id}/acceptance`)).status).toBe(403);
    expect((await owner.post(`/tickets/${number}/quotes/${id}/acceptance`)).body.state).toBe('accepted');
  });
});

describe('an answer', () => {
  test('T16: accepted by twenty requests at once it is accepted once, and declined by none of them', async () => {
    const number = await open();
    const id = await offered(number);
    const [accept, decline] = [`/tickets/${number}/quotes/${id}/acceptance`, `/tickets/${number}/quotes/${id}/refusal`];
    const answers = await Promise.all(Array.from({ length: 20 }, (_each, at) => anna.post(at % 2 ? accept : decline)));
    const done = answers.filter(({ status }) => status === 200);
    expect(done).toHaveLength(1);
    for (const answer of answers.filter((each) => each !== done[0])) expect(codeOf(answer)).toEqual([409, 'quote.settled']);
    const lines = (await storyOf(anna, number)).filter((what: string) => /quote_(accepted|declined)/.test(what));
    expect(lines).toEqual([`quote_${done[0]!.body.state}`]);
    expect(
      await kontor.db.query(`select 1 from audit_line where action like 'ticket.quote_%ed' and after->>'quote' = $1`, [id]),
    ).toHaveLength(2);
  });

  test('R10: the same key twenty times at once is one acceptance and one answer', async () => {
    const number = await open();
    const id = await offered(number);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => anna.post(`/tickets/${number}/quotes/${id}/acceptance`, undefined, { 'idempotency-key': 'yes' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  test('T16, T4: it is the customer’s answer: the ticket waits for staff again, and its closing is off', async () => {
    const number = await open();
    const id = await offered(number);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please look at our quote.' });
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_customer', next: { what: 'auto_close' } });
    const answered = await anna.post(`/tickets/${number}/quotes/${id}/acceptance`);
    const chargedAt = answered.body.settledAt;
    expect(answered.body).toMatchObject({ state: 'accepted', settledBy: { id: anna.id }, next: null, allowedActions: [], chargedAt });
    expect(chargedAt).not.toBeNull();
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_staff', next: null });
    await kontor.settled();
    const handle = kontor.temporal.workflow.getHandle(`ticket:${number}`);
    const signals = (await handle.fetchHistory()).events?.flatMap(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
    );
    expect(signals).toContain('quoteAnswered');
  });

  test('T16, N1: whoever offered it and whoever has the ticket are told, once each', async () => {
    const colleague = await kontor.people.staff({ name: 'Nina' });
    const number = await open();
    const id = await offered(number);
    await colleague.post(`/tickets/${number}/assignment`);
    await anna.post(`/tickets/${number}/quotes/${id}/refusal`);
    const told = await kontor.db.query<{ recipient_id: string }>(
      `select recipient_id from notification where event = 'staff.quote_answered' and event_key = $1`,
      [`staff.quote_answered:${id}`],
    );
    expect(new Set(told.map(({ recipient_id }) => recipient_id))).toEqual(new Set([oleg.id, colleague.id]));
    expect(told).toHaveLength(2);
  });

  test('T16, I8: a stranger finds nothing, also not by another ticket’s address', async () => {
    const stranger = await kontor.people.customer({ name: 'Stranger' });
    const [number, other] = [await open(), await open()];
    const id = await offered(number);
    const own = await open(stranger);
    expect(codeOf(await stranger.get(`/tickets/${number}/quotes`))).toEqual([404, 'ticket.not_found']);
    expect(codeOf(await stranger.post(`/tickets/${number}/quotes/${id}/acceptance`))).toEqual([404, 'ticket.not_found']);
    expect(codeOf(await stranger.post(`/tickets/${own}/quotes/${id}/acceptance`))).toEqual([404, 'quote.not_found']);
    expect(codeOf(await anna.post(`/tickets/${other}/quotes/${id}/acceptance`))).toEqual([404, 'quote.not_found']);
    expect(codeOf(await oleg.post(`/tickets/${other}/quotes/${id}/withdrawal`))).toEqual([404, 'quote.not_found']);
    for (const none of ['quo_1', 'nothing', '%00', id.toUpperCase()])
      expect(codeOf(await anna.post(`/tickets/${number}/quotes/${encodeURIComponent(none)}/acceptance`)), none).toEqual([
        404,
        'quote.not_found',
      ]);
    expect((await ofTicket(anna, number))[0].state).toBe('offered');
  });

  test('T16: withdrawn it cannot be accepted; accepted it cannot be withdrawn; only accepted work can be done, once', async () => {
    const number = await open();
    const [taken, back] = [await offered(number), await offered(number)];
    expect((await oleg.post(`/tickets/${number}/quotes/${back}/withdrawal`)).body).toMatchObject({
      state: 'withdrawn',
      settledBy: { id: oleg.id },
    });
    expect(codeOf(await anna.post(`/tickets/${number}/quotes/${back}/acceptance`))).toEqual([409, 'quote.settled']);
    expect(codeOf(await oleg.post(`/tickets/${number}/quotes/${taken}/completion`))).toEqual([409, 'quote.not_accepted']);
    await anna.post(`/tickets/${number}/quotes/${taken}/acceptance`);
    expect(codeOf(await oleg.post(`/tickets/${number}/quotes/${taken}/withdrawal`))).toEqual([409, 'quote.settled']);
    const done = await Promise.all(Array.from({ length: 5 }, () => oleg.post(`/tickets/${number}/quotes/${taken}/completion`)));
    expect(done.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    expect((await ofTicket(anna, number)).find((quote: { id: string }) => quote.id === taken)).toMatchObject({
      state: 'done',
      doneBy: { id: oleg.id },
    });
    expect((await storyOf(anna, number)).filter((what: string) => what === 'quote_done')).toHaveLength(1);
  });

  test('T16, T7: accepted work is marked done on an archived ticket too, and the ticket stays as it is', async () => {
    const category = await kontor.queue({ autoClose: 3600, archive: 3600, reopen: false });
    const number = await open(anna, category);
    const id = await offered(number);
    await anna.post(`/tickets/${number}/quotes/${id}/acceptance`);
    await oleg.post(`/tickets/${number}/closing`);
    const { revision } = (await oleg.get(`/tickets/${number}`)).body;
    expect((await oleg.post(`/tickets/${number}/quotes/${id}/completion`)).body.state).toBe('done');
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ status: 'archived', revision });
  });

  test('T5: a quote of a closed ticket may be answered, which opens it again', async () => {
    const number = await open();
    const id = await offered(number);
    await anna.post(`/tickets/${number}/resolution`);
    expect((await ofTicket(anna, number))[0].state).toBe('offered');
    await anna.post(`/tickets/${number}/quotes/${id}/acceptance`);
    expect((await anna.get(`/tickets/${number}`)).body.status).toBe('awaiting_staff');
  });
});

describe('its end', () => {
  test('T16: against its end in the same millisecond an acceptance has one winner, whoever comes first', async () => {
    clock.stop();
    for (let round = 0; round < 10; round += 1) {
      const number = await open();
      const id = await offered(number, { validUntil: inHours(1) });
      const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`quote:${id}`]);
      // Odd rounds one millisecond before the end, even rounds in it.
      clock.move(3600 - (round % 2) / 1000);
      const [answer] = await Promise.all([
        anna.post(`/tickets/${number}/quotes/${id}/acceptance`),
        takeTimedStep(kontor.database, clock, world, `quote:${id}`, step!.id),
        takeTimedStep(kontor.database, clock, world, `quote:${id}`, step!.id),
      ]);
      expect(codeOf(answer)).toEqual(round % 2 ? [200, undefined] : [409, 'quote.expired']);
      // Time may have come to it before the end; in the end it comes once more.
      await takeTimedStep(kontor.database, clock, world, `quote:${id}`, step!.id);
      const ends = (await storyOf(oleg, number)).filter((what: string) => /quote_(accepted|expired)/.test(what));
      expect(ends).toEqual([round % 2 ? 'quote_accepted' : 'quote_expired']);
    }
  });

  test('M3: while a hold stops it, it does not expire and may be answered', async () => {
    const maria = await kontor.people.staff({ role: 'administrator' });
    const number = await open();
    const id = await offered(number, { validUntil: inHours(1) });
    const held = await maria.post('/holds', { scope: 'account', scopeId: anna.accountId, reason: 'Their bank is down' });
    expect(held.status).toBe(201);
    const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`quote:${id}`]);
    clock.move(7200);
    await takeTimedStep(kontor.database, clock, world, `quote:${id}`, step!.id);
    expect((await ofTicket(anna, number))[0]).toMatchObject({
      state: 'offered',
      next: { hold: { until: null } },
      allowedActions: ['accept', 'decline'],
    });
    expect((await anna.post(`/tickets/${number}/quotes/${id}/acceptance`)).body.state).toBe('accepted');
    await lifted(maria, held.body.id);
  });

  test('M3: a hold that shifts moves its end by as long as the hold stood', async () => {
    const maria = await kontor.people.staff({ role: 'administrator' });
    const number = await open();
    const id = await offered(number, { validUntil: inHours(1) });
    const before = new Date((await ofTicket(anna, number))[0].validUntil).getTime();
    const held = await maria.post('/holds', { scope: 'account', scopeId: anna.accountId, reason: 'A holiday' });
    clock.move(7200);
    await lifted(maria, held.body.id);
    const [quote] = await ofTicket(anna, number);
    expect(quote).toMatchObject({ state: 'offered', next: { hold: null }, allowedActions: ['accept', 'decline'] });
    expect(new Date(quote.validUntil).getTime() - before).toBe(7_200_000);
    expect(await storyOf(anna, number)).toContain('shift');
    clock.move(3600);
    await takeTimedStep(kontor.database, clock, world, `quote:${id}`, await stepOf(id));
    expect((await ofTicket(anna, number))[0].state).toBe('expired');
  });

  test('T16: a hold that is placed in the moment in which it expires leaves it its end', async () => {
    const maria = await kontor.people.staff({ role: 'administrator' });
    const number = await open();
    const id = await offered(number, { validUntil: inHours(1) });
    clock.move(7200);
    const held = await maria.post('/holds', { scope: 'account', scopeId: anna.accountId, reason: 'A holiday' });
    // As if the hold had come after the step was looked at, and before its quote was.
    await expect(kontor.database.fork().transactional((em) => quoteRule.take(em, id, clock.now(), world))).rejects.toThrow(
      'held meanwhile',
    );
    await maria.post(`/holds/${held.body.id}/lifting`, { shift: false });
    await takeTimedStep(kontor.database, clock, world, `quote:${id}`, await stepOf(id));
    expect((await ofTicket(anna, number))[0].state).toBe('expired');
  });
});

describe('the list of all quotes', () => {
  test('A1: newest first, by state and account, read on by cursor; every page of it once', async () => {
    const vera = await kontor.people.customer({ name: 'Vera' });
    await fund(kontor, vera.accountId, 100_000_000);
    const number = await open(vera);
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) {
      ids.push(await offered(number));
      clock.move(1);
    }
    await vera.post(`/tickets/${number}/quotes/${ids[0]}/acceptance`);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { id: string }[]; nextCursor: string | null } = (
        await oleg.get(`/quotes?limit=2&account=${vera.accountId}${cursor && `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items.map((quote) => quote.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
    const accepted = (await oleg.get(`/quotes?state=accepted,done&account=${vera.accountId}`)).body.items;
    expect(accepted).toHaveLength(1);
    expect(accepted[0]).toMatchObject({ id: ids[0], account: { id: vera.accountId }, allowedActions: ['complete'] });
    expect((await oleg.get('/quotes?state=lost')).status).toBe(400);
    expect((await oleg.get('/quotes?cursor=abc')).status).toBe(400);
    expect((await anna.get('/api/staff/v1/quotes')).status).toBe(404);
  });
});
