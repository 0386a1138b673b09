import type { EntityManager } from '@mikro-orm/postgresql';
import type { LocalisedText } from '../../domain/locale.ts';
import { nextSteps, type Interrupted, type Move, type NextStep, type TicketLife, type TimingPolicy } from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';

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
}

/**
 * Locks a ticket's row until the transaction ends and reads it as it is then.
 * The row is locked before its queue is looked up: a row that was waited for may lie in another queue by then.
 * @param accountId when given, a ticket of another account is as unknown as one that does not exist
 */
export async function lockTicket(em: EntityManager, number: number, accountId?: string): Promise<LockedTicket | undefined> {
  const [row] = await em.execute<Record<string, unknown>[]>(
    `select t.*, q.category as queue_category, q.name as queue_name, q.reopen_after_manual_close as policy_reopen, p.id as policy_id, p.auto_close_after_seconds as policy_close,
        p.archive_after_seconds as policy_archive, p.warn_before_seconds as policy_warn
      from (select * from ticket where number = ? ${accountId === undefined ? '' : 'and account_id = ?'} for no key update) t
        join queue q on q.id = t.queue_id join timing_policy p on p.id = q.timing_policy_id`,
    accountId === undefined ? [number] : [number, accountId],
  );
  if (!row) return undefined;
  const { queue_category, queue_name, policy_reopen, policy_id, policy_close, policy_archive, policy_warn, ...columns } = row;
  const ticket = em.map(Ticket, columns as never);
  const policy: TimingPolicy = {
    id: policy_id as string,
    autoCloseAfterSeconds: policy_close as number,
    archiveAfterSeconds: policy_archive as number,
    warnBeforeSeconds: policy_warn as number,
    reopenAfterManualClose: policy_reopen as boolean,
  };
  return { ticket, life: lifeOf(ticket), policy, category: queue_category as string, categoryName: queue_name as LocalisedText };
}

/** The part of a ticket's row that `domain/ticket-life` rules over. */
export function lifeOf(ticket: Ticket): TicketLife {
  const { status, assigneeId, waitingSince, warnsAt, closesAt, archivesAt, timing, snoozedUntil, closedAt, closedBy, interrupted } = ticket;
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
    interrupted: interrupted ? readInterrupted(interrupted) : null,
  };
}

function readInterrupted(stored: Record<string, string | null>): Interrupted {
  const instant = (field: string) => (stored[field] ? new Date(stored[field]) : null);
  return {
    status: stored['status'] as Interrupted['status'],
    waitingSince: instant('waitingSince'),
    warnsAt: instant('warnsAt'),
    closesAt: instant('closesAt'),
    archivesAt: instant('archivesAt'),
    timing: stored['timing'] ?? null,
    snoozedUntil: instant('snoozedUntil'),
    closedAt: instant('closedAt'),
    closedBy: stored['closedBy'] as Interrupted['closedBy'],
  };
}

/** The columns that hold a life, and its earliest next step for lists. */
export function columnsOf(life: TicketLife): Omit<TicketLife, 'interrupted'> & Pick<Ticket, 'interrupted' | 'nextStep' | 'nextStepAt'> {
  const [next] = nextSteps(life);
  return {
    ...life,
    interrupted: life.interrupted ? (JSON.parse(JSON.stringify(life.interrupted)) as Record<string, string | null>) : null,
    nextStep: next?.kind ?? null,
    nextStepAt: next?.dueAt ?? null,
  };
}

/** A ticket as a fact leaves it: one revision further, with its next steps. */
export interface ChangedTicket extends LockedTicket {
  readonly steps: readonly NextStep[];
  /** False when the rows of next steps already say so. */
  readonly stepsChanged: boolean;
}

/**
 * Moves that are the staff's own business, or that nobody made in this ticket: the customer's list must not tell, by a time
 * or an order, that one happened, and a policy applied to thousands must not shuffle every list.
 */
const unseen: ReadonlySet<Move['kind']> = new Set<Move['kind']>(['internal_note', 'snooze', 'wake', 'assign', 'tag', 'retime', 'shift']);

/** What a locked ticket becomes by a move; nothing is written yet. */
export function changeTicket(
  locked: LockedTicket,
  kind: Move['kind'],
  life: TicketLife,
  at: Date,
  also: Partial<Ticket> = {},
): ChangedTicket {
  const steps = nextSteps(life);
  const updatedAt = unseen.has(kind) && life.status === locked.life.status ? locked.ticket.updatedAt : at;
  const ticket = { ...locked.ticket, ...columnsOf(life), ...also, revision: locked.ticket.revision + 1, updatedAt };
  return { ...locked, ticket, life, steps, stepsChanged: !sameSteps(steps, nextSteps(locked.life)) };
}

function sameSteps(a: readonly NextStep[], b: readonly NextStep[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (step, index) => step.kind === b[index]?.kind && step.rule === b[index].rule && step.dueAt.getTime() === b[index].dueAt.getTime(),
    )
  );
}
