/** What attackers found at the desk, so that it stays found. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedIn } from '../harness/api-driver.ts';
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
