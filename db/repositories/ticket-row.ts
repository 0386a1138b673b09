import type { EntityManager } from '@mikro-orm/postgresql';
import type { LocalisedText } from '../../domain/locale.ts';
import type { Hold } from '../../domain/hold.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { readClock, type ServiceLevel } from '../../domain/service-clock.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import { endedRuns, pressureOf, resumedRun, standingClocks, type ClockRun, type ServiceClocks } from '../../domain/ticket-clocks.ts';
import {
  nextSteps,
  shownStep,
  type Interrupted,
  type Move,
  type NextStep,
  type TicketLife,
  type TimingPolicy,
} from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { standingStill } from './clocks-on-hold.ts';
import { openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { promiseColumn, promiseJoins, serviceLevelOf, termsColumn, type TermsRow, type TicketPromise } from './ticket-terms.ts';

/** SQL for the entity's name of a ticket, as `ticketEntity(spellTicketNumber(…))` spells it. (`lpad` alone would cut long numbers.) */
export function entitySql(number: string): string {
  return `'ticket:CS-' || lpad(${number}::text, greatest(6, length(${number}::text)), '0')`;
}

/** SQL for whether a ticket was merged into another and can still have its former life back (SPEC T13). */
export function mergeCanBeUndone(number: string): string {
  return `exists (select 1 from ticket_merge g where g.from_number = ${number} and g.settled_at is null and g.undone_at is null)`;
}

/** A ticket whose row this transaction holds, with its queue and that queue's timing. */
export interface LockedTicket {
  readonly ticket: Ticket;
  readonly life: TicketLife;
  readonly policy: TimingPolicy;
  readonly category: string;
  readonly categoryName: LocalisedText;
  /** What it is promised, in names; null where nothing is. */
  readonly promise: TicketPromise | null;
}

/**
 * Locks a ticket's row until the transaction ends and reads it as it is then.
 * The row is locked before its queue is looked up: a row that was waited for may lie in another queue by then.
 * @param accountId when given, a ticket of another account is as unknown as one that does not exist
 */
export async function lockTicket(em: EntityManager, number: number, accountId?: string): Promise<LockedTicket | undefined> {
  const [row] = await em.execute<Record<string, unknown>[]>(
    `select t.*, q.category as queue_category, q.name as queue_name, q.reopen_after_manual_close as policy_reopen, p.id as policy_id, p.auto_close_after_seconds as policy_close,
        p.archive_after_seconds as policy_archive, p.warn_before_seconds as policy_warn,
        ${termsColumn} as service_terms, ${promiseColumn} as promise, case when t.clocks is not null then ${openHolds} end as holds
      from (select * from ticket where number = ? ${accountId === undefined ? '' : 'and account_id = ?'} for no key update) t
        join queue q on q.id = t.queue_id join timing_policy p on p.id = q.timing_policy_id
        ${promiseJoins}`,
    accountId === undefined ? [number] : [number, accountId],
  );
  if (!row) return undefined;
  const {
    queue_category,
    queue_name,
    policy_reopen,
    policy_id,
    policy_close,
    policy_archive,
    policy_warn,
    service_terms,
    promise,
    holds,
    ...columns
  } = row;
  const ticket = em.map(Ticket, columns as never);
  const life = lifeOf(ticket);
  const policy: TimingPolicy = {
    id: policy_id as string,
    autoCloseAfterSeconds: policy_close as number,
    archiveAfterSeconds: policy_archive as number,
    warnBeforeSeconds: policy_warn as number,
    reopenAfterManualClose: policy_reopen as boolean,
    service: await levelOf(em, ticket, life, service_terms as TermsRow | null, readHolds(holds as StoredHolds)),
  };
  return {
    ticket,
    life,
    policy,
    category: queue_category as string,
    categoryName: queue_name as LocalisedText,
    promise: promise as TicketPromise | null,
  };
}

/** What is promised to a locked ticket, with whatever its clocks take to be counted; null where nothing is and none runs. */
async function levelOf(
  em: EntityManager,
  { number, accountId, queueId }: Ticket,
  { clocks }: TicketLife,
  terms: TermsRow | null,
  holds: readonly Hold[],
): Promise<ServiceLevel | null> {
  if (!terms && !clocks.response && !clocks.fix) return null;
  const level = await serviceLevelOf(em, terms, clocks);
  const of = { entity: ticketEntity(spellTicketNumber(number)), accountId, queueId };
  const stoodStillMs = holds.length ? await standingStill(em, of, clocks, holds, level.calendarOf) : undefined;
  return stoodStillMs ? { ...level, stoodStillMs } : level;
}

/** The part of a ticket's row that `domain/ticket-life` rules over. */
export function lifeOf(ticket: Ticket): TicketLife {
  const { status, assigneeId, waitingSince, warnsAt, closesAt, archivesAt, timing, snoozedUntil, closedAt, closedBy, interrupted } = ticket;
  const { firstRespondedAt, fixedAt } = ticket;
  return {
    status,
    assigneeId,
    waitingSince,
    warnsAt,
    closesAt,
    archivesAt,
    timing,
    snoozedUntil,
    closedAt,
    closedBy,
    firstRespondedAt,
    fixedAt,
    clocks: readClocks(ticket.clocks),
    interrupted: interrupted ? readInterrupted(interrupted) : null,
  };
}

/** The clocks as a column, or a merge's record, keeps them. */
export function readClocks(stored: unknown): ServiceClocks {
  const { response, fix } = (stored ?? {}) as Partial<Record<keyof ServiceClocks, unknown>>;
  return { response: readClock(response), fix: readClock(fix) };
}

function readInterrupted(stored: Record<string, string | number | null>): Interrupted {
  const instant = (field: string) => (stored[field] ? new Date(stored[field]) : null);
  return {
    status: stored['status'] as Interrupted['status'],
    waitingSince: instant('waitingSince'),
    warnsAt: instant('warnsAt'),
    closesAt: instant('closesAt'),
    archivesAt: instant('archivesAt'),
    timing: (stored['timing'] as string | null | undefined) ?? null,
    snoozedUntil: instant('snoozedUntil'),
    closedAt: instant('closedAt'),
    closedBy: stored['closedBy'] as Interrupted['closedBy'],
    fixSince: instant('fixSince'),
    fixUsedMs: (stored['fixUsedMs'] as number | undefined) ?? 0,
  };
}

/** The columns that hold a life, and its earliest next step for lists. */
export function columnsOf(
  life: TicketLife,
): Omit<TicketLife, 'interrupted' | 'clocks'> &
  Pick<Ticket, 'interrupted' | 'clocks' | 'nextStep' | 'nextStepAt' | 'breachesAt' | 'breachedAt'> {
  const next = shownStep(nextSteps(life));
  const { clocks } = life;
  return {
    ...life,
    ...pressureOf(standingClocks(life)),
    clocks: clocks.response || clocks.fix ? asJson(clocks) : null,
    interrupted: life.interrupted && asJson(life.interrupted),
    nextStep: next?.kind ?? null,
    nextStepAt: next?.dueAt ?? null,
  };
}

function asJson<Value>(value: Value): Record<string, never> {
  return JSON.parse(JSON.stringify(value)) as Record<string, never>;
}

/** A ticket as a fact leaves it: one revision further, with its next steps. */
export interface ChangedTicket extends LockedTicket {
  readonly steps: readonly NextStep[];
  /** False when the rows of next steps already say so. */
  readonly stepsChanged: boolean;
  /** Clocks that the fact ended, for reports (SPEC S8), and one that it let run on after all. */
  readonly runs?: readonly ClockRun[];
  readonly resumed?: Pick<ClockRun, 'kind' | 'since'> | undefined;
}

/**
 * Moves that are the staff's own business, or that nobody made in this ticket: the customer's list must not tell, by a time
 * or an order, that one happened, and a policy applied to thousands must not shuffle every list.
 */
const unseen: ReadonlySet<string> = new Set<Move['kind']>([
  'internal_note',
  'snooze',
  'wake',
  'assign',
  'tag',
  'retime',
  'shift',
  'retime_clocks',
  'clock_warning',
  'clock_breach',
]);

/** What a locked ticket becomes by a move; nothing is written yet. */
export function changeTicket(
  locked: LockedTicket,
  kind: Move['kind'] | 'severity',
  life: TicketLife,
  at: Date,
  also: Partial<Ticket> = {},
): ChangedTicket {
  const steps = nextSteps(life);
  const updatedAt = unseen.has(kind) && life.status === locked.life.status ? locked.ticket.updatedAt : at;
  const ticket = { ...locked.ticket, ...columnsOf(life), ...also, revision: locked.ticket.revision + 1, updatedAt };
  return {
    ...locked,
    ticket,
    life,
    steps,
    stepsChanged: !sameSteps(steps, nextSteps(locked.life)),
    runs: endedRuns(locked.life, life, kind, locked.policy.service ?? null, at),
    resumed: resumedRun(locked.life, life, kind),
  };
}

function sameSteps(a: readonly NextStep[], b: readonly NextStep[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (step, index) => step.kind === b[index]?.kind && step.rule === b[index].rule && step.dueAt.getTime() === b[index].dueAt.getTime(),
    )
  );
}
