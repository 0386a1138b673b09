/** The catalogue of what support does, partners, and saying no by the catalogue (SPEC T15). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standardScope } from '../../db/data/support-scope.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { changesOf } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer({ locale: 'ru' });
  maria = await kontor.people.staff({ role: 'administrator' });
  oleg = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];
const russian = { 'accept-language': 'ru' };

async function open(customer = anna, category = 'technical'): Promise<string> {
  return (await customer.post('/tickets', { subject: 'PHP', body: 'Please update PHP', category })).body.number;
}

async function itemCalled(words: string): Promise<{ id: string; text: { en: string; ru: string }; stance: string; revision: number }> {
  const { items } = (await oleg.get('/support-scope')).body;
  return items.find(({ title }: { title: { en: string } }) => title.en.includes(words));
}

async function partner(name: string, city: { en: string; ru: string }, more: object = {}): Promise<string> {
  const skills = [{ en: 'Servers', ru: 'Серверы' }];
  const added = await maria.post('/partners', { name, city, skills, address: `https://${name.toLowerCase()}.example`, ...more });
  expect(added.status).toBe(201);
  return added.body.id;
}

describe('the catalogue', () => {
  test('T15: an installation begins with every item of the data, and customers read it in their language', async () => {
    const all = (await anna.get('/support-scope', russian)).body;
    expect(all.nextCursor).toBeNull();
    expect(all.items.map(({ title }: { title: string }) => title)).toEqual(
      standardScope.flatMap(({ items }) => items.map(({ title }) => title['ru'])),
    );
    const english = (await anna.get('/support-scope', { 'accept-language': 'en' })).body.items;
    expect(english[0]).toMatchObject({
      category: 'technical',
      product: null,
      edition: null,
      stance: 'not_covered',
      section: 'Servers and other software',
    });
  });

  test('T15: narrowed by category, product and edition it has what stands for every one of them too', async () => {
    const found = async (query: string) => (await anna.get(`/support-scope?${query}`)).body.items as Record<string, string | null>[];
    const other = await found('product=panel&edition=cloud');
    expect(other.length).toBe(8 + 5);
    expect(other.every(({ product, edition }) => product === null && edition === null)).toBe(true);
    expect(await found('product=bitrix24&edition=on_premise')).toHaveLength(8 + 41 + 5);
    expect((await found('product=bitrix24&edition=cloud')).length).toBe(13);
    const licence = await found('category=licence');
    expect(licence.length).toBe(2);
    expect((await found('stance=paid')).map(({ stance }) => stance)).toEqual(['paid', 'paid']);
    for (const query of ['edition=both', 'stance=free', 'product=A%20B', 'category=', 'nonsense=1'])
      expect((await anna.get(`/support-scope?${query}`)).status).toBe(400);
  });

  test('T15: administrators add, change, withdraw and bring back; what customers see follows', async () => {
    const words = {
      category: 'technical',
      product: 'panel',
      edition: 'cloud',
      section: { en: 'Mail', ru: 'Почта' },
      stance: 'not_covered',
      title: { en: 'Spam of others' },
      text: { en: 'Support does not stop the spam of others.' },
    };
    const added = await maria.post('/support-scope', words);
    expect(added.status).toBe(201);
    expect(added.headers.get('etag')).toBe('"1"');
    const { id, position } = added.body;
    expect(position).toBe((8 + 41 + 5 + 1) * 10);
    const seen = async () =>
      (await anna.get('/support-scope?product=panel&edition=cloud', russian)).body.items.find((item: { id: string }) => item.id === id);
    expect(await seen()).toMatchObject({ title: 'Spam of others', section: 'Почта' });

    const title = { en: 'Spam of others', ru: 'Чужой спам' };
    expect((await maria.patch(`/support-scope/${id}`, { title }, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"');
    expect(codeOf(await maria.patch(`/support-scope/${id}`, { position: 1 }, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
    expect((await seen()).title).toBe('Чужой спам');

    expect((await maria.patch(`/support-scope/${id}`, { withdrawn: true })).body).toMatchObject({ withdrawn: true, title });
    expect(await seen()).toBeUndefined();
    expect((await oleg.get('/support-scope?withdrawn=true')).body.items).toMatchObject([{ id }]);
    expect((await maria.patch(`/support-scope/${id}`, { withdrawn: false })).body.withdrawn).toBe(false);
    expect(await seen()).toBeDefined();
    expect(codeOf(await maria.patch(`/support-scope/${id}`, { category: 'cooking' }))).toEqual([422, 'ticket.category_unknown']);
    await maria.patch(`/support-scope/${id}`, { withdrawn: true });
  });

  test('T15: two administrators who change the same item at once: one does, the other is told', async () => {
    const { id, revision } = await itemCalled('Questions of licensing');
    const answers = await Promise.all(
      [1, 2, 3, 4].map((place) => maria.patch(`/support-scope/${id}`, { position: 5_000 + place }, { 'if-match': `"${revision}"` })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
  });

  test('I8: agents read it and do not write it', async () => {
    const { id } = await itemCalled('Questions of licensing');
    const changes = await changesOf(kontor.db, async () => {
      expect(codeOf(await oleg.patch(`/support-scope/${id}`, { withdrawn: true }))).toEqual([403, 'auth.not_permitted']);
      expect(codeOf(await oleg.post('/partners', { name: 'x', city: { en: 'x' }, address: 'https://x.example' }))).toEqual([
        403,
        'auth.not_permitted',
      ]);
    });
    expect(changes).toEqual([]);
  });
});

describe('partners', () => {
  test('T15: have an address that surprises nobody', async () => {
    const city = { en: 'Tver' };
    for (const address of [
      'http://x.example',
      'javascript:alert(1)',
      'https://',
      'https://a:b@x.example',
      'https://x.example/)**',
      'x',
      '',
      ' https://x.example',
      'data:text/html,x',
    ])
      expect((await maria.post('/partners', { name: 'X', city, address })).status, address).toBe(400);
    const id = await partner('Mailbox', { en: 'Tver', ru: 'Тверь' }, { address: 'help@mailbox.example' });
    expect((await maria.patch(`/partners/${id}`, { withdrawn: true }, { 'if-match': '"7"' })).status).toBe(412);
    expect((await maria.patch(`/partners/${id}`, { withdrawn: true }, { 'if-match': '"1"' })).status).toBe(200);
    expect((await anna.get('/partners')).body.items).toEqual([]);
    expect((await oleg.get('/partners?withdrawn=true')).body.items).toMatchObject([{ id, withdrawn: true }]);
  });

  test('T15: the owner says where the account is, staff see it, and partners of that city come first', async () => {
    const boris = await kontor.people.customer({ locale: 'ru' });
    for (const [name, city] of [
      ['Alpha', { en: 'Moscow', ru: 'Москва' }],
      ['Beta', { en: 'Oryol', ru: 'Орёл' }],
    ] as const)
      await partner(name, city);
    const names = async () => (await boris.get('/partners', russian)).body.items.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['Alpha', 'Beta']);
    expect((await boris.patch('/account', { city: 'орел' })).body.city).toBe('орел');
    expect(await names()).toEqual(['Beta', 'Alpha']);
    expect((await oleg.get(`/customers/${boris.accountId}`)).body.city).toBe('орел');
    expect((await boris.patch('/account', { name: 'Vega' })).body).toMatchObject({ name: 'Vega', city: 'орел' });
    const helper = await kontor.people.customer({ account: { id: boris.accountId, role: 'technical' } });
    expect(codeOf(await helper.patch('/account', { city: 'Тула' }))).toEqual([403, 'auth.not_permitted']);
    expect((await boris.patch('/account', { city: null })).body.city).toBeNull();
  });
});

describe('a refusal by the catalogue', () => {
  test('T15: is one message in the customer’s language, exactly as it was shown before; the ticket waits for him', async () => {
    await anna.patch('/account', { city: 'Орёл' });
    const number = await open();
    const { id, text } = await itemCalled('PHP, MySQL');
    const wanted = { item: id, withPartners: true, comment: 'Мы посмотрели: панель работает.' };
    const preview = await oleg.post(`/tickets/${number}/scope-refusal/preview`, wanted);
    expect(preview.body).toEqual({
      locale: 'ru',
      body: `Мы посмотрели: панель работает.\n\n${text.ru}\n\nС этим могут помочь партнёры:\n\n- **Beta**, Орёл: Серверы. <https://beta.example>\n- **Alpha**, Москва: Серверы. <https://alpha.example>`,
    });
    const key = { 'idempotency-key': `refusal-${number}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => oleg.post(`/tickets/${number}/scope-refusal`, wanted, key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.messageId}`)).size).toBe(1);

    const messages = (await anna.get(`/tickets/${number}/messages`)).body.items;
    expect(messages).toHaveLength(2);
    expect(messages[1]).toMatchObject({ id: answers[0]!.body.messageId, side: 'staff', body: preview.body.body });
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_customer', next: { what: 'auto_close' } });
    const lines = (await anna.get(`/tickets/${number}/history`, russian)).body.items;
    expect(lines.at(-1)).toMatchObject({
      what: 'scope_refused',
      text: 'Не входит в поддержку: Установка и обновление PHP, MySQL и других сервисов',
    });
    const mail = await mailTo(kontor.mail, anna.email, /Beta/);
    expect(mail.subject).toContain(number);
  });

  test('T15: to somebody who reads English it is in English, and without partners it is the text alone', async () => {
    const john = await kontor.people.customer({ locale: 'en' });
    const number = await open(john);
    const { id, text } = await itemCalled('Setting up the network');
    expect((await oleg.post(`/tickets/${number}/scope-refusal`, { item: id, withPartners: false })).status).toBe(201);
    expect((await john.get(`/tickets/${number}/messages`)).body.items.at(-1).body).toBe(text.en);
  });

  test('T15, T16: what is done for money leads to a quote, what is done or withdrawn to nothing; nothing is written', async () => {
    const number = await open();
    const [paid, covered, withdrawn] = [
      await itemCalled('other contractors'),
      await itemCalled('Errors of the product itself'),
      (await oleg.get('/support-scope?withdrawn=true')).body.items[0],
    ];
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const [item, status, code] of [
        [paid.id, 422, 'scope_item.offer_quote'],
        [covered.id, 422, 'scope_item.covered'],
        [withdrawn.id, 409, 'scope_item.withdrawn'],
        ['sci_zzzzzzzzzzzzzzzzzzzzzzzzzz', 404, 'scope_item.not_found'],
        ['nonsense', 404, 'scope_item.not_found'],
      ] as const)
        for (const path of ['scope-refusal', 'scope-refusal/preview'])
          expect(codeOf(await oleg.post(`/tickets/${number}/${path}`, { item }))).toEqual([status, code]);
    });
    expect(changes).toEqual([]);
  });

  test('T7, I8: not in the archive, not by billing clerks, and of nobody’s ticket', async () => {
    const number = await open();
    const { id: item } = await itemCalled('Setting up the network');
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect(codeOf(await clerk.post(`/tickets/${number}/scope-refusal`, { item }))).toEqual([403, 'auth.not_permitted']);
    expect(codeOf(await oleg.post('/tickets/CS-2147483647/scope-refusal', { item }))).toEqual([404, 'ticket.not_found']);
    expect(codeOf(await oleg.post('/tickets/CS-2147483647/scope-refusal/preview', { item }))).toEqual([404, 'ticket.not_found']);
    await kontor.db.query(`update ticket set status = 'archived' where number = $1`, [Number(number.slice(3))]);
    expect(codeOf(await oleg.post(`/tickets/${number}/scope-refusal`, { item }))).toEqual([409, 'ticket.archived']);
  });
});
