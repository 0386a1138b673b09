/** What is promised to a ticket, and how its clocks stand, as it looks in answers (SPEC S1, S4). */
import { z } from '@hono/zod-openapi';
import { inLocale, type Locale, type LocalisedText } from '../../domain/locale.ts';
import { clockKinds, spellClockRule, type ServiceClock } from '../../domain/service-clock.ts';
import { targetUnits, termsSources } from '../../domain/service-level.ts';
import { sourceInWords, targetInWords } from '../../domain/service-words.ts';
import type { TicketLife } from '../../domain/ticket-life.ts';
import type { ClockCount, StepView, TicketView } from '../../db/repositories/ticket-reads.ts';
import type { TicketPromise } from '../../db/repositories/ticket-terms.ts';
import { idOf, instant, orNull } from '../schemas.ts';
import { hoursSchema, namedSchema, presentTarget, targetSchema } from './service-level.ts';

const sourceText = z.string().openapi({ description: 'Why just this, in the caller’s language.', example: 'by the account’s agreement' });

export const ticketServiceLevelSchema = z
  .object({
    plan: namedSchema,
    agreement: orNull(idOf('agreement')).openapi({ description: 'Set where the terms are an agreement’s own.' }),
    source: z.enum(termsSources),
    sourceText,
    calendar: z
      .object({ id: idOf('calendar'), name: z.string(), zone: z.string().openapi({ example: 'Europe/Moscow' }) })
      .openapi('CountingCalendar'),
    response: orNull(targetSchema),
    criticalFix: orNull(targetSchema),
    hours: orNull(hoursSchema).openapi({ description: 'In place of the calendar’s; null: the calendar’s.' }),
  })
  .openapi('TicketServiceLevel');

export const ownTicketServiceLevelSchema = z
  .object({ plan: z.string().openapi({ example: 'Enterprise' }), sourceText })
  .openapi('OwnTicketServiceLevel');

const what = z.enum(clockKinds).openapi({
  description:
    'first_response: until the first answer of a person · next_response: until an answer to the oldest unanswered message · fix: until a critical fault is fixed',
});
const stateNames = ['running', 'paused', 'breached', 'fixed', 'not_counted'] as const;
type ClockState = (typeof stateNames)[number];
const state = z.enum(stateNames).openapi({
  description:
    'paused: the customer’s answer is awaited · breached: its time is over · fixed: staff say so · not_counted: staff refuse that the ticket is critical',
});
const dueAt = instant.nullable().openapi({ description: 'When the promise is broken; null while the clock stands still.' });
const targetText = z.string().openapi({ description: 'What was promised, in the caller’s language.', example: '16 working hours' });

const clockFields = {
  what,
  state,
  since: instant.openapi({ description: 'The receipt it counts from.' }),
  dueAt,
  warnsAt: instant.nullable().openapi({ description: 'When staff are warned: at 75 %. Null once they were, and while it stands still.' }),
  breachedAt: instant.nullable().openapi({ description: 'When it was told that the promise was broken.' }),
  target: z.object({ amount: z.int(), unit: z.enum(targetUnits) }).openapi('ClockTarget'),
  targetText,
  allowanceMinutes: z.int().openapi({ description: 'All of the working time it has.' }),
  rule: z.string().openapi({ example: 'first_response 16 hours (trm_…, cal_…@3)' }),
  calendar: z
    .object({ id: idOf('calendar'), version: z.int() })
    .openapi('CalendarVersionNamed', { description: 'The version of the calendar that gave its instants.' }),
  hours: orNull(hoursSchema).openapi({ description: 'In place of the calendar’s; null: the calendar’s.' }),
  hold: z
    .object({ until: instant.nullable().openapi({ description: 'Null: until somebody lifts it.' }) })
    .nullable()
    .openapi({ description: 'Set while a hold keeps it from being broken.' }),
};

export const clockSchema = z.object(clockFields).openapi('ServiceClock');

export const countedClockSchema = z
  .object({
    ...clockFields,
    leftMinutes: z.int().openapi({ description: 'Working time that is left now; 0 once it is over.' }),
    uncertainYears: z
      .array(z.int())
      .openapi({ description: 'Years it counts through of which the calendar knows no days off yet: by plain weeks.', example: [2028] }),
  })
  .openapi('CountedServiceClock');

export const ownClockSchema = z.object({ what, state, dueAt, targetText }).openapi('OwnServiceClock');

export function presentTicketServiceLevel(
  promise: TicketView['promise'],
  queue: LocalisedText,
  locale: Locale,
): z.infer<typeof ticketServiceLevelSchema> | null {
  if (!promise) return null;
  const { plan, agreementId, source, calendar, zone, response, criticalFix, hours } = promise;
  return {
    plan: { id: plan.id, name: inLocale(plan.name, locale) },
    agreement: agreementId,
    source,
    sourceText: spellSource(promise, queue, locale),
    calendar: { id: calendar.id, name: inLocale(calendar.name, locale), zone },
    response: presentTarget(response, locale),
    criticalFix: presentTarget(criticalFix, locale),
    hours,
  };
}

/** The same for a customer. */
export function presentOwnTicketServiceLevel(
  promise: TicketPromise | null,
  queue: LocalisedText,
  locale: Locale,
): z.infer<typeof ownTicketServiceLevelSchema> | null {
  return promise && { plan: inLocale(promise.plan.name, locale), sourceText: spellSource(promise, queue, locale) };
}

/** A ticket may have been moved since: its queue is named only where it promises just that. */
function spellSource({ source, ofQueue }: TicketPromise, queue: LocalisedText, locale: Locale): string {
  return sourceInWords(source, ofQueue ? inLocale(queue, locale) : null, locale);
}

type ClockedTicket = { readonly life: Pick<TicketLife, 'clocks' | 'fixedAt'>; readonly steps: readonly StepView[] };

/** What a row of the ticket itself tells of its clocks. */
export function presentClocks({ life, steps }: ClockedTicket, locale: Locale): z.infer<typeof clockSchema>[] {
  return clocksOf(life).map((clock) => {
    const heldUntil = steps.find((step) => step.kind === `${clock.kind}_breach`)?.heldUntil;
    return {
      what: clock.kind,
      state: stateOf(clock, life),
      since: clock.since.toISOString(),
      dueAt: clock.dueAt?.toISOString() ?? null,
      warnsAt: clock.warnsAt?.toISOString() ?? null,
      breachedAt: clock.breachedAt?.toISOString() ?? null,
      target: clock.target,
      targetText: targetInWords(clock.target, locale),
      allowanceMinutes: minutesOf(clock.allowanceMs),
      rule: spellClockRule(clock),
      calendar: clock.calendar,
      hours: clock.hours,
      hold: heldUntil === undefined ? null : { until: heldUntil?.toISOString() ?? null },
    };
  });
}

/** The same with what its calendar says of it now. */
export function presentCountedClocks(
  ticket: ClockedTicket,
  counts: readonly ClockCount[],
  locale: Locale,
): z.infer<typeof countedClockSchema>[] {
  return presentClocks(ticket, locale).map((clock) => {
    const count = counts.find(({ kind }) => kind === clock.what);
    return { ...clock, leftMinutes: minutesOf(count?.leftMs ?? 0), uncertainYears: [...(count?.unknownYears ?? [])] };
  });
}

/** For a customer: what he was promised, and when. What staff are warned of, and what they do not count, is theirs. */
export function presentOwnClocks(life: ClockedTicket['life'], locale: Locale): z.infer<typeof ownClockSchema>[] {
  return clocksOf(life)
    .filter(({ counts }) => counts)
    .map((clock) => ({
      what: clock.kind,
      state: stateOf(clock, life),
      dueAt: clock.dueAt?.toISOString() ?? null,
      targetText: targetInWords(clock.target, locale),
    }));
}

function clocksOf({ clocks: { response, fix } }: ClockedTicket['life']): ServiceClock[] {
  return [response, fix].filter((clock) => clock !== null);
}

function stateOf(clock: ServiceClock, { fixedAt }: ClockedTicket['life']): ClockState {
  if (!clock.counts) return 'not_counted';
  if (clock.kind === 'fix' && fixedAt) return 'fixed';
  if (clock.breachedAt) return 'breached';
  return clock.dueAt ? 'running' : 'paused';
}

function minutesOf(milliseconds: number): number {
  return Math.floor(milliseconds / 60_000);
}
