import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { TermsSource } from '../../domain/service-level.ts';
import type { SeverityState } from '../../domain/severity.ts';
import type { Channel, Priority } from '../../domain/ticket.ts';
import type { ClosedBy, StepKind, TicketStatus } from '../../domain/ticket-life.ts';

/** A conversation about one problem. Its life (SPEC T3) is the part that `domain/ticket-life` rules over. */
export const Ticket = defineEntity({
  name: 'Ticket',
  tableName: 'ticket',
  properties: {
    number: p.integer().primary(),
    accountId: p.text(),
    queueId: p.text(),
    openedById: p.text(),
    channel: p.text().$type<Channel>(),
    subject: p.text(),
    priority: p.text().$type<Priority>(),
    status: p.text().$type<TicketStatus>(),
    assigneeId: p.text().strictNullable(),
    waitingSince: p.datetime(3).strictNullable(),
    warnsAt: p.datetime(3).strictNullable(),
    closesAt: p.datetime(3).strictNullable(),
    archivesAt: p.datetime(3).strictNullable(),
    timing: p.text().strictNullable(),
    snoozedUntil: p.datetime(3).strictNullable(),
    closedAt: p.datetime(3).strictNullable(),
    closedBy: p.text().$type<ClosedBy>().strictNullable(),
    interrupted: p.json().$type<Record<string, string | number | null>>().strictNullable(),
    /** What was promised at its opening (SPEC S1), and why just that. */
    termsId: p.text().strictNullable(),
    termsSource: p.text().$type<TermsSource>().strictNullable(),
    firstRespondedAt: p.datetime(3).strictNullable(),
    fixedAt: p.datetime(3).strictNullable(),
    clocks: p.json().$type<Record<string, unknown>>().strictNullable(),
    /** When the next promise is broken, and since when one has been: of the clocks, for lists. */
    breachesAt: p.datetime(3).strictNullable(),
    breachedAt: p.datetime(3).strictNullable(),
    replyCount: p.integer(),
    lastMessageAt: p.datetime(3),
    lastMessageBy: p.text().$type<'customer' | 'staff'>(),
    nextStep: p.text().$type<StepKind>().strictNullable(),
    nextStepAt: p.datetime(3).strictNullable(),
    /** Words of the staff's own, case-folded; customers do not see them. */
    tags: p.array().$type<string[]>(),
    /** The ticket that this one was merged into. */
    mergedInto: p.integer().strictNullable(),
    /** The ticket that this one's messages were split off from. */
    splitFrom: p.integer().strictNullable(),
    /** Whether anything was ever offered or lent on it: only then closing and archiving look for what ends with it. */
    hasDependents: p.boolean().default(false),
    revision: p.integer(),
    severity: p.text().$type<SeverityState>().strictNullable(),
    severityClaimedAt: p.datetime(3).strictNullable(),
    severityDecidedAt: p.datetime(3).strictNullable(),
    severityDecidedById: p.text().strictNullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export type Ticket = InferEntity<typeof Ticket>;
