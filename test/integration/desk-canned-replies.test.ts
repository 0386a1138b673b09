import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer({ name: 'Анна *Петрова*', locale: 'ru' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => kontor?.stop());

const written = (more: object = {}) => ({
  title: { en: 'Ask for a log', ru: 'Запросить журнал' },
  body: {
    en: 'Hello {{customer.name}}, send us the log.',
    ru: 'Здравствуйте, {{customer.name}}! {{ ticket.number }}: пришлите журнал. {{agent.name}}',
  },
  ...more,
});
const add = async (more: object = {}) => (await oleg.post('/canned-replies', written(more))).body;

describe('writing them', () => {
  test('T13: a canned reply is kept as written, with its queues and its shortcut folded', async () => {
    const answer = await oleg.post('/canned-replies', written({ shortcut: 'Log', categories: ['technical'] }));
    expect(answer).toMatchObject({ status: 201, body: { ...written(), shortcut: 'log', categories: ['technical'], uses: 0, revision: 1 } });
    expect(answer.headers.get('etag')).toBe('"1"');
    expect((await oleg.get('/canned-replies')).body.items).toContainEqual(answer.body);
  });

  test('T13: an unknown variable is an error at saving, which names it, in whichever language it stands', async () => {
    for (const body of [{ en: 'Hello {{customer.nmae}}' }, { en: 'Hello', ru: 'Здравствуйте, {{customer.nmae}}' }]) {
      const { status, body: answer } = await oleg.post('/canned-replies', written({ body }));
      expect([status, answer.error.code]).toEqual([422, 'canned_reply.variable_unknown']);
      expect(answer.error.message).toContain('{{customer.nmae}}');
    }
    const reply = await add();
    expect((await oleg.put(`/canned-replies/${reply.id}`, written({ body: { en: '{{nothing}}' } }))).status).toBe(422);
    expect((await oleg.get(`/canned-replies/${reply.id}`)).body).toEqual(reply);
  });

  test('T13: no two have one shortcut, also when both are written at once; a withdrawn one lets go of it', async () => {
    const answers = await Promise.all([1, 2].map(() => oleg.post('/canned-replies', written({ shortcut: 'twice' }))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('canned_reply.shortcut_taken');
    const { id } = answers.find(({ status }) => status === 201)!.body;
    const other = await add({ shortcut: 'another' });
    expect((await oleg.put(`/canned-replies/${other.id}`, written({ shortcut: 'TWICE' }))).body.error.code).toBe(
      'canned_reply.shortcut_taken',
    );
    await oleg.delete(`/canned-replies/${id}`);
    expect((await oleg.put(`/canned-replies/${other.id}`, written({ shortcut: 'twice' }))).status).toBe(200);
  });

  test('T13: two that are given one shortcut at once, ten rounds: one has it, the other is told', async () => {
    const [one, other] = [await add(), await add()];
    for (let round = 0; round < 10; round += 1) {
      const shortcut = `round${round}`;
      const answers = await Promise.all([one, other].map(({ id }) => oleg.put(`/canned-replies/${id}`, written({ shortcut }))));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    }
  });

  test('T13: who changes an old revision is told; the newer one stays', async () => {
    const { id } = await add();
    const changed = await oleg.put(`/canned-replies/${id}`, written({ title: { en: 'Newer' } }), { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { revision: 2, title: { en: 'Newer' } } });
    for (const stale of [
      await oleg.put(`/canned-replies/${id}`, written(), { 'if-match': '"1"' }),
      await oleg.delete(`/canned-replies/${id}`, { 'if-match': '"1"' }),
    ])
      expect([stale.status, stale.body.error.code]).toEqual([412, 'request.stale']);
    expect((await oleg.get(`/canned-replies/${id}`)).body.title).toEqual({ en: 'Newer' });
  });

  test('T13: withdrawn, it is out of the list, stays for the record, and is changed no more', async () => {
    const { id } = await add();
    expect((await oleg.delete(`/canned-replies/${id}`)).body.withdrawnAt).not.toBeNull();
    const ids = async (query: string) => (await oleg.get(`/canned-replies${query}`)).body.items.map((item: { id: string }) => item.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('?withdrawn=true')).toContain(id);
    expect((await oleg.put(`/canned-replies/${id}`, written())).body.error.code).toBe('canned_reply.not_found');
  });

  test('I8: clerks of billing read them and write none; customers know nothing of them', async () => {
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await clerk.get('/canned-replies')).status).toBe(200);
    expect((await clerk.post('/canned-replies', written())).status).toBe(403);
    expect((await anna.get('/canned-replies')).status).toBe(404);
    expect((await anna.get('/api/staff/v1/canned-replies')).status).toBe(404);
  });

  test('T13: no English, an unknown queue, a shortcut with a space: refused', async () => {
    expect((await oleg.post('/canned-replies', written({ title: { ru: 'Только по-русски' } }))).status).toBe(400);
    expect((await oleg.post('/canned-replies', written({ categories: ['nowhere'] }))).body.error.code).toBe('ticket.category_unknown');
    expect((await oleg.post('/canned-replies', written({ shortcut: 'two words' }))).status).toBe(400);
  });
});

describe('inserting them', () => {
  const open = async (customer = anna, subject = 'Panel [down](https://evil.example)') =>
    (await customer.post('/tickets', { subject, body: 'It is down', category: 'technical' })).body.number;
  const render = async (id: string, number: string) => (await oleg.get(`/canned-replies/${id}/rendering?ticket=${number}`)).body;

  test('T13: the finished text is in the customer’s language and in the agent’s name, its values escaped for Markdown', async () => {
    const { id } = await add();
    const number = await open();
    expect(await render(id, number)).toEqual({
      locale: 'ru',
      body: `Здравствуйте, Анна \\*Петрова\\*! ${number}: пришлите журнал. Oleg Sidorov`,
    });
    const subject = await add({ body: { en: 'About: {{ticket.subject}}' } });
    expect((await render(subject.id, number)).body).not.toContain('[down]');
  });

  test('T13: where it is not written in the customer’s language, English falls back', async () => {
    const { id } = await add({ body: { en: 'Hello {{customer.name}} of {{account.name}}, {{ticket.queue}}' } });
    expect(await render(id, await open())).toEqual({ locale: 'en', body: 'Hello Анна \\*Петрова\\* of Vega Ltd, Technical' });
  });

  test('T13: a ticket or a reply that is not is not found', async () => {
    const { id } = await add();
    expect((await oleg.get(`/canned-replies/${id}/rendering?ticket=CS-999999`)).body.error.code).toBe('ticket.not_found');
    expect((await oleg.get(`/canned-replies/can_nothing/rendering?ticket=CS-999999`)).body.error.code).toBe('canned_reply.not_found');
  });

  test('T13: what was sent with it counts as a use, and the most used stands first', async () => {
    const [often, seldom] = [await add(), await add()];
    const number = await open();
    for (const cannedReplies of [[often.id], [often.id, often.id, seldom.id]])
      await oleg.post(`/tickets/${number}/messages`, { body: 'Rendered', cannedReplies });
    const { items } = (await oleg.get('/canned-replies')).body;
    expect(items[0]).toMatchObject({ id: often.id, uses: 2 });
    expect(items[1]).toMatchObject({ id: seldom.id, uses: 1 });
  });
});
