/**
 * Which clocks of a service level run on a ticket (SPEC S4): what each move starts, pauses and stops, what they make happen by
 * itself, and what became of one that ended.
 *
 * The clock of the response runs while a customer waits for a person of the staff to answer: the first one first, then from
 * the oldest message that is unanswered. The clock of the fix runs while staff work on a ticket that is critical.
 */
import type { CalendarRef } from './business-calendar.ts';
import {
  begunClock,
  clockKinds,
  leftMs,
  pauseClock,
  resumeClock,
  retimedClock,
  shiftedClock,
  spellClockRule,
  startClock,
  takenMs,
  withoutHeldTime,
  type ClockKind,
  type ServiceClock,
  type ServiceLevel,
} from './service-clock.ts';
import { sameLife } from './same-life.ts';
import type { Interrupted, Move, NextStep, StepKind, TicketLife } from './ticket-life.ts';

/** The clocks of a ticket; null where none runs, waits or has run out. */
export interface ServiceClocks {
  readonly response: ServiceClock | null;
  readonly fix: ServiceClock | null;
}

export const noClocks: ServiceClocks = { response: null, fix: null };

export const clockStepKinds = clockKinds.flatMap((kind) => [`${kind}_warning`, `${kind}_breach`] as const);
export type ClockStepKind = (typeof clockStepKinds)[number];

/** The clock that a step belongs to, and whether it is the warning before; undefined for a step that belongs to none. */
export function readClockStep(kind: StepKind): { clock: ClockKind; warns: boolean } | undefined {
  const clock = clockKinds.find((known) => kind === `${known}_warning` || kind === `${known}_breach`);
  return clock && { clock, warns: kind.endsWith('_warning') };
}

/** The clocks that may still warn and break: not that of a fault of which staff say that it is fixed. */
export function standingClocks({ clocks, fixedAt }: Pick<TicketLife, 'clocks' | 'fixedAt'>): ServiceClocks {
  return fixedAt ? { ...clocks, fix: null } : clocks;
}

/** What the clocks make happen by itself: a warning, and the breach, of each that runs (SPEC S5). */
export function clockSteps({ response, fix }: ServiceClocks): NextStep[] {
  return [response, fix].flatMap((clock): NextStep[] => {
    if (!clock?.dueAt || clock.breachedAt || !clock.counts) return [];
    const rule = spellClockRule(clock);
    const breach: NextStep = { kind: `${clock.kind}_breach`, dueAt: clock.dueAt, rule };
    return clock.warnsAt ? [{ kind: `${clock.kind}_warning`, dueAt: clock.warnsAt, rule }, breach] : [breach];
  });
}

/** When the next promise of a ticket is broken, and since when one has been; null for neither. For lists and reports. */
export function pressureOf({ response, fix }: ServiceClocks): { breachesAt: Date | null; breachedAt: Date | null } {
  const counting = [response, fix].filter((clock) => clock?.counts);
  const earliest = (instants: (Date | null | undefined)[]) =>
    instants.reduce<Date | null>((least, at) => (at && (!least || at < least) ? at : least), null);
  return {
    breachesAt: earliest(counting.map((clock) => (clock?.breachedAt ? null : clock?.dueAt))),
    breachedAt: earliest(counting.map((clock) => clock?.breachedAt)),
  };
}

/** The clock of a kind, if it runs or waits. */
export function clockOf({ response, fix }: ServiceClocks, kind: ClockKind): ServiceClock | undefined {
  return [response, fix].find((clock) => clock?.kind === kind) ?? undefined;
}

/** The clock that the opening of a ticket starts, none without a promise; what is promised only now is not broken before. */
export function openingClocks(
  since: Date,
  level: ServiceLevel | null,
  made: { readonly at: Date; readonly firstRespondedAt: Date | null },
): ServiceClocks {
  const clock = level && startClock(responseKind(made), since, level);
  return { response: clock ? begunClock(clock, made.at) : null, fix: null };
}

/**
 * The clocks after a move.
 * @param after what the move has made of the ticket, but for its clocks
 */
export function clocksAfter(before: TicketLife, after: TicketLife, move: Move, level: ServiceLevel | null, at: Date): ServiceClocks {
  switch (move.kind) {
    case 'absorbed':
      return noClocks;
    case 'unmerge':
      return move.told ? withWhatWasTold(move.former.clocks, move.told) : move.former.clocks;
    case 'release':
      return released(before, after, move, level, at);
    case 'clock_warning':
      return marked(before.clocks, move.clock, (clock) => ({ ...clock, warned: true, warnsAt: null }));
    case 'clock_breach':
      return marked(before.clocks, move.clock, (clock) => ({ ...clock, breachedAt: at, warnsAt: null }));
    case 'retime_clocks':
      return retimedClocks(after, move, level, at);
    case 'shift':
      return level ? waitingClocks(after, shiftedClocks(before.clocks, level, move.by), level, at) : before.clocks;
    default:
      return derived(before, after, move, level, at);
  }
}

function marked(clocks: ServiceClocks, kind: ClockKind, mark: (clock: ServiceClock) => ServiceClock): ServiceClocks {
  const { response, fix } = clocks;
  return {
    response: response?.kind === kind ? mark(response) : response,
    fix: fix?.kind === kind ? mark(fix) : fix,
  };
}

type Release = Extract<Move, { kind: 'release' }>;

/** One that stood through the merge is what it has become meanwhile; one that gave way comes back. */
function released(before: TicketLife, after: TicketLife, move: Release, level: ServiceLevel | null, at: Date): ServiceClocks {
  return { response: releasedResponse(before, after, move, level, at), fix: releasedFix(before, after, move, level, at) };
}

/** Where terms that came meanwhile promise what nothing had promised before the merge, a clock begins. */
function releasedResponse(before: TicketLife, after: TicketLife, move: Release, level: ServiceLevel | null, at: Date): ServiceClock | null {
  if (!customerWaits(after)) return null;
  const [own, present] = [move.own.clocks.response, before.clocks.response];
  const waitsAsBefore = after.waitingSince?.getTime() === move.own.waitingSince?.getTime();
  if (!waitsAsBefore || stood(own, move.merged.clocks.response, present)) return present;
  return own ?? begunResponse(after, level, at);
}

/** The fix goes with the severity. What waited for the customer's answer before the merge has used nothing in it. */
function releasedFix(before: TicketLife, after: TicketLife, move: Release, level: ServiceLevel | null, at: Date): ServiceClock | null {
  const [own, present] = [move.own.clocks.fix, before.clocks.fix];
  let clock = bringsOwnFixBack(before, move) ? own : present;
  if (own && !own.dueAt && present && stood(own, move.merged.clocks.fix, present) && sameLife(before, move.merged))
    clock = waitingAgain(present, own.allowanceMs - own.leftMs, own.from);
  if (clock && own && move.severity === 'goes_back') clock = { ...clock, counts: own.counts };
  return fixIn(after, clock, level, at);
}

/** Whether the undo of a merge gives a ticket back its own fix, or none: that of the other goes, and what began for its claim. */
export function bringsOwnFixBack({ clocks }: Pick<TicketLife, 'clocks'>, { own, merged, severity }: Release): boolean {
  const [mine, brought, present] = [own.clocks.fix, merged.clocks.fix, clocks.fix];
  if (!severity || stood(mine, brought, present)) return false;
  const gaveWay = (mine ?? brought) !== null && !stood(mine, brought, brought);
  return gaveWay || (severity === 'goes_back' && present !== null);
}

/** Whether a ticket's own clock stood through a merge until now. */
function stood(own: ServiceClock | null, merged: ServiceClock | null, present: ServiceClock | null): boolean {
  return Boolean(own && merged && present && own.termsId === merged.termsId && sameClock(own, merged) && sameClock(own, present));
}

/** Of a deadline that went along with a merge staff were told there: they are not told of it again. */
function withWhatWasTold(former: ServiceClocks, now: ServiceClocks): ServiceClocks {
  const kept = (one: ServiceClock | null, other: ServiceClock | null) => {
    if (!one || !other || !sameDeadline(one, other)) return one;
    const [warned, breachedAt] = [one.warned || other.warned, one.breachedAt ?? other.breachedAt];
    return { ...one, warned, warnsAt: warned || breachedAt ? null : one.warnsAt, breachedAt };
  };
  return { response: kept(former.response, now.response), fix: kept(former.fix, now.fix) };
}

function sameDeadline(a: ServiceClock, b: ServiceClock): boolean {
  return a.termsId === b.termsId && a.since.getTime() === b.since.getTime() && a.dueAt?.getTime() === b.dueAt?.getTime();
}

/** How much working time each clock stood still. */
export interface ClockShift {
  readonly responseMs?: number;
  readonly fixMs?: number;
}

export function shiftedClocks(
  { response, fix }: ServiceClocks,
  level: Pick<ServiceLevel, 'calendarOf'>,
  { responseMs = 0, fixMs = 0 }: ClockShift,
): ServiceClocks {
  return {
    response: response && shiftedClock(response, level, responseMs),
    fix: fix && shiftedClock(fix, level, fixMs),
  };
}

/** What clocks go by from now on (SPEC S7). */
export type ClockRetiming =
  /** Other terms, those of the level given. What waits without a promise gets one, from its receipt on. */
  | {
      /** When it was claimed that the ticket is critical, where that stands. */
      readonly criticalSince: Date | null;
      /** The terms until now, where it may have clocks of others too; left out, every clock is the ticket's own. */
      readonly ownTerms?: string | null;
    }
  /** Another version of a calendar: what is counted by it is counted anew, and each clock keeps its promise. */
  | { readonly calendar: CalendarRef };

/** What of a ticket decides which clocks it has. */
export type ClockedLife = Pick<TicketLife, 'status' | 'waitingSince' | 'firstRespondedAt' | 'fixedAt' | 'clocks'>;

/**
 * The clocks as other terms, or another version of a calendar, would have them (SPEC S7).
 * @param level what is promised from now on, with every calendar that the clocks need; null for nothing
 */
export function retimedClocks(life: ClockedLife, how: ClockRetiming, level: ServiceLevel | null, at: Date): ServiceClocks {
  const { response, fix } = life.clocks;
  if ('calendar' in how) {
    const { calendar } = how;
    return waitingClocks(life, { response: recounted(response, calendar, level, at), fix: recounted(fix, calendar, level, at) }, level, at);
  }
  const { criticalSince, ownTerms } = how;
  const reTimed = {
    response: response ? reTermed(response, ownTerms, level, at) : begunResponse(life, level, at),
    fix: fix ? reTermed(fix, ownTerms, level, at) : begunFix(life, criticalSince, level, at),
  };
  return waitingClocks(life, reTimed, level, at);
}

/** A fix that had run out, and has time left after all, waits where the customer's answer is awaited. */
function waitingClocks(life: ClockedLife, clocks: ServiceClocks, level: ServiceLevel | null, at: Date): ServiceClocks {
  const { response, fix } = clocks;
  return fix && level && !fixRuns(life) ? { response, fix: pauseClock(fix, level, at) } : clocks;
}

/** Counted by another version of its calendar, its promise being what it was. */
function recounted(clock: ServiceClock | null, calendar: CalendarRef, level: ServiceLevel | null, at: Date): ServiceClock | null {
  if (!clock || !level || clock.calendar.id !== calendar.id || clock.calendar.version === calendar.version) return clock;
  const { termsId: id, target, hours } = clock;
  const terms = { id, response: target, criticalFix: target, calendarId: calendar.id, hours };
  return retimedClock(clock, { terms, calendar, calendarOf: level.calendarOf }, at) ?? null;
}

/** By other terms. One that a merge brought was promised by others: it buys nobody time, so what is due first stands. */
function reTermed(clock: ServiceClock, ownTerms: string | null | undefined, level: ServiceLevel | null, at: Date): ServiceClock | null {
  const moved = (level && retimedClock(clock, level, at)) ?? null;
  if (ownTerms === undefined || clock.termsId === ownTerms || clock.termsId === level?.terms.id) return moved;
  return moved && runsOutBefore(moved, clock, level, at) ? moved : clock;
}

function runsOutBefore(one: ServiceClock, other: ServiceClock, level: ServiceLevel | null, at: Date): boolean {
  if (one.dueAt && other.dueAt) return one.dueAt < other.dueAt;
  return level !== null && leftMs(one, level, at) < leftMs(other, level, at);
}

function byDeadline(one: ServiceClock, other: ServiceClock): number {
  return one.dueAt!.getTime() - other.dueAt!.getTime();
}

function begunResponse(life: ClockedLife, level: ServiceLevel | null, at: Date): ServiceClock | null {
  const clock = level && customerWaits(life) ? startClock(responseKind(life), life.waitingSince!, level) : undefined;
  return clock ? begunClock(clock, at) : null;
}

/** What is fixed by now needs no promise any more; where the customer's answer is awaited it waits, with what would be left. */
function begunFix(life: ClockedLife, criticalSince: Date | null, level: ServiceLevel | null, at: Date): ServiceClock | null {
  const clock = level && criticalSince && isOpen(life) && !life.fixedAt ? startClock('fix', criticalSince, level) : undefined;
  if (!level || !clock) return null;
  return fixRuns(life) ? begunClock(clock, at) : { ...clock, from: at, leftMs: leftMs(clock, level, at), dueAt: null, warnsAt: null };
}

function derived(before: TicketLife, after: TicketLife, move: Move, level: ServiceLevel | null, at: Date): ServiceClocks {
  return { response: responseAfter(before, after, move, level, at), fix: fixAfter(before, after, move, level, at) };
}

/**
 * The clock of the response runs on for as long as the customer waits: "We are looking into it" is a first answer, but he waits
 * since the same moment, and what was told of that deadline is not told again.
 */
function responseAfter({ clocks }: TicketLife, after: TicketLife, move: Move, level: ServiceLevel | null, at: Date): ServiceClock | null {
  if (!customerWaits(after)) return null;
  const kind = responseKind(after);
  const since = after.waitingSince!;
  if (move.kind !== 'absorb') {
    const clock = clocks.response ?? (level && startClock(kind, since, level));
    return clock ? { ...clock, kind } : null;
  }
  // A merge buys nobody time: of all that was promised, and of what is promised to the oldest message now, the first stands.
  const own = clocks.response;
  const begun = own && own.since <= since ? null : begunResponse(after, level, at);
  const [first = null] = [own, move.clocks?.response ?? null, begun].filter((clock) => clock !== null).toSorted(byDeadline);
  return first && { ...first, kind };
}

/** What a merge brings from the other ticket. */
export interface BroughtClocks {
  readonly response: ServiceClock | null;
  /** Left out where the target's own severity stands. */
  readonly fix?: ServiceClock | null;
  /** Since when staff say there that it is fixed. */
  readonly fixedAt?: Date | null;
}

/** Whether of two tickets' critical faults that of the other one stands after their merge: what is not fixed, and is due first. */
export function bringsFix(
  own: Pick<TicketLife, 'clocks' | 'fixedAt'>,
  brought: BroughtClocks | undefined,
  level: ServiceLevel | null,
  at: Date,
): boolean {
  if (!brought?.fix) return false;
  const { fix } = own.clocks;
  if (!fix?.counts || own.fixedAt) return true;
  return !brought.fixedAt && runsOutBefore(brought.fix, fix, level, at);
}

function fixAfter(before: TicketLife, after: TicketLife, move: Move, level: ServiceLevel | null, at: Date): ServiceClock | null {
  const { fix } = before.clocks;
  if (move.kind === 'absorb' && bringsFix(before, move.clocks, level, at)) return fixIn(after, move.clocks?.fix ?? null, level, at);
  if (move.kind === 'dismiss' && fix && before.interrupted) return fixIn(after, givenBack(fix, before.interrupted, at), level, at);
  return fixIn(after, fix, level, at);
}

/** The fix's clock as it is in this state: it runs, waits, or is stopped. */
function fixIn(life: TicketLife, clock: ServiceClock | null, level: ServiceLevel | null, at: Date): ServiceClock | null {
  // A closing stops all; but should the customer come back and contradict that it is fixed, it runs on.
  if (!isOpen(life)) return life.status === 'closed' && life.fixedAt ? clock : null;
  if (!clock || !level) return clock;
  return fixRuns(life) ? resumeClock(clock, level, at) : pauseClock(clock, level, at);
}

/** A message that needed no answer has used nothing of the fix's time, and broken no promise. */
function givenBack(clock: ServiceClock, { fixSince, fixUsedMs }: Interrupted, at: Date): ServiceClock {
  return fixSince?.getTime() === clock.since.getTime() ? waitingAgain(clock, fixUsedMs, at) : clock;
}

/** A clock that has run for a while and is to have waited instead, with so much of its time used. */
function waitingAgain(clock: ServiceClock, usedMs: number, from: Date): ServiceClock {
  const left = clock.allowanceMs - usedMs;
  return { ...clock, from, leftMs: left, dueAt: null, warnsAt: null, breachedAt: left > 0 ? null : clock.breachedAt };
}

/** Of which fix a customer's message finds how much used, for the case that it needs no answer: of one that waits. */
export function interruptedFix({ fix }: ServiceClocks): Pick<Interrupted, 'fixSince' | 'fixUsedMs'> {
  return fix && !fix.dueAt ? { fixSince: fix.since, fixUsedMs: fix.allowanceMs - fix.leftMs } : { fixSince: null, fixUsedMs: 0 };
}

/** The fix's clock when a claim is made (SPEC T14): from its receipt. */
export function claimedFix(life: TicketLife, level: ServiceLevel | null, claimedAt: Date): ServiceClock | null {
  const clock = level && startClock('fix', claimedAt, level);
  if (!clock) return null;
  return fixRuns(life) ? clock : pauseClock(clock, level, claimedAt);
}

/** Whether the customer waits for an answer. */
function customerWaits({ status, waitingSince }: Pick<TicketLife, 'status' | 'waitingSince'>): boolean {
  return waitingSince !== null && (status === 'awaiting_staff' || status === 'in_progress');
}

function responseKind({ firstRespondedAt }: Pick<TicketLife, 'firstRespondedAt'>): ClockKind {
  return firstRespondedAt ? 'next_response' : 'first_response';
}

function isOpen({ status }: Pick<TicketLife, 'status'>): boolean {
  return status !== 'closed' && status !== 'archived';
}

/** The fix's clock waits while the customer's answer is awaited, and once staff say that it is fixed. */
function fixRuns({ status, fixedAt }: Pick<TicketLife, 'status' | 'fixedAt'>): boolean {
  return fixedAt === null && (status === 'awaiting_staff' || status === 'in_progress');
}

/** Whether both count the same, however far they have come. */
export function sameClock(a: ServiceClock, b: ServiceClock): boolean {
  return a.kind === b.kind && a.since.getTime() === b.since.getTime();
}

/** `void`: it ended without a promise being kept or broken, such as by a closing in time, or a message that needed no answer. */
export const clockOutcomes = ['met', 'breached', 'void'] as const;
export type ClockOutcome = (typeof clockOutcomes)[number];

/** What became of a clock: a line for reports (SPEC S8). */
export interface ClockRun {
  readonly kind: ClockKind;
  readonly since: Date;
  readonly termsId: string;
  /**
   * When its outcome was certain: at the deadline of a broken promise, else when it ended. Reports count it then, so that what
   * they said of a day stays true when a customer who still waited is answered.
   */
  readonly decidedAt: Date;
  readonly endedAt: Date;
  /** Null where it was paused. */
  readonly dueAt: Date | null;
  readonly allowanceMs: number;
  readonly takenMs: number;
  readonly outcome: ClockOutcome;
}

/** Moves that lay clocks aside or give them back, and end none. */
const endsNothing: ReadonlySet<string> = new Set<Move['kind']>(['absorbed', 'absorb', 'unmerge', 'release', 'retime_clocks']);

/** What the move ended. The fix's clock ends where staff say that it is fixed, though a contradiction may let it run on. */
export function endedRuns(
  before: TicketLife,
  after: TicketLife,
  kind: Move['kind'] | 'severity',
  level: ServiceLevel | null,
  at: Date,
): ClockRun[] {
  if (!level || endsNothing.has(kind)) return [];
  const runs: ClockRun[] = [];
  const counted = (clock: ServiceClock | null) => clock && withoutHeldTime(clock, level, at);
  const [response, fix] = [counted(before.clocks.response), counted(before.clocks.fix)];
  if (response && !(after.clocks.response && sameClock(response, after.clocks.response)))
    runs.push(runOf(response, kind === 'dismiss' ? 'void' : outcomeOf(response, kind === 'staff_message', at), level, at));
  if (fix && after.fixedAt && !before.fixedAt) runs.push(runOf(fix, outcomeOf(fix, true, at), level, at));
  else if (fix && !before.fixedAt && !(after.clocks.fix && sameClock(fix, after.clocks.fix)))
    runs.push(runOf(fix, outcomeOf(fix, false, at), level, at));
  return runs;
}

/** A run that the move made untrue: the customer says that it is not fixed after all, or the fix goes back to where it came from. */
export function resumedRun(
  before: TicketLife,
  after: TicketLife,
  kind: Move['kind'] | 'severity',
): Pick<ClockRun, 'kind' | 'since'> | undefined {
  const [fix, now] = [before.clocks.fix, after.clocks.fix];
  if (!fix || !before.fixedAt || kind === 'absorb') return undefined;
  const goesOn = now && sameClock(fix, now) && fix.termsId === now.termsId;
  return (kind === 'release' ? !goesOn : goesOn && !after.fixedAt) ? { kind: 'fix', since: fix.since } : undefined;
}

function outcomeOf(clock: ServiceClock, kept: boolean, at: Date): ClockOutcome {
  if (!clock.counts) return 'void';
  if (clock.breachedAt || (clock.dueAt && at > clock.dueAt)) return 'breached';
  return kept ? 'met' : 'void';
}

function runOf(clock: ServiceClock, outcome: ClockOutcome, level: ServiceLevel, at: Date): ClockRun {
  const { kind, since, termsId, dueAt, allowanceMs } = clock;
  const decidedAt = outcome === 'breached' ? (dueAt ?? clock.breachedAt ?? at) : at;
  return { kind, since, termsId, dueAt, allowanceMs, takenMs: takenMs(clock, level, at), outcome, decidedAt, endedAt: at };
}
