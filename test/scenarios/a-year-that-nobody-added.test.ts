import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

const plain = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };

describe('a year that nobody added', () => {
  let story: Story;
  let maria: TestPerson;
  let boris: TestPerson;
  let oleg: TestPerson;
  let gone: TestPerson;
  let standard: string;
  let moscow: string;

  /** Mails about calendars, among those about sign-ins. */
  const mails = (person: TestPerson) => story.mail.to(person.email).filter(({ subject }) => /calendar|календар/.test(subject ?? ''));
  const letters = (person: TestPerson) => mails(person).map(({ subject }) => subject);
  const notices = async (person: TestPerson) =>
    (await story.db.query('select 1 from notification where recipient_id = $1 and event = $2', [person.id, 'calendar.year_missing']))
      .length;
  const missing = async (id: string) =>
    (await maria.get('/calendars')).body.items.find((item: { id: string }) => item.id === id).missingYear;
  const planned = async (id: string) =>
    (await story.db.query<{ due_at: Date; rule: string }>('select due_at, rule from obligation where entity = $1', [`calendar:${id}`]))[0];
  const signals = async (id: string) => {
    const { events } = await story.temporal.workflow.getHandle(`calendar:${id}`).fetchHistory();
    return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
  };

  beforeAll(async () => {
    story = await beginStory('2031-10-20T07:00:00Z', { promises: false, standardPromises: true });
    maria = await story.people.staff({ role: 'administrator', name: 'Maria Orlova' });
    boris = await story.people.staff({ role: 'administrator', name: 'Борис Орлов', locale: 'ru' });
    oleg = await story.people.staff({ role: 'support' });
    gone = await story.people.staff({ role: 'administrator' });
    await story.db.query('update app_user set disabled_at = created_at where id = $1', [gone.id]);
    standard = (await maria.get('/calendars')).body.items[0].id;
  });
  afterAll(() => story?.stop());

  test('S2: an installation that begins in 2031 with a calendar up to 2027 is told so at once, and once', async () => {
    expect(await missing(standard)).toBe(2031);
    await story.startPromises();
    await story.passUntil('2031-10-21T07:00:00Z');
    expect(letters(maria)).toEqual(['The working calendar “Russia, five-day week” lacks 2031']);
    expect(letters(boris)).toEqual(['В рабочем календаре «Россия, пятидневная неделя» нет 2031 года']);
    expect([letters(oleg), letters(gone)]).toEqual([[], []]);
    expect((await planned(standard))!.rule).toBe('missingYear 2032, 2031-11-01');
    for (const year of [2031, 2032]) await maria.put(`/calendars/${standard}/years/${year}`, plain);
    expect(await missing(standard)).toBeNull();
    expect((await planned(standard))!.rule).toBe('missingYear 2033, 2032-11-01');
  });

  test('S2: a calendar waits for 1 November, midnight of its zone; a hold on everything does not stop it', async () => {
    const made = await maria.post('/calendars', {
      names: { en: 'Moscow office', ru: 'Московский офис' },
      zone: 'Europe/Moscow',
      weekdays: [1, 2, 3, 4, 5],
      opens: 600,
      closes: 1140,
      honourShortDays: true,
      years: { '2031': plain },
    });
    moscow = made.body.id;
    expect(await planned(moscow)).toEqual({ due_at: new Date('2031-10-31T21:00:00Z'), rule: 'missingYear 2032, 2031-11-01' });
    await maria.post('/holds', { scope: 'all', reason: 'A long weekend' });
    await story.passUntil('2031-10-31T20:59:00Z');
    expect(letters(maria)).toHaveLength(1);
    expect(await missing(moscow)).toBeNull();
    const { currentDetails } = (await story.temporal.workflow.getHandle(`calendar:${moscow}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(currentDetails).toContain('Knows 2031. Looked at for its coming year on 2031-11-01.');
  });

  test('S2: on 1 November every administrator is told in the product and by mail, once, in his language; support is not', async () => {
    await story.passUntil('2031-11-01T06:00:00Z');
    expect(await missing(moscow)).toBe(2032);
    expect(letters(maria).slice(1)).toEqual(['The working calendar “Moscow office” lacks 2032']);
    expect(letters(boris).slice(1)).toEqual(['В рабочем календаре «Московский офис» нет 2032 года']);
    expect([letters(oleg), letters(gone)]).toEqual([[], []]);
    expect([await notices(maria), await notices(boris), await notices(oleg)]).toEqual([2, 2, 0]);
    const told = (await maria.get('/notifications')).body.items[0];
    expect(told).toMatchObject({ event: 'calendar.year_missing', ticket: null, category: 'services' });
    const { text } = mails(maria).at(-1)!;
    expect(text).toContain('counted by plain weeks');
    expect(text).toContain('As long as the year is missing, you are reminded: Monday, 1 December 2031 at 00:00 (Europe/Moscow).');
    expect(text).toContain(`${story.origin}/admin/calendars/${moscow}?year=2032`);
  });

  test('S2: it is told again on 1 December, once, however often the calendar is changed otherwise', async () => {
    await maria.patch(`/calendars/${moscow}`, { opens: 660 });
    await maria.patch(`/calendars/${moscow}`, { honourShortDays: false });
    await story.passUntil('2031-11-30T20:59:00Z');
    expect(letters(maria)).toHaveLength(2);
    await story.passUntil('2031-12-02T06:00:00Z');
    expect(letters(maria).slice(2)).toEqual(['The working calendar “Moscow office” lacks 2032']);
    expect(letters(boris)).toHaveLength(3);
    expect(mails(maria).at(-1)!.text).toContain('you are reminded: Thursday, 1 January 2032');
  });

  test('S2: a year that was added meanwhile silences it until the next 1 November', async () => {
    await maria.put(`/calendars/${moscow}/years/2032`, plain);
    expect(await missing(moscow)).toBeNull();
    expect(await planned(moscow)).toEqual({ due_at: new Date('2032-10-31T21:00:00Z'), rule: 'missingYear 2033, 2032-11-01' });
    await story.passUntil('2032-01-15T06:00:00Z');
    expect(letters(maria)).toHaveLength(3);
    expect(await signals(moscow)).toEqual(['calendarChanged']);
  });

  test('S2: a calendar that is withdrawn is not looked at any more, and its workflow ends', async () => {
    expect((await maria.post(`/calendars/${moscow}/withdrawal`)).status).toBe(200);
    await maria.put(`/calendars/${standard}/years/2033`, plain);
    await story.passUntil('2032-11-02T06:00:00Z');
    expect(letters(maria)).toHaveLength(3);
    expect(await planned(moscow)).toBeUndefined();
    expect((await story.temporal.workflow.getHandle(`calendar:${moscow}`).describe()).status.name).toBe('COMPLETED');
  });
});

describe('a year that nobody added while the worker was away', () => {
  let story: Story;
  let maria: TestPerson;
  const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 600, closes: 1140, honourShortDays: false };
  const letters = (person: TestPerson) =>
    story.mail
      .to(person.email)
      .map(({ subject }) => subject)
      .filter((subject) => subject?.includes('calendar'));
  const rule = async (id: string) =>
    (await story.db.query<{ rule: string }>('select rule from obligation where entity = $1', [`calendar:${id}`]))[0]?.rule;
  const make = async (name: string): Promise<string> =>
    (await maria.post('/calendars', { names: { en: name }, ...week, years: { '2032': plain } })).body.id;

  beforeAll(async () => {
    story = await beginStory('2032-10-20T07:00:00Z', { promises: false });
    maria = await story.people.staff({ role: 'administrator' });
  });
  afterAll(() => story?.stop());

  test('S2: over 1 November and 1 December it is told once, late, though somebody changed the hours meanwhile', async () => {
    const [forgotten, added] = [await make('Forgotten'), await make('Added late')];
    const before = await story.people.staff({ role: 'administrator' });
    await story.passAwayUntil('2032-11-05T06:00:00Z');
    // That takes the notice from nobody.
    await maria.patch(`/calendars/${forgotten}`, { closes: 1200 });
    expect(await rule(forgotten)).toBe('missingYear 2033, 2032-11-01');
    await maria.patch(`/calendars/${added}`, { zone: 'Asia/Omsk' });
    expect(await rule(added)).toBe('missingYear 2033, 2032-11-01');
    await story.passAwayUntil('2032-12-05T06:00:00Z');
    await maria.put(`/calendars/${added}/years/2033`, plain);
    expect(await rule(added)).toBe('missingYear 2034, 2033-11-01');
    expect(letters(maria)).toEqual([]);

    await story.startPromises();
    await story.passUntil('2032-12-06T06:00:00Z');
    for (const person of [maria, before]) expect(letters(person)).toEqual(['The working calendar “Forgotten” lacks 2033']);
    expect(await rule(forgotten)).toBe('missingYear 2033, 2033-01-01');
    await story.passUntil('2033-01-02T06:00:00Z');
    expect(letters(maria)).toHaveLength(2);
    // The year has begun: the next look is for the one after it.
    expect(await rule(forgotten)).toBe('missingYear 2034, 2033-11-01');
  });
});
