/** Service levels come to an installation that has worked without them: nothing of it is lost, and everything works on (SPEC S1–S8). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrateDatabase } from '../../db/migration-run.ts';
import { asAfterMigration } from '../harness/as-after-migration.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;
/** A ticket in every state that a desk without service levels knows, by what it is here for. */
const tickets: Record<string, string> = {};
/** Their pages, and that of the queue's list, before the migration. */
let before: Record<string, unknown>;
let listed: unknown[];
let applied: string[];

/** Each is merged into the original of the same name. */
const duplicates = ['duplicate', 'thanked duplicate', 'answered duplicate'];
const originalOf = (duplicate: string) => duplicate.replace('duplicate', 'original');

const step = async (answer: Promise<{ status: number; body: any }>) => {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
};
const open = async (more: object = {}) =>
  (await step(anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical', ...more }))).number as string;
const answer = (number: string, more: object = {}) => step(oleg.post(`/tickets/${number}/messages`, { body: 'Please try again', ...more }));
const write = (number: string) => step(anna.post(`/tickets/${number}/messages`, { body: 'It still does not' }));
const merge = (from: string, into: string) => step(oleg.post(`/tickets/${from}/merge`, { into }));
const pageOf = async (number: string) => (await oleg.get(`/tickets/${number}`)).body;
const pages = async () =>
  Object.fromEntries(await Promise.all(Object.entries(tickets).map(async ([name, at]) => [name, await pageOf(at)])));

async function makeTickets(): Promise<void> {
  tickets['untouched'] = await open();
  tickets['claimed'] = await open({ severity: 'critical', severitySentence: 'Nobody can work' });
  tickets['taken'] = await open();
  await step(oleg.post(`/tickets/${tickets['taken']}/assignment`));
  tickets['owed'] = await open();
  await answer(tickets['owed'], { nextStepBy: 'staff' });
  tickets['answered'] = await open();
  await answer(tickets['answered']);
  tickets['thanked'] = await open();
  await answer(tickets['thanked']);
  await write(tickets['thanked']);
  tickets['snoozed'] = await open();
  const until = new Date(kontor.clock.now().getTime() + 86_400_000).toISOString();
  await step(oleg.post(`/tickets/${tickets['snoozed']}/snooze`, { until }));
  tickets['closed'] = await open();
  await step(anna.post(`/tickets/${tickets['closed']}/resolution`));
  for (const name of ['original', 'thanked original', 'answered original']) {
    tickets[name] = await open();
    await answer(tickets[name]);
  }
  await write(tickets['thanked original']!);
  for (const name of ['duplicate', 'thanked duplicate', 'answered duplicate']) tickets[name] = await open();
  await answer(tickets['answered duplicate']!);
}

/** As the older version wrote them: without what it did not know of a life. */
async function forgetClocks(): Promise<void> {
  const lives = ['source_before', 'target_before', 'target_after'];
  const forgotten = (life: string) => `case when jsonb_typeof(${life} -> 'interrupted') = 'object'
      then jsonb_set(${life}, '{interrupted}', (${life} -> 'interrupted') - 'fixSince' - 'fixUsedMs') else ${life} end - 'clocks' - 'firstRespondedAt' - 'fixedAt'`;
  await kontor.db.query(`update ticket_merge set ${lives.map((life) => `${life} = ${forgotten(life)}`).join(', ')}`);
  await kontor.db.query(`update ticket set interrupted = interrupted - 'fixSince' - 'fixUsedMs' where interrupted is not null`);
}

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  await makeTickets();
  unmerged = await pages();
  for (const duplicate of duplicates) await merge(tickets[duplicate]!, tickets[originalOf(duplicate)]!);
  before = await pages();
  listed = (await oleg.get('/tickets?limit=100')).body.items;
  await asAfterMigration(kontor.db, '0014-scope-and-problems');
  await forgetClocks();
  applied = await migrateDatabase(kontor.db.ownerUrl);
});
afterAll(() => kontor?.stop());

/** The same before the merges. */
let unmerged: Record<string, any>;

const steady = ({ revision: _revision, updatedAt: _updated, ...page }: Record<string, unknown>) => page;

describe('an installation that worked without service levels', () => {
  test('S1: is migrated, and every page and list is as it was', async () => {
    expect(applied).toContain('0015-service-levels');
    expect(await pages()).toEqual(before);
    expect((await oleg.get('/tickets?limit=100')).body.items).toEqual(listed);
  });

  test('S4: who was answered before is known, and nothing is promised to what was opened before', async () => {
    const rows = await kontor.db.query<{ number: number; answered: boolean; clocks: unknown; terms_id: string | null }>(
      'select number, first_responded_at is not null as answered, clocks, terms_id from ticket',
    );
    const known = new Map(rows.map((row) => [row.number, row]));
    const of = (name: string) => known.get(Number(tickets[name]!.slice(3)))!;
    const answered = ['owed', 'answered', 'thanked', 'original', 'thanked original', 'answered original', 'answered duplicate'];
    expect(Object.keys(tickets).filter((name) => of(name).answered)).toEqual(answered);
    expect(rows.every(({ clocks, terms_id: terms }) => clocks === null && terms === null)).toBe(true);
    expect(await kontor.db.query('select 1 from clock_run')).toEqual([]);
  });

  test('T13: merges of before are undone, and both tickets are as they were before them, deadlines included', async () => {
    for (const duplicate of duplicates) {
      await step(oleg.delete(`/tickets/${tickets[duplicate]}/merge`));
      for (const name of [duplicate, originalOf(duplicate)])
        expect(steady(await pageOf(tickets[name]!)), name).toEqual(steady(unmerged[name]));
    }
  });

  test('S1, S7: with a default its queue promises new tickets an answer, and old ones too once that is applied; all works on', async () => {
    const plan = (await maria.get('/sla-plans')).body.items[0];
    const queue = (await maria.get('/queues')).body.items.find(({ category }: { category: string }) => category === 'technical');
    await step(maria.patch(`/queues/${queue.id}`, { slaPlan: plan.id }));
    const fresh = await open();
    expect((await pageOf(fresh)).clocks.map(({ what }: { what: string }) => what)).toEqual(['first_response']);
    expect((await pageOf(tickets['untouched']!)).clocks).toEqual([]);

    const { items } = await step(maria.post('/service-retimings/preview?limit=100', { scope: 'queue', id: queue.id }));
    const begun = (name: string) =>
      items.find(({ ticket }: { ticket: string }) => ticket === tickets[name])?.steps.map(({ what }: { what: string }) => what);
    expect(begun('untouched')).toContain('first_response_breach');
    expect(begun('owed')).toContain('next_response_breach');
    expect(begun('thanked')).toContain('next_response_breach');
    expect(begun('claimed')).toContain('fix_breach');

    for (const name of ['untouched', 'claimed', 'taken', 'owed', 'answered', 'thanked', 'snoozed', 'closed']) {
      await write(tickets[name]!);
      await answer(tickets[name]!);
      expect((await pageOf(tickets[name]!)).status, name).toBe('awaiting_customer');
    }
    await step(oleg.post(`/tickets/${tickets['answered']}/closing`));
  });
});
