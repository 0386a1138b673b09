/**
 * A problem or a wish that many tickets are about (SPEC T20): staff find it once, customers read its public text and state
 * on their own ticket, and one answer reaches every ticket that is linked when it is given.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';

export const problemKinds = ['problem', 'wish'] as const;
export type ProblemKind = (typeof problemKinds)[number];

export const problemStatuses = ['confirmed', 'planned', 'fixed', 'declined'] as const;
export type ProblemStatus = (typeof problemStatuses)[number];

/** How many problems and wishes one ticket may be linked to. */
export const maxProblemsOfTicket = 20;

/** Where a problem stands. What is fixed says in which version. */
export interface ProblemStanding {
  readonly status: ProblemStatus;
  readonly fixedIn: string | null;
}

export type ProblemRefusal = Extract<ErrorCode, `problem.${string}`>;

/**
 * Where a problem stands after this change: `fixed` needs the version, and no other state has one.
 * @param change what is left out stays
 */
export function changeStanding(
  standing: ProblemStanding,
  change: { status?: ProblemStatus | undefined; fixedIn?: string | null | undefined },
): ProblemStanding | Refusal<ProblemRefusal> {
  const status = change.status ?? standing.status;
  const fixedIn = change.fixedIn === undefined ? standing.fixedIn : change.fixedIn;
  if (status === 'fixed') return fixedIn === null ? refuse('problem.version_missing') : { status, fixedIn };
  // A version given with another state is a mistake worth telling; one that was there goes with the state.
  if (change.fixedIn) return refuse('problem.version_without_fix');
  return { status, fixedIn: null };
}
