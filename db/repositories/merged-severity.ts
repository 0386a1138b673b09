/** What becomes of a claim that a ticket is critical when the ticket is merged into another, and back (SPEC T13, T14). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SeverityState } from '../../domain/severity.ts';
import type { Ticket } from '../entities/ticket.entity.ts';

const columns = ['severity', 'severityClaimedAt', 'severityDecidedAt', 'severityDecidedById'] as const;

/** How critical a ticket is, as a merge keeps it: its instants as JSON has them. */
type Stored = Readonly<Record<(typeof columns)[number], string | null>>;

/** How critical the target was, and how critical it is because of the source. */
export interface MovedSeverity {
  readonly before: Stored;
  readonly after: Stored;
}

/** What was refused presses nobody; what nobody has decided yet presses less than what staff confirmed. */
const urgency: Readonly<Record<SeverityState, number>> = { refused: 0, claimed: 1, confirmed: 2 };

/**
 * Whether the source's claim presses more than the target's own, or as much and for longer: an urgent ticket would else be lost
 * by merging it.
 */
export function pressesMore(source: Ticket, target: Ticket): boolean {
  const more = urgencyOf(source) - urgencyOf(target);
  return more > 0 || (more === 0 && source.severity !== null && source.severityClaimedAt! < target.severityClaimedAt!);
}

/**
 * Gives the target the source's claim. Both rows are locked.
 * @returns what the undo needs
 */
export async function moveSeverity(em: EntityManager, source: Ticket, target: Ticket): Promise<MovedSeverity> {
  const moved = { before: storedOf(target), after: storedOf(source) };
  await write(em, target.number, moved.after);
  return moved;
}

/** Gives the target back how critical it was, unless somebody decided otherwise meanwhile. */
export async function moveSeverityBack(em: EntityManager, target: Ticket, moved: MovedSeverity | undefined): Promise<void> {
  if (moved && goesBack(target, moved)) await write(em, target.number, moved.before);
}

/** Whether what the merge moved is still what it made of the target. */
export function goesBack(target: Ticket, moved: MovedSeverity | undefined): boolean {
  const now = storedOf(target);
  return moved !== undefined && columns.every((column) => now[column] === moved.after[column]);
}

async function write(em: EntityManager, number: number, { severity, ...decided }: Stored): Promise<void> {
  await em.execute(
    'update ticket set severity = ?, severity_claimed_at = ?, severity_decided_at = ?, severity_decided_by_id = ? where number = ?',
    [severity, decided.severityClaimedAt, decided.severityDecidedAt, decided.severityDecidedById, number],
  );
}

function urgencyOf({ severity }: Ticket): number {
  return severity ? urgency[severity] : 0;
}

function storedOf(ticket: Ticket): Stored {
  return JSON.parse(JSON.stringify(Object.fromEntries(columns.map((column) => [column, ticket[column] ?? null])))) as Stored;
}
