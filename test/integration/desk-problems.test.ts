/** Problems and wishes, and the one answer that reaches every linked ticket once (SPEC T20). */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDesk } from '../chaos/desk.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer({ locale: 'ru' });
  oleg = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];
const numberOf = (spelled: string) => Number(spelled.slice(3));
const words = {
  kind: 'problem',
  internalTitle: 'blank page, 6.12, cache of templates',
  title: { en: 'A blank page', ru: 'Пустая страница' },
  text: { en: 'Seen in version 6.12.', ru: 'Встречается в версии 6.12.' },
};
const answer = { en: 'Fixed in 6.13. Please update.', ru: 'Исправлено в 6.13. Обновитесь.' };

async function problem(more: object = {}): Promise<string> {
  const added = await oleg.post('/problems', { ...words, ...more });
  expect(added.status).toBe(201);
  return added.body.id;
}

async function open(customer = anna): Promise<string> {
  return (await customer.post('/tickets', { subject: 'Blank', body: 'A blank page', category: 'technical' })).body.number;
}

async function link(id: string, ...numbers: string[]): Promise<void> {
  for (const number of numbers) expect((await oleg.post(`/problems/${id}/tickets`, { number })).status).toBe(204);
}

async function archive(number: string): Promise<void> {
  await kontor.db.query(`update ticket set status = 'archived', closes_at = null, warns_at = null, archives_at = null where number = $1`, [
    numberOf(number),
  ]);
}

/** The newest answer, once its work has ended. */
async function ended(id: string): Promise<Record<string, any>> {
  return until('the answer has reached all', async () => {
    const [newest] = (await oleg.get(`/problems/${id}/answers`)).body.items;
    return newest.state !== 'running' && newest;
  });
}

const answersIn = async (customer: TestCustomer, number: string) =>
  (await customer.get(`/tickets/${number}/messages`)).body.items.filter(({ side }: { side: string }) => side === 'staff');

describe('what many tickets are about', () => {
  test('T20: is kept by staff, found by any of its words, and changed under the revision that was seen', async () => {
    const id = await problem({ internalTitle: 'Quark 100%_zeta' });
    const found = async (q: string) =>
      (await oleg.get(`/problems?q=${encodeURIComponent(q)}`)).body.items.map((item: { id: string }) => item.id);
    expect(await found('quark 100%_')).toEqual([id]);
    expect(await found('%')).toEqual([id]);
    expect(await found('пустая')).toContain(id);
    expect(await found('internal')).not.toContain(id);
    expect(await found("'; drop table problem; --")).toEqual([]);
    const read = await oleg.get(`/problems/${id}`);
    expect(read.headers.get('etag')).toBe('"1"');
    expect(read.body).toMatchObject({ status: 'confirmed', fixedIn: null, tickets: { total: 0, archived: 0 } });

    expect(codeOf(await oleg.patch(`/problems/${id}`, { status: 'fixed' }))).toEqual([422, 'problem.version_missing']);
    expect(codeOf(await oleg.patch(`/problems/${id}`, { status: 'planned', fixedIn: '6.13' }))).toEqual([
      422,
      'problem.version_without_fix',
    ]);
    const fixed = await oleg.patch(`/problems/${id}`, { status: 'fixed', fixedIn: '6.13' }, { 'if-match': '"1"' });
    expect(fixed.body).toMatchObject({ status: 'fixed', fixedIn: '6.13', revision: 2 });
    expect(codeOf(await oleg.patch(`/problems/${id}`, { status: 'declined' }, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
    expect((await oleg.patch(`/problems/${id}`, { status: 'declined' })).body).toMatchObject({ status: 'declined', fixedIn: null });
    expect((await oleg.get('/problems?kind=wish')).body.items.map((item: { id: string }) => item.id)).not.toContain(id);
  });

  test('T20: pages of a list go on where the last one ended', async () => {
    const made = [await problem({ kind: 'wish' }), await problem({ kind: 'wish' }), await problem({ kind: 'wish' })];
    const seen: string[] = [];
    let cursor = '';
    do {
      const { items, nextCursor } = (await oleg.get(`/problems?kind=wish&limit=2${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...items.map((item: { id: string }) => item.id));
      cursor = nextCursor ?? '';
    } while (cursor);
    expect(seen).toEqual(made.toReversed());
  });

  test('T20: a customer reads it on his own ticket, in his language, and nothing of others or of what staff call it', async () => {
    const [id, number, stranger] = [await problem(), await open(), await kontor.people.customer()];
    const theirs = await open(stranger);
    await link(id, number, theirs);
    const read = await anna.get(`/tickets/${number}/problems`, { 'accept-language': 'ru' });
    expect(read.body.items).toEqual([
      {
        id,
        kind: 'problem',
        status: 'confirmed',
        statusText: 'Подтверждена',
        fixedIn: null,
        title: 'Пустая страница',
        text: 'Встречается в версии 6.12.',
        updatedAt: expect.any(String),
      },
    ]);
    expect(JSON.stringify(read.body)).not.toMatch(/cache of templates|tickets|CS-/);
    expect(codeOf(await stranger.get(`/tickets/${number}/problems`))).toEqual([404, 'ticket.not_found']);
    const line = (await anna.get(`/tickets/${number}/history`, { 'accept-language': 'ru' })).body.items.at(-1);
    expect(line).toMatchObject({ what: 'problem_linked', text: 'Связан с: Пустая страница', data: {} });
    await oleg.patch(`/problems/${id}`, { status: 'fixed', fixedIn: '6.13' });
    expect((await anna.get(`/tickets/${number}/problems`, { 'accept-language': 'en' })).body.items[0].statusText).toBe(
      'Fixed in version 6.13',
    );
  });

  test('T20: a ticket is linked once, to several, twenty at the most; a link is taken away', async () => {
    const [id, other, number] = [await problem(), await problem(), await open()];
    const linked = await Promise.all(Array.from({ length: 20 }, () => oleg.post(`/problems/${id}/tickets`, { number })));
    expect(linked.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, ...Array.from({ length: 19 }, () => 409)]);
    await link(other, number);
    expect((await oleg.get(`/tickets/${number}/problems`)).body.items.map((item: { id: string }) => item.id)).toEqual([id, other]);
    expect((await oleg.get(`/problems/${id}/tickets`)).body.items).toMatchObject([{ number, account: { id: anna.accountId } }]);
    expect((await oleg.delete(`/problems/${id}/tickets/${number}`)).status).toBe(204);
    expect(codeOf(await oleg.delete(`/problems/${id}/tickets/${number}`))).toEqual([404, 'problem.not_linked']);
    for (let more = 0; more < 19; more += 1) await link(await problem(), number);
    expect(codeOf(await oleg.post(`/problems/${id}/tickets`, { number }))).toEqual([422, 'problem.too_many']);
    expect(codeOf(await oleg.post(`/problems/${id}/tickets`, { number: 'CS-2147483647' }))).toEqual([404, 'ticket.not_found']);
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect(codeOf(await clerk.post(`/problems/${id}/tickets`, { number }))).toEqual([403, 'auth.not_permitted']);
  });
});

test('T20, T13: a merge takes the links along, and its undo brings back those that it took', async () => {
  const [both, only, source, target] = [await problem(), await problem(), await open(), await open()];
  await link(both, source, target);
  await link(only, source);
  const linksOf = async (number: string) =>
    (await oleg.get(`/tickets/${number}/problems`)).body.items.map((item: { id: string }) => item.id).toSorted();
  expect((await oleg.post(`/tickets/${source}/merge`, { into: target })).status).toBe(200);
  expect(await linksOf(target)).toEqual([both, only].toSorted());
  expect(await linksOf(source)).toEqual([both]);
  expect((await oleg.delete(`/tickets/${source}/merge`)).status).toBe(200);
  expect(await linksOf(target)).toEqual([both]);
  expect(await linksOf(source)).toEqual([both, only].toSorted());
});

describe('one answer to all', () => {
  test('T20: reaches every linked ticket once, each in its customer’s language; twenty at the same moment are one', async () => {
    const john = await kontor.people.customer({ locale: 'en' });
    const [id, first, second, unlinked] = [await problem(), await open(), await open(john), await open()];
    await link(id, first, second);
    const given = { text: answer, status: 'fixed', fixedIn: '6.13' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => oleg.post(`/problems/${id}/answers`, given)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map((refused) => refused.body.error.code))).toEqual(
      new Set(['problem.answer_running']),
    );
    expect(await ended(id)).toMatchObject({
      state: 'done',
      total: 2,
      done: 2,
      skipped: 0,
      status: 'fixed',
      fixedIn: '6.13',
      givenBy: { id: oleg.id },
    });

    expect(await answersIn(anna, first)).toMatchObject([{ body: answer.ru, author: { id: oleg.id } }]);
    expect(await answersIn(john, second)).toMatchObject([{ body: answer.en }]);
    expect(await answersIn(anna, unlinked)).toEqual([]);
    expect((await anna.get(`/tickets/${first}`)).body).toMatchObject({ status: 'awaiting_customer', next: { what: 'auto_close' } });
    // Whoever answers many takes none of them on.
    expect((await oleg.get(`/tickets/${first}`)).body.assignee).toBe(null);
    expect((await oleg.get(`/problems/${id}`)).body).toMatchObject({ status: 'fixed', fixedIn: '6.13' });
    await mailTo(kontor.mail, john.email, /Please update/);
    await kontor.settled();
    expect(kontor.mail.to(john.email).filter(({ text }) => text?.includes('Please update'))).toHaveLength(1);
  });

  test('T20: the same key gives the same answer; another answer later is another message', async () => {
    const [id, number] = [await problem(), await open()];
    await link(id, number);
    const key = { 'idempotency-key': `answer-${id}` };
    const repeats = await Promise.all(Array.from({ length: 5 }, () => oleg.post(`/problems/${id}/answers`, { text: answer }, key)));
    expect(new Set(repeats.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    await ended(id);
    expect(await answersIn(anna, number)).toHaveLength(1);
    expect((await oleg.post(`/problems/${id}/answers`, { text: { en: 'Again' }, nextStepBy: 'staff' })).status).toBe(201);
    await ended(id);
    expect((await answersIn(anna, number)).map(({ body }: { body: string }) => body)).toEqual([answer.ru, 'Again']);
    expect((await anna.get(`/tickets/${number}`)).body.status).toBe('in_progress');
  });

  test('T20: those of an archived ticket get a notification and a mail, one for all they had, and nothing is written in it', async () => {
    const boris = await kontor.people.customer({ locale: 'ru' });
    const vera = await kontor.people.customer({ locale: 'en' });
    const [id, old, older, openOne] = [await problem(), await open(boris), await open(boris), await open(vera)];
    const verasOld = await open(vera);
    await archive(old);
    await archive(older);
    await archive(verasOld);
    await link(id, old, older, openOne, verasOld);
    expect((await oleg.get(`/problems/${id}`)).body.tickets).toEqual({ total: 4, archived: 3 });
    await oleg.post(`/problems/${id}/answers`, { text: answer });
    expect(await ended(id)).toMatchObject({ state: 'done', done: 4, skipped: 0 });

    expect(await answersIn(boris, old)).toEqual([]);
    expect((await boris.get(`/tickets/${old}`)).body.status).toBe('archived');
    const told = (await boris.get('/notifications')).body.items.filter(({ event }: { event: string }) => event === 'problem.answered');
    expect(told).toHaveLength(1);
    const mail = await mailTo(kontor.mail, boris.email, /Исправлено в 6\.13/);
    expect(mail.text).toContain('в архиве');
    // Vera read it in her open ticket: one cause, one mail.
    expect((await vera.get('/notifications')).body.items.map(({ event }: { event: string }) => event)).not.toContain('problem.answered');
    await kontor.settled();
    expect(kontor.mail.to(boris.email).filter(({ text }) => text?.includes('6.13'))).toHaveLength(1);
    expect(kontor.mail.to(vera.email).filter(({ text }) => text?.includes('6.13'))).toHaveLength(1);
    const line = (await boris.get(`/tickets/${old}/history`, { 'accept-language': 'ru' })).body.items.at(-1);
    expect(line).toMatchObject({ what: 'problem_answered', text: 'Участникам сообщили о: Пустая страница' });
  });

  test('T20, T13: a merged ticket is answered where it went on, once; an unlinked one is left', async () => {
    const [id, source, target, alone, taken] = [await problem(), await open(), await open(), await open(), await open()];
    await link(id, source, target, taken);
    expect((await oleg.post(`/tickets/${source}/merge`, { into: target })).status).toBe(200);
    await link(id, alone);
    await kontor.stopPromises();
    try {
      await oleg.post(`/problems/${id}/answers`, { text: answer });
      await oleg.delete(`/problems/${id}/tickets/${taken}`);
      const other = await open();
      await link(id, other);
      await kontor.startPromises();
      expect(await ended(id)).toMatchObject({ state: 'done' });
      expect(await answersIn(anna, target)).toHaveLength(1);
      expect(await answersIn(anna, alone)).toHaveLength(1);
      expect(await answersIn(anna, taken)).toEqual([]);
      // Linked while it ran: that one was not meant.
      expect(await answersIn(anna, other)).toEqual([]);
    } finally {
      await kontor.startPromises();
    }
  });

  test('T20: nobody to answer is told; no text is lost in the machinery', async () => {
    const id = await problem();
    expect(codeOf(await oleg.post(`/problems/${id}/answers`, { text: answer }))).toEqual([409, 'problem.nobody_linked']);
    await link(id, await open());
    expect(codeOf(await oleg.post(`/problems/${id}/answers`, { text: answer, status: 'fixed' }))).toEqual([422, 'problem.version_missing']);
    for (const text of [{}, { ru: 'Только по-русски' }, { en: '' }, { en: 'x'.repeat(20_001) }, { en: 'x', de: 'y' }])
      expect((await oleg.post(`/problems/${id}/answers`, { text })).status).toBe(400);
    await oleg.post(`/problems/${id}/answers`, { text: { en: 'A text of zebras' } });
    const [newest] = (await oleg.get(`/problems/${id}/answers`)).body.items;
    await ended(id);
    const handle = kontor.temporal.workflow.getHandle(`job:${newest.job}`);
    await handle.result();
    expect(JSON.stringify(await handle.fetchHistory())).not.toContain('zebras');
    const kept = await kontor.db.query<{ rows: string }>('select coalesce(string_agg(o::text, $1), $1) as rows from outbox o', ['']);
    expect(kept[0]!.rows).not.toContain('zebras');
  });
});

test('T20, R1: a worker that is killed again and again while it answers leaves each ticket with one answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-problems-'));
  const ground = {
    postgresAdminUrl: inject('postgresAdminUrl'),
    temporalAddress: inject('temporalAddress'),
    temporalNamespace: inject('temporalNamespace'),
    folder,
  };
  const desk = await openDesk(ground, 'problems');
  try {
    const [vera, maria] = [await desk.people.customer(), await desk.people.staff()];
    const { id } = (await maria.post('/problems', words)).body;
    const tickets = 120;
    for (let count = 0; count < tickets; count += 1) {
      const { number } = (await vera.post('/tickets', { subject: 'Blank', body: 'A blank page', category: 'technical' })).body;
      await maria.post(`/problems/${id}/tickets`, { number });
    }
    await desk.settled(60);
    expect((await maria.post(`/problems/${id}/answers`, { text: answer })).status).toBe(201);
    const answered = async () => Number((await desk.query<{ n: string }>('select count(*) as n from problem_answer_ticket'))[0]!.n);
    for (const reached of [1, 60]) {
      await until(`${reached} tickets have it`, async () => (await answered()) >= reached, 60);
      await desk.worker.kill();
      expect(await answered()).toBeLessThan(tickets);
      await desk.worker.start();
    }
    await until('all have it', async () => (await maria.get(`/problems/${id}/answers`)).body.items[0].state === 'done', 90);
    const perTicket = await desk.query<{ number: number; answers: string }>(
      `select ticket_number as number, count(*) as answers from message where author_side = 'staff' group by ticket_number`,
    );
    expect(perTicket).toHaveLength(tickets);
    expect(perTicket.filter(({ answers }) => answers !== '1')).toEqual([]);
    expect((await maria.get(`/problems/${id}/answers`)).body.items[0]).toMatchObject({ total: tickets, done: tickets, skipped: 0 });
  } finally {
    await desk.close();
  }
}, 240_000);
