/** Time's side of a calendar: from 1 November on administrators are told that it lacks the coming year (SPEC S2). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { localDate, lookAfter, lookFrom, missingYear, readYearLook, spellYearLook, type YearLook } from '../../domain/missing-year.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { findCalendar, lockCalendar, type CalendarView } from './calendar-row.ts';
import { sendNotice, type LetterRecipient } from './letters.ts';
import { planTimedStep, type TimedRule } from './timed-entities.ts';

/**
 * Plans when the calendar is looked at next. A look that is due and was not taken yet stays, unless the year is there by
 * now: whoever edits a calendar while the worker is away takes nobody's notice from him.
 * @returns whether it is another step than before
 */
export async function planLook(em: EntityManager, at: Date, { id, definition }: CalendarView): Promise<boolean> {
  const [planned] = await em.execute<{ rule: string; due_at: string }[]>('select rule, due_at from obligation where entity = ?', [
    timedEntity('calendar', id),
  ]);
  const standing = readYearLook(planned?.rule ?? null);
  const isDue = standing !== undefined && standing <= localDate(definition.zone, at);
  const look = isDue ? lookFrom(definition, standing) : lookAfter(definition, at);
  if (planned && spellYearLook(look) === planned.rule && look.dueAt.getTime() === new Date(planned.due_at).getTime()) return false;
  await plan(em, at, id, look);
  return true;
}

async function plan(em: EntityManager, at: Date, id: string, look: YearLook): Promise<void> {
  await planTimedStep(em, at, {
    entity: timedEntity('calendar', id),
    accountId: null,
    kind: 'flag_year',
    dueAt: look.dueAt,
    rule: spellYearLook(look),
  });
}

/**
 * Looks whether a year is missing, tells every administrator, and plans the next look. Looks that were missed while the worker
 * was away are made up for by one.
 */
export const calendarRule: TimedRule = {
  async describe(em, id) {
    const calendar = await findCalendar(em, id);
    if (!calendar) return undefined;
    if (calendar.withdrawnAt) return { state: 'withdrawn', story: 'Withdrawn; the story ends here.', over: true };
    const known = Object.keys(calendar.definition.years).join(', ') || 'no year';
    const [planned] = await em.execute<{ rule: string }[]>('select rule from obligation where entity = ?', [timedEntity('calendar', id)]);
    const next = readYearLook(planned?.rule ?? null);
    return { state: 'stands', story: `Knows ${known}.${next ? ` Looked at for its coming year on ${next}.` : ''}`, over: false };
  },
  async take(em, id, at) {
    const calendar = await lockCalendar(em, id);
    if (!calendar || calendar.withdrawnAt) return;
    const year = missingYear(calendar.definition, at);
    const next = lookAfter(calendar.definition, at);
    if (year !== null) await tellAdministrators(em, at, calendar, year, next);
    await plan(em, at, id, next);
  },
};

async function tellAdministrators(em: EntityManager, at: Date, { id, name }: CalendarView, year: number, next: YearLook): Promise<void> {
  const administrators = await em.execute<LetterRecipient[]>(
    `select id, email as address, name, locale, time_zone as "timeZone" from app_user
      where kind = 'staff' and staff_role = 'administrator' and disabled_at is null order by id`,
  );
  const again = next.year === year ? { again: next.dueAt.toISOString() } : {};
  const facts = { at: at.toISOString(), calendar: { id, name, year, ...again } };
  for (const administrator of administrators) await sendNotice(em, at, 'calendar.year_missing', administrator, facts);
}
