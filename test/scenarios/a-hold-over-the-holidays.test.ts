import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

interface Step {
  what: string;
  at: string;
}

describe('a hold over the holidays', () => {
  let story: Story;
  let anna: TestCustomer;
  let boris: TestCustomer;
  let maria: TestPerson;
  let held: string;
  let free: string;
  let hold: string;
  const status = async (customer: TestCustomer, number: string) => (await customer.get(`/tickets/${number}`)).body.status as string;
  const stepsOf = async (number: string): Promise<Record<string, string>> =>
    Object.fromEntries((await maria.get(`/tickets/${number}`)).body.steps.map((step: Step) => [step.what, step.at]));
  const told = async (number: string) =>
    (
      await story.db.query<{ event: string }>(
        `select event from notification where ticket_number = $1 and event in ('ticket.about_to_close', 'ticket.closed') order by created_at`,
        [Number(number.slice(3))],
      )
    ).map((row) => row.event);
  const open = async (customer: TestCustomer, subject: string) => {
    const { number } = (await customer.post('/tickets', { subject, body: subject, category: 'technical' })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
    return number as string;
  };
  const lift = async (id: string, body?: unknown) => {
    const lifted = await maria.post(`/holds/${id}/lifting`, body);
    expect(lifted.status).toBe(200);
    await until('it is lifted', async () => {
      const { items } = (await maria.get('/holds?lifted=true')).body;
      return items.find((item: { id: string }) => item.id === id).liftedAt !== null;
    });
    return lifted.body.job as string | null;
  };

  beforeAll(async () => {
    story = await beginStory('2031-12-22T07:00:00Z');
    anna = await story.people.customer();
    boris = await story.people.customer();
    maria = await story.people.staff({ role: 'administrator' });
    held = await open(anna, 'Held');
    free = await open(boris, 'Free');
  });
  afterAll(() => story?.stop());

  test('M3: on 23 December Maria sees what a hold on Anna’s account would keep waiting, and places it', async () => {
    await story.passUntil('2031-12-23T07:00:00Z');
    const wanted = { scope: 'account', scopeId: anna.accountId, kinds: ['auto_close', 'reminders'] };
    const looked = await maria.post('/holds/preview', { ...wanted, until: '2032-01-09T07:00:00Z' });
    expect(looked.body).toMatchObject({
      total: 1,
      items: [
        {
          ticket: held,
          steps: [
            { what: 'warn', old: expect.stringMatching(/^2031-12-28T07:00:0/), new: expect.stringMatching(/^2032-01-14T07:00:0/) },
            { what: 'auto_close', old: expect.stringMatching(/^2031-12-29T07:00:0/), new: expect.stringMatching(/^2032-01-15T07:00:0/) },
          ],
        },
      ],
    });
    expect((await maria.get('/holds')).body.items).toEqual([]);
    const placed = await maria.post('/holds', { ...wanted, reason: 'Her office is closed' });
    expect(placed.status).toBe(201);
    hold = placed.body.id;
  });

  test('M3: on 29 December the other ticket closes, the held one does not and nobody is warned', async () => {
    const mails = story.mail.to(anna.email).length;
    await story.passUntil('2031-12-30T07:00:00Z');
    expect(await status(boris, free)).toBe('closed');
    expect(await status(anna, held)).toBe('awaiting_customer');
    expect(story.mail.to(anna.email)).toHaveLength(mails);
    const details = (await story.temporal.workflow.getHandle(`ticket:${held}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(details.currentDetails).toContain('held until somebody lifts the hold');
    expect((await maria.get(`/tickets/${held}`)).body.next).toMatchObject({ what: 'warn', hold: { until: null } });
    expect((await boris.get(`/tickets/${free}`)).body.next).toMatchObject({ what: 'archive', hold: null });
  });

  test('M3: people go on working under a hold', async () => {
    expect((await maria.post(`/tickets/${held}/notes`, { body: 'On holiday' })).status).toBe(201);
  });

  test('M3: on 9 January the hold is lifted, and the deadlines are later by the days that it stood', async () => {
    await story.passUntil('2032-01-09T07:00:00Z');
    expect(await status(anna, held)).toBe('awaiting_customer');
    const before = await stepsOf(held);
    const looked = (await maria.get(`/holds/${hold}/lifting-preview`)).body;
    const job = await lift(hold);
    expect(job).toMatch(/^job_/);
    const after = await stepsOf(held);
    expect(looked).toMatchObject({ total: 1, items: [{ ticket: held }] });
    for (const { what, old, new: then } of looked.items[0].steps as { what: string; old: string; new: string }[]) {
      expect(before[what]).toBe(old);
      // The preview was a moment earlier than the lifting, and the hold stood for that moment too.
      expect(new Date(after[what]!).getTime() - new Date(then).getTime()).toBeGreaterThanOrEqual(0);
      expect(new Date(after[what]!).getTime() - new Date(then).getTime()).toBeLessThan(60_000);
    }
    expect(after['auto_close']).toMatch(/^2032-01-15T07:0/);
    expect((await maria.post(`/holds/${hold}/lifting`)).body.error.code).toBe('hold.already_lifted');
    expect((await anna.get(`/tickets/${held}/history`)).body.items.at(-1)).toMatchObject({ what: 'shift' });
  });

  test('M3: from there on it goes its ordinary way: a warning, then the closing, once each', async () => {
    await story.passUntil('2032-01-14T06:00:00Z');
    expect(await told(held)).toEqual([]);
    await story.passUntil('2032-01-14T08:00:00Z');
    expect(await told(held)).toEqual(['ticket.about_to_close']);
    expect(await status(anna, held)).toBe('awaiting_customer');
    await story.passUntil('2032-01-15T08:00:00Z');
    expect(await status(anna, held)).toBe('closed');
    expect(await told(held)).toEqual(['ticket.about_to_close', 'ticket.closed']);
  });

  test('M3: a hold that does not shift: what fell due under it happens at once when it is lifted, once', async () => {
    const number = await open(anna, 'Without a shift');
    const placed = await maria.post('/holds', { scope: 'queue', scopeId: await technical(), reason: 'Check', shifts: false });
    await story.passUntil('2032-01-30T07:00:00Z');
    expect(await status(anna, number)).toBe('awaiting_customer');
    const looked = (await maria.get(`/holds/${placed.body.id}/lifting-preview`)).body.items.find(
      (item: { ticket: string }) => item.ticket === number,
    );
    expect(looked.steps.map((step: { what: string }) => step.what)).toEqual(['warn', 'auto_close']);
    expect(await lift(placed.body.id)).toBeNull();
    await story.passUntil('2032-01-30T07:05:00Z');
    expect(await status(anna, number)).toBe('closed');
    expect(await told(number)).toEqual(['ticket.closed']);
  });

  test('M3: a hold with an end is lifted there by itself, and shifts; until that is done nothing closes', async () => {
    const number = await open(anna, 'Until spring');
    const { auto_close: closes } = await stepsOf(number);
    const until = new Date(story.now().getTime() + 10 * 24 * 3_600_000);
    const placed = await maria.post('/holds', { scope: 'entity', scopeId: `ticket:${number}`, reason: 'Check', until });
    await story.passUntil(new Date(until.getTime() - 60_000));
    expect(await status(anna, number)).toBe('awaiting_customer');
    await story.passUntil(new Date(until.getTime() + 60_000));
    const { items } = (await maria.get('/holds?lifted=true')).body;
    expect(items.find((item: { id: string }) => item.id === placed.body.id)).toMatchObject({
      liftedAt: expect.any(String),
      liftedBy: null,
    });
    expect(await status(anna, number)).toBe('awaiting_customer');
    const moved = new Date((await stepsOf(number))['auto_close']!).getTime() - new Date(closes!).getTime();
    expect(Math.abs(moved - 10 * 24 * 3_600_000)).toBeLessThan(60_000);
    const handle = story.temporal.workflow.getHandle(`hold:${placed.body.id}`);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  test('M3: two holds that overlap count once, in whichever order they are lifted', async () => {
    const number = await open(anna, 'Two holds');
    const { auto_close: closes } = await stepsOf(number);
    const start = story.now().getTime();
    const after = (hours: number) => new Date(start + hours * 3_600_000);
    const scope = { scope: 'entity', scopeId: `ticket:${number}`, reason: 'Check' };
    const first = (await maria.post('/holds', scope)).body.id;
    await story.passUntil(after(4));
    const second = (await maria.post('/holds', { ...scope, scope: 'account', scopeId: anna.accountId })).body.id;
    await story.passUntil(after(10));
    await lift(first);
    await story.passUntil(after(24));
    await lift(second);
    const moved = new Date((await stepsOf(number))['auto_close']!).getTime() - new Date(closes!).getTime();
    expect(Math.abs(moved - 24 * 3_600_000)).toBeLessThan(60_000);
  });

  async function technical(): Promise<string> {
    const { items } = (await maria.get('/queues')).body;
    return items.find((item: { category: string }) => item.category === 'technical').id;
  }
});
