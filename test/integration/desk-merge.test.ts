import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { signedIn } from '../harness/api-driver.ts';
import { until } from '../harness/until.ts';
import { upload } from './desk-files-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestStaff;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  await fund(kontor, anna.accountId, 100_000_000);
  boris = await kontor.people.customer({ name: 'Boris', account: { id: anna.accountId, role: 'technical' } });
  oleg = await kontor.people.staff();
  maria = await kontor.people.staff({ name: 'Maria Belova' });
});
afterAll(() => kontor?.stop());

async function openTicket(subject = 'A panel', customer: TestCustomer = anna, more: object = {}): Promise<string> {
  return (await customer.post('/tickets', { subject, body: `${subject}: it does not start`, category: 'technical', ...more })).body.number;
}

const merge = (number: string, into: string, agent = oleg) => agent.post(`/tickets/${number}/merge`, { into });
const undo = (number: string, agent = oleg) => agent.delete(`/tickets/${number}/merge`);
const staffPage = async (number: string) => (await oleg.get(`/tickets/${number}`)).body;
const bodies = async (number: string) =>
  (await oleg.get(`/tickets/${number}/messages?limit=100`)).body.items.map((message: { body: string }) => message.body);
const historyOf = async (number: string, reader: TestStaff | TestCustomer = oleg) =>
  (await reader.get(`/tickets/${number}/history?limit=100`)).body.items.map((line: { what: string }) => line.what);

/** Whether the ticket's workflow has ended. */
async function workflowState(number: string): Promise<string> {
  return (await kontor.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name;
}

describe('merging', () => {
  test('T13: messages, notes, participants, links and outside addresses move, each message with where it came from', async () => {
    const cited = await openTicket('Cited');
    const source = await openTicket('Duplicate', boris, { relatedTicket: cited });
    const citing = await openTicket('Citing', anna, { relatedTicket: source });
    const target = await openTicket('Original');
    await oleg.post(`/tickets/${source}/notes`, { body: 'The same again' });
    await boris.post(`/tickets/${source}/participants`, { address: 'pavel@outside.example', name: 'Pavel' });
    const merged = await merge(source, target);
    expect(merged).toMatchObject({ status: 200, body: { number: source, status: 'archived', mergedInto: target, mergeUndoable: true } });

    const page = await staffPage(target);
    expect(page).toMatchObject({ mergedFrom: [source], undoableMerges: [source], replyCount: 1, status: 'awaiting_staff' });
    expect(page.participants.map(({ id }: { id: string }) => id).toSorted()).toEqual([anna.id, boris.id].toSorted());
    expect(page.outsideAddresses).toMatchObject([{ address: 'pavel@outside.example', name: 'Pavel', addedBy: { id: boris.id } }]);
    expect([page.cites, page.citedBy]).toEqual([[cited], [citing]]);
    const messages = (await oleg.get(`/tickets/${target}/messages`)).body.items;
    expect(messages.map(({ body, from }: { body: string; from: string | null }) => [body, from])).toEqual([
      ['Duplicate: it does not start', source],
      ['Original: it does not start', null],
      ['The same again', source],
    ]);
    expect(await bodies(source)).toEqual([]);
  });

  test('T13, T11, T16, T17: files, offers and accesses to servers go along and come back, and are read where they lie', async () => {
    const [source, target] = [await openTicket('Duplicate'), await openTicket('Original')];
    const own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const file = (await upload(kontor, anna, 'panel.log', 'a log')).body.id;
    await anna.post(`/tickets/${source}/messages`, { body: 'The log', files: [file] });
    const validUntil = new Date(kontor.clock.now().getTime() + 48 * 3_600_000).toISOString();
    const work = { description: 'Moving it', amount: { amountMinor: 10_000, currency: 'RUB' }, validUntil };
    const quote = (await oleg.post(`/tickets/${source}/quotes`, work)).body.id;
    const access = (await own.post(`/tickets/${source}/server-accesses`, { address: '203.0.113.7', way: 'secret', secret: 'open sesame' }))
      .body.id;
    const ids = async (number: string, things: string) =>
      (await own.get(`/tickets/${number}/${things}`)).body.items.map((thing: { id: string }) => thing.id);
    const lying = async (number: string) => [await ids(number, 'quotes'), await ids(number, 'server-accesses')];

    await merge(source, target);
    expect([await lying(source), await lying(target)]).toEqual([
      [[], []],
      [[quote], [access]],
    ]);
    const moved = (await anna.get(`/tickets/${target}/messages`)).body.items.at(-1);
    expect(moved).toMatchObject({ from: source, attachments: [{ id: file, name: 'panel.log' }] });
    expect((await anna.get(`/files/${file}/content`)).body).toBe('a log');
    const seen = await oleg.post(`/tickets/${target}/server-accesses/${access}/views`, { reason: 'To read the log' });
    expect(seen).toMatchObject({ body: { secret: 'open sesame' } });

    await undo(source);
    expect([await lying(source), await lying(target)]).toEqual([
      [[quote], [access]],
      [[], []],
    ]);
    expect((await own.post(`/tickets/${source}/quotes/${quote}/acceptance`)).status).toBe(200);
  });

  test('T13: both histories stay with their tickets and tell the merge, to staff and to customers', async () => {
    const [source, target] = [await openTicket('Duplicate'), await openTicket('Original')];
    await oleg.post(`/tickets/${source}/assignment`);
    await merge(source, target);
    for (const reader of [oleg, anna]) {
      expect(await historyOf(source, reader)).toEqual(['opened', 'take', 'absorbed']);
      expect(await historyOf(target, reader)).toEqual(['opened', 'absorb']);
    }
    const last = (await anna.get(`/tickets/${source}/history`)).body.items.at(-1);
    expect(last).toMatchObject({ text: `Merged into ${target}`, data: { into: target } });
  });

  test('T13: the merged number redirects: it is read, says where it went, and every refusal names the target', async () => {
    const [source, target] = [await openTicket('Duplicate'), await openTicket('Original')];
    await merge(source, target);
    expect((await anna.get(`/tickets/${source}`)).body).toMatchObject({
      number: source,
      status: 'archived',
      mergedInto: target,
      allowedActions: [],
    });
    expect((await anna.get(`/tickets/${target}`)).body).toMatchObject({ mergedFrom: [source], mergedInto: null });
    expect((await oleg.get(`/tickets?numbers=${source}`)).body.items).toMatchObject([{ number: source, mergedInto: target }]);
    const refusals = [
      await anna.post(`/tickets/${source}/messages`, { body: 'Hello?' }),
      await anna.post(`/tickets/${source}/resolution`),
      await anna.post(`/tickets/${source}/participants`, { user: boris.id }),
      await oleg.post(`/tickets/${source}/messages`, { body: 'Hello!' }),
      await oleg.post(`/tickets/${source}/notes`, { body: 'A note' }),
      await oleg.post(`/tickets/${source}/assignment`),
      await oleg.put(`/tickets/${source}/assignment`, { assignee: maria.id }),
      await oleg.post(`/tickets/${source}/transfer`, { category: 'billing' }),
      await oleg.patch(`/tickets/${source}`, { tags: ['x'] }),
      await oleg.post(`/tickets/${source}/closing`),
    ];
    for (const { status, body } of refusals) {
      expect([status, body.error.code]).toEqual([409, 'ticket.merged']);
      expect(body.error.message).toContain(target);
    }
  });

  test('T13: what customers are mailed about what was said there names the target', async () => {
    await kontor.settled();
    await kontor.stopPromises();
    const [source, target] = [await openTicket('Duplicate', boris), await openTicket('Original', boris)];
    await oleg.post(`/tickets/${source}/messages`, { body: 'An answer on its way' });
    await merge(source, target);
    await kontor.startPromises();
    await kontor.settled();
    const mails = kontor.mail.to(boris.email).filter((mail) => mail.text?.includes('An answer on its way'));
    expect(mails.map((mail) => mail.subject)).toEqual([`Re: [${target}] Original`]);
  });

  test('T3: when the customer waited there, the target waits for staff since the earlier instant, and its closing is gone', async () => {
    const [target, source] = [await openTicket('Original'), await openTicket('Duplicate')];
    const waited = (await staffPage(source)).waitingSince;
    await oleg.post(`/tickets/${target}/messages`, { body: 'Try again' });
    await merge(source, target);
    expect(await staffPage(target)).toMatchObject({ status: 'awaiting_staff', waitingSince: waited, steps: [], next: null });
  });

  test('T3: when nobody waited there, the target keeps its state and its deadline to the second', async () => {
    const [target, source] = [await openTicket('Original'), await openTicket('Duplicate')];
    await oleg.post(`/tickets/${source}/messages`, { body: 'Try again' });
    const { steps } = (await oleg.post(`/tickets/${target}/messages`, { body: 'Try again' })).body;
    await merge(source, target);
    expect(await staffPage(target)).toMatchObject({ status: 'awaiting_customer', steps });
  });
});

describe('what cannot be merged', () => {
  const refused = async (number: string, into: string, code: string) => {
    const before = [await staffPage(number), await staffPage(into)];
    const { status, body } = await merge(number, into);
    expect([body.error?.code, status >= 400 && status < 500]).toEqual([code, true]);
    expect([await staffPage(number), await staffPage(into)]).toEqual(before);
  };

  test('T13: a ticket into itself, into another customer’s, into one that is not, into an archived one', async () => {
    const number = await openTicket();
    await refused(number, number, 'ticket.merge_itself');
    const stranger = await kontor.people.customer();
    await refused(number, await openTicket('Theirs', stranger), 'ticket.merge_other_account');
    expect((await merge(number, 'CS-999999')).body.error.code).toBe('ticket.related_unknown');
    expect((await merge('CS-999999', number)).body.error.code).toBe('ticket.not_found');
    const readOnly = await kontor.queue({ autoClose: 600, archive: 600, reopen: false });
    const archived = await openTicket('Archived', anna, { category: readOnly });
    await anna.post(`/tickets/${archived}/resolution`);
    await refused(number, archived, 'ticket.merge_into_archived');
    await refused(archived, number, 'ticket.archived');
  });

  test('T13: in a circle, of two or of three; and what is merged already', async () => {
    const [a, b, c] = [await openTicket('A'), await openTicket('B'), await openTicket('C')];
    await merge(a, b);
    await refused(b, a, 'ticket.merge_circle');
    await refused(a, c, 'ticket.merged');
    await merge(b, c);
    await refused(c, a, 'ticket.merge_circle');
    await refused(c, b, 'ticket.merge_circle');
    expect(await bodies(c)).toHaveLength(3);
  });

  test('T13: A into B while B into A, at the same time, 20 rounds: one merge, one refusal, no deadlock', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [a, b] = [await openTicket(`A ${round}`), await openTicket(`B ${round}`)];
      const answers = await Promise.all([merge(a, b), merge(b, a, maria)]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('ticket.merge_circle');
      const [source, target] = answers[0].status === 200 ? [a, b] : [b, a];
      expect((await staffPage(source)).mergedInto).toBe(target);
      expect(await bodies(target)).toHaveLength(2);
    }
  });

  test('T13: the same merge twice at once, and undone twice at once, 20 rounds: once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [source, target] = [await openTicket(`S ${round}`), await openTicket(`T ${round}`)];
      const merges = await Promise.all([merge(source, target), merge(source, target, maria)]);
      expect(merges.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      expect(merges.find(({ status }) => status === 409)!.body.error.code).toBe('ticket.merged');
      const undone = await Promise.all([undo(source), undo(source, maria)]);
      expect(undone.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      expect(undone.find(({ status }) => status === 409)!.body.error.code).toBe('ticket.not_merged');
      expect([await bodies(source), await bodies(target)].map((list) => list.length)).toEqual([1, 1]);
    }
  });

  test('R10: one merge sent 20 times under one key is one merge with one answer', async () => {
    const [source, target] = [await openTicket(), await openTicket()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => oleg.post(`/tickets/${source}/merge`, { into: target }, { 'idempotency-key': `merge-${source}` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await historyOf(target)).toEqual(['opened', 'absorb']);
  });

  test('T13: only who may merge: no clerk, no customer', async () => {
    const clerk = await kontor.people.staff({ role: 'billing' });
    const [source, target] = [await openTicket(), await openTicket()];
    expect((await merge(source, target, clerk)).status).toBe(403);
    expect((await anna.post(`/api/staff/v1/tickets/${source}/merge`, { into: target })).status).toBe(404);
  });
});

describe('undoing a merge', () => {
  test('T13: everything that moved goes back, and both tickets are as they were, to the millisecond', async () => {
    const cited = await openTicket('Cited');
    const source = await openTicket('Duplicate', boris, { relatedTicket: cited });
    const target = await openTicket('Original');
    await boris.post(`/tickets/${source}/participants`, { address: 'pavel@outside.example' });
    await oleg.post(`/tickets/${source}/messages`, { body: 'Try again' });
    await boris.post(`/tickets/${source}/messages`, { body: 'No' });
    await oleg.post(`/tickets/${target}/messages`, { body: 'Try that' });
    const changing = ({ revision: _r, updatedAt: _u, ...rest }: Record<string, unknown>) => rest;
    const before = [await staffPage(source), await staffPage(target)].map(changing);
    const said = [await bodies(source), await bodies(target)];
    await merge(source, target);
    expect((await undo(source)).status).toBe(200);
    expect([await staffPage(source), await staffPage(target)].map(changing)).toEqual(before);
    expect([await bodies(source), await bodies(target)]).toEqual(said);
    const froms = (await oleg.get(`/tickets/${source}/messages`)).body.items.map((message: { from: string | null }) => message.from);
    expect(new Set(froms)).toEqual(new Set([null]));
    expect((await historyOf(source)).slice(-2)).toEqual(['absorbed', 'unmerge']);
    expect((await historyOf(target)).slice(-2)).toEqual(['absorb', 'release']);
  });

  test('T13: the next public message in the target settles it, whoever writes; a note does not', async () => {
    for (const speak of [
      (target: string) => anna.post(`/tickets/${target}/messages`, { body: 'I wrote' }),
      (target: string) => oleg.post(`/tickets/${target}/messages`, { body: 'I answered' }),
    ]) {
      const [source, target] = [await openTicket('Duplicate'), await openTicket('Original')];
      await merge(source, target);
      await oleg.post(`/tickets/${target}/notes`, { body: 'A note' });
      expect((await staffPage(target)).undoableMerges).toEqual([source]);
      await speak(target);
      expect((await staffPage(target)).undoableMerges).toEqual([]);
      expect(await undo(source)).toMatchObject({ status: 409, body: { error: { code: 'ticket.merge_settled' } } });
    }
  });

  test('T13: the merged ticket’s workflow lives while the merge can be undone, and ends with it', async () => {
    const [kept, undone, target] = [await openTicket('Kept'), await openTicket('Undone'), await openTicket('Original')];
    await kontor.settled();
    await merge(kept, target);
    await merge(undone, target);
    await kontor.settled();
    expect(await Promise.all([kept, undone].map(workflowState))).toEqual(['RUNNING', 'RUNNING']);
    await undo(undone);
    await anna.post(`/tickets/${target}/messages`, { body: 'And another thing' });
    await until('the settled merge has ended its workflow', async () => (await workflowState(kept)) === 'COMPLETED');
    expect(await workflowState(undone)).toBe('RUNNING');
    await oleg.post(`/tickets/${undone}/messages`, { body: 'Try again' });
    await kontor.settled();
    expect((await staffPage(undone)).next.what).toBe('warn');
  });

  test('T13: a deadline that passed meanwhile acts at once', async () => {
    const quick = await kontor.queue({ autoClose: 2, archive: 3600 });
    const [source, target] = [await openTicket('Duplicate', anna, { category: quick }), await openTicket('Original')];
    await oleg.post(`/tickets/${source}/messages`, { body: 'Try again' });
    await merge(source, target);
    await kontor.settled();
    await until('its deadline has passed', async () => {
      const [merged] = await kontor.db.query<{ passed: boolean }>(
        `select (source_before->>'closesAt')::timestamptz < $1 as passed from ticket_merge where from_number = $2`,
        [kontor.clock.now(), Number(source.slice(3))],
      );
      return merged!.passed;
    });
    expect((await staffPage(source)).status).toBe('archived');
    await undo(source);
    await until('it has closed', async () => (await staffPage(source)).status === 'closed');
    expect(await staffPage(source)).toMatchObject({ closedBy: 'time', mergedInto: null });
  });

  test('T13: where something else changed the target meanwhile, it stays as it is now', async () => {
    const [source, target] = [await openTicket('Duplicate'), await openTicket('Original')];
    await oleg.post(`/tickets/${target}/messages`, { body: 'Try that' });
    await merge(source, target);
    await maria.post(`/tickets/${target}/assignment`);
    await undo(source);
    expect(await staffPage(target)).toMatchObject({ status: 'in_progress', assignee: { id: maria.id } });
    expect(await staffPage(source)).toMatchObject({ status: 'awaiting_staff', mergedInto: null });
  });

  test('T13: a ticket that was never merged, or whose target was archived since, has nothing to undo', async () => {
    const number = await openTicket();
    expect((await undo(number)).body.error.code).toBe('ticket.not_merged');
    expect((await undo('CS-999999')).body.error.code).toBe('ticket.not_found');
    const readOnly = await kontor.queue({ autoClose: 600, archive: 600, reopen: false });
    const target = await openTicket('Original', anna, { category: readOnly });
    await merge(number, target);
    await anna.post(`/tickets/${target}/resolution`);
    expect((await undo(number)).body.error.code).toBe('ticket.merge_settled');
  });

  test('T3, T13, T14: of several that were merged into one any is taken back, in any order, as if it had not been', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const target = await openTicket('Original');
      const sources = [await openTicket('A'), await openTicket('B', anna, { severity: 'critical' }), await openTicket('C')];
      await oleg.post(`/tickets/${target}/messages`, { body: 'Try again' });
      const before = await staffPage(target);
      const waits = await Promise.all(sources.map(async (source) => (await staffPage(source)).waitingSince as string));
      for (const source of sources) expect((await merge(source, target)).status).toBe(200);
      const merged = new Set([0, 1, 2]);
      for (const index of order) {
        expect((await undo(sources[index]!)).status).toBe(200);
        merged.delete(index);
        expect(await staffPage(sources[index]!)).toMatchObject({ status: 'awaiting_staff', waitingSince: waits[index] });
        const oldest = waits.find((_instant, each) => merged.has(each)) ?? null;
        expect(await staffPage(target)).toMatchObject({
          status: oldest ? 'awaiting_staff' : 'awaiting_customer',
          waitingSince: oldest,
          severity: merged.has(1) ? { state: 'claimed' } : null,
          steps: oldest ? [] : before.steps,
        });
      }
      expect(await staffPage(target)).toEqual({ ...before, revision: expect.any(Number), updatedAt: expect.any(String) });
    }
  });

  test('T13: merged again after its undo, and a merge of a merged one: each message keeps the place it was written in', async () => {
    const [a, b, c] = [await openTicket('A'), await openTicket('B'), await openTicket('C')];
    await merge(a, b);
    await undo(a);
    expect((await merge(a, b)).status).toBe(200);
    await merge(b, c);
    const froms = (await oleg.get(`/tickets/${c}/messages`)).body.items.map((message: { from: string | null }) => message.from);
    expect(froms).toEqual([a, b, null]);
    expect((await undo(a)).body.error.code).toBe('ticket.merge_settled');
    expect((await undo(b)).status).toBe(200);
    expect(await bodies(b)).toEqual(['A: it does not start', 'B: it does not start']);
  });
});

describe('splitting', () => {
  test('T13: chosen messages become a ticket of the same customer that cites the old one; both histories tell', async () => {
    const number = await openTicket('Two things');
    const second = (await boris.post(`/tickets/${number}/messages`, { body: 'And the invoice is wrong' })).body.messageId;
    const note = (await oleg.post(`/tickets/${number}/notes`, { body: 'The invoice is another matter' })).body.messageId;
    const split = await oleg.post(`/tickets/${number}/split`, {
      messages: [note, second],
      subject: 'The invoice is wrong',
      category: 'billing',
    });
    expect(split).toMatchObject({
      status: 201,
      body: {
        subject: 'The invoice is wrong',
        category: 'billing',
        status: 'awaiting_staff',
        account: { id: anna.accountId },
        openedBy: { id: boris.id },
        cites: [number],
        splitFrom: number,
        replyCount: 0,
      },
    });
    const created = split.body.number;
    expect(await bodies(created)).toEqual(['And the invoice is wrong', 'The invoice is another matter']);
    expect(await bodies(number)).toEqual(['Two things: it does not start']);
    expect(await staffPage(number)).toMatchObject({ citedBy: [created], replyCount: 0, status: 'awaiting_staff' });
    expect((await historyOf(number, anna)).at(-1)).toBe('split');
    expect(await historyOf(created, anna)).toEqual(['opened']);
    await kontor.settled();
    const mail = kontor.mail.to(boris.email).find((one) => one.subject?.includes(created));
    expect(mail!.text).toContain(`part of your request ${number}`);
    expect(await workflowState(created)).toBe('RUNNING');
  });

  test('T13, I1: who has left the account is neither mailed of the new ticket nor takes part in it', async () => {
    const left = await kontor.people.customer({ name: 'Vera', account: { id: anna.accountId, role: 'technical' } });
    const number = await openTicket('Left');
    const message = (await left.post(`/tickets/${number}/messages`, { body: 'And the invoice is wrong' })).body.messageId;
    await kontor.db.query('delete from membership where user_id = $1', [left.id]);
    const split = await oleg.post(`/tickets/${number}/split`, { messages: [message], subject: 'The invoice', category: 'billing' });
    expect(split).toMatchObject({ status: 201, body: { openedBy: { id: anna.id } } });
    await kontor.settled();
    const told = (email: string) => kontor.mail.to(email).filter((one) => one.subject?.includes(split.body.number)).length;
    expect([told(left.email), told(anna.email)]).toEqual([0, 1]);
  });

  test('T13: with an answer only, the new ticket waits for the customer and closes by itself', async () => {
    const number = await openTicket();
    const { messageId } = (await oleg.post(`/tickets/${number}/messages`, { body: 'By the way: your domain expires' })).body;
    const { body } = await oleg.post(`/tickets/${number}/split`, { messages: [messageId], subject: 'Your domain', category: 'general' });
    expect(body).toMatchObject({ status: 'awaiting_customer', assignee: { id: oleg.id }, next: { what: 'warn' } });
  });

  test('T13: not the first message, not notes alone, not another ticket’s, not out of the archive', async () => {
    const number = await openTicket();
    const [opening] = (await oleg.get(`/tickets/${number}/messages`)).body.items;
    const note = (await oleg.post(`/tickets/${number}/notes`, { body: 'A note' })).body.messageId;
    const [elsewhere] = (await oleg.get(`/tickets/${await openTicket()}/messages`)).body.items;
    const split = async (messages: string[], from = number) =>
      (await oleg.post(`/tickets/${from}/split`, { messages, subject: 'Another', category: 'general' })).body.error.code;
    expect(await split([opening.id])).toBe('ticket.split_everything');
    expect(await split([opening.id, note])).toBe('ticket.split_everything');
    expect(await split([note])).toBe('ticket.split_notes_only');
    expect(await split([elsewhere.id])).toBe('ticket.message_unknown');
    expect(await split(['x'])).toBe('request.invalid');
    await merge(number, await openTicket());
    expect(await split([note])).toBe('ticket.merged');
  });

  test('T13: what is found is found where it lies now, after a merge, its undo and a split', async () => {
    const word = 'xylophone';
    const [source, target] = [await openTicket(`The ${word}`), await openTicket('Original')];
    const found = async () => (await oleg.get(`/tickets?q=${word}&archived=false`)).body.items.map((row: { number: string }) => row.number);
    await until('the ticket is found', async () => (await found()).join() === source);
    await merge(source, target);
    await until('the target is found', async () => (await found()).join() === target);
    await undo(source);
    await until('the source is found again', async () => (await found()).join() === source);
  });
});
