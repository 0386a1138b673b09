/**
 * The life of a ticket (SPEC T3–T9): which moves each state allows, what a move changes, and what happens next by
 * itself. Pure: the API asks before it writes a fact, the workflow's activities ask before time acts, the console
 * shows what is allowed.
 */
import { spellDeadlineRule } from './deadline-rule.ts';
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import { retimed, shifted, type Shift } from './moved-deadlines.ts';
import { sameLife } from './same-life.ts';
import type { ClockKind, ServiceLevel } from './service-clock.ts';
import {
  bringsFix,
  bringsOwnFixBack,
  clocksAfter,
  clockStepKinds,
  clockSteps,
  interruptedFix,
  openingClocks,
  readClockStep,
  standingClocks,
  type BroughtClocks,
  type ClockRetiming,
  type ClockShift,
  type ServiceClocks,
} from './ticket-clocks.ts';
import { warns, type TimingDurations } from './timing-policy.ts';

export const ticketStatuses = ['awaiting_staff', 'in_progress', 'awaiting_customer', 'closed', 'archived'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

/** Who may have closed a ticket. Time closes it after silence (T4); a hand may be the customer's or the staff's (T6). */
export type ClosedBy = 'customer' | 'staff' | 'time';

export interface TicketLife {
  readonly status: TicketStatus;
  readonly assigneeId: string | null;
  /** Since when a customer's message has been unanswered; null when none is. */
  readonly waitingSince: Date | null;
  /** When the customer will be warned that the ticket closes; null when he was, or need not be. */
  readonly warnsAt: Date | null;
  /** When the ticket closes by itself, while it waits for the customer. */
  readonly closesAt: Date | null;
  /** When a closed ticket goes to the archive by itself. */
  readonly archivesAt: Date | null;
  /** The rule that gave these instants, as `deadline-rule` spells it. One that changes later applies to new deadlines only (T8). */
  readonly timing: string | null;
  readonly snoozedUntil: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: ClosedBy | null;
  /** When a person of the staff answered first; null while nobody has. */
  readonly firstRespondedAt: Date | null;
  /** Since when staff say that the critical fault is fixed; null while they do not. */
  readonly fixedAt: Date | null;
  /** The clocks of its service level (S4). */
  readonly clocks: ServiceClocks;
  /** What a customer's message interrupted, so that a mere "thank you" can give it back (T4). */
  readonly interrupted: Interrupted | null;
}

export type Interrupted = Omit<TicketLife, 'assigneeId' | 'interrupted' | 'firstRespondedAt' | 'fixedAt' | 'clocks'> & {
  /** The fix whose clock waited then, by its receipt; null where none did. */
  readonly fixSince: Date | null;
  /** Working time that it had used by then. */
  readonly fixUsedMs: number;
};

/** Durations of a queue (T8), in seconds, and its reading of T6; with what is promised to this ticket. */
export interface TimingPolicy extends TimingDurations {
  readonly id: string;
  readonly reopenAfterManualClose: boolean;
  /** Null, or left out, where nothing is promised. */
  readonly service?: ServiceLevel | null;
}

/** Moves of people, then moves of time. */
export type Move =
  | { kind: 'customer_message'; notFixed?: boolean }
  /** Who answers is responsible from then on if nobody was; null: whoever asks for an answer to many takes none of them on. */
  | { kind: 'staff_message'; staffId: string | null; nextStepBy: 'customer' | 'staff' }
  | { kind: 'internal_note' }
  | { kind: 'take'; staffId: string }
  | { kind: 'return' }
  | { kind: 'snooze'; until: Date }
  | { kind: 'wake' }
  | { kind: 'dismiss' }
  | { kind: 'resolve' }
  | { kind: 'close' }
  | { kind: 'reopen' }
  | { kind: 'assign'; staffId: string }
  | { kind: 'transfer'; keepsAssignee: boolean }
  | { kind: 'absorbed' }
  | { kind: 'absorb'; waitingSince: Date | null; clocks?: BroughtClocks }
  /** `told`: the clocks where the merged ticket went on, of which staff may have been told meanwhile. */
  | { kind: 'unmerge'; former: TicketLife; told?: ServiceClocks }
  /**
   * The ticket without what was merged into it, and with it; and how critical it was made: it goes back, was its own all along, or
   * somebody has decided on it since, as when left out.
   */
  | { kind: 'release'; own: TicketLife; merged: TicketLife; severity?: 'goes_back' | 'its_own' }
  | { kind: 'split' }
  | { kind: 'prioritise' }
  | { kind: 'tag' }
  | { kind: 'retime' }
  | { kind: 'shift'; by: Shift & ClockShift }
  | { kind: 'mark_fixed' }
  | { kind: 'resume_fix' }
  /** `policy.service` says what is promised from now on, and has the calendars. */
  | ({ kind: 'retime_clocks' } & ClockRetiming)
  | { kind: 'clock_warning'; clock: ClockKind }
  | { kind: 'clock_breach'; clock: ClockKind }
  | { kind: 'warn' }
  | { kind: 'auto_close' }
  | { kind: 'archive' };
export type MoveKind = Move['kind'];

export type MoveRefusal = Extract<ErrorCode, `ticket.${string}`>;

/**
 * What a move makes of a state; a code is a refusal. The rest depends on the ticket, its queue or the move: `former` is what
 * a message interrupted, `transferred` whether its assignee comes along, `absorbing` whether the other ticket's customer
 * waited, `unmerged` and `released` what stood before the merge.
 */
type Outcome = TicketStatus | 'former' | 'hand_closed' | 'transferred' | 'absorbing' | 'unmerged' | 'released' | MoveRefusal;
type Row = Readonly<Record<TicketStatus, Outcome>>;

const notWaiting = 'ticket.not_waiting_for_staff';
const notDue = 'ticket.step_not_due';
const notMerged = 'ticket.not_merged';
const noDeadline = 'ticket.no_deadline';

/** The whole table. Every pair where a code stands is refused with it. */
// prettier-ignore
export const moveTable: Readonly<Record<MoveKind | 'staff_message_we_owe', Row>> = {
  //                     awaiting_staff                in_progress                   awaiting_customer              closed                        archived
  customer_message:     row('awaiting_staff',            'in_progress',                'awaiting_staff',              'awaiting_staff',             'ticket.archived'),
  staff_message:        row('awaiting_customer',         'awaiting_customer',          'awaiting_customer',           'awaiting_customer',          'ticket.archived'),
  staff_message_we_owe: row('in_progress',               'in_progress',                'in_progress',                 'in_progress',                'ticket.archived'),
  internal_note:        row('awaiting_staff',            'in_progress',                'awaiting_customer',           'closed',                     'ticket.archived'),
  take:                 row('in_progress',               'in_progress',                notWaiting,                    notWaiting,                   'ticket.archived'),
  return:               row('ticket.not_taken',          'awaiting_staff',             notWaiting,                    notWaiting,                   'ticket.archived'),
  snooze:               row('awaiting_staff',            'in_progress',                'awaiting_customer',           'ticket.closed',              'ticket.archived'),
  wake:                 row('awaiting_staff',            'in_progress',                'awaiting_customer',           'ticket.not_snoozed',         'ticket.archived'),
  dismiss:              row('former',                    'former',                     'ticket.nothing_to_dismiss',   'ticket.nothing_to_dismiss',  'ticket.archived'),
  resolve:              row('hand_closed',               'hand_closed',                'hand_closed',                 'ticket.already_closed',      'ticket.archived'),
  close:                row('hand_closed',               'hand_closed',                'hand_closed',                 'ticket.already_closed',      'ticket.archived'),
  reopen:               row('ticket.not_closed',         'ticket.not_closed',          'ticket.not_closed',           'awaiting_staff',             'ticket.archived'),
  assign:               row('in_progress',               'in_progress',                'awaiting_customer',           'ticket.closed',              'ticket.archived'),
  transfer:             row('awaiting_staff',            'transferred',                'awaiting_customer',           'closed',                     'ticket.archived'),
  absorbed:             row('archived',                  'archived',                   'archived',                    'archived',                   'ticket.archived'),
  absorb:               row('awaiting_staff',            'in_progress',                'absorbing',                   'absorbing',                  'ticket.merge_into_archived'),
  unmerge:              row(notMerged,                   notMerged,                    notMerged,                     notMerged,                    'unmerged'),
  release:              row('released',                  'released',                   'released',                    'released',                   'ticket.merge_settled'),
  split:                row('awaiting_staff',            'in_progress',                'awaiting_customer',           'closed',                     'ticket.archived'),
  prioritise:           row('awaiting_staff',            'in_progress',                'awaiting_customer',           'closed',                     'ticket.archived'),
  tag:                  row('awaiting_staff',            'in_progress',                'awaiting_customer',           'closed',                     'ticket.archived'),
  retime:               row(noDeadline,                  noDeadline,                   'awaiting_customer',           'closed',                     'ticket.archived'),
  shift:                row('awaiting_staff',            'in_progress',                'awaiting_customer',           'closed',                     'ticket.archived'),
  mark_fixed:           row('awaiting_staff',            'in_progress',                'awaiting_customer',           'ticket.closed',              'ticket.archived'),
  resume_fix:           row('awaiting_staff',            'in_progress',                'awaiting_customer',           'ticket.closed',              'ticket.archived'),
  retime_clocks:        row('awaiting_staff',            'in_progress',                'awaiting_customer',           'ticket.closed',              'ticket.archived'),
  clock_warning:        row('awaiting_staff',            'in_progress',                'awaiting_customer',           notDue,                       'ticket.archived'),
  clock_breach:         row('awaiting_staff',            'in_progress',                'awaiting_customer',           notDue,                       'ticket.archived'),
  warn:                 row(notDue,                      notDue,                       'awaiting_customer',           notDue,                       'ticket.archived'),
  auto_close:           row(notDue,                      notDue,                       'closed',                      notDue,                       'ticket.archived'),
  archive:              row(notDue,                      notDue,                       notDue,                        'archived',                   'ticket.archived'),
};

function row(...[awaitingStaff, inProgress, awaitingCustomer, closed, archived]: [Outcome, Outcome, Outcome, Outcome, Outcome]): Row {
  return { awaiting_staff: awaitingStaff, in_progress: inProgress, awaiting_customer: awaitingCustomer, closed, archived };
}

/** Furthest a ticket may be snoozed. */
export const maxSnoozeSeconds = 366 * 24 * 3600;

/**
 * The life of a ticket that was just opened: staff owe an answer.
 * @param since the receipt of what the customer said
 * @param made for one that is made of messages of another: when that is, and when staff had answered these first
 */
export function newTicketLife(
  since: Date,
  service: ServiceLevel | null = null,
  made: { readonly at: Date; readonly firstRespondedAt: Date | null } = { at: since, firstRespondedAt: null },
): TicketLife {
  const { firstRespondedAt } = made;
  return {
    status: 'awaiting_staff',
    assigneeId: null,
    waitingSince: since,
    warnsAt: null,
    closesAt: null,
    archivesAt: null,
    timing: null,
    snoozedUntil: null,
    closedAt: null,
    closedBy: null,
    firstRespondedAt,
    fixedAt: null,
    clocks: openingClocks(since, service, made),
    interrupted: null,
  };
}

/**
 * Applies a move, or refuses it and changes nothing (SPEC T3).
 * @param at when the move happens; time's own moves are refused before their step is due
 */
export function moveTicket(life: TicketLife, move: Move, policy: TimingPolicy, at: Date): TicketLife | Refusal<MoveRefusal> {
  const outcome = moveTable[move.kind === 'staff_message' && move.nextStepBy === 'staff' ? 'staff_message_we_owe' : move.kind][life.status];
  if (isCode(outcome)) return refuse(outcome);
  const objection = objectionTo(life, move, at);
  if (objection) return refuse(objection);
  const moved = { ...life, ...changesOf(life, move, policy, at), status: statusAfter(outcome, life, move, policy) };
  return { ...moved, clocks: clocksAfter(life, moved, move, policy.service ?? null, at) };
}

function statusAfter(outcome: Exclude<Outcome, MoveRefusal>, life: TicketLife, move: Move, policy: TimingPolicy): TicketStatus {
  switch (outcome) {
    case 'hand_closed':
      return policy.reopenAfterManualClose ? 'closed' : 'archived';
    case 'former':
      return life.interrupted!.status;
    // Nobody works on it any more when its assignee stayed behind.
    case 'transferred':
      return move.kind === 'transfer' && !move.keepsAssignee ? 'awaiting_staff' : life.status;
    case 'absorbing':
      return move.kind === 'absorb' && move.waitingSince ? 'awaiting_staff' : life.status;
    case 'unmerged':
      return move.kind === 'unmerge' ? move.former.status : life.status;
    case 'released':
      return move.kind === 'release' && sameLife(life, move.merged) ? move.own.status : life.status;
    default:
      return outcome;
  }
}

/** What speaks against a move that the state alone would allow. */
function objectionTo(life: TicketLife, move: Move, at: Date): MoveRefusal | undefined {
  switch (move.kind) {
    case 'take':
      return life.status === 'in_progress' && life.assigneeId === move.staffId ? 'ticket.already_yours' : undefined;
    case 'assign':
      return life.status !== 'awaiting_staff' && life.assigneeId === move.staffId ? 'ticket.already_assigned' : undefined;
    case 'snooze':
      if (move.until <= at) return 'ticket.snooze_in_past';
      return secondsBetween(at, move.until) > maxSnoozeSeconds ? 'ticket.snooze_too_far' : undefined;
    case 'wake':
      return life.snoozedUntil ? undefined : 'ticket.not_snoozed';
    case 'dismiss':
      return life.interrupted ? undefined : 'ticket.nothing_to_dismiss';
    case 'retime':
      return life.closesAt || life.archivesAt ? undefined : noDeadline;
    case 'shift':
      return life.closesAt || life.archivesAt || life.clocks.response || life.clocks.fix ? undefined : noDeadline;
    case 'customer_message':
      return move.notFixed && !life.fixedAt ? 'ticket.not_fixed' : undefined;
    case 'mark_fixed':
      if (life.fixedAt) return 'ticket.already_fixed';
      return life.clocks.fix?.counts ? undefined : 'ticket.no_fix_promised';
    case 'resume_fix':
      return life.fixedAt ? undefined : 'ticket.not_fixed';
    case 'clock_warning':
    case 'clock_breach': {
      const kind = move.kind === 'clock_warning' ? 'warning' : 'breach';
      return clockSteps(standingClocks(life)).some((step) => step.kind === `${move.clock}_${kind}` && step.dueAt <= at)
        ? undefined
        : notDue;
    }
    case 'warn':
    case 'auto_close':
    case 'archive':
      return nextSteps(life).some((step) => step.kind === move.kind && step.dueAt <= at) ? undefined : 'ticket.step_not_due';
    default:
      return undefined;
  }
}

const awake = { snoozedUntil: null } as const;
const open = { closedAt: null, closedBy: null, archivesAt: null } as const;
const untimed = { warnsAt: null, closesAt: null, timing: null } as const;
const answered = { waitingSince: null, interrupted: null } as const;

/** What a move changes besides the status. */
function changesOf(life: TicketLife, move: Move, policy: TimingPolicy, at: Date): Partial<TicketLife> {
  switch (move.kind) {
    case 'customer_message':
      return {
        ...awake,
        ...open,
        ...untimed,
        waitingSince: life.waitingSince ?? at,
        fixedAt: move.notFixed ? null : life.fixedAt,
        // Who contradicts does not merely thank.
        interrupted: move.notFixed ? null : interruptedBy(life),
      };
    case 'staff_message': {
      const said = { assigneeId: life.assigneeId ?? move.staffId, firstRespondedAt: life.firstRespondedAt ?? at };
      if (move.nextStepBy === 'staff') return { ...awake, ...open, ...untimed, ...said, interrupted: null };
      return { ...awake, ...open, ...answered, ...said, ...closingFrom(at, policy) };
    }
    case 'take':
    case 'assign':
      return { assigneeId: move.staffId };
    case 'return':
      return { assigneeId: null };
    // What runs keeps running: the new queue's policy starts with the next deadline (T3).
    case 'transfer':
      return move.keepsAssignee ? {} : { assigneeId: null };
    case 'absorbed':
      return { ...awake, ...untimed, ...answered, archivesAt: null, closedAt: life.closedAt ?? at, closedBy: life.closedBy ?? 'staff' };
    case 'absorb':
      return absorbing(life, move, policy.service ?? null, at);
    case 'unmerge':
      return { ...move.former };
    case 'release':
      return released(life, move);
    case 'snooze':
      return { snoozedUntil: move.until, ...(life.status === 'awaiting_customer' ? closingFrom(move.until, policy) : {}) };
    case 'wake': {
      // Woken by hand before its moment, silence counts from now instead of from then.
      const early = life.status === 'awaiting_customer' && life.snoozedUntil && at < life.snoozedUntil;
      return { ...awake, ...(early ? closingFrom(at, policy) : {}) };
    }
    case 'dismiss': {
      const { fixSince: _since, fixUsedMs: _used, ...former } = life.interrupted!;
      return { ...former, interrupted: null };
    }
    case 'resolve':
      return closed(at, 'customer', policy);
    case 'close':
      return closed(at, 'staff', policy);
    case 'auto_close':
      return closed(at, 'time', policy);
    case 'reopen':
      return { ...open, timing: null, waitingSince: at };
    case 'retime':
      return retimed(life, policy, at) ?? {};
    case 'shift':
      return shifted(life, move.by);
    case 'mark_fixed':
    case 'resume_fix':
      return { fixedAt: move.kind === 'mark_fixed' ? at : null };
    case 'warn':
      return { warnsAt: null };
    case 'archive':
      return { archivesAt: null, timing: null, interrupted: null };
    case 'internal_note':
    case 'split':
    case 'prioritise':
    case 'tag':
    case 'retime_clocks':
    case 'clock_warning':
    case 'clock_breach':
      return {};
  }
}

/** Where the other ticket's customer waited, this one waits for staff, since whichever came first (T3). */
function absorbing(
  life: TicketLife,
  { waitingSince: since, clocks }: Extract<Move, { kind: 'absorb' }>,
  service: ServiceLevel | null,
  at: Date,
): Partial<TicketLife> {
  const fixed = bringsFix(life, clocks, service, at) ? { fixedAt: clocks?.fixedAt ?? null } : {};
  if (!since) return fixed;
  const earlier = life.waitingSince && life.waitingSince < since ? life.waitingSince : since;
  return { ...awake, ...open, ...untimed, ...fixed, waitingSince: earlier, interrupted: interruptedBy(life) };
}

/**
 * The ticket as it was before the merge, where nobody did anything else with it; else it stays where it is, and only who waited
 * in the other ticket waits there again.
 */
function released(life: TicketLife, move: Extract<Move, { kind: 'release' }>): Partial<TicketLife> {
  const { own, merged } = move;
  const { fixedAt } = bringsOwnFixBack(life, move) ? own : life;
  if (sameLife(life, merged)) return { ...own, fixedAt };
  const waitsForOther = life.waitingSince?.getTime() === merged.waitingSince?.getTime();
  return { fixedAt, waitingSince: waitsForOther ? own.waitingSince : life.waitingSince };
}

/** The deadlines of a silence that begins at this instant (T4, T8, T9): no warning where it would not be shorter. */
function closingFrom(at: Date, policy: TimingPolicy): Pick<TicketLife, 'warnsAt' | 'closesAt' | 'timing'> {
  const { id: policyId, autoCloseAfterSeconds: seconds } = policy;
  const warnBeforeSeconds = warns(policy) ? policy.warnBeforeSeconds : 0;
  return {
    closesAt: later(at, seconds),
    warnsAt: warnBeforeSeconds > 0 ? later(at, seconds - warnBeforeSeconds) : null,
    timing: spellDeadlineRule({ kind: 'autoCloseAfter', seconds, warnBeforeSeconds, policyId }),
  };
}

/** Closed, with the days in which the customer may come back; by hand there may be none (T5, T6). */
function closed(at: Date, closedBy: ClosedBy, policy: TimingPolicy): Partial<TicketLife> {
  const readOnly = closedBy !== 'time' && !policy.reopenAfterManualClose;
  return {
    ...awake,
    ...untimed,
    ...answered,
    closedAt: at,
    closedBy,
    ...(readOnly
      ? {}
      : {
          archivesAt: later(at, policy.archiveAfterSeconds),
          timing: spellDeadlineRule({ kind: 'archiveAfter', seconds: policy.archiveAfterSeconds, policyId: policy.id }),
        }),
  };
}

/** Only the first of several messages in a row interrupts; in a ticket that staff work on, nothing is interrupted. */
function interruptedBy(life: TicketLife): Interrupted | null {
  if (life.status !== 'awaiting_customer' && life.status !== 'closed') return life.interrupted;
  const { assigneeId: _assignee, interrupted: _interrupted, firstRespondedAt: _first, fixedAt: _fixed, clocks, ...rest } = life;
  return { ...rest, ...interruptedFix(clocks) };
}

export const stepKinds = ['warn', 'auto_close', 'archive', 'wake', ...clockStepKinds] as const;
export type StepKind = (typeof stepKinds)[number];

/** Something that will happen by itself: what, when, and by which rule. */
export interface NextStep {
  readonly kind: StepKind;
  readonly dueAt: Date;
  /** What gave the instant: the rule with its duration and policy, or `snooze`. */
  readonly rule: string;
}

/** What happens next by itself, earliest first (T4, T5, T9). Nothing, while staff owe an answer and nobody snoozed. */
export function nextSteps(life: TicketLife): NextStep[] {
  const rule = life.timing ?? '';
  const steps: NextStep[] = [];
  if (life.snoozedUntil) steps.push({ kind: 'wake', dueAt: life.snoozedUntil, rule: 'snooze' });
  if (life.warnsAt) steps.push({ kind: 'warn', dueAt: life.warnsAt, rule });
  if (life.closesAt) steps.push({ kind: 'auto_close', dueAt: life.closesAt, rule });
  if (life.archivesAt) steps.push({ kind: 'archive', dueAt: life.archivesAt, rule });
  steps.push(...clockSteps(standingClocks(life)));
  return steps.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

/** The move that time makes when this step falls due. */
export function moveOfStep(kind: StepKind): Move {
  const clock = readClockStep(kind);
  if (clock) return { kind: clock.warns ? 'clock_warning' : 'clock_breach', clock: clock.clock };
  return { kind } as Extract<Move, { kind: typeof kind }>;
}

/** The step that people are shown as the next: what staff will be warned of is theirs to know by its deadline. */
export function shownStep<Step extends { kind: StepKind }>(steps: readonly Step[]): Step | undefined {
  return steps.find((step) => !readClockStep(step.kind)?.warns);
}

/**
 * The step to take at this instant, if any is due. After an outage several may be: what is due of a promise is told, each
 * once, before a closing lets it go; but a warning of a closing that is due itself would only confuse, so the closing wins.
 */
export function dueStep<Step extends { kind: StepKind; dueAt: Date }>(steps: readonly Step[], at: Date): Step | undefined {
  const due = steps.filter((step) => step.dueAt <= at);
  return due.find((step) => readClockStep(step.kind)) ?? due.find((step) => step.kind === 'auto_close') ?? due[0];
}

export const customerActionKinds = ['reply', 'resolve', 'contradict_fix'] as const;
export type CustomerTicketAction = (typeof customerActionKinds)[number];

/** What the customer may do with his ticket now. Clients show this and never derive it. */
export function customerActions(life: TicketLife): CustomerTicketAction[] {
  const mayReply = !isCode(moveTable.customer_message[life.status]);
  const actions: Record<CustomerTicketAction, boolean> = {
    reply: mayReply,
    resolve: !isCode(moveTable.resolve[life.status]),
    contradict_fix: mayReply && life.fixedAt !== null && life.clocks.fix?.counts === true,
  };
  return customerActionKinds.filter((action) => actions[action]);
}

export const staffActionKinds = [
  'reply',
  'note',
  'take',
  'return',
  'assign',
  'transfer',
  'snooze',
  'wake',
  'dismiss',
  'close',
  'reopen',
  'classify',
  'merge',
  'split',
  'mark_fixed',
  'resume_fix',
] as const;
export type StaffAction = (typeof staffActionKinds)[number];

/** What this member of staff may do with the ticket now, as far as the ticket's state decides. */
export function staffActions(life: TicketLife, staffId: string): StaffAction[] {
  const allowed = (kind: MoveKind) => !isCode(moveTable[kind][life.status]);
  const actions: Record<StaffAction, boolean> = {
    reply: allowed('staff_message'),
    note: allowed('internal_note'),
    take: allowed('take') && !(life.status === 'in_progress' && life.assigneeId === staffId),
    return: allowed('return'),
    assign: allowed('assign'),
    transfer: allowed('transfer'),
    snooze: allowed('snooze'),
    wake: allowed('wake') && life.snoozedUntil !== null,
    dismiss: allowed('dismiss') && life.interrupted !== null,
    close: allowed('close'),
    reopen: allowed('reopen'),
    classify: allowed('prioritise'),
    merge: allowed('absorbed'),
    split: allowed('split'),
    mark_fixed: allowed('mark_fixed') && life.fixedAt === null && life.clocks.fix?.counts === true,
    resume_fix: allowed('resume_fix') && life.fixedAt !== null,
  };
  return staffActionKinds.filter((action) => actions[action]);
}

function isCode(outcome: Outcome): outcome is MoveRefusal {
  return outcome.startsWith('ticket.');
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
