/** What becomes of a claim that a ticket is critical when the ticket is merged into another, and back (SPEC T13, T14). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Severity, SeverityState } from '../../domain/severity.ts';
import type { Ticket } from '../entities/ticket.entity.ts';

/** A claim with whoever decided on it. */
export interface DecidedSeverity extends Severity {
  readonly decidedById: string | null;
}

/** The columns of a ticket's row that say how critical it is. */
export type SeverityColumns = Pick<Ticket, 'severity' | 'severityClaimedAt' | 'severityDecidedAt' | 'severityDecidedById'>;

/** How critical a ticket is, as a merge keeps it: its instants as JSON has them. */
export type StoredSeverity = Readonly<Record<keyof SeverityColumns, string | null>>;

/** How critical the target was, and how critical it is because of the source. */
export interface MovedSeverity {
  readonly before: StoredSeverity;
  readonly after: StoredSeverity;
}

/** What a ticket's row says of how critical it is. */
export function severityIn({
  severity,
  severityClaimedAt,
  severityDecidedAt,
  severityDecidedById,
}: SeverityColumns): DecidedSeverity | null {
  if (!severity || !severityClaimedAt) return null;
  return { state: severity, claimedAt: severityClaimedAt, decidedAt: severityDecidedAt ?? null, decidedById: severityDecidedById ?? null };
}

/** The same of what a merge kept. */
export function readSeverity({
  severity,
  severityClaimedAt,
  severityDecidedAt,
  severityDecidedById,
}: StoredSeverity): DecidedSeverity | null {
  if (!severity || !severityClaimedAt) return null;
  const decidedAt = severityDecidedAt ? new Date(severityDecidedAt) : null;
  return { state: severity as SeverityState, claimedAt: new Date(severityClaimedAt), decidedAt, decidedById: severityDecidedById };
}

function storedOf(severity: DecidedSeverity | null): StoredSeverity {
  return {
    severity: severity?.state ?? null,
    severityClaimedAt: severity?.claimedAt.toISOString() ?? null,
    severityDecidedAt: severity?.decidedAt?.toISOString() ?? null,
    severityDecidedById: severity?.decidedById ?? null,
  };
}

/** Gives a ticket, whose row is locked, this claim in place of its own; tells what its record keeps. */
export async function changeSeverity(
  em: EntityManager,
  number: number,
  before: DecidedSeverity | null,
  after: DecidedSeverity | null,
): Promise<MovedSeverity> {
  const stored = storedOf(after);
  await em.execute(
    'update ticket set severity = ?, severity_claimed_at = ?, severity_decided_at = ?, severity_decided_by_id = ? where number = ?',
    [stored.severity, stored.severityClaimedAt, stored.severityDecidedAt, stored.severityDecidedById, number],
  );
  return { before: storedOf(before), after: stored };
}
