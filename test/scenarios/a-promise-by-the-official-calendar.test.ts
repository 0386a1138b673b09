/**
 * The checked cases of SPEC S3 as they are lived, 28 years later: then the days of the week fall on the same dates, and the
 * calendar here is the official one moved on by as much, as the engine's time can only be let pass into the future.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { officialRussianYears } from '../../db/data/official-calendar-ru.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

const later = 28;

/** Local time in Moscow, such as `2025-10-30 16:00`, as many years later. */
function moscow(local: string): Date {
  const [date, time] = local.split(' ') as [string, string];
  return new Date(`${Number(date.slice(0, 4)) + later}${date.slice(4)}T${time}:00+03:00`);
}

const movedYears = Object.fromEntries(
  Object.entries(officialRussianYears).map(([year, days]) => {
    const moved = (dates: readonly string[]) => dates.map((date) => `${Number(year) + later}${date.slice(4)}`);
    return [
      String(Number(year) + later),
      { ...days, daysOff: moved(days.daysOff), workingWeekends: moved(days.workingWeekends), shortDays: moved(days.shortDays) },
    ];
  }),
);

interface Told {
  event: string;
  recipient: string;
  at: Date;
}

describe('a promise by the official calendar', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  let maria: TestPerson;
  let first: string;
  let second: string;

  const dueOf = async (number: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await oleg.get(`/tickets/${number}`)).body.steps.map((step: { what: string; at: string }) => [step.what, minute(step.at)]),
    );
  /** To the minute, as people act some milliseconds after the hour. */
  const minute = (at: string) => new Date(Math.round(Date.parse(at) / 60_000) * 60_000).toISOString();
  const spelled = (local: string) => minute(moscow(local).toISOString());
  const told = (number: string) =>
    story.db.query<Told>(
      `select event, recipient_id as recipient, created_at as at from notification where ticket_number = $1 and event like 'staff.deadline_%'
        order by created_at, event, recipient_id`,
      [Number(number.slice(3))],
    );
  const history = async (number: string) =>
    (await oleg.get(`/tickets/${number}/history`)).body.items.filter((line: { what: string }) => line.what.startsWith('clock_'));

  beforeAll(async () => {
    story = await beginStory(moscow('2025-10-30 15:59').toISOString());
    anna = await story.people.customer();
    oleg = await story.people.staff();
    maria = await story.people.staff({ role: 'administrator' });
    await story.db.query(
      `insert into calendar_version (calendar_id, version, definition, made_at)
        select calendar_id, 2, definition || jsonb_build_object('years', $1::jsonb), made_at from calendar_version`,
      [JSON.stringify(movedYears)],
    );
    await story.db.query('update calendar set version = 2');
    await story.db.query(
      `update queue set sla_plan_id = (select id from sla_plan where name ->> 'en' = 'Enterprise') where category = 'technical'`,
    );
    await story.db.query(
      `with queue as (select id from queue where category = 'technical'), worked as (insert into queue_staff select id, $1 from queue)
        insert into queue_duty select id, $2 from queue`,
      [oleg.id, maria.id],
    );
    await story.passUntil(moscow('2025-10-30 16:00'));
    first = (await anna.post('/tickets', { subject: 'Panel', body: 'It does not start', category: 'technical' })).body.number;
  });
  afterAll(() => story?.stop());

  test('S3: 16 hours from Thursday 16:00 end on the worked Saturday at 14:00', async () => {
    expect(await dueOf(first)).toEqual({
      first_response_warning: spelled('2025-10-31 19:00'),
      first_response_breach: spelled('2025-11-01 14:00'),
    });
  });

  test('S5: until three quarters of it are over nobody is told anything; then who works in the queue is, once, and by mail', async () => {
    await story.passUntil(moscow('2025-10-31 18:59'));
    expect(await told(first)).toEqual([]);
    await story.passUntil(moscow('2025-10-31 19:02'));
    expect(await told(first)).toMatchObject([{ event: 'staff.deadline_near', recipient: oleg.id }]);
    expect(story.mail.to(oleg.email)).toHaveLength(1);
    expect(await history(first)).toMatchObject([{ what: 'clock_warning', data: { clock: 'first_response', lateSeconds: null } }]);
  });

  test('S5: on Saturday at 14:00 the promise is broken: those on duty are called, once', async () => {
    await story.passUntil(moscow('2025-11-01 13:59'));
    expect(await told(first)).toHaveLength(1);
    await story.passUntil(moscow('2025-11-01 14:30'));
    expect((await told(first)).slice(1)).toMatchObject([{ event: 'staff.deadline_missed', recipient: maria.id }]);
    const page = (await maria.get(`/tickets/${first}`)).body;
    expect(minute(page.breachedAt)).toBe(spelled('2025-11-01 14:00'));
    expect(page.steps).toEqual([]);
    expect(story.mail.to(maria.email).map(({ subject }) => subject)).toEqual([`Re: [${first}] Overdue: Panel`]);
    expect(story.mail.to(oleg.email)[0]?.subject).toBe(`Re: [${first}] Due soon: Panel`);
    const details = (await story.temporal.workflow.getHandle(`ticket:${first}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(details.currentDetails).toContain('the first response is overdue since Sat 1 Nov 11:00 UTC');
  });

  test('S4: the answer on Wednesday ends it; Anna’s next question counts anew over the holidays', async () => {
    await story.passUntil(moscow('2025-11-05 12:00'));
    await oleg.post(`/tickets/${first}/messages`, { body: 'Please restart it' });
    expect((await maria.get(`/tickets/${first}`)).body.breachedAt).toBeNull();
    const [run] = await story.db.query<{ kind: string; outcome: string; taken_ms: string }>(
      'select r.*, y.outcome from clock_run r join clock_tally y on y.id = r.tally_id',
    );
    // Saturday from 14:00 six hours, and one on Wednesday: Monday and Tuesday were days off.
    expect(run).toMatchObject({ kind: 'first_response', outcome: 'breached' });
    expect(Math.round(Number(run!.taken_ms) / 60_000)).toBe((16 + 6 + 1) * 60);
  });

  test('S3: 16 hours from 30 December 17:00 end on 13 January at 15:00, and 15 working days on 30 January at closing time', async () => {
    await story.passUntil(moscow('2025-12-30 17:00'));
    second = (
      await anna.post('/tickets', {
        subject: 'Nothing works',
        body: 'For anybody',
        category: 'technical',
        severity: 'critical',
        severitySentence: 'Nobody can sign in',
      })
    ).body.number;
    expect(await dueOf(second)).toMatchObject({
      first_response_breach: spelled('2026-01-13 15:00'),
      fix_breach: spelled('2026-01-30 20:00'),
    });
  });

  test('S4: the fix waits for Anna from 12 to 14 January, and ends two working days later', async () => {
    await story.passUntil(moscow('2026-01-12 12:00'));
    await oleg.post(`/tickets/${second}/messages`, { body: 'What does the log say?' });
    expect(Object.keys(await dueOf(second)).toSorted()).toEqual(['auto_close', 'warn']);
    await story.passUntil(moscow('2026-01-14 12:00'));
    await anna.post(`/tickets/${second}/messages`, { body: 'This' });
    expect(await dueOf(second)).toMatchObject({
      next_response_breach: spelled('2026-01-15 19:00'),
      fix_breach: spelled('2026-02-03 20:00'),
    });
  });

  test('A4: an operator reads in Temporal UI what the ticket waits for', async () => {
    const details = (await story.temporal.workflow.getHandle(`ticket:${second}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(details.currentDetails).toMatch(/next response is due on Thu 15 Jan 16:00 UTC; the fix is due on Tue 3 Feb (16:59|17:00) UTC/);
  });
});
