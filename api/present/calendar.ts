import { z } from '@hono/zod-openapi';
import type { CalendarDefinition, CalendarYear } from '../../domain/business-calendar.ts';
import { calendarSettings, saidOfDay, type CalendarDifference } from '../../domain/calendar-change.ts';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { missingYear } from '../../domain/missing-year.ts';
import { yearAtAGlance } from '../../domain/year-at-a-glance.ts';
import type { CalendarUse, CalendarView } from '../../db/repositories/calendar-row.ts';
import type { CalendarVersionView } from '../../db/repositories/calendars.ts';
import { localised } from '../localised-text.ts';
import { idOf, instant, orNull, personSchema } from '../schemas.ts';

const dates = (description: string) => z.array(z.string().openapi({ format: 'date', example: '2026-11-04' })).openapi({ description });

const yearFields = {
  decree: z.string().nullable().openapi({ description: 'The official document it follows.' }),
  daysOff: dates('Not worked, whatever the day of the week.'),
  workingWeekends: dates('Worked although the week says otherwise.'),
  shortDays: dates('End an hour early, where the calendar honours that.'),
};

export const calendarYearSchema = z.object(yearFields).openapi('CalendarYear');

const yearsSchema = z.record(z.string(), calendarYearSchema).openapi({
  description: 'By year. One that is not there is counted by its days of the week alone.',
});

const shared = {
  id: idOf('calendar'),
  name: z.string().openapi({ description: 'In the caller’s language.' }),
  names: localised,
  region: z.string().nullable().openapi({ description: 'Whose official calendar it follows.', example: 'RU' }),
  zone: z.string().openapi({ example: 'Europe/Moscow' }),
  weekdays: z.array(z.int()).openapi({ description: 'Days of the week that are worked: 1 is Monday, 7 is Sunday.' }),
  opens: z.int().openapi({ description: 'Minutes since local midnight.', example: 660 }),
  closes: z.int().openapi({ description: 'Minutes since local midnight; 1440 is its end.', example: 1200 }),
  honourShortDays: z.boolean(),
  version: z.int().openapi({ description: 'Deadlines name it. It moves on when the calendar counts otherwise.' }),
  revision: z.int().openapi({ description: 'The `ETag`. It moves on with every change.' }),
  missingYear: z.int().nullable().openapi({
    description: 'The year that ought to be there and is not: the present one, from 1 November on the coming one.',
    example: 2028,
  }),
  withdrawnAt: instant.nullable(),
  updatedAt: instant,
};

export const calendarListedSchema = z
  .object({ ...shared, knownYears: z.array(z.int()).openapi({ description: 'Years that it knows, in order.' }) })
  .openapi('CalendarListed');

export const calendarSchema = z.object({ ...shared, years: yearsSchema }).openapi('Calendar');

export const usedCalendarSchema = z
  .object({
    ...shared,
    years: yearsSchema,
    uses: z
      .object({
        plans: z.array(personSchema).openapi({ description: 'Plans that count by it.' }),
        agreements: z.int().openapi({ description: 'Agreements that stand or are to come and count by it.' }),
        tickets: z
          .int()
          .openapi({ description: 'Tickets out of the archive that are promised something by it; no more than 5000 are counted.' }),
      })
      .openapi('CalendarUses'),
  })
  .openapi('CalendarInUse');

export const calendarDefinitionSchema = z
  .object({
    id: idOf('calendar'),
    version: z.int(),
    zone: shared.zone,
    weekdays: shared.weekdays,
    opens: shared.opens,
    closes: shared.closes,
    honourShortDays: shared.honourShortDays,
    years: yearsSchema,
  })
  .openapi('CalendarDefinition');

export const glancedYearSchema = z
  .object({
    id: idOf('calendar'),
    version: z.int(),
    year: z.int(),
    known: z.boolean().openapi({ description: 'False: counted by plain weeks.' }),
    ...yearFields,
    workingDays: z.int(),
    workingMinutes: z.int().openapi({ description: 'Of all its working days.' }),
    days: z
      .array(
        z
          .object({
            date: z.string().openapi({ format: 'date', example: '2026-11-04' }),
            isWorked: z.boolean(),
            endsEarly: z.boolean(),
            said: z.enum(saidOfDay).openapi({ description: 'What the year itself says of the day.' }),
          })
          .openapi('CalendarDay'),
      )
      .openapi({ description: 'Every day of the year, in order.' }),
  })
  .openapi('CalendarYearAtAGlance');

export const calendarDifferenceSchema = z
  .object({
    settings: z.array(z.enum(calendarSettings)).openapi({ description: 'What is different beside the years.' }),
    years: z.array(
      z
        .object({
          year: z.int(),
          change: z.enum(['added', 'removed', 'changed']),
          decree: z.boolean().openapi({ description: 'It follows another document.' }),
          days: z.array(
            z
              .object({
                date: z.string().openapi({ format: 'date', example: '2026-11-04' }),
                before: z.enum(saidOfDay),
                after: z.enum(saidOfDay),
              })
              .openapi('ChangedDay'),
          ),
        })
        .openapi('ChangedYear'),
    ),
  })
  .openapi('CalendarDifference');

export const calendarVersionSchema = z
  .object({
    version: z.int(),
    note: z.string().nullable(),
    madeBy: orNull(personSchema).openapi({ description: 'Null: Kontor came with it.' }),
    madeAt: instant,
    difference: orNull(calendarDifferenceSchema).openapi({ description: 'From the version before; null for the first.' }),
  })
  .openapi('CalendarVersion');

function presentShared({ name, definition, withdrawnAt, updatedAt, ...calendar }: CalendarView, locale: Locale, now: Date) {
  const { zone, weekdays, opens, closes, honourShortDays } = definition;
  return {
    ...calendar,
    name: inLocale(name, locale),
    names: { ...name },
    zone,
    weekdays: [...weekdays],
    opens,
    closes,
    honourShortDays,
    missingYear: withdrawnAt ? null : missingYear(definition, now),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}

export function presentListed(calendar: CalendarView, locale: Locale, now: Date): z.infer<typeof calendarListedSchema> {
  return { ...presentShared(calendar, locale, now), knownYears: Object.keys(calendar.definition.years).map(Number) };
}

export function presentCalendar(calendar: CalendarView, locale: Locale, now: Date): z.infer<typeof calendarSchema> {
  return { ...presentShared(calendar, locale, now), years: presentYears(calendar.definition) };
}

export function presentUsed(calendar: CalendarView, uses: CalendarUse, locale: Locale, now: Date): z.infer<typeof usedCalendarSchema> {
  const plans = uses.plans.map(({ id, name }) => ({ id, name: inLocale(name, locale) }));
  return { ...presentCalendar(calendar, locale, now), uses: { ...uses, plans } };
}

export function presentDefinition(id: string, version: number, definition: CalendarDefinition): z.infer<typeof calendarDefinitionSchema> {
  return { id, version, ...definition, weekdays: [...definition.weekdays], years: presentYears(definition) };
}

function presentYears({ years }: Pick<CalendarDefinition, 'years'>): Record<string, z.infer<typeof calendarYearSchema>> {
  return Object.fromEntries(Object.entries(years).map(([year, days]) => [year, presentYear(days)]));
}

export function presentYear({ decree, daysOff, workingWeekends, shortDays }: CalendarYear): z.infer<typeof calendarYearSchema> {
  return { decree, daysOff: [...daysOff], workingWeekends: [...workingWeekends], shortDays: [...shortDays] };
}

const plainYear: CalendarYear = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };

export function presentGlance({ id, version, definition }: CalendarView, year: number): z.infer<typeof glancedYearSchema> {
  const { days, ...counted } = yearAtAGlance(definition, year);
  const known = definition.years[year];
  return { id, version, year, known: known !== undefined, ...presentYear(known ?? plainYear), ...counted, days: [...days] };
}

export function presentDifference({ settings, years }: CalendarDifference): z.infer<typeof calendarDifferenceSchema> {
  return { settings: [...settings], years: years.map(({ days, ...year }) => ({ ...year, days: [...days] })) };
}

export function presentVersion({ madeBy, madeAt, difference, ...version }: CalendarVersionView): z.infer<typeof calendarVersionSchema> {
  return {
    ...version,
    madeBy: madeBy && { ...madeBy },
    madeAt: madeAt.toISOString(),
    difference: difference && presentDifference(difference),
  };
}
