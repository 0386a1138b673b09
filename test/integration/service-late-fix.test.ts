/** A fault that is fixed after its deadline, before the engine could say so (SPEC S5, S8): its promise is broken, and that is all. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestCustomer } from '../harness/people.ts';
import { accepted, march, ServiceDesk, type Queue } from './service-desk.ts';

let desk: ServiceDesk;
let anna: TestCustomer;
let queue: Queue;
let number: string;

beforeAll(async () => {
  desk = await ServiceDesk.open();
  anna = await desk.kontor.people.customer();
  queue = await desk.queue(await desk.plan({ criticalFix: { amount: 2, unit: 'hours' } }));
});
afterAll(() => desk?.kontor.stop());
beforeEach(async () => {
  desk.beginAgain();
  number = await desk.open(anna, queue, { severity: 'critical', severitySentence: 'Nobody can work' });
  desk.at(march(11, '15:00'));
  accepted(await desk.oleg.post(`/tickets/${number}/fix`));
});

const kinds = (rows: readonly { ticket: string; kind: string }[]) => rows.flatMap(({ ticket, kind }) => (ticket === number ? [kind] : []));
const listed = async (outcome: string) => kinds((await desk.maria.get(`/clock-runs?outcome=${outcome}`)).body.items);

test('S8: it counts as broken once, and as nothing that is about to break', async () => {
  expect(await desk.look(number)).toEqual([]);
  expect(await listed('breached')).toEqual(['fix']);
  expect(await listed('running')).toEqual(['first_response']);
  expect(await listed('overdue')).toEqual([]);
});

test('S8, T13: so in a ticket that it was merged into', async () => {
  const other = await desk.open(anna, queue);
  accepted(await desk.oleg.post(`/tickets/${number}/merge`, { into: other }));
  expect(await listed('breached')).toEqual(['fix']);
  number = other;
  expect(await listed('running')).toEqual(['first_response']);
  expect(await listed('breached')).toEqual([]);
});

test('M3: a hold keeps nothing of it waiting', async () => {
  const hold = { scope: 'entity', scopeId: `ticket:${number}`, kinds: ['clocks'], until: null, shifts: true };
  const { items } = accepted(await desk.maria.post('/holds/preview', hold)).body;
  expect(items.flatMap(({ steps }: { steps: { what: string }[] }) => steps.map(({ what }) => what))).toEqual([
    'first_response_warning',
    'first_response_breach',
  ]);
});
