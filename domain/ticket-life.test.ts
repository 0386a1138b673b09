import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from './errors.ts';
import {
  customerActions,
  dueStep,
  maxSnoozeSeconds,
  moveTable,
  moveTicket,
  newTicketLife,
  nextSteps,
  staffActions,
  ticketStatuses,
  type Move,
  type MoveKind,
  type StaffAction,
  type TicketLife,
  type TicketStatus,
  type TimingPolicy,
} from './ticket-life.ts';
import { timingPresets } from './timing-policy.ts';

const hours = 3_600_000;
const start = new Date('2026-11-23T10:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const policy: TimingPolicy = { id: 'tpl_test', reopenAfterManualClose: true, ...timingPresets['7+7'] };
const readOnlyAtOnce: TimingPolicy = { ...policy, reopenAfterManualClose: false };

/** A ticket brought into each state the way a real one comes there. */
const inState: Record<TicketStatus, TicketLife> = {
  awaiting_staff: newTicketLife(start),
  in_progress: must(moveTicket(newTicketLife(start), { kind: 'take', staffId: 'usr_oleg' }, policy, start)),
  awaiting_customer: must(moveTicket(newTicketLife(start), answer(), policy, start)),
  closed: must(moveTicket(newTicketLife(start), { kind: 'resolve' }, policy, start)),
  archived: must(moveTicket(newTicketLife(start), { kind: 'resolve' }, readOnlyAtOnce, start)),
};

function answer(nextStepBy: 'customer' | 'staff' = 'customer'): Move {
  return { kind: 'staff_message', staffId: 'usr_oleg', nextStepBy };
}

function must(outcome: ReturnType<typeof moveTicket>): TicketLife {
  if (isRefusal(outcome)) throw new Error(outcome.refused);
  return outcome;
}

function moveOf(kind: MoveKind | 'staff_message_we_owe'): Move {
  if (kind === 'staff_message') return answer();
  if (kind === 'staff_message_we_owe') return answer('staff');
  if (kind === 'take') return { kind, staffId: 'usr_maria' };
  if (kind === 'snooze') return { kind, until: after(400 * 24 * hours) };
  if (kind === 'shift') return { kind, by: { closingMs: hours, archivingMs: hours } };
  if (kind === 'assign') return { kind, staffId: 'usr_maria' };
  if (kind === 'transfer') return { kind, keepsAssignee: false };
  if (kind === 'absorb') return { kind, waitingSince: start };
  if (kind === 'retime_clocks') return { kind, criticalSince: null };
  if (kind === 'clock_warning' || kind === 'clock_breach') return { kind, clock: 'first_response' };
  if (kind === 'unmerge') return { kind, former: inState.awaiting_customer };
  if (kind === 'release') return { kind, own: inState.awaiting_customer, merged: inState.in_progress };
  return { kind };
}

// prettier-ignore
const expected: Record<string, [string, string, string, string, string]> = {
  //                     awaiting_staff      in_progress          awaiting_customer        closed                archived
  customer_message:     ['awaiting_staff',    'in_progress',       'awaiting_staff',        'awaiting_staff',     'ticket.archived'],
  staff_message:        ['awaiting_customer', 'awaiting_customer', 'awaiting_customer',     'awaiting_customer',  'ticket.archived'],
  staff_message_we_owe: ['in_progress',       'in_progress',       'in_progress',           'in_progress',        'ticket.archived'],
  internal_note:        ['awaiting_staff',    'in_progress',       'awaiting_customer',     'closed',             'ticket.archived'],
  take:                 ['in_progress',       'in_progress',       'ticket.not_waiting_for_staff', 'ticket.not_waiting_for_staff', 'ticket.archived'],
  return:               ['ticket.not_taken',  'awaiting_staff',    'ticket.not_waiting_for_staff', 'ticket.not_waiting_for_staff', 'ticket.archived'],
  snooze:               ['awaiting_staff',    'in_progress',       'awaiting_customer',     'ticket.closed',      'ticket.archived'],
  wake:                 ['ticket.not_snoozed', 'ticket.not_snoozed', 'ticket.not_snoozed',  'ticket.not_snoozed', 'ticket.archived'],
  dismiss:              ['ticket.nothing_to_dismiss', 'ticket.nothing_to_dismiss', 'ticket.nothing_to_dismiss', 'ticket.nothing_to_dismiss', 'ticket.archived'],
  resolve:              ['closed',            'closed',            'closed',                'ticket.already_closed', 'ticket.archived'],
  close:                ['closed',            'closed',            'closed',                'ticket.already_closed', 'ticket.archived'],
  reopen:               ['ticket.not_closed', 'ticket.not_closed', 'ticket.not_closed',     'awaiting_staff',     'ticket.archived'],
  assign:               ['in_progress',       'in_progress',       'awaiting_customer',     'ticket.closed',      'ticket.archived'],
  transfer:             ['awaiting_staff',    'awaiting_staff',    'awaiting_customer',     'closed',             'ticket.archived'],
  absorbed:             ['archived',          'archived',          'archived',              'archived',           'ticket.archived'],
  absorb:               ['awaiting_staff',    'in_progress',       'awaiting_staff',        'awaiting_staff',     'ticket.merge_into_archived'],
  unmerge:              ['ticket.not_merged', 'ticket.not_merged', 'ticket.not_merged',     'ticket.not_merged',  'awaiting_customer'],
  release:              ['awaiting_staff',    'awaiting_customer', 'awaiting_customer',     'closed',             'ticket.merge_settled'],
  split:                ['awaiting_staff',    'in_progress',       'awaiting_customer',     'closed',             'ticket.archived'],
  prioritise:           ['awaiting_staff',    'in_progress',       'awaiting_customer',     'closed',             'ticket.archived'],
  tag:                  ['awaiting_staff',    'in_progress',       'awaiting_customer',     'closed',             'ticket.archived'],
  retime:               ['ticket.no_deadline', 'ticket.no_deadline', 'awaiting_customer',    'closed',             'ticket.archived'],
  shift:                ['ticket.no_deadline', 'ticket.no_deadline', 'awaiting_customer',    'closed',             'ticket.archived'],
  mark_fixed:           ['ticket.no_fix_promised', 'ticket.no_fix_promised', 'ticket.no_fix_promised', 'ticket.closed', 'ticket.archived'],
  resume_fix:           ['ticket.not_fixed',  'ticket.not_fixed',  'ticket.not_fixed',      'ticket.closed',      'ticket.archived'],
  retime_clocks:        ['awaiting_staff',    'in_progress',       'awaiting_customer',     'ticket.closed',      'ticket.archived'],
  clock_warning:        ['ticket.step_not_due', 'ticket.step_not_due', 'ticket.step_not_due', 'ticket.step_not_due', 'ticket.archived'],
  clock_breach:         ['ticket.step_not_due', 'ticket.step_not_due', 'ticket.step_not_due', 'ticket.step_not_due', 'ticket.archived'],
  warn:                 ['ticket.step_not_due', 'ticket.step_not_due', 'awaiting_customer', 'ticket.step_not_due', 'ticket.archived'],
  auto_close:           ['ticket.step_not_due', 'ticket.step_not_due', 'closed',            'ticket.step_not_due', 'ticket.archived'],
  archive:              ['ticket.step_not_due', 'ticket.step_not_due', 'ticket.step_not_due', 'archived',         'ticket.archived'],
};

describe('the table of moves', () => {
  test('T3: the test names every move and every state', () => {
    expect(Object.keys(expected).toSorted()).toEqual(Object.keys(moveTable).toSorted());
  });

  // At a year after the start every step is due, so that the moves of time are judged by their state alone.
  const long = after(365 * 24 * hours);
  for (const [kind, outcomes] of Object.entries(expected)) {
    for (const [index, status] of ticketStatuses.entries()) {
      test(`T3: ${kind} in ${status} → ${outcomes[index]}`, () => {
        const outcome = moveTicket(inState[status], moveOf(kind as MoveKind), policy, long);
        expect(isRefusal(outcome) ? outcome.refused : outcome.status).toBe(outcomes[index]);
      });
    }
  }

  test('T3: taking what one has already is refused, taking over from another is not', () => {
    expect(moveTicket(inState.in_progress, { kind: 'take', staffId: 'usr_oleg' }, policy, start)).toMatchObject({
      refused: 'ticket.already_yours',
    });
    expect(moveTicket(inState.in_progress, { kind: 'take', staffId: 'usr_maria' }, policy, start)).toMatchObject({
      assigneeId: 'usr_maria',
    });
  });

  test('T3: what is offered is exactly what is not refused', () => {
    fc.assert(
      fc.property(someLife(), ({ life, at }) => {
        const offered = staffActions(life, 'usr_oleg');
        for (const [action, move] of Object.entries(movesOfActions(at)))
          expect(offered.includes(action as StaffAction), `${action} in ${life.status}`).toBe(
            !isRefusal(moveTicket(life, move, policy, at)),
          );
        expect(customerActions(life).includes('reply')).toBe(!isRefusal(moveTicket(life, { kind: 'customer_message' }, policy, at)));
        expect(customerActions(life).includes('resolve')).toBe(!isRefusal(moveTicket(life, { kind: 'resolve' }, policy, at)));
      }),
    );
  });
});

describe('closing by itself', () => {
  test('T4: closes 168 h after the last public staff message, and not a second before', () => {
    const life = inState.awaiting_customer;
    expect(moveTicket(life, { kind: 'auto_close' }, policy, after(168 * hours - 1000))).toMatchObject({ refused: 'ticket.step_not_due' });
    expect(moveTicket(life, { kind: 'auto_close' }, policy, after(168 * hours))).toMatchObject({
      status: 'closed',
      closedBy: 'time',
      closedAt: after(168 * hours),
    });
  });

  test('T4: another staff message restarts the time, an internal note does not', () => {
    const again = must(moveTicket(inState.awaiting_customer, answer(), policy, after(24 * hours)));
    expect(nextSteps(again).find((step) => step.kind === 'auto_close')?.dueAt).toEqual(after((24 + 168) * hours));
    const noted = must(moveTicket(inState.awaiting_customer, { kind: 'internal_note' }, policy, after(24 * hours)));
    expect(nextSteps(noted)).toEqual(nextSteps(inState.awaiting_customer));
  });

  test('T4: a customer message cancels it, and a ticket that waits for staff has nothing that closes it', () => {
    const waiting = must(moveTicket(inState.awaiting_customer, { kind: 'customer_message' }, policy, after(hours)));
    expect(waiting.status).toBe('awaiting_staff');
    expect(nextSteps(waiting)).toEqual([]);
    expect(nextSteps(inState.in_progress)).toEqual([]);
  });

  test('T4: “we owe the next step” keeps it in progress, without a closing, and the customer still waits', () => {
    const owed = must(moveTicket(inState.awaiting_staff, answer('staff'), policy, after(hours)));
    expect(owed).toMatchObject({ status: 'in_progress', waitingSince: start });
    expect(nextSteps(owed)).toEqual([]);
  });

  test('T8: the preset 3+1 closes on the third day and archives on the fourth, both from the last answer', () => {
    const quick = { ...policy, ...timingPresets['3+1'] };
    const waiting = must(moveTicket(inState.awaiting_staff, answer(), quick, start));
    const closed = must(moveTicket(waiting, { kind: 'auto_close' }, quick, after(72 * hours)));
    expect(nextSteps(closed)).toEqual([{ kind: 'archive', dueAt: after(96 * hours), rule: 'archiveAfter 86400 s (tpl_test)' }]);
  });

  test('T8: a policy that changes applies to new deadlines; what was promised stays', () => {
    const changed = { ...policy, id: 'tpl_new', ...timingPresets['3+1'] };
    expect(moveTicket(inState.awaiting_customer, { kind: 'auto_close' }, changed, after(100 * hours))).toMatchObject({
      refused: 'ticket.step_not_due',
    });
    const warned = must(moveTicket(inState.awaiting_customer, { kind: 'warn' }, changed, after(144 * hours)));
    expect(nextSteps(warned)).toEqual([
      { kind: 'auto_close', dueAt: after(168 * hours), rule: 'autoCloseAfter 604800 s, warnBefore 86400 s (tpl_test)' },
    ]);
    const closed = must(moveTicket(warned, { kind: 'auto_close' }, changed, after(168 * hours)));
    expect(nextSteps(closed)).toEqual([{ kind: 'archive', dueAt: after(192 * hours), rule: 'archiveAfter 86400 s (tpl_new)' }]);
  });

  test('T9: a warning comes a day before; none when it would not be shorter than the waiting', () => {
    expect(nextSteps(inState.awaiting_customer)[0]).toMatchObject({ kind: 'warn', dueAt: after(144 * hours) });
    const short = { ...policy, autoCloseAfterSeconds: 24 * 3600 };
    expect(nextSteps(must(moveTicket(inState.awaiting_staff, answer(), short, start))).map((step) => step.kind)).toEqual(['auto_close']);
  });

  test('T9: the customer is warned once for one closing, and again for the next', () => {
    const warned = must(moveTicket(inState.awaiting_customer, { kind: 'warn' }, policy, after(144 * hours)));
    expect(moveTicket(warned, { kind: 'warn' }, policy, after(145 * hours))).toMatchObject({ refused: 'ticket.step_not_due' });
    const again = must(moveTicket(warned, answer(), policy, after(150 * hours)));
    expect(nextSteps(again)[0]).toMatchObject({ kind: 'warn', dueAt: after(294 * hours) });
  });

  test('T9: after an outage over both, the closing wins over its own warning', () => {
    expect(dueStep(nextSteps(inState.awaiting_customer), after(200 * hours))?.kind).toBe('auto_close');
    expect(dueStep(nextSteps(inState.awaiting_customer), after(150 * hours))?.kind).toBe('warn');
    expect(dueStep(nextSteps(inState.awaiting_customer), after(hours))).toBeUndefined();
  });
});

describe('after closing', () => {
  test('T5: within seven days the customer may write and it waits for staff again; then it is archived', () => {
    const reopened = must(moveTicket(inState.closed, { kind: 'customer_message' }, policy, after(167 * hours)));
    expect(reopened).toMatchObject({ status: 'awaiting_staff', closedAt: null, closedBy: null });
    expect(moveTicket(inState.closed, { kind: 'archive' }, policy, after(168 * hours - 1))).toMatchObject({
      refused: 'ticket.step_not_due',
    });
    expect(moveTicket(inState.closed, { kind: 'archive' }, policy, after(168 * hours))).toMatchObject({ status: 'archived' });
  });

  test('T6: the queue decides whether a hand-closed ticket is read-only at once; one closed by time never is', () => {
    for (const kind of ['resolve', 'close'] as const) {
      expect(moveTicket(inState.awaiting_staff, { kind }, policy, start)).toMatchObject({ status: 'closed' });
      expect(moveTicket(inState.awaiting_staff, { kind }, readOnlyAtOnce, start)).toMatchObject({ status: 'archived' });
    }
    expect(moveTicket(inState.awaiting_customer, { kind: 'auto_close' }, readOnlyAtOnce, after(168 * hours))).toMatchObject({
      status: 'closed',
    });
  });
});

describe('snoozing', () => {
  test('T4: a snoozed ticket wakes at the moment chosen, and its closing counts from then', () => {
    const until = after(300 * hours);
    const snoozed = must(moveTicket(inState.awaiting_customer, { kind: 'snooze', until }, policy, after(hours)));
    expect(nextSteps(snoozed).map((step) => [step.kind, step.dueAt])).toEqual([
      ['wake', until],
      ['warn', after((300 + 144) * hours)],
      ['auto_close', after((300 + 168) * hours)],
    ]);
    const awake = must(moveTicket(snoozed, { kind: 'wake' }, policy, until));
    expect(awake.snoozedUntil).toBeNull();
  });

  test('T4: any public message wakes it; a note does not', () => {
    const snoozed = must(moveTicket(inState.awaiting_staff, { kind: 'snooze', until: after(48 * hours) }, policy, start));
    expect(moveTicket(snoozed, { kind: 'customer_message' }, policy, after(hours))).toMatchObject({ snoozedUntil: null });
    expect(moveTicket(snoozed, answer(), policy, after(hours))).toMatchObject({ snoozedUntil: null });
    expect(moveTicket(snoozed, { kind: 'internal_note' }, policy, after(hours))).toMatchObject({ snoozedUntil: after(48 * hours) });
  });

  test('T4: never into the past, never further than a year', () => {
    expect(moveTicket(inState.awaiting_staff, { kind: 'snooze', until: start }, policy, start)).toMatchObject({
      refused: 'ticket.snooze_in_past',
    });
    expect(moveTicket(inState.awaiting_staff, { kind: 'snooze', until: after(maxSnoozeSeconds * 1000 + 1) }, policy, start)).toMatchObject({
      refused: 'ticket.snooze_too_far',
    });
  });
});

describe('assigning and transferring', () => {
  test('T13: a colleague who is given a ticket that waits for staff works on it; elsewhere he is only responsible', () => {
    expect(moveTicket(inState.awaiting_staff, { kind: 'assign', staffId: 'usr_maria' }, policy, start)).toMatchObject({
      status: 'in_progress',
      assigneeId: 'usr_maria',
    });
    const named = must(moveTicket(inState.awaiting_customer, { kind: 'assign', staffId: 'usr_maria' }, policy, after(hours)));
    expect(named).toEqual({ ...inState.awaiting_customer, assigneeId: 'usr_maria' });
    expect(moveTicket(named, { kind: 'assign', staffId: 'usr_maria' }, policy, after(hours))).toMatchObject({
      refused: 'ticket.already_assigned',
    });
  });

  test('T3: a transfer keeps the running deadline; the new queue’s policy starts with the next one', () => {
    const quick = { ...policy, id: 'tpl_new', ...timingPresets['3+1'] };
    const moved = must(moveTicket(inState.awaiting_customer, { kind: 'transfer', keepsAssignee: true }, quick, after(hours)));
    expect(nextSteps(moved)).toEqual(nextSteps(inState.awaiting_customer));
    const answered = must(moveTicket(moved, answer(), quick, after(2 * hours)));
    expect(nextSteps(answered).at(-1)).toMatchObject({ kind: 'auto_close', dueAt: after(74 * hours) });
  });

  test('T13: a transfer leaves the assignee behind unless he belongs to the new queue; then nobody works on it', () => {
    expect(moveTicket(inState.in_progress, { kind: 'transfer', keepsAssignee: true }, policy, start)).toEqual(inState.in_progress);
    expect(moveTicket(inState.in_progress, { kind: 'transfer', keepsAssignee: false }, policy, start)).toMatchObject({
      status: 'awaiting_staff',
      assigneeId: null,
    });
  });
});

describe('a duplicate merged into another ticket', () => {
  test('T13: its promises are gone, and all of them come back to the millisecond when it is undone', () => {
    for (const life of [inState.awaiting_staff, inState.in_progress, inState.awaiting_customer, inState.closed]) {
      const merged = must(moveTicket(life, { kind: 'absorbed' }, policy, after(hours)));
      expect(merged).toMatchObject({ status: 'archived', waitingSince: null });
      expect(nextSteps(merged)).toEqual([]);
      expect(moveTicket(merged, { kind: 'unmerge', former: life }, policy, after(2 * hours))).toEqual(life);
    }
  });

  test('T3: when its customer waited, the target waits for staff since the earlier instant', () => {
    const earlier = new Date(start.getTime() - hours);
    expect(moveTicket(inState.awaiting_staff, { kind: 'absorb', waitingSince: earlier }, policy, after(hours))).toMatchObject({
      waitingSince: earlier,
    });
    expect(moveTicket(inState.awaiting_staff, { kind: 'absorb', waitingSince: after(hours) }, policy, after(hours))).toMatchObject({
      waitingSince: start,
    });
    const reopened = must(moveTicket(inState.closed, { kind: 'absorb', waitingSince: start }, policy, after(hours)));
    expect(reopened).toMatchObject({ status: 'awaiting_staff', waitingSince: start, closedAt: null });
    expect(moveTicket(reopened, { kind: 'dismiss' }, policy, after(2 * hours))).toEqual(inState.closed);
  });

  test('T3: when its customer did not wait, the target keeps its life and its deadlines', () => {
    for (const life of [inState.awaiting_staff, inState.in_progress, inState.awaiting_customer, inState.closed])
      expect(moveTicket(life, { kind: 'absorb', waitingSince: null }, policy, after(hours))).toEqual(life);
  });

  test('T13: undone, the target has its own life again; where something else changed it, what it is now', () => {
    const absorbed = must(moveTicket(inState.awaiting_customer, { kind: 'absorb', waitingSince: start }, policy, after(hours)));
    const release: Move = { kind: 'release', own: inState.awaiting_customer, merged: absorbed };
    expect(moveTicket(absorbed, release, policy, after(hours))).toEqual(inState.awaiting_customer);
    const taken = must(moveTicket(absorbed, { kind: 'take', staffId: 'usr_maria' }, policy, after(hours)));
    expect(moveTicket(taken, release, policy, after(hours)), 'but nobody waits there any more').toEqual({ ...taken, waitingSince: null });
  });
});

describe('a “thank you” that needs no answer', () => {
  test('T4: gives back the former state and the former deadline, to the millisecond', () => {
    for (const status of ['awaiting_customer', 'closed'] as const) {
      const thanked = must(moveTicket(inState[status], { kind: 'customer_message' }, policy, after(hours)));
      const back = must(moveTicket(thanked, { kind: 'dismiss' }, policy, after(2 * hours)));
      expect(back).toEqual(inState[status]);
      expect(nextSteps(back)).toEqual(nextSteps(inState[status]));
    }
  });

  test('T4: also after several messages, and after somebody took it; not after an answer', () => {
    let life = must(moveTicket(inState.awaiting_customer, { kind: 'customer_message' }, policy, after(hours)));
    life = must(moveTicket(life, { kind: 'customer_message' }, policy, after(2 * hours)));
    life = must(moveTicket(life, { kind: 'take', staffId: 'usr_maria' }, policy, after(3 * hours)));
    expect(moveTicket(life, { kind: 'dismiss' }, policy, after(4 * hours))).toMatchObject({
      status: 'awaiting_customer',
      closesAt: after(168 * hours),
    });
    const answered = must(moveTicket(life, answer('staff'), policy, after(4 * hours)));
    expect(moveTicket(answered, { kind: 'dismiss' }, policy, after(5 * hours))).toMatchObject({ refused: 'ticket.nothing_to_dismiss' });
  });
});

/** The move behind each thing staff may be offered. */
function movesOfActions(at: Date): Record<StaffAction, Move> {
  return {
    reply: answer(),
    note: { kind: 'internal_note' },
    take: { kind: 'take', staffId: 'usr_oleg' },
    return: { kind: 'return' },
    assign: { kind: 'assign', staffId: 'usr_somebody_new' },
    transfer: { kind: 'transfer', keepsAssignee: true },
    snooze: { kind: 'snooze', until: new Date(at.getTime() + hours) },
    wake: { kind: 'wake' },
    dismiss: { kind: 'dismiss' },
    close: { kind: 'close' },
    reopen: { kind: 'reopen' },
    classify: { kind: 'prioritise' },
    merge: { kind: 'absorbed' },
    split: { kind: 'split' },
    mark_fixed: { kind: 'mark_fixed' },
    resume_fix: { kind: 'resume_fix' },
  };
}

/** A life reached by random moves at random moments. */
function someLife() {
  const kinds = Object.keys(moveTable) as MoveKind[];
  return fc
    .array(fc.record({ kind: fc.constantFrom(...kinds), hours: fc.integer({ min: 0, max: 300 }) }), { maxLength: 25 })
    .map((moves) => {
      let life = newTicketLife(start);
      let at = start;
      for (const { kind, hours: passed } of moves) {
        at = new Date(at.getTime() + passed * hours);
        const move = kind === 'snooze' ? { kind, until: new Date(at.getTime() + 5 * hours) } : moveOf(kind);
        const moved = moveTicket(life, move, policy, at);
        if (!isRefusal(moved)) life = moved;
      }
      return { life, at };
    });
}

describe('whatever happens', () => {
  test('T4: a ticket that waits for staff never closes by itself', () => {
    fc.assert(
      fc.property(someLife(), ({ life }) => {
        if (life.status === 'awaiting_staff' || life.status === 'in_progress')
          expect(nextSteps(life).filter((step) => step.kind !== 'wake')).toEqual([]);
      }),
    );
  });

  test('T4, T5: what waits for the customer closes, what is closed is archived, what is archived stays', () => {
    fc.assert(
      fc.property(someLife(), ({ life }) => {
        const kinds = nextSteps(life).map((step) => step.kind);
        expect(kinds.includes('auto_close')).toBe(life.status === 'awaiting_customer');
        expect(kinds.includes('archive')).toBe(life.status === 'closed');
        if (life.status === 'archived') expect(kinds).toEqual([]);
      }),
    );
  });

  test('T3: a refused move changes nothing', () => {
    fc.assert(
      fc.property(someLife(), fc.constantFrom(...(Object.keys(moveTable) as MoveKind[])), ({ life, at }, kind) => {
        const before = structuredClone(life);
        moveTicket(life, moveOf(kind), policy, at);
        expect(life).toEqual(before);
      }),
    );
  });
});
