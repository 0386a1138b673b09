/**
 * What a sample company promises: a default for the queues that customers write to most, an agreement with one of them, and a
 * rehearsal, whose promises break within minutes so that warnings and breaches can be watched. Made through the API by its
 * administrator; what is there already stays as it is.
 */
import { itemsOf, type Ask } from './sample-desk.ts';

const servedByDefault: ReadonlySet<unknown> = new Set(['technical', 'billing', 'licence']);
const around = { en: 'Around the clock, every day', ru: 'Круглосуточно, каждый день' };
const rehearsal = { en: 'Rehearsal', ru: 'Репетиция' };
/** So that nobody is asked for a year of a calendar that has no days off. */
const yearsAhead = 20;

export async function addServiceLevels(maria: Ask, now: Date): Promise<void> {
  const plans = new Map((await itemsOf(maria, '/sla-plans')).map((plan) => [englishName(plan), String(plan['id'])]));
  const [team, enterprise] = [plans.get('Team'), plans.get('Enterprise')];
  if (team) await serveByDefault(maria, team);
  if (enterprise) await agreeWithAltair(maria, enterprise, now);
  await addRehearsal(maria, plans.get(rehearsal.en) ?? (await addRehearsalPlan(maria, now)));
}

function englishName(thing: Record<string, unknown>): string {
  return (thing['names'] as { en: string }).en;
}

async function serveByDefault(maria: Ask, plan: string): Promise<void> {
  for (const queue of await itemsOf(maria, '/queues'))
    if (servedByDefault.has(queue['category']) && queue['slaPlan'] === null)
      await maria(`/queues/${String(queue['id'])}`, { slaPlan: plan }, undefined, 'PATCH');
}

/** A shorter answer than the plan's, in longer hours; the fix is as in the plan. */
async function agreeWithAltair(maria: Ask, plan: string, now: Date): Promise<void> {
  const found = await itemsOf(maria, '/customers?search=boris@altair.example');
  const account = found.find((customer) => customer['name'] === 'Altair Hosting')?.['id'] as string | undefined;
  if (account === undefined || (await itemsOf(maria, `/agreements?account=${account}`)).length > 0) return;
  await maria(
    '/agreements',
    {
      account,
      kind: 'enterprise',
      plan,
      own: { response: { amount: 8, unit: 'hours' }, hours: { opens: 540, closes: 1_260 } },
      startsAt: now.toISOString(),
      endsAt: new Date(now.getTime() + 365 * 86_400_000).toISOString(),
      note: 'Signed on paper, No. 17. They ask for a night shift next year.',
    },
    `sample-agreement-${now.toISOString()}`,
  );
}

/** @returns the plan's id */
async function addRehearsalPlan(maria: Ask, now: Date): Promise<string> {
  const calendars = await itemsOf(maria, '/calendars');
  const calendar = calendars.find((known) => englishName(known) === around.en) ?? (await addCalendar(maria, now));
  const plan = await maria(
    '/sla-plans',
    {
      names: rehearsal,
      rank: 1,
      response: { amount: 4, unit: 'minutes' },
      criticalFix: { amount: 10, unit: 'minutes' },
      calendar: calendar['id'],
    },
    'sample-plan-rehearsal',
  );
  return String(plan['id']);
}

async function addCalendar(maria: Ask, now: Date): Promise<Record<string, unknown>> {
  const plainYear = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
  const years = Array.from({ length: yearsAhead }, (_none, index) => [String(now.getUTCFullYear() + index), plainYear] as const);
  return maria(
    '/calendars',
    {
      names: around,
      zone: 'Europe/Moscow',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      opens: 0,
      closes: 1_440,
      honourShortDays: false,
      years: Object.fromEntries(years),
    },
    'sample-calendar-around',
  );
}

/** Where Oleg works and Maria is on duty: whoever is told of what, is seen. */
async function addRehearsal(maria: Ask, slaPlan: string): Promise<void> {
  const queues = await itemsOf(maria, '/queues');
  if (queues.some((queue) => queue['category'] === rehearsalCategory)) return;
  const colleagues = await itemsOf(maria, '/staff');
  const idOf = (email: string) => colleagues.filter((colleague) => colleague['email'] === email).map(({ id }) => id);
  await maria(
    '/queues',
    {
      category: rehearsalCategory,
      names: { en: 'Demo: a promise in minutes', ru: 'Демо: обещание в минутах' },
      timingPolicy: (queues[0]!['timingPolicy'] as { id: string }).id,
      slaPlan,
      position: 91,
      staff: idOf('oleg@kontor.example'),
      duty: idOf('maria@kontor.example'),
    },
    'sample-queue-rehearsal',
  );
}

/** The category of tickets whose promises break within minutes. */
export const rehearsalCategory = 'rehearsal';
