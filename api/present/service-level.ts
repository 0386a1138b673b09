/** What is promised, and by what, as it looks in answers and in requests (SPEC S1, S6). */
import { z } from '@hono/zod-openapi';
import { inLocale, type Locale, type LocalisedText } from '../../domain/locale.ts';
import {
  agreementKinds,
  agreementState,
  agreementStates,
  maxTargetAmount,
  targetUnits,
  termsSources,
  type OwnTermName,
  type Target,
  type TargetUnit,
} from '../../domain/service-level.ts';
import { targetInWords, workingTimeInWords, type WorkingTime } from '../../domain/service-words.ts';
import type { QueueServiceLevel } from '../../db/repositories/account-service-level.ts';
import type { AgreementView } from '../../db/repositories/agreements.ts';
import type { TermsView } from '../../db/repositories/service-terms.ts';
import type { PlanView } from '../../db/repositories/sla-plans.ts';
import { localised } from '../localised-text.ts';
import { givenId, idOf, instant, orNull, personSchema } from '../schemas.ts';

const targetOf = (unit: TargetUnit) => z.strictObject({ amount: z.int().min(1).max(maxTargetAmount[unit]), unit: z.literal(unit) });

/** A target as it is given; each unit has its bound. */
const givenTarget = z.discriminatedUnion('unit', [targetOf('minutes'), targetOf('hours'), targetOf('days')]);

const minutesOfDay = (description: string) => z.int().min(0).max(1_440).openapi({ description });
export const hoursSchema = z
  .strictObject({
    opens: minutesOfDay('Minutes since local midnight.'),
    closes: minutesOfDay('Minutes since local midnight; 1440 is its end.'),
  })
  .openapi('WorkingHours', { example: { opens: 540, closes: 1_080 } });

/** Terms as they are given. */
export const givenTerms = {
  response: orNull(givenTarget).openapi({
    description: 'Working time until the first answer, and until every later one; null: no promise.',
    example: { amount: 16, unit: 'hours' },
  }),
  criticalFix: orNull(givenTarget).openapi({
    description: 'Working time until a critical fault is fixed; null: no promise.',
    example: { amount: 15, unit: 'days' },
  }),
  calendar: givenId('calendar').openapi({ description: 'By which its time is counted; one of GET /calendars.' }),
  hours: orNull(hoursSchema).openapi({ description: 'Hours in place of the calendar’s; null: the calendar’s.' }),
};

/** The names of an agreement's own terms in the API. */
export const ownTermFields = {
  response: 'response',
  criticalFix: 'criticalFix',
  calendarId: 'calendar',
  hours: 'hours',
} as const satisfies Record<OwnTermName, string>;

export const targetSchema = z
  .object({
    amount: z.int(),
    unit: z.enum(targetUnits),
    words: z.string().openapi({ description: 'In the caller’s language.', example: '16 working hours' }),
  })
  .openapi('Target');

const workingTimeSchema = z
  .object({
    zone: z.string().openapi({ example: 'Europe/Moscow' }),
    weekdays: z.array(z.int()).openapi({ description: 'ISO days of the week, 1 for Monday to 7.', example: [1, 2, 3, 4, 5] }),
    opens: z.int().openapi({ description: 'Minutes since local midnight.', example: 660 }),
    closes: z.int().openapi({ example: 1_200 }),
    words: z.string().openapi({ description: 'In the caller’s language.', example: 'Mon–Fri, 11:00–20:00, Europe/Moscow' }),
  })
  .openapi('WorkingTime');

const promised = {
  response: orNull(targetSchema).openapi({ description: 'Until the first answer, and until every later one; null: no promise.' }),
  criticalFix: orNull(targetSchema).openapi({ description: 'Until a critical fault is fixed; null: no promise.' }),
  workingTime: workingTimeSchema.openapi({ description: 'When it is worked. Days off and worked weekends are the calendar’s.' }),
};

export const termsSchema = z
  .object({
    id: idOf('serviceTerms'),
    version: z.int(),
    ...promised,
    calendar: z.object({ id: idOf('calendar'), name: z.string(), version: z.int() }).openapi('TermsCalendar'),
    hours: orNull(hoursSchema).openapi({ description: 'In place of the calendar’s; null: the calendar’s.' }),
    madeBy: orNull(personSchema).openapi({ description: 'Null: they came with the installation.' }),
    madeAt: instant,
  })
  .openapi('ServiceTerms');

export const namedSchema = z.object({ id: z.string(), name: z.string() }).openapi('NamedThing');

export const planSchema = z
  .object({
    id: idOf('slaPlan'),
    name: z.string().openapi({ description: 'In the caller’s language.' }),
    names: localised,
    rank: z.int().openapi({ description: 'Of several plans the one that ranks highest is the best.' }),
    terms: termsSchema,
    queues: z.array(namedSchema).openapi({ description: 'Queues whose default it is.' }),
    agreements: z.int().openapi({ description: 'Agreements on it that stand or are to come.' }),
    withdrawn: z.boolean(),
    revision: z.int(),
    updatedAt: instant,
  })
  .openapi('SlaPlan');

const agreementPlan = z
  .object({
    id: idOf('slaPlan'),
    name: z.string(),
    version: z.int().openapi({ description: 'The version of its terms that was agreed on.' }),
    newestVersion: z.int().openapi({ description: 'The version that the plan has come to since; the agreement does not follow it.' }),
  })
  .openapi('AgreementPlan');

export const agreementSchema = z
  .object({
    id: idOf('agreement'),
    account: personSchema,
    kind: z
      .enum(agreementKinds)
      .openapi({ description: 'enterprise: an Enterprise account · cloud_team: a cloud team of more than 50 users' }),
    state: z.enum(agreementStates),
    plan: agreementPlan,
    own: z
      .array(z.enum(['response', 'criticalFix', 'calendar', 'hours']))
      .openapi({ description: 'Which of its terms are its own; the others are the plan’s, as they stood when they were agreed on.' }),
    terms: termsSchema,
    startsAt: instant,
    endsAt: instant.nullable().openapi({ description: 'Null: until further notice. Where it is the beginning, it never applied.' }),
    note: z.string().nullable().openapi({ description: 'Staff’s own words; customers do not see them.' }),
    madeBy: personSchema,
    createdAt: instant,
    updatedAt: instant,
    revision: z.int(),
  })
  .openapi('Agreement');

const source = z.enum(termsSources).openapi({
  description:
    'The first that exists of: agreement, of the account · cited_licence, the plan of the licence that the ticket cites · account_licence, the best plan of the account’s licences · queue, the queue’s default',
});

/** What a new ticket of an account would be promised in one queue, as staff see it. */
export const queueServiceLevelSchema = z
  .object({
    queue: z.object({ id: z.string(), category: z.string(), name: z.string(), acceptsNew: z.boolean() }).openapi('ServedQueue'),
    promise: orNull(
      z
        .object({
          source,
          plan: namedSchema,
          agreement: orNull(
            z
              .object({ id: idOf('agreement'), kind: z.enum(agreementKinds), startsAt: instant, endsAt: instant.nullable() })
              .openapi('PromisingAgreement'),
          ),
          terms: termsSchema,
        })
        .openapi('QueuePromise'),
    ).openapi({ description: 'Null: nothing is promised.' }),
  })
  .openapi('QueueServiceLevel');

/** The same as the customer himself sees it. */
export const ownServiceLevelSchema = z
  .object({
    category: z.string().openapi({ description: 'What a ticket’s `category` may be.', example: 'technical' }),
    name: z.string(),
    promise: orNull(
      z
        .object({
          plan: z.string().openapi({ example: 'Enterprise' }),
          ...promised,
          calendar: z.string().openapi({ description: 'Whose days off and worked weekends count.', example: 'Russia, five-day week' }),
          agreement: orNull(
            z
              .object({ since: instant, until: instant.nullable().openapi({ description: 'Null: until further notice.' }) })
              .openapi('OwnAgreement'),
          ).openapi({ description: 'Set where it is promised by an agreement with your account.' }),
        })
        .openapi('OwnPromise'),
    ).openapi({ description: 'Null: nothing is promised.' }),
  })
  .openapi('OwnServiceLevel');

export function presentTarget(target: Target | null, locale: Locale): z.infer<typeof targetSchema> | null {
  return target && { ...target, words: targetInWords(target, locale) };
}

function presentWorkingTime(time: WorkingTime, locale: Locale): z.infer<typeof workingTimeSchema> {
  return { ...time, weekdays: [...time.weekdays], words: workingTimeInWords(time, locale) };
}

function presentNamed({ id, name }: { readonly id: string; readonly name: LocalisedText }, locale: Locale): z.infer<typeof namedSchema> {
  return { id, name: inLocale(name, locale) };
}

export function presentTerms(terms: TermsView, locale: Locale): z.infer<typeof termsSchema> {
  const { id, version, response, criticalFix, calendar, hours, workingTime, madeBy, madeAt } = terms;
  return {
    id,
    version,
    response: presentTarget(response, locale),
    criticalFix: presentTarget(criticalFix, locale),
    workingTime: presentWorkingTime(workingTime, locale),
    calendar: { ...calendar, name: inLocale(calendar.name, locale) },
    hours,
    madeBy,
    madeAt: madeAt.toISOString(),
  };
}

export function presentPlan({ name, terms, queues, updatedAt, ...plan }: PlanView, locale: Locale): z.infer<typeof planSchema> {
  return {
    ...plan,
    name: inLocale(name, locale),
    names: { ...name },
    terms: presentTerms(terms, locale),
    queues: queues.map((queue) => presentNamed(queue, locale)),
    updatedAt: updatedAt.toISOString(),
  };
}

/** @param at when it is asked: whether the agreement stands depends on it */
export function presentAgreement(agreement: AgreementView, at: Date, locale: Locale): z.infer<typeof agreementSchema> {
  const { plan, terms, startsAt, endsAt, createdAt, updatedAt, ...rest } = agreement;
  return {
    ...rest,
    state: agreementState({ startsAt, endsAt }, at),
    plan: { ...plan, name: inLocale(plan.name, locale) },
    own: terms.own.map((name) => ownTermFields[name]),
    terms: presentTerms(terms, locale),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function presentServiceLevel({ queue, promise }: QueueServiceLevel, locale: Locale): z.infer<typeof queueServiceLevelSchema> {
  return {
    queue: { ...queue, name: inLocale(queue.name, locale) },
    promise: promise && {
      source: promise.source,
      plan: presentNamed(promise.plan, locale),
      agreement: promise.agreement && {
        ...promise.agreement,
        startsAt: promise.agreement.startsAt.toISOString(),
        endsAt: promise.agreement.endsAt?.toISOString() ?? null,
      },
      terms: presentTerms(promise.terms, locale),
    },
  };
}

export function presentOwnServiceLevel({ queue, promise }: QueueServiceLevel, locale: Locale): z.infer<typeof ownServiceLevelSchema> {
  return {
    category: queue.category,
    name: inLocale(queue.name, locale),
    promise: promise && {
      plan: inLocale(promise.plan.name, locale),
      response: presentTarget(promise.terms.response, locale),
      criticalFix: presentTarget(promise.terms.criticalFix, locale),
      workingTime: presentWorkingTime(promise.terms.workingTime, locale),
      calendar: inLocale(promise.terms.calendar.name, locale),
      agreement: promise.agreement && {
        since: promise.agreement.startsAt.toISOString(),
        until: promise.agreement.endsAt?.toISOString() ?? null,
      },
    },
  };
}
