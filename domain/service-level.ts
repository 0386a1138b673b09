/**
 * Service levels (SPEC S1, S6): what is promised to a customer, and by which plan or agreement. What is promised to a ticket is
 * fixed when it is opened; plans that change later change it only by an administrator's explicit re-timing (S7).
 */
import type { WorkingHours } from './business-calendar.ts';

export const targetUnits = ['minutes', 'hours', 'days'] as const;
export type TargetUnit = (typeof targetUnits)[number];

/**
 * How much time an answer or a fix may take. All of it is working time: minutes and hours count working minutes from receipt,
 * days end at closing time of the last of them (SPEC S3).
 */
export interface Target {
  readonly amount: number;
  readonly unit: TargetUnit;
}

/** Bounds of a target: a minute, so that a rehearsal is possible, and about two years. */
export const maxTargetAmount: Readonly<Record<TargetUnit, number>> = { minutes: 100_000, hours: 4_000, days: 500 };

/**
 * What a plan or an agreement promises, as it stood at one moment: never changed, only followed by others.
 */
export interface ServiceTerms {
  readonly id: string;
  /** Until the first answer, and until every later one (SPEC S4); null for no promise. */
  readonly response: Target | null;
  /** Until a critical fault is fixed; null for no promise. Other faults have none. */
  readonly criticalFix: Target | null;
  readonly calendarId: string;
  /** Hours of its own in place of the calendar's (SPEC S6). */
  readonly hours: WorkingHours | null;
}

/** Where the terms of a ticket came from, the first that exists (SPEC S1). */
export const termsSources = ['agreement', 'cited_licence', 'account_licence', 'queue'] as const;
export type TermsSource = (typeof termsSources)[number];

/** Terms that could apply, with the rank of their plan: the best of an account's licences is the one whose plan ranks highest. */
export interface TermsCandidate {
  readonly source: TermsSource;
  readonly termsId: string;
  /** A higher one promises more. */
  readonly rank: number;
}

/**
 * Which terms apply: the first that exists of the account's agreement, the cited licence's plan, the best among the account's
 * active licences, the queue's default; none without any (SPEC S1).
 */
export function chooseTerms(candidates: readonly TermsCandidate[]): TermsCandidate | undefined {
  for (const source of termsSources) {
    const best = candidates.filter((candidate) => candidate.source === source).toSorted((a, b) => b.rank - a.rank)[0];
    if (best) return best;
  }
  return undefined;
}
