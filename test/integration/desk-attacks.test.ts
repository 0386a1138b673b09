/** What attackers found at the desk, so that it stays found. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedIn } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { kept, rawUpload } from './desk-files-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;
let administrator: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  await fund(kontor, anna.accountId, 100_000_000);
  oleg = await kontor.people.staff();
  administrator = await kontor.people.staff({ role: 'administrator', name: 'Root' });
});
afterAll(() => kontor?.stop());

async function openTicket(): Promise<string> {
  return (await anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical' })).body.number;
}

test('T1, T8: ids in other letters than ids have name nothing, and break no list of the database', async () => {
  const queue = (await administrator.get('/queues')).body.items[0].id;
  const policy = (await administrator.get('/timing-policies')).body.items[0].id;
  const number = await openTicket();
  for (const broken of ['\u0000', '{{', '\\', ' ', 'usr_1,usr_2', '"']) {
    for (const change of [{ staff: [broken] }, { duty: [broken] }, { timingPolicy: broken }])
      expect((await administrator.patch(`/queues/${queue}`, change)).status, JSON.stringify(change)).toBe(400);
    for (const path of ['retiming', 'retiming-preview'])
      expect((await administrator.post(`/timing-policies/${policy}/${path}`, { queues: [broken] })).status).toBe(400);
    for (const person of [anna, oleg])
      expect((await person.delete(`/tickets/${number}/participants/${encodeURIComponent(broken)}`)).body.error.code).toBe(
        'participant.not_found',
      );
  }
});

test('T11: an upload whose sender’s session ends meanwhile comes to nothing', async () => {
  const own = { ...anna, ...(await signedIn(kontor.origin, 'customer', anna.email, testPassword)) };
  const before = await kept(kontor);
  const socket = await rawUpload(kontor, own, 'slow.log', 100);
  let answer = '';
  socket.on('data', (piece) => (answer += String(piece)));
  socket.write('a'.repeat(50));
  await until('the upload has begun', async () => (await kept(kontor)).rows > before.rows);
  await own.post('/auth/sign-out');
  socket.write('b'.repeat(50));
  await until('it is answered', () => answer !== '');
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  await until('nothing is left', async () => JSON.stringify(await kept(kontor)) === JSON.stringify(before));
  socket.destroy();
});

test('T3, T13, T16: once the customer has answered an offer in the target, its merge is not undone: what was agreed does not close by itself', async () => {
  const own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  const [source, target] = [await openTicket(), await openTicket()];
  const validUntil = new Date(kontor.clock.now().getTime() + 48 * 3_600_000).toISOString();
  const offer = { description: 'Moving it', amount: { amountMinor: 10_000, currency: 'RUB' }, validUntil };
  const quote = (await oleg.post(`/tickets/${source}/quotes`, offer)).body.id;
  await oleg.post(`/tickets/${source}/messages`, { body: 'Our offer', nextStepBy: 'customer' });
  await oleg.post(`/tickets/${source}/merge`, { into: target });
  expect((await own.post(`/tickets/${target}/quotes/${quote}/acceptance`)).status).toBe(200);
  expect((await oleg.delete(`/tickets/${source}/merge`)).body.error.code).toBe('ticket.merge_settled');
  expect((await oleg.get(`/tickets/${target}`)).body).toMatchObject({ status: 'awaiting_staff', next: null });
});

test('T13, T14: a critical ticket is not lost by merging it: the more urgent claim goes along, and back', async () => {
  const claim = { sentence: 'Nobody can sign in' };
  const severity = async (number: string) => (await oleg.get(`/tickets/${number}`)).body.severity?.state ?? null;
  const [source, target] = [await openTicket(), await openTicket()];
  await anna.post(`/tickets/${source}/severity`, claim);
  await oleg.post(`/tickets/${source}/merge`, { into: target });
  expect(await severity(target)).toBe('claimed');
  expect((await oleg.get('/tickets?severity=claimed')).body.items.map(({ number }: { number: string }) => number)).toContain(target);
  await oleg.delete(`/tickets/${source}/merge`);
  expect([await severity(source), await severity(target)]).toEqual(['claimed', null]);

  // Decided in the target meanwhile, it stays decided there; less urgent than the target's own, it changes nothing there.
  await oleg.post(`/tickets/${source}/merge`, { into: target });
  await oleg.post(`/tickets/${target}/severity`, { decision: 'confirm' });
  await oleg.delete(`/tickets/${source}/merge`);
  expect(await severity(target)).toBe('confirmed');
  await oleg.post(`/tickets/${source}/merge`, { into: target });
  expect(await severity(target)).toBe('confirmed');
});
