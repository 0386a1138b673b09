/**
 * Records the histories that `replay.test.ts` replays: `npm run record-histories`. Old files stay, as running tickets
 * have such histories; new ones are added under the name of the version that wrote them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { until } from '../harness/until.ts';

const folder = fileURLToPath(new URL('histories', import.meta.url));
const version = '0001';
let kontor: Kontor;
beforeAll(async () => {
  kontor = await startKontor();
});
afterAll(() => kontor?.stop());

test('a ticket that is opened, answered, closed, reopened, closed again and archived; and its mails', async () => {
  const { number } = await wholeLife(kontor);
  await save(kontor, `ticket:${number}`, 'ticket-whole-life');
  const [delivery] = await kontor.db.query<{ id: string }>('select id from delivery order by id limit 1');
  await save(kontor, `notification:${delivery!.id}`, 'notification-delivered');
});

test('a ticket that was snoozed, held and handed over to a fresh run', async () => {
  const short = await startKontor({ continueAfterEvents: 20 });
  try {
    const { number, firstRunId } = await wholeLife(short);
    await save(short, `ticket:${number}`, 'ticket-continued-as-new-first', firstRunId);
    await save(short, `ticket:${number}`, 'ticket-continued-as-new-last');
  } finally {
    await short.stop();
  }
});

async function wholeLife(on: Kontor): Promise<{ number: string; firstRunId: string }> {
  const anna = await on.people.customer();
  const oleg = await on.people.staff();
  const category = await on.queue({ autoClose: 3, archive: 3, warn: 1 });
  const { number } = (await anna.post('/tickets', { subject: 'Recorded', body: 'Recorded', category })).body;
  await on.settled();
  const firstRunId = (await on.temporal.workflow.getHandle(`ticket:${number}`).describe()).runId;
  const status = async () => (await anna.get(`/tickets/${number}`)).body.status as string;
  await oleg.post(`/tickets/${number}/assignment`);
  await on.settled();
  await oleg.post(`/tickets/${number}/snooze`, { until: new Date(on.clock.now().getTime() + 1_000).toISOString() });
  await on.settled();
  await until('the snooze ends', async () => (await oleg.get(`/tickets/${number}`)).body.snoozedUntil === null);
  await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
  await until('it closes by itself', async () => (await status()) === 'closed');
  await anna.post(`/tickets/${number}/messages`, { body: 'Still there' });
  await on.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Looking into it', nextStepBy: 'staff' });
  await on.settled();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Done' });
  await on.settled();
  const maria = await on.people.staff({ role: 'administrator' });
  const hold = (await maria.post('/holds', { scope: 'entity', scopeId: `ticket:${number}`, reason: 'Recorded' })).body.id;
  await anna.post(`/tickets/${number}/resolution`);
  await on.settled();
  // The archive falls due under the hold: the workflow asks, is told to wait, and is told of the lifting.
  await until('the archive is overdue', async () => new Date((await oleg.get(`/tickets/${number}`)).body.next.at) < on.clock.now());
  await on.settled();
  expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('closed');
  await maria.post(`/holds/${hold}/lifting`);
  await until('it is archived', async () => (await status()) === 'archived');
  await until(
    'its workflow has ended',
    async () => (await on.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name === 'COMPLETED',
  );
  return { number, firstRunId };
}

async function save(on: Kontor, workflowId: string, name: string, runId?: string): Promise<void> {
  const history = await on.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  expect(history.events?.length).toBeGreaterThan(5);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/${version}-${name}.json`,
    `${JSON.stringify({ workflowId, history: JSON.parse(historyToJSON(history)) as object }, null, 1)}\n`,
  );
}
