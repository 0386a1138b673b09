/** What attackers found at the desk, so that it stays found. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

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
