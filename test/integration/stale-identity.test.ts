import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetStaleIdentity } from '../../db/repositories/stale-identity.ts';
import { apiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';

let kontor: Kontor;
beforeAll(async () => {
  kontor = await startKontor({ promises: false });
});
afterAll(() => kontor?.stop());

async function rowsOf(): Promise<Record<string, number>> {
  const counts = ['registration', 'mailed_link', 'challenge', 'api_token', 'known_device', 'letter'].map(
    (table) => `'${table}', (select count(*) from ${table})`,
  );
  const [row] = await kontor.db.query<{ counts: Record<string, number> }>(`select jsonb_build_object(${counts.join(', ')}) as counts`);
  return row!.counts;
}

test('D1, I7: what identity needs no more is forgotten in time, and not before; the audit stays', async () => {
  const anna = await kontor.people.customer();
  await kontor.people.staff();
  const consents = ['terms', 'personal_data'].map((purpose) => ({ purpose, version: 1 }));
  const visitor = apiDriver(`${kontor.origin}/api/v1`, {});
  await visitor.post('/auth/registration', { email: 'eva@orion.example', name: 'Eva', accountName: 'Orion', consents });
  await kontor.people.addApp(anna.id);
  await visitor.post('/auth/password-reset', { email: anna.email });
  await visitor.post('/auth/sign-in', { email: anna.email, password: 'an ordinary long password' });
  const audit = await kontor.db.query('select id from audit_line');
  const begun = await rowsOf();
  expect(begun).toEqual({ registration: 1, mailed_link: 2, challenge: 1, api_token: 1, known_device: 1, letter: 2 });
  const after = (days: number) => new Date(kontor.clock.now().getTime() + days * 24 * 3600 * 1000);
  await forgetStaleIdentity(kontor.database, after(0.9));
  expect(await rowsOf()).toEqual(begun);
  await forgetStaleIdentity(kontor.database, after(8));
  const gone = { registration: 0, mailed_link: 0, challenge: 0 };
  expect(await rowsOf()).toEqual({ ...gone, api_token: 1, known_device: 1, letter: 2 });
  // A letter that is still to be sent stays, whomever it is for; once it is out, what was written to no customer goes.
  await forgetStaleIdentity(kontor.database, after(15));
  expect((await rowsOf())['letter']).toBe(2);
  await kontor.db.query(`update delivery set state = 'expired'`);
  await forgetStaleIdentity(kontor.database, after(15));
  expect(await rowsOf()).toEqual({ ...gone, api_token: 1, known_device: 1, letter: 1 });
  await forgetStaleIdentity(kontor.database, after(401));
  expect(await rowsOf()).toEqual({ ...gone, api_token: 0, known_device: 0, letter: 1 });
  expect(await kontor.db.query('select id from audit_line')).toEqual(audit);
});
