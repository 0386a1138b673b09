import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

describe('a duplicate that was none', () => {
  let story: Story;
  let boris: TestCustomer;
  let oleg: TestPerson;
  let first: string;
  let second: string;
  const ticket = async (number: string) => (await oleg.get(`/tickets/${number}`)).body;
  const workflow = async (number: string) => (await story.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name;

  beforeAll(async () => {
    story = await beginStory('2033-03-01T08:00:00Z');
    boris = await story.people.customer({ name: 'Boris' });
    oleg = await story.people.staff();
    const open = async (subject: string) =>
      (await boris.post('/tickets', { subject, body: 'It is down', category: 'general' })).body.number;
    first = await open('The panel is down');
    second = await open('The site is down');
    await story.settled();
    await oleg.post(`/tickets/${first}/messages`, { body: 'We look for it.', nextStepBy: 'staff' });
    await oleg.post(`/tickets/${second}/messages`, { body: 'Is it still?' });
  });
  afterAll(() => story?.stop());

  test('T13: on 3 March Oleg takes the second for a duplicate; its closing on 8 March is off, and it waits in the archive', async () => {
    await story.passUntil('2033-03-03T08:00:00Z');
    expect((await ticket(second)).steps.map((step: { what: string }) => step.what)).toEqual(['warn', 'auto_close']);
    await oleg.post(`/tickets/${second}/merge`, { into: first });
    await story.settled();
    expect(await ticket(second)).toMatchObject({ status: 'archived', mergedInto: first, steps: [] });
    expect(await ticket(first)).toMatchObject({ status: 'in_progress', replyCount: 3 });
  });

  test('T13: on 10 March nothing has warned or closed it, and its workflow still waits', async () => {
    const mails = story.mail.to(boris.email).length;
    await story.passUntil('2033-03-10T08:00:00Z');
    expect(story.mail.to(boris.email)).toHaveLength(mails);
    expect(await workflow(second)).toBe('RUNNING');
  });

  test('T13, T4: taken back that day, the closing of 8 March acts at once, without its warning, and he is told once', async () => {
    const mails = story.mail.to(boris.email).length;
    await oleg.delete(`/tickets/${second}/merge`);
    await story.settled();
    expect(await ticket(second)).toMatchObject({ status: 'closed', closedBy: 'time', mergedInto: null });
    expect(await ticket(first)).toMatchObject({ status: 'in_progress', replyCount: 1 });
    const told = story.mail.to(boris.email).slice(mails);
    expect(told.map((mail) => mail.subject)).toEqual([`Re: [${second}] The site is down`]);
    const kinds = (await oleg.get(`/tickets/${second}/history`)).body.items.map((line: { what: string }) => line.what);
    expect(kinds).toEqual(['opened', 'staff_message', 'absorbed', 'unmerge', 'auto_close']);
  });

  test('T5: a week later it leaves for the archive, as if it had never been merged, and its workflow ends', async () => {
    await story.passUntil('2033-03-17T09:00:00Z');
    expect(await ticket(second)).toMatchObject({ status: 'archived' });
    expect(await workflow(second)).toBe('COMPLETED');
    expect(await workflow(first)).toBe('RUNNING');
  });

  test('T13: a merge that is not taken back is settled by the next message, and the merged ticket’s workflow ends with it', async () => {
    const third = (await boris.post('/tickets', { subject: 'Again down', body: 'Again', category: 'general' })).body.number;
    await story.settled();
    await oleg.post(`/tickets/${third}/merge`, { into: first });
    await story.passUntil('2033-05-01T08:00:00Z');
    expect(await workflow(third)).toBe('RUNNING');
    await oleg.post(`/tickets/${first}/messages`, { body: 'Found and mended.' });
    await story.settled();
    expect(await workflow(third)).toBe('COMPLETED');
    expect((await oleg.delete(`/tickets/${third}/merge`)).body.error.code).toBe('ticket.merge_settled');
    const { events } = await story.temporal.workflow.getHandle(`ticket:${third}`).fetchHistory();
    const told = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName).filter(Boolean);
    expect(told).toEqual(['ticketMerged', 'mergeSettled']);
  });
});
