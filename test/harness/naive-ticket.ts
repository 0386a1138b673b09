/**
 * The rules of service levels once more, for tests (SPEC S3–S7, T4, T13, T14; decision 0015). A ticket is the list of what happened
 * to it, and every question is answered by going through that list from its beginning, with calendars that are lists of worked
 * minutes. It shares nothing with the rules that it is held against. Instants and times are milliseconds.
 */
import type { WorkingHours } from '../../domain/business-calendar.ts';
import type { Target } from '../../domain/service-level.ts';
import type { NaiveCalendar } from './naive-calendar.ts';

export interface NaivePromise {
  readonly id: string;
  readonly response: Target | null;
  readonly criticalFix: Target | null;
  readonly calendar: string;
  readonly hours: WorkingHours | null;
}

/** Something that happened, in the words of the desk. */
export type Happening = { readonly at: number } & (
  | { readonly what: 'opened'; readonly promise: NaivePromise | null }
  /** Made of messages of another ticket, of which the oldest that is unanswered came then; null where staff alone had written them. */
  | { readonly what: 'split off'; readonly promise: NaivePromise | null; readonly since: number | null; readonly answered: boolean }
  | { readonly what: 'customer wrote'; readonly notFixed: boolean }
  | { readonly what: 'staff answered'; readonly owing: boolean }
  | { readonly what: 'needs no answer' }
  /** Who has it, or until when it sleeps: of no account for clocks, but a merge is not taken back over it. */
  | { readonly what: 'handled' }
  | { readonly what: 'closed'; readonly forGood: boolean }
  | { readonly what: 'archived' }
  | { readonly what: 'reopened' }
  | { readonly what: 'claimed' }
  | { readonly what: 'refused' }
  | { readonly what: 'confirmed' }
  | { readonly what: 'fixed' }
  | { readonly what: 'not fixed' }
  | { readonly what: 'told'; readonly of: Name; readonly level: 'warning' | 'breach' }
  | { readonly what: 'held'; readonly since: number }
  | { readonly what: 'hold lifted' }
  /** As after the lifting of a hold, in which the clocks stood still for so much of their working time. */
  | { readonly what: 'stood still'; readonly responseMs: number; readonly fixMs: number }
  | { readonly what: 'promised anew'; readonly promise: NaivePromise | null }
  | { readonly what: 'recounted'; readonly calendar: string }
  | { readonly what: 'merged away' }
  | { readonly what: 'came back'; readonly from: State }
  /** `of`: which ticket it is, so that it is known again when it is taken out. */
  | { readonly what: 'took over'; readonly other: State; readonly of: unknown }
  | { readonly what: 'gave back'; readonly of: unknown }
);

export type Name = 'first_response' | 'next_response' | 'fix';

interface Stopwatch {
  readonly name: Name;
  readonly since: number;
  readonly promise: NaivePromise;
  readonly target: Target;
  /** The version of the promise's calendar that counts it. */
  readonly version: number;
  readonly budget: number;
  /** Working time of the stretches that are over. */
  readonly spent: number;
  /** Since when it runs; null while it waits. */
  readonly runsFrom: number | null;
  /** By how much holds have moved it in this stretch. */
  readonly given: number;
  /** Where a re-timing put its deadlines although counting says otherwise. */
  readonly put: { readonly due: number | null; readonly warning: number | null };
  readonly warned: boolean;
  readonly brokenAt: number | null;
  readonly refused: boolean;
}

/** Who is next. */
type Place = 'staff' | 'customer' | 'closed' | 'archived';

export interface State {
  readonly place: Place;
  readonly waitingSince: number | null;
  readonly answered: boolean;
  readonly fixedAt: number | null;
  readonly claim: { readonly since: number; readonly state: 'claimed' | 'confirmed' | 'refused' } | null;
  readonly response: Stopwatch | null;
  readonly fix: Stopwatch | null;
  readonly promise: NaivePromise | null;
  /** What a mere "thank you" gives back. */
  readonly before: { readonly place: Place; readonly fix: Pick<Stopwatch, 'since' | 'spent'> | null } | null;
  readonly runs: ReadonlyMap<string, NaiveRun>;
  readonly takenOver: TakenOver | null;
  readonly laidAside: State | null;
  /** Since when a hold keeps its clocks still. */
  readonly heldSince: number | null;
}

type TookOver = Extract<Happening, { what: 'took over' }>;

/** What the ticket was before it took others over, these others with what it was promised then, and whether anything was done with it since. */
interface TakenOver {
  readonly was: State;
  readonly others: readonly { readonly it: TookOver; readonly promise: NaivePromise | null }[];
  readonly handled: boolean;
}

export interface NaiveRun {
  readonly kind: Name;
  readonly since: number;
  readonly outcome: 'met' | 'breached' | 'void';
  readonly dueAt: number | null;
  readonly takenMs: number;
  readonly allowanceMs: number;
  readonly decidedAt: number;
  readonly endedAt: number;
}

/** How one of its clocks stands. */
export interface NaiveClock {
  readonly kind: Name;
  readonly since: number;
  readonly termsId: string;
  readonly calendar: string;
  readonly dueAt: number | null;
  readonly warnsAt: number | null;
  readonly breachedAt: number | null;
  readonly leftMs: number;
  readonly counts: boolean;
}

export interface NaiveStep {
  readonly kind: string;
  readonly dueAt: number;
}

/** Calendars by their names and versions; the version that stands at an instant may be asked too. */
export interface NaiveCalendars {
  of(calendar: string, version: number, hours: WorkingHours | null): NaiveCalendar;
  versionAt(calendar: string, at: number): number;
}

export class NaiveTicket {
  private readonly happenings: Happening[] = [];
  private readonly calendars: NaiveCalendars;
  /** What follows from the beginning of the list, so that a long one is not gone through again at each question. */
  private read = { count: 0, state: unborn };

  constructor(calendars: NaiveCalendars) {
    this.calendars = calendars;
  }

  tell(happening: Happening): void {
    this.happenings.push(happening);
  }

  /** The list, for people who look for where two readings part. */
  story(): string {
    return this.happenings
      .map(({ at, what, ...more }) => {
        const told = Object.entries(more).filter(([, value]) => typeof value !== 'object');
        return [new Date(at).toISOString(), what, ...told.map(([name, value]) => `${name} ${String(value)}`)].join(', ');
      })
      .join('\n');
  }

  /** Everything that follows from the list. */
  state(): State {
    const { count, state } = this.read;
    const now = this.happenings.slice(count).reduce((was, happening) => new Chapter(this.calendars, was, happening).end(), state);
    this.read = { count: this.happenings.length, state: now };
    return now;
  }

  clocks(at: number): NaiveClock[] {
    const { response, fix } = this.state();
    return [response, fix]
      .filter((watch) => watch !== null)
      .map((watch) => new Chapter(this.calendars, unborn, { at, what: 'handled' }).shown(watch));
  }

  /** What happens by itself, earliest first; at one instant the warning before the breach. */
  steps(): NaiveStep[] {
    const { fixedAt, fix } = this.state();
    return this.clocks(0).flatMap(({ kind, dueAt, warnsAt, breachedAt, counts }) => {
      const isFixed = fixedAt !== null && kind === fix?.name;
      if (dueAt === null || breachedAt !== null || !counts || isFixed) return [];
      const breach = { kind: `${kind}_breach`, dueAt };
      return warnsAt === null ? [breach] : [{ kind: `${kind}_warning`, dueAt: warnsAt }, breach];
    });
  }

  runs(): NaiveRun[] {
    return [...this.state().runs.values()];
  }
}

const unborn: State = {
  place: 'staff',
  waitingSince: null,
  answered: false,
  fixedAt: null,
  claim: null,
  response: null,
  fix: null,
  promise: null,
  before: null,
  runs: new Map(),
  takenOver: null,
  laidAside: null,
  heldSince: null,
};

/** One happening, told on from how the ticket stood. */
class Chapter {
  private readonly calendars: NaiveCalendars;
  private readonly was: State;
  private readonly it: Happening;
  private readonly at: number;

  constructor(calendars: NaiveCalendars, was: State, happening: Happening) {
    this.calendars = calendars;
    this.was = was;
    this.it = happening;
    this.at = happening.at;
  }

  end(): State {
    const { was, it, at } = this;
    switch (it.what) {
      case 'opened':
        return this.clocked({ ...was, waitingSince: at, promise: it.promise });
      case 'split off': {
        if (it.since === null) return { ...was, place: 'customer', promise: it.promise, answered: true };
        const response = this.begunLate(it.answered ? 'next_response' : 'first_response', it.since, it.promise);
        return { ...was, waitingSince: it.since, promise: it.promise, answered: it.answered, response };
      }
      case 'customer wrote':
        return this.clocked({
          ...this.toStaff(at),
          fixedAt: it.notFixed ? null : was.fixedAt,
          // Who contradicts does not merely thank.
          before: it.notFixed ? null : this.remembered(),
          runs: it.notFixed ? this.runsBut('fix', was.fix?.since) : was.runs,
          takenOver: null,
        });
      case 'staff answered': {
        const waitingSince = it.owing && was.place === 'staff' ? was.waitingSince : null;
        return this.clocked({
          ...was,
          place: it.owing ? 'staff' : 'customer',
          waitingSince,
          answered: true,
          before: null,
          takenOver: null,
        });
      }
      case 'needs no answer':
        return this.dismissed();
      case 'handled':
        return this.handled(was);
      case 'closed':
        return this.handled(this.clocked({ ...was, place: it.forGood ? 'archived' : 'closed', waitingSince: null, before: null }));
      case 'archived':
        return this.clocked({ ...was, place: 'archived', before: null });
      case 'reopened':
        return this.handled(this.clocked({ ...was, place: 'staff', waitingSince: at }));
      case 'claimed': {
        const fix = was.promise?.criticalFix ? this.begun('fix', at) : null;
        // Another fault than the one that staff refused before.
        const runs = was.fix && was.fixedAt === null ? this.ended(was.runs, was.fix, 'void') : was.runs;
        return this.clocked({ ...was, claim: { since: at, state: 'claimed' }, fixedAt: null, fix, runs });
      }
      case 'refused':
      case 'confirmed': {
        const fix = was.fix && { ...was.fix, refused: it.what === 'refused' };
        return { ...was, claim: was.claim && { ...was.claim, state: it.what }, fix };
      }
      case 'fixed':
        return this.clocked({ ...was, fixedAt: at });
      case 'not fixed':
        return this.clocked({ ...was, fixedAt: null, runs: this.runsBut('fix', was.fix?.since) });
      case 'told':
        return { ...was, response: this.toldTo(was.response, it), fix: this.toldTo(was.fix, it) };
      case 'held':
        return { ...was, heldSince: it.since };
      case 'hold lifted':
        return { ...this.lifted(was), heldSince: null };
      case 'stood still':
        return this.inItsPlace({
          ...was,
          response: was.response && movedOn(was.response, it.responseMs),
          fix: was.fix && movedOn(was.fix, it.fixMs),
        });
      case 'promised anew':
        return this.promisedAnew(it.promise);
      case 'recounted': {
        const version = this.calendars.versionAt(it.calendar, at);
        const recounted = (watch: Stopwatch | null) =>
          watch?.promise.calendar === it.calendar && watch.version !== version ? this.counted(watch, watch.promise, watch.target) : watch;
        return this.inItsPlace({ ...was, response: recounted(was.response), fix: recounted(was.fix) });
      }
      case 'merged away':
        return {
          ...was,
          place: 'archived',
          waitingSince: null,
          before: null,
          response: null,
          fix: null,
          laidAside: { ...was, takenOver: null },
          takenOver: null,
        };
      case 'came back': {
        const former = was.laidAside!;
        const { response, fix } = former;
        return {
          ...former,
          heldSince: was.heldSince,
          runs: was.runs,
          response: response && this.asTold(response, it.from.response),
          fix: fix && this.asTold(fix, it.from.fix),
        };
      }
      case 'took over':
        return this.tookOver(it);
      case 'gave back':
        return this.gaveBack(it.of);
    }
  }

  // Where the ticket goes.

  private toStaff(since: number): State {
    const { was } = this;
    return { ...was, place: 'staff', waitingSince: was.place === 'staff' ? (was.waitingSince ?? since) : since };
  }

  private remembered(): State['before'] {
    const { place, before, fix } = this.was;
    if (place !== 'customer' && place !== 'closed') return before;
    return { place, fix: fix && fix.runsFrom === null ? { since: fix.since, spent: fix.spent } : null };
  }

  private handled(state: State): State {
    return { ...state, takenOver: state.takenOver && { ...state.takenOver, handled: true } };
  }

  private runsBut(kind: Name, since: number | undefined): ReadonlyMap<string, NaiveRun> {
    return new Map([...this.was.runs].filter(([key]) => key !== `${kind} ${since}`));
  }

  /** A mere "thank you": the ticket is where it was, no promise was broken, and the fix has used nothing. */
  private dismissed(): State {
    const { was } = this;
    const { place, fix: then } = was.before!;
    const { fix } = was;
    const givenBack = fix && then && then.since === fix.since;
    const asThen = givenBack && { ...fix, ...waiting, spent: then.spent, brokenAt: fix.budget > then.spent ? null : fix.brokenAt };
    return this.handled(this.clocked({ ...was, place, waitingSince: null, before: null, fix: asThen || fix }));
  }

  // Which clocks there are.

  /** The state with the clocks that it has of right, and the runs of those that it has no more. */
  private clocked(state: State): State {
    const { was } = this;
    const name: Name = state.answered ? 'next_response' : 'first_response';
    const waits = state.place === 'staff' && state.waitingSince !== null;
    const going = was.response ?? (waits ? this.begun(name, state.waitingSince, state.promise) : null);
    const response = waits && going ? { ...going, name } : null;
    let runs = state.runs;
    if (was.response && response?.name !== was.response.name)
      runs = this.ended(runs, was.response, this.outcome(was.response, this.it.what === 'staff answered'));
    const { fix, ends } = this.fixOf(state);
    if (ends) runs = this.ended(runs, was.fix!, this.outcome(was.fix!, state.fixedAt !== null));
    return { ...state, response, fix, runs };
  }

  /** A fix runs while staff work on it and do not say that it is done; once they said so, its run has ended. */
  private fixOf(state: State): { fix: Stopwatch | null; ends: boolean } {
    const { was } = this;
    const isSame = was.fix !== null && state.fix?.since === was.fix.since;
    const gone = state.place === 'archived' || (state.place === 'closed' && state.fixedAt === null);
    const ends = isSame && was.fixedAt === null && (gone || state.fixedAt !== null);
    if (gone || !state.fix) return { fix: null, ends };
    return { fix: state.place === 'staff' && state.fixedAt === null ? this.resumed(state.fix) : this.paused(state.fix), ends };
  }

  /** With a fix that waits where it should, now that it may have time left again. */
  private inItsPlace(state: State): State {
    return { ...state, fix: this.fixOf(state).fix };
  }

  private outcome(held: Stopwatch, kept: boolean): NaiveRun['outcome'] {
    const watch = this.unheld(held);
    if (watch.refused || (this.it.what === 'needs no answer' && watch.name !== 'fix')) return 'void';
    const due = this.due(watch);
    if (watch.brokenAt !== null || (due !== null && this.at > due)) return 'breached';
    return kept ? 'met' : 'void';
  }

  private ended(runs: ReadonlyMap<string, NaiveRun>, held: Stopwatch, outcome: NaiveRun['outcome']): ReadonlyMap<string, NaiveRun> {
    const watch = this.unheld(held);
    const [dueAt, endedAt] = [this.due(watch), this.at];
    const running = watch.runsFrom === null ? 0 : this.calendar(watch).between(watch.runsFrom, endedAt) - watch.given;
    const run: NaiveRun = {
      kind: watch.name,
      since: watch.since,
      outcome,
      dueAt,
      takenMs: Math.max(0, watch.spent + running),
      allowanceMs: watch.budget,
      decidedAt: outcome === 'breached' ? (dueAt ?? watch.brokenAt ?? endedAt) : endedAt,
      endedAt,
    };
    return new Map([...runs, [`${run.kind} ${run.since}`, run]]);
  }

  // How one clock counts.

  private begun(name: Name, since: number, promise = this.was.promise): Stopwatch | null {
    const target = name === 'fix' ? promise?.criticalFix : promise?.response;
    if (!promise || !target) return null;
    const version = this.calendars.versionAt(promise.calendar, this.at);
    const budget = this.budget(promise, version, target, since);
    return {
      name,
      since,
      promise,
      target,
      version,
      budget,
      spent: 0,
      ...waiting,
      runsFrom: since,
      warned: false,
      brokenAt: null,
      refused: false,
    };
  }

  private budget({ calendar, hours }: NaivePromise, version: number, { amount, unit }: Target, since: number): number {
    if (unit === 'minutes') return amount * 60_000;
    if (unit === 'hours') return amount * 60 * 60_000;
    const counted = this.calendars.of(calendar, version, hours);
    return counted.between(since, counted.closingAfter(since, amount));
  }

  private calendar({ promise, version }: Stopwatch): NaiveCalendar {
    return this.calendars.of(promise.calendar, version, promise.hours);
  }

  private due(watch: Stopwatch): number | null {
    if (watch.runsFrom === null) return null;
    const calendar = this.calendar(watch);
    return calendar.after(watch.put.due ?? calendar.after(watch.runsFrom, watch.budget - watch.spent), watch.given);
  }

  /** At three quarters. */
  private warning(watch: Stopwatch): number | null {
    if (watch.runsFrom === null || watch.warned || watch.brokenAt !== null) return null;
    const calendar = this.calendar(watch);
    const before = watch.budget - watch.spent - Math.round(watch.budget / 4);
    return calendar.after(watch.put.warning ?? calendar.after(watch.runsFrom, before), watch.given);
  }

  private left(watch: Stopwatch): number {
    const due = this.due(watch);
    return due === null ? Math.max(0, watch.budget - watch.spent) : this.calendar(watch).between(this.at, due);
  }

  /** The clock without the time that it has stood still under a hold. */
  private unheld(watch: Stopwatch): Stopwatch {
    const { heldSince } = this.was;
    const due = this.due(watch);
    if (heldSince === null || watch.runsFrom === null || due! < heldSince) return watch;
    return movedOn(watch, this.calendar(watch).between(Math.max(heldSince, watch.runsFrom), this.at));
  }

  /** The ticket with all of its clocks moved by that time, also those that lie aside. */
  private lifted(state: State): State {
    const { response, fix, laidAside, takenOver } = state;
    return {
      ...state,
      response: response && this.unheld(response),
      fix: fix && this.unheld(fix),
      laidAside: laidAside && this.lifted(laidAside),
      takenOver: takenOver && {
        ...takenOver,
        was: this.lifted(takenOver.was),
        others: takenOver.others.map((each) => ({ ...each, it: { ...each.it, other: this.lifted(each.it.other) } })),
      },
    };
  }

  private paused(held: Stopwatch): Stopwatch {
    const watch = this.unheld(held);
    const due = this.due(watch);
    // What has run out is not paused away.
    if (due === null || due <= this.at) return held;
    return { ...watch, ...waiting, spent: watch.budget - this.calendar(watch).between(this.at, due) };
  }

  private resumed(watch: Stopwatch): Stopwatch {
    if (watch.runsFrom !== null) return watch;
    return { ...watch, runsFrom: this.at, version: this.calendars.versionAt(watch.promise.calendar, this.at) };
  }

  private toldTo(watch: Stopwatch | null, { of, level }: Extract<Happening, { what: 'told' }>): Stopwatch | null {
    if (watch?.name !== of) return watch;
    return level === 'warning' ? { ...watch, warned: true } : { ...watch, brokenAt: this.at };
  }

  // Re-timing.

  private promisedAnew(promise: NaivePromise | null): State {
    const { was } = this;
    const waits = was.place === 'staff' && was.waitingSince !== null;
    const name: Name = was.answered ? 'next_response' : 'first_response';
    const { claim } = was;
    const wantsFix = claim && claim.state !== 'refused' && was.fixedAt === null && !was.runs.has(`fix ${claim.since}`);
    const response = was.response ? this.reTermed(was.response, promise) : waits ? this.begunLate(name, was.waitingSince, promise) : null;
    const fix = was.fix ? this.reTermed(was.fix, promise) : wantsFix ? this.begunLate('fix', claim.since, promise) : null;
    return this.inItsPlace({ ...was, promise, response, fix: fix && !was.fix && was.place !== 'staff' ? this.pausedFrom(fix) : fix });
  }

  /** What another ticket was promised stands where it is due first. */
  private reTermed(watch: Stopwatch, promise: NaivePromise | null): Stopwatch | null {
    const target = watch.name === 'fix' ? promise?.criticalFix : promise?.response;
    const moved = promise && target ? this.counted(watch, promise, target) : null;
    if (watch.promise.id === this.was.promise?.id || watch.promise.id === promise?.id) return moved;
    return moved && this.runsOutBefore(moved, watch) ? moved : watch;
  }

  /** What was used stays used; no deadline that was to come lies in the past, and a breach is taken back where it need not be. */
  private counted(watch: Stopwatch, promise: NaivePromise, target: Target): Stopwatch {
    const { at } = this;
    const version = this.calendars.versionAt(promise.calendar, at);
    const budget = this.budget(promise, version, target, watch.since);
    const anew: Stopwatch = {
      ...watch,
      promise,
      target,
      version,
      budget,
      spent: watch.spent - watch.given,
      given: 0,
      put: waiting.put,
      brokenAt: null,
    };
    if (watch.runsFrom === null) return { ...anew, brokenAt: budget > anew.spent ? null : watch.brokenAt };
    const [due, oldDue] = [this.due(anew)!, this.due(watch)!];
    if (watch.brokenAt !== null && due <= at) return { ...anew, brokenAt: watch.brokenAt, put: { due: oldDue, warning: null } };
    const warning = this.warning(anew);
    return {
      ...anew,
      put: {
        due: due > at ? null : Math.min(oldDue, at),
        warning: warning === null || warning > at ? null : Math.min(this.warning(watch) ?? at, at),
      },
    };
  }

  private begunLate(name: Name, since: number, promise: NaivePromise | null): Stopwatch | null {
    const watch = this.begun(name, since, promise);
    return watch && { ...watch, put: { due: Math.max(this.due(watch)!, this.at), warning: Math.max(this.warning(watch)!, this.at) } };
  }

  private pausedFrom(watch: Stopwatch): Stopwatch {
    const used = this.calendar(watch).between(watch.since, this.at);
    return { ...watch, ...waiting, spent: Math.min(watch.budget, used) };
  }

  // Merging.

  private runsOutBefore(one: Stopwatch, other: Stopwatch): boolean {
    const [a, b] = [this.due(one), this.due(other)];
    return a !== null && b !== null ? a < b : this.left(one) < this.left(other);
  }

  private tookOver(it: TookOver): State {
    const { was } = this;
    const { other } = it;
    const waitingSince =
      other.waitingSince !== null && other.waitingSince < (was.waitingSince ?? Infinity) ? other.waitingSince : was.waitingSince;
    const comes = other.waitingSince !== null;
    const presses = pressesMore(other.claim, was.claim);
    const brought = presses && other.fix && this.pressesFirst(other) ? { ...other.fix, refused: other.claim!.state === 'refused' } : null;
    const moved = this.clockedByMerge(
      {
        ...was,
        place: comes ? 'staff' : was.place,
        waitingSince,
        before: comes ? this.remembered() : was.before,
        fix: brought ?? was.fix,
        fixedAt: brought ? other.fixedAt : was.fixedAt,
      },
      other,
    );
    const before = was.takenOver?.others.length ? was.takenOver : { was, others: [], handled: false };
    return {
      ...moved,
      claim: presses ? other.claim : was.claim,
      takenOver: { ...before, others: [...before.others, { it, promise: was.promise }] },
    };
  }

  private pressesFirst(other: State): boolean {
    const { fix, fixedAt } = this.was;
    if (!fix || fix.refused || fixedAt !== null) return true;
    return other.fixedAt === null && this.runsOutBefore(other.fix!, fix);
  }

  private clockedByMerge(state: State, other: State): State {
    const { was } = this;
    const waits = state.place === 'staff' && state.waitingSince !== null;
    const name: Name = state.answered ? 'next_response' : 'first_response';
    // What is promised only now is not broken before.
    const isNew = waits && (!was.response || state.waitingSince < was.response.since);
    const begun = isNew ? this.begunLate(name, state.waitingSince, state.promise) : null;
    let response = was.response;
    for (const next of [other.response, begun]) if (next && (!response || this.runsOutBefore(next, response))) response = next;
    return { ...state, response: waits && response ? { ...response, name } : null, fix: this.fixOf(state).fix };
  }

  private asTold(watch: Stopwatch, meanwhile: Stopwatch | null): Stopwatch {
    const isSame =
      meanwhile && meanwhile.since === watch.since && meanwhile.promise.id === watch.promise.id && this.due(meanwhile) === this.due(watch);
    return isSame ? { ...watch, warned: watch.warned || meanwhile.warned, brokenAt: watch.brokenAt ?? meanwhile.brokenAt } : watch;
  }

  /** As if the other had never been taken over, as far as nobody has done anything since. */
  private gaveBack(of: unknown): State {
    const { was } = this;
    const { was: first, others, handled: byHand } = was.takenOver!;
    const told = (state: State, { it, promise }: TakenOver['others'][number]) =>
      new Chapter(this.calendars, { ...state, promise }, it).end();
    const became = others.reduce(told, first);
    const handled = byHand || was.fixedAt !== became.fixedAt;
    const remain = others.filter(({ it }) => it.of !== of);
    const own = remain.reduce(told, first);
    const stayed = own.fix?.since === became.fix?.since && own.fix?.promise.id === became.fix?.promise.id;
    const isOwnFix = own.fix !== null && stayed && own.fix.since === was.fix?.since;
    // Where nobody has decided since on how critical it is, the other's claim goes back to it, and its fix too.
    const undecided = was.claim === became.claim;
    const claimGoes = own.claim !== became.claim && was.fix !== null;
    const comesBack = undecided && !isOwnFix && (!stayed || claimGoes);
    const fix = comesBack ? own.fix : isOwnFix && !handled ? this.asBefore(own.fix, was.fix) : was.fix;
    const waitingSince = handled && was.waitingSince !== became.waitingSince ? was.waitingSince : own.waitingSince;
    const state: State = {
      ...was,
      ...(handled ? {} : { place: own.place, before: own.before }),
      waitingSince,
      fix: fix && own.fix && undecided ? { ...fix, refused: own.fix.refused } : fix,
      fixedAt: comesBack ? own.fixedAt : was.fixedAt,
      claim: undecided ? own.claim : was.claim,
      runs: comesBack && was.fixedAt !== null ? this.runsBut('fix', was.fix?.since) : was.runs,
      takenOver: { was: first, others: remain, handled: byHand },
    };
    const waits = state.place === 'staff' && waitingSince !== null;
    const response = waitingSince === own.waitingSince ? this.stoodOrBack(own.response, became.response) : was.response;
    const name: Name = was.answered ? 'next_response' : 'first_response';
    return { ...state, response: waits ? (response ?? this.begunLate(name, waitingSince, was.promise)) : null, fix: this.fixOf(state).fix };
  }

  private stoodOrBack(own: Stopwatch | null, then: Stopwatch | null): Stopwatch | null {
    const now = this.was.response;
    const isSame = (one: Stopwatch | null, other: Stopwatch | null) => one?.since === other?.since && one?.name === other?.name;
    return isSame(own, then) && own?.promise.id === then?.promise.id && isSame(own, now) ? now : own;
  }

  /** What waited for the customer before the merge has used nothing in it. */
  private asBefore(own: Stopwatch, now: Stopwatch): Stopwatch {
    if (own.runsFrom !== null) return now;
    return { ...now, ...waiting, spent: own.spent, brokenAt: now.budget > own.spent ? null : now.brokenAt };
  }

  shown(watch: Stopwatch): NaiveClock {
    return {
      kind: watch.name,
      since: watch.since,
      termsId: watch.promise.id,
      calendar: `${watch.promise.calendar}@${watch.version}`,
      dueAt: this.due(watch),
      warnsAt: this.warning(watch),
      breachedAt: watch.brokenAt,
      leftMs: this.left(watch),
      counts: !watch.refused,
    };
  }
}

const waiting = { runsFrom: null, given: 0, put: { due: null, warning: null } } as const;

/** A promise that is broken, or that waits, does not move. */
function movedOn(watch: Stopwatch, ms: number): Stopwatch {
  return watch.runsFrom === null || watch.brokenAt !== null ? watch : { ...watch, given: watch.given + ms };
}

const urgency = { refused: 0, claimed: 1, confirmed: 2 } as const;

/** Whether the other's claim presses more, or as much and for longer. */
function pressesMore(other: State['claim'], own: State['claim']): boolean {
  const more = (other ? urgency[other.state] : 0) - (own ? urgency[own.state] : 0);
  return more > 0 || (more === 0 && other !== null && own !== null && other.since < own.since);
}
