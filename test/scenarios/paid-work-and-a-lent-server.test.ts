/** Paid work and access to a server over days (SPEC T16, T17): each ends when it was said to, and says so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedIn, signingInAgain, type ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { historyAtRest } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

let story: Story;
let anna: TestCustomer;
let own: ApiDriver;
let oleg: TestPerson;
let number: string;
const hour = 3_600_000;

beforeAll(async () => {
  story = await beginStory('2032-05-03T07:00:00Z');
  anna = await story.people.customer({ name: 'Анна Петрова', locale: 'ru' });
  await fund(story, anna.accountId, 100_000_000);
  oleg = await story.people.staff({ name: 'Олег Сидоров' });
  own = await signingInAgain(() => signedIn(story.origin, 'customer', anna.email, testPassword));
  number = await open();
  // Two mails caused within one second may come in either order: what is told last is to be told alone.
  await story.settled();
});
afterAll(() => story?.stop());

async function open(category = 'technical'): Promise<string> {
  return (await anna.post('/tickets', { subject: 'Перенос панели', body: 'Сможете перенести?', category })).body.number;
}
/** On beyond this instant, by what a timer may take to ring. */
const passBeyond = (instant: string) => story.passUntil(new Date(Date.parse(instant) + 1_000));
/** Whether something happened in the second after it was due. */
const onTime = (happened: string, due: string) => Date.parse(happened) >= Date.parse(due) && Date.parse(happened) - Date.parse(due) < 1_000;
const later = (hours: number) => new Date(story.now().getTime() + hours * hour);
const work = (validUntil: Date) => ({ description: 'Перенос панели', amount: { amountMinor: 1_250_000, currency: 'RUB' }, validUntil });
const offer = async (validUntil: Date) => (await oleg.post(`/tickets/${number}/quotes`, work(validUntil))).body.id as string;
const lend = async (on = number) =>
  (await own.post(`/tickets/${on}/server-accesses`, { address: '203.0.113.7', way: 'secret', secret: 'тайна сервера' })).body.id as string;
const quote = async (id: string) => (await anna.get(`/tickets/${number}/quotes`)).body.items.find((each: { id: string }) => each.id === id);
const access = async (id: string, on = number) =>
  (await anna.get(`/tickets/${on}/server-accesses`)).body.items.find((each: { id: string }) => each.id === id);
const sealed = async (id: string) =>
  (await story.db.query<{ secret: string | null }>('select secret from server_access where id = $1', [id]))[0]!.secret;
const texts = () => story.mail.to(anna.email).map((mail) => mail.text ?? '');
const ended = async (workflowId: string) => {
  const handle = story.temporal.workflow.getHandle(workflowId);
  await until(`${workflowId} has ended`, async () => (await handle.describe()).status.name === 'COMPLETED');
  return until('at rest', () => historyAtRest(story.temporal, workflowId));
};

describe('a quote that nobody answers', () => {
  let id: string;

  test('T16: on Monday Oleg offers the work for 12 500,00 ₽ until Thursday at noon; Anna reads it in Russian', async () => {
    id = await offer(later(77));
    await story.settled();
    expect(texts().at(-1)).toContain('мы предлагаем платную работу');
    expect(texts().at(-1)).toContain('12 500,00 ₽'.replaceAll(' ', '\u00a0'));
    expect(texts().at(-1)).toMatch(/четверг, 6 мая 2032.+15:00 \(Europe\/Moscow\)/);
  });

  test('T16: a minute before it may be accepted; on the minute it has expired, Anna is told once, and its workflow is over', async () => {
    const { validUntil } = await quote(id);
    await story.passUntil(new Date(Date.parse(validUntil) - 60_000));
    expect(await quote(id)).toMatchObject({ state: 'offered', allowedActions: ['accept', 'decline'] });
    await passBeyond(validUntil);
    expect(await quote(id)).toMatchObject({ state: 'expired', settledBy: null, next: null, allowedActions: [] });
    expect(onTime((await quote(id)).settledAt, validUntil)).toBe(true);
    expect(texts().filter((text) => text.includes('никто не ответил'))).toHaveLength(1);
    const refused = await anna.post(`/tickets/${number}/quotes/${id}/acceptance`);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'quote.expired']);
    expect(await ended(`quote:${id}`)).toBeLessThanOrEqual(16);
  });

  test('T16: one that was accepted does not expire', async () => {
    const taken = await offer(later(24));
    expect((await anna.post(`/tickets/${number}/quotes/${taken}/acceptance`)).body.state).toBe('accepted');
    await ended(`quote:${taken}`);
    await story.passUntil(later(48));
    expect((await quote(taken)).state).toBe('accepted');
    expect(texts().filter((text) => text.includes('никто не ответил'))).toHaveLength(1);
  });
});

describe('a server that was lent', () => {
  test('T17: 72 hours later to the minute the secret is destroyed, and Anna is told to change her password', async () => {
    const id = await lend();
    const { endsAt, grantedAt } = await access(id);
    expect(Date.parse(endsAt) - Date.parse(grantedAt)).toBe(72 * hour);
    await story.passUntil(new Date(Date.parse(endsAt) - 60_000));
    expect(await sealed(id)).toMatch(/^1\./);
    await passBeyond(endsAt);
    expect(await sealed(id)).toBeNull();
    expect(await access(id)).toMatchObject({ open: false, endedBy: 'time' });
    expect(onTime((await access(id)).endedAt, endsAt)).toBe(true);
    expect(texts().at(-1)).toContain('смените пароль');
    expect(texts().join()).not.toContain('тайна');
    expect(await ended(`server-access:${id}`)).toBeLessThanOrEqual(16);
  });

  test('T17: extended on the second day it lasts until the fifth: the old timer rings in vain', async () => {
    const id = await lend();
    const first = (await access(id)).endsAt;
    await story.passUntil(later(48));
    const extended = (await own.post(`/tickets/${number}/server-accesses/${id}/extension`)).body.endsAt;
    await story.passUntil(new Date(Date.parse(first) + 60_000));
    expect(await access(id)).toMatchObject({ open: true, endsAt: extended });
    expect(await sealed(id)).toMatch(/^1\./);
    await passBeyond(extended);
    expect([await sealed(id), (await access(id)).endedBy]).toEqual([null, 'time']);
  });

  test('T17, M3: a hold over everything keeps no secret alive', async () => {
    const maria = await story.people.staff({ role: 'administrator' });
    const held = (await maria.post('/holds', { scope: 'all', reason: 'The May holidays' })).body.id;
    const id = await lend();
    await passBeyond((await access(id)).endsAt);
    expect(await sealed(id)).toBeNull();
    await maria.post(`/holds/${held}/lifting`);
    await story.settled();
  });

  test('T17, T4: when silence closes the ticket, access and secret go with it, told in the closing’s mail', async () => {
    const other = await open();
    const id = await lend(other);
    await oleg.post(`/tickets/${other}/messages`, { body: 'Что скажете?' });
    for (const _round of [1, 2, 3]) {
      await story.passUntil(later(56));
      const answer = await own.post(`/tickets/${other}/server-accesses/${id}/extension`);
      if (answer.status !== 200) break;
    }
    expect(await access(id, other)).toMatchObject({ open: false, endedBy: 'closing' });
    expect((await anna.get(`/tickets/${other}`)).body.status).toBe('closed');
    expect(await sealed(id)).toBeNull();
    const closing = story.mail.to(anna.email).findLast((mail) => mail.subject?.includes(other))!;
    expect(closing.text).toContain('Предоставленный в нём доступ к серверу тоже завершён');
    await ended(`server-access:${id}`);
  });

  test('T16, T7: when it goes to the archive, open quotes are withdrawn with it', async () => {
    const former = number;
    number = await open();
    const id = await offer(later(80 * 24));
    await anna.post(`/tickets/${number}/resolution`);
    await story.passUntil(later(167));
    expect((await quote(id)).state).toBe('offered');
    await story.passUntil(later(2));
    expect((await anna.get(`/tickets/${number}`)).body.status).toBe('archived');
    expect(await quote(id)).toMatchObject({ state: 'withdrawn', settledBy: null });
    await ended(`quote:${id}`);
    number = former;
  });
});
