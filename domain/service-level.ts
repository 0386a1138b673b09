/**
 * Service levels (SPEC S1, S6): what is promised to a customer, and by which plan or agreement. What is promised to a ticket is
 * fixed when it is opened; plans that change later change it only by an administrator's explicit re-timing (S7).
 */
import type { WorkingHours } from './business-calendar.ts';
import { shortestWindowMinutes } from './calendar-definition.ts';
import { refuse, type Refusal } from './errors.ts';

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

/** What can be promised, and by which calendar its time is counted. */
export interface TermsContent {
  /** Until the first answer, and until every later one (SPEC S4); null for no promise. */
  readonly response: Target | null;
  /** Until a critical fault is fixed; null for no promise. Other faults have none. */
  readonly criticalFix: Target | null;
  readonly calendarId: string;
  /** Hours of its own in place of the calendar's (SPEC S6). */
  readonly hours: WorkingHours | null;
}

/**
 * What a plan or an agreement promises, as it stood at one moment: never changed, only followed by others.
 */
export interface ServiceTerms extends TermsContent {
  readonly id: string;
}

/** Whether an amount of this unit lies within the bounds. */
export function isTarget({ amount, unit }: Target): boolean {
  return Number.isInteger(amount) && amount >= 1 && amount <= maxTargetAmount[unit];
}

/** Whether hours begin and end within a day, and last as long as a calendar's must. */
export function areHours({ opens, closes }: WorkingHours): boolean {
  return (
    Number.isInteger(opens) && Number.isInteger(closes) && opens >= 0 && closes - opens >= shortestWindowMinutes && closes <= minutesOfDay
  );
}

const minutesOfDay = 1_440;

/** Whether both promise the very same: then nothing is to be written, and nothing to be told. */
export function sameTerms(one: TermsContent, other: TermsContent): boolean {
  return (
    sameTarget(one.response, other.response) &&
    sameTarget(one.criticalFix, other.criticalFix) &&
    one.calendarId === other.calendarId &&
    one.hours?.opens === other.hours?.opens &&
    one.hours?.closes === other.hours?.closes
  );
}

function sameTarget(one: Target | null, other: Target | null): boolean {
  return one?.amount === other?.amount && one?.unit === other?.unit;
}

/** A target as records keep it: `16 hours`; null for no promise. */
export function spellTarget(target: Target | null): string | null {
  return target && `${target.amount} ${target.unit}`;
}

/** Reads what {@link spellTarget} wrote; undefined for any other text. */
export function readTarget(text: string): Target | undefined {
  const [amount = '', unit, ...more] = text.split(' ');
  const known = targetUnits.find((each) => each === unit);
  if (!known || more.length > 0 || !/^\d{1,6}$/.test(amount)) return undefined;
  return isTarget({ amount: Number(amount), unit: known }) ? { amount: Number(amount), unit: known } : undefined;
}

/** Of plans, a higher rank promises more. */
export const maxPlanRank = 1_000;

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
    const best = candidates.filter((candidate) => candidate.source === source).toSorted(byRank)[0];
    if (best) return best;
  }
  return undefined;
}

/** Where the plans of two licences rank alike, one of them always wins: by its id, so that it does not depend on how they were found. */
function byRank(one: TermsCandidate, other: TermsCandidate): number {
  return other.rank - one.rank || (one.termsId < other.termsId ? -1 : 1);
}

/** Whom an agreement may be made with (SPEC S6): an Enterprise account, or a cloud team of more than 50 users. */
export const agreementKinds = ['enterprise', 'cloud_team'] as const;
export type AgreementKind = (typeof agreementKinds)[number];

/** Terms of an agreement that are its own; what is left out is the plan's, as it stood when it was agreed on. */
export type OwnTerms = { readonly [Name in keyof TermsContent]?: TermsContent[Name] };
export const ownTermNames = ['response', 'criticalFix', 'calendarId', 'hours'] as const satisfies readonly (keyof TermsContent)[];
export type OwnTermName = (typeof ownTermNames)[number];

/** What an agreement promises: its own terms, and for the rest those of the plan it is made on. */
export function termsOfAgreement(plan: TermsContent, own: OwnTerms): TermsContent {
  return {
    response: own.response === undefined ? plan.response : own.response,
    criticalFix: own.criticalFix === undefined ? plan.criticalFix : own.criticalFix,
    calendarId: own.calendarId ?? plan.calendarId,
    hours: own.hours === undefined ? plan.hours : own.hours,
  };
}

/** From its first instant on, until before its last; null: until further notice. */
export interface AgreementPeriod {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

export const agreementStates = ['standing', 'coming', 'ended'] as const;
export type AgreementState = (typeof agreementStates)[number];

/** Where an agreement stands at an instant. One that was ended before it began has never applied. */
export function agreementState({ startsAt, endsAt }: AgreementPeriod, at: Date): AgreementState {
  if (endsAt !== null && (endsAt <= at || endsAt <= startsAt)) return 'ended';
  return startsAt <= at ? 'standing' : 'coming';
}

/** Whether there is an instant at which both would apply: an account has one agreement at a time. */
export function periodsOverlap(one: AgreementPeriod, other: AgreementPeriod): boolean {
  if ([one, other].some(({ startsAt, endsAt }) => endsAt !== null && endsAt <= startsAt)) return false;
  return (one.endsAt === null || other.startsAt < one.endsAt) && (other.endsAt === null || one.startsAt < other.endsAt);
}

/** Dates of agreements lie between these: anything else is a slip of the pen. */
const earliest = new Date('2000-01-01T00:00:00Z');
const latest = new Date('2200-01-01T00:00:00Z');

/** The period of a new agreement, as far as it can be one: what is over before it is agreed on promises nothing. */
export function agreePeriod(wanted: AgreementPeriod, at: Date): AgreementPeriod | Refusal {
  if (wanted.startsAt < earliest || wanted.startsAt > latest) return refuse('agreement.date_out_of_range');
  if (wanted.endsAt === null) return wanted;
  if (wanted.endsAt > latest) return refuse('agreement.date_out_of_range');
  if (wanted.endsAt <= wanted.startsAt) return refuse('agreement.ends_before_start');
  return wanted.endsAt <= at ? refuse('agreement.ends_in_past') : wanted;
}

/**
 * The period of an agreement after a change. Since when one stands that has begun is a fact: tickets were opened under it.
 * One that has ended is not changed; another is made.
 */
export function changePeriod(before: AgreementPeriod, wanted: AgreementPeriod, at: Date): AgreementPeriod | Refusal {
  const state = agreementState(before, at);
  if (state === 'ended') return refuse('agreement.ended');
  const moved = wanted.startsAt.getTime() !== before.startsAt.getTime();
  if (state === 'standing' && moved) return refuse('agreement.begun');
  return agreePeriod(wanted, at);
}

/** When an agreement ends that is to end now: at once, or before it began. */
export function endPeriod(before: AgreementPeriod, at: Date): AgreementPeriod | Refusal {
  const state = agreementState(before, at);
  if (state === 'ended') return refuse('agreement.ended');
  return { startsAt: before.startsAt, endsAt: state === 'standing' ? at : before.startsAt };
}
