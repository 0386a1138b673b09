import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

/** Fourteen hours ahead and eleven behind: what is local there is another day in Moscow. */
const [serverZone, databaseZone] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
const usualZone = process.env['TZ'];

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
const clock = new MovableClock();

beforeAll(async () => {
  process.env['TZ'] = serverZone;
  clock.stop();
  kontor = await startKontor({ clock, databaseZone, signInAgain: true });
  [anna, maria] = [await kontor.people.customer(), await kontor.people.staff({ role: 'administrator' })];
  await kontor.db.query(
    `update queue set sla_plan_id = (select id from sla_plan where name ->> 'en' = 'Enterprise') where category = 'technical'`,
  );
});
afterAll(async () => {
  await kontor?.stop();
  if (usualZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = usualZone;
});

test('S2: the zones are other ones indeed', async () => {
  expect(new Date('2026-01-01T12:00:00Z').getDate()).toBe(2);
  expect((await kontor.database.fork().execute<{ zone: string }[]>(`select current_setting('timezone') as zone`))[0]?.zone).toBe(
    databaseZone,
  );
});

for (const [received, response, fix] of [
  ['2025-10-30T16:00:00+03:00', '2025-11-01T14:00:00+03:00', '2025-11-21T20:00:00+03:00'],
  ['2025-12-30T17:00:00+03:00', '2026-01-13T15:00:00+03:00', '2026-01-30T20:00:00+03:00'],
  // One minute before and after midnight in Moscow: another day of receipt.
  ['2026-03-09T23:59:00+03:00', '2026-03-11T18:00:00+03:00', '2026-03-30T20:00:00+03:00'],
  ['2026-03-10T00:01:00+03:00', '2026-03-11T18:00:00+03:00', '2026-03-31T20:00:00+03:00'],
] as const)
  test(`S3: what is received at ${received} is due at the same instants, whatever the zone of server and database`, async () => {
    clock.move((Date.parse(received) - clock.now().getTime()) / 1000);
    const { number } = (
      await anna.post('/tickets', { subject: 'Panel', body: 'It does not start', category: 'technical', severity: 'critical' })
    ).body;
    const steps = (await maria.get(`/tickets/${number}`)).body.steps as { what: string; at: string }[];
    const dueAt = (what: string) => new Date(steps.find((step) => step.what === what)!.at).getTime();
    expect(dueAt('first_response_breach')).toBe(Date.parse(response));
    expect(dueAt('fix_breach')).toBe(Date.parse(fix));
  });
