import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestStaff;
const lines: string[] = [];

beforeAll(async () => {
  kontor = await startKontor({ onLogLine: (line) => lines.push(line) });
  anna = await kontor.people.customer();
  boris = await kontor.people.customer({ name: 'Boris', account: { id: anna.accountId, role: 'technical' } });
  oleg = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

async function openTicket(): Promise<string> {
  return (await anna.post('/tickets', { subject: 'A panel', body: 'Our secret plan is in here', category: 'technical' })).body.number;
}

let counter = 0;
const outsider = () => `reader-${(counter += 1)}@outside.example`;
const add = (number: string, who: object, by: TestCustomer | TestStaff = anna) => by.post(`/tickets/${number}/participants`, who);
const answer = (number: string, body: string) => oleg.post(`/tickets/${number}/messages`, { body });

describe('users of the account', () => {
  test('T1: who is added is told of answers, who is removed no longer; the history tells both', async () => {
    const number = await openTicket();
    expect((await add(number, { user: boris.id })).body.participants).toContainEqual({ id: boris.id, name: 'Boris' });
    await answer(number, 'Boris reads this');
    await kontor.settled();
    expect(kontor.mail.to(boris.email).filter((mail) => mail.subject?.includes(number))).toHaveLength(1);
    expect((await anna.delete(`/tickets/${number}/participants/${boris.id}`)).body.participants).toEqual([
      { id: anna.id, name: anna.name },
    ]);
    await answer(number, 'Boris does not read this');
    await kontor.settled();
    expect(kontor.mail.to(boris.email).filter((mail) => mail.subject?.includes(number))).toHaveLength(1);
    const kinds = (await anna.get(`/tickets/${number}/history`)).body.items.map((line: { what: string }) => line.what);
    expect(kinds).toEqual(['opened', 'participant_added', 'staff_message', 'participant_removed', 'staff_message']);
  });

  test('T1: only members of the ticket’s account, by its own people or by staff; a stranger learns nothing', async () => {
    const number = await openTicket();
    const stranger = await kontor.people.customer();
    for (const user of [stranger.id, oleg.id]) expect((await add(number, { user })).body.error.code).toBe('ticket.customer_unknown');
    expect(await add(number, { user: stranger.id }, stranger)).toMatchObject({
      status: 404,
      body: { error: { code: 'ticket.not_found' } },
    });
    expect((await stranger.delete(`/tickets/${number}/participants/${anna.id}`)).status).toBe(404);
    expect((await add(number, { user: boris.id }, oleg)).status).toBe(200);
    expect((await add(number, { user: boris.id })).body.error.code).toBe('participant.already');
    expect((await anna.delete(`/tickets/${number}/participants/${stranger.id}`)).body.error.code).toBe('participant.not_found');
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await add(number, { user: boris.id }, clerk)).status).toBe(403);
  });
});

describe('outside addresses', () => {
  test('T1: gets a copy of each answer from then on: no earlier one, no note, no customer’s message, no closing', async () => {
    const number = await openTicket();
    await answer(number, 'Before he reads along');
    const address = outsider();
    await add(number, { address, name: 'Pavel Orlov' });
    await oleg.post(`/tickets/${number}/notes`, { body: 'A note of ours' });
    await anna.post(`/tickets/${number}/messages`, { body: 'A message of hers' });
    await answer(number, 'While he **reads** along');
    await oleg.post(`/tickets/${number}/closing`);
    await kontor.settled();
    const mails = kontor.mail.to(address);
    expect(mails.map((mail) => mail.subject)).toEqual([`Re: [${number}] A panel`]);
    const [{ text, html }] = mails as unknown as [{ text: string; html: string }];
    expect(text).toContain('Hello Pavel Orlov');
    expect(text).toContain('While he **reads** along');
    expect(text).toContain('because Anna Petrova of Vega Ltd asked us to send you copies');
    expect(text).toContain('To get no more of them, ask Anna Petrova');
    for (const part of [text, html]) {
      for (const untold of ['Before he reads', 'A note of ours', 'A message of hers', 'secret plan']) expect(part).not.toContain(untold);
      expect(part).not.toMatch(/https?:/);
    }
    expect(html).not.toContain('<a ');
  });

  test('T1, N3: one copy for each answer and address, and nothing in the product', async () => {
    const number = await openTicket();
    const addresses = [outsider(), outsider()];
    for (const address of addresses) await add(number, { address });
    await Promise.all(Array.from({ length: 3 }, (_, n) => answer(number, `Answer ${n}`)));
    await kontor.settled();
    for (const address of addresses) expect(kontor.mail.to(address)).toHaveLength(3);
    expect(
      await kontor.db.query('select 1 from notification where ticket_number = $1 and recipient_id like $2', [
        Number(number.slice(3)),
        'oad%',
      ]),
    ).toEqual([]);
  });

  test('T1: everybody in the ticket reads in its history that an outside address reads along, but nobody which', async () => {
    const number = await openTicket();
    const address = outsider();
    await add(number, { address, name: 'Pavel' }, oleg);
    for (const reader of [anna, oleg]) {
      const line = (await reader.get(`/tickets/${number}/history`)).body.items.at(-1);
      expect(line).toMatchObject({ what: 'outside_address_added', text: 'An outside address reads along: it gets a copy of every answer' });
      expect(JSON.stringify(line)).not.toContain(address);
    }
    const [{ id, addedBy }] = (await anna.get(`/tickets/${number}`)).body.outsideAddresses;
    expect(addedBy).toEqual({ id: oleg.id, name: oleg.name });
    await anna.delete(`/tickets/${number}/participants/${id}`);
    expect((await anna.get(`/tickets/${number}`)).body.outsideAddresses).toEqual([]);
    expect((await anna.get(`/tickets/${number}/history`)).body.items.at(-1).what).toBe('outside_address_removed');
  });

  test('T1: removed while a copy is on its way, it gets none', async () => {
    await kontor.stopPromises();
    const number = await openTicket();
    const [removed, kept] = [outsider(), outsider()];
    for (const address of [removed, kept]) await add(number, { address });
    await answer(number, 'Too late for one of them');
    const { id } = (await anna.get(`/tickets/${number}`)).body.outsideAddresses.find((one: { address: string }) => one.address === removed);
    await anna.delete(`/tickets/${number}/participants/${id}`);
    await kontor.startPromises();
    await kontor.settled();
    expect(kontor.mail.to(kept)).toHaveLength(1);
    expect(kontor.mail.to(removed)).toHaveLength(0);
  });

  test('T1: a copy that is refused for good becomes a case, which names no address', async () => {
    const number = await openTicket();
    const address = outsider();
    await add(number, { address });
    kontor.mail.refuseWith(550);
    await answer(number, 'Refused');
    await until('its delivery is refused', async () => {
      const [row] = await kontor.db.query<{ state: string }>(
        'select d.state from delivery d join outside_copy c on c.delivery_id = d.id join ticket_outside_address o on o.id = c.address_id where o.address = $1',
        [address],
      );
      return row?.state === 'refused';
    });
    kontor.mail.refuseWith(null);
    await kontor.settled();
    const cases = (await oleg.get('/cases')).body.items;
    expect(cases.some((one: { kind: string }) => one.kind === 'delivery.refused')).toBe(true);
    expect(JSON.stringify(cases)).not.toContain(address);
  });

  test('T1: ten at the most; the eleventh is refused, also when twenty come at once', async () => {
    const number = await openTicket();
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(number, { address: outsider() })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.error.code))).toEqual(
      new Set(['participant.too_many']),
    );
    expect((await anna.get(`/tickets/${number}`)).body.outsideAddresses).toHaveLength(10);
  });

  test('T1: never the address of a member or of staff, in whatever case; those are users', async () => {
    const number = await openTicket();
    for (const address of [boris.email, oleg.email, oleg.email.toUpperCase()])
      expect((await add(number, { address })).body.error.code).toBe('participant.not_outside');
    const address = outsider();
    await add(number, { address });
    expect((await add(number, { address: address.toUpperCase() })).body.error.code).toBe('participant.already');
  });

  test('T1: one mailbox a field; nothing by which a mail could reach a second', async () => {
    const number = await openTicket();
    for (const address of [
      'a@outside.example, b@outside.example',
      'a@outside.example;b@outside.example',
      'Pavel <a@outside.example>',
      'a@outside.example\r\nBcc: b@outside.example',
      '"a@b"@outside.example',
      'not an address',
    ])
      expect((await add(number, { address })).status).toBe(400);
    expect((await add(number, { address: outsider(), name: 'Pavel\r\nBcc: b@outside.example' })).status).toBe(400);
    expect((await add(number, { address: outsider(), user: boris.id })).status).toBe(400);
    expect((await add(number, {})).status).toBe(400);
  });

  test('T1: an odd name stays a name: one recipient, whatever it says', async () => {
    const number = await openTicket();
    const address = outsider();
    await add(number, { address, name: 'x@evil.example>, "y" <z@evil.example' });
    await answer(number, 'To one');
    await kontor.settled();
    expect(kontor.mail.to(address)).toHaveLength(1);
    expect(kontor.mail.recipients.filter((recipient) => recipient.includes('evil'))).toEqual([]);
  });

  test('T7: in the archive nobody is added and nobody removed', async () => {
    const readOnly = await kontor.queue({ autoClose: 600, archive: 600, reopen: false });
    const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B', category: readOnly })).body;
    await anna.post(`/tickets/${number}/resolution`);
    expect((await add(number, { address: outsider() })).body.error.code).toBe('ticket.archived');
    expect((await add(number, { user: boris.id }, oleg)).body.error.code).toBe('ticket.archived');
    expect((await anna.delete(`/tickets/${number}/participants/${anna.id}`)).body.error.code).toBe('ticket.archived');
  });

  test('security.md: the address is in no history, outbox, audit, feed or log', async () => {
    const number = await openTicket();
    const address = outsider();
    await add(number, { address, name: 'A telling name' });
    await kontor.stopPromises();
    await answer(number, 'To outside');
    const told = JSON.stringify([
      await kontor.db.query('select message from outbox'),
      await kontor.db.query('select topic from change_feed'),
      await kontor.db.query('select data from ticket_event'),
      await kontor.db.query('select before, after, object, whom from audit_line'),
      await kontor.db.query('select answer from idempotency_record'),
    ]);
    await kontor.startPromises();
    await kontor.settled();
    expect(kontor.mail.to(address)).toHaveLength(1);
    const [copy] = await kontor.db.query<{ id: string }>('select max(delivery_id) as id from outside_copy');
    const history = await kontor.temporal.workflow.getHandle(`notification:${copy!.id}`).fetchHistory();
    for (const text of [told, JSON.stringify(history), lines.join('\n')]) {
      expect(text).not.toContain(address);
      expect(text).not.toContain('A telling name');
    }
  });
});
