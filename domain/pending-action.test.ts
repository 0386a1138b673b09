import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from './errors.ts';
import { changeLapsesSeconds, coolingOffSeconds, linkSeconds } from './letter.ts';
import {
  allowedPendingWishes,
  approvePending,
  confirmPending,
  newPendingLife,
  nextPendingStep,
  pendingActionKinds,
  pendingActionStory,
  takesEffectNow,
  vetoPending,
  withdrawPending,
  type PendingActionLife,
} from './pending-action.ts';

const begun = new Date('2026-12-01T10:00:00Z');
const after = (seconds: number) => new Date(begun.getTime() + seconds * 1000);
const staffs = newPendingLife('email_change', 'staff', begun);
const own = newPendingLife('email_change', 'self', begun);
const reset = newPendingLife('factor_reset', 'staff', begun);

function allowed<Life>(outcome: Life): Exclude<Life, { refused: unknown }> {
  expect(isRefusal(outcome)).toBe(false);
  return outcome as Exclude<Life, { refused: unknown }>;
}

describe('a change that waits', () => {
  test('I5: begun by staff it cools off for 72 hours and lapses after 7 days; begun by its owner it waits 30 minutes for the link', () => {
    expect(staffs).toMatchObject({ state: 'pending', coolsUntil: after(72 * 3600), lapsesAt: after(7 * 24 * 3600) });
    expect(own).toMatchObject({ coolsUntil: null, lapsesAt: after(30 * 60) });
    expect([coolingOffSeconds, changeLapsesSeconds, linkSeconds]).toEqual([72 * 3600, 7 * 24 * 3600, 30 * 60]);
  });

  test('I5: unconfirmed it lapses; confirmed it takes effect when the cooling-off is over, or at once when that is over already', () => {
    expect(nextPendingStep(staffs)).toMatchObject({ kind: 'lapse', dueAt: staffs.lapsesAt });
    const early = allowed(confirmPending(staffs, after(3600)));
    expect(nextPendingStep(early)).toMatchObject({ kind: 'take_effect', dueAt: staffs.coolsUntil });
    expect(takesEffectNow(early, after(3600))).toBe(false);
    const late = allowed(confirmPending(staffs, after(80 * 3600)));
    expect(takesEffectNow(late, after(80 * 3600))).toBe(true);
    expect(takesEffectNow(allowed(confirmPending(own, after(60))), after(60))).toBe(true);
  });

  test('I3: a reset of factors needs no confirmation: it waits for its time alone', () => {
    expect(nextPendingStep(reset)).toMatchObject({ kind: 'take_effect', dueAt: reset.coolsUntil });
    expect(isRefusal(confirmPending(reset, after(1)))).toBe(true);
  });

  test('I5: a confirmation at the instant of lapsing is too late, and a second one confirms nothing', () => {
    expect(confirmPending(staffs, staffs.lapsesAt)).toMatchObject({ refused: 'pending_action.settled' });
    expect(confirmPending(allowed(confirmPending(staffs, after(1))), after(2))).toMatchObject({ refused: 'pending_action.settled' });
  });

  test('I10: only somebody else approves; where nothing cools off, approving changes nothing', () => {
    expect(approvePending(staffs, false, after(1))).toMatchObject({ refused: 'pending_action.second_person' });
    const approved = allowed(approvePending(staffs, true, after(1)));
    expect(approved).toMatchObject({ state: 'pending', coolsUntil: after(1), approvedAt: after(1) });
    expect(approvePending(approved, true, after(2))).toBe(approved);
    expect(approvePending(own, true, after(1))).toBe(own);
    expect(vetoPending(approved)).toMatchObject({ refused: 'pending_action.settled' });
  });

  test('I5: a veto ends what staff began; what one began oneself is taken back', () => {
    expect(vetoPending(staffs)).toMatchObject({ state: 'vetoed' });
    expect(vetoPending(own)).toMatchObject({ state: 'withdrawn' });
    expect(withdrawPending(staffs)).toMatchObject({ state: 'withdrawn' });
  });
});

/** Everything that people do to a change, in any order and at any time. */
const wishes = fc.array(
  fc.record({
    what: fc.constantFrom('confirm', 'veto', 'approve', 'approve_own', 'withdraw'),
    waitSeconds: fc.integer({ min: 0, max: 40 * 3600 }),
  }),
  { maxLength: 12 },
);

function apply(life: PendingActionLife, what: string, at: Date) {
  if (what === 'confirm') return confirmPending(life, at);
  if (what === 'veto') return vetoPending(life);
  if (what === 'withdraw') return withdrawPending(life);
  return approvePending(life, what === 'approve', at);
}

function byTime(life: PendingActionLife, step: 'take_effect' | 'lapse'): PendingActionLife {
  return { ...life, state: step === 'lapse' ? 'lapsed' : 'done' };
}

describe('whatever people do to it, in whatever order', () => {
  test('I5, I10: what is settled stays settled; time never takes effect before 72 hours unless a second person agreed, nor unconfirmed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pendingActionKinds), fc.constantFrom('self', 'staff'), wishes, (kind, by, story) => {
        fc.pre(kind === 'email_change' || by === 'staff');
        let life = newPendingLife(kind, by, begun);
        let at = begun;
        let [confirmed, approved] = [false, false];
        for (const { what, waitSeconds } of story) {
          at = new Date(at.getTime() + waitSeconds * 1000);
          // Time comes first where it is due: the row's lock decides, and this is the worst case.
          const step = nextPendingStep(life);
          if (step && step.dueAt <= at) {
            if (step.kind === 'take_effect') {
              expect(kind === 'factor_reset' || confirmed).toBe(true);
              expect(by === 'self' || approved || step.dueAt >= after(coolingOffSeconds)).toBe(true);
            } else expect(confirmed || kind === 'factor_reset').toBe(false);
            life = byTime(life, step.kind);
          }
          const before = life;
          const outcome = apply(life, what, at);
          if (isRefusal(outcome)) continue;
          expect(before.state).toBe('pending');
          confirmed ||= what === 'confirm';
          approved ||= what === 'approve' && outcome !== before;
          life = outcome;
        }
        if (life.state !== 'pending') {
          expect(nextPendingStep(life)).toBeNull();
          for (const what of ['confirm', 'veto', 'approve', 'withdraw']) expect(isRefusal(apply(life, what, at))).toBe(true);
        } else expect(nextPendingStep(life)).not.toBeNull();
      }),
    );
  });

  test('I10: what a reader is offered is what he is then allowed, and nothing more', () => {
    const readers = fc.record({ mayApprove: fc.boolean(), mayWithdraw: fc.boolean(), userId: fc.constantFrom('usr_a', 'usr_b') });
    fc.assert(
      fc.property(fc.constantFrom('self', 'staff'), wishes, readers, (by, story, reader) => {
        let life = newPendingLife('email_change', by, begun);
        let at = begun;
        for (const { what, waitSeconds } of story) {
          at = new Date(at.getTime() + waitSeconds * 1000);
          const outcome = apply(life, what, at);
          if (!isRefusal(outcome)) life = outcome;
          const concerned = allowedPendingWishes(life, 'usr_a', { side: 'concerned' }, at);
          expect(concerned.includes('veto')).toBe(!isRefusal(vetoPending(life)));
          const staff = allowedPendingWishes(life, 'usr_a', { side: 'staff', ...reader }, at);
          const approval = approvePending(life, reader.userId !== 'usr_a', at);
          expect(staff.includes('approve')).toBe(reader.mayApprove && !isRefusal(approval) && approval !== life);
          expect(staff.includes('withdraw')).toBe(reader.mayWithdraw && life.state === 'pending');
        }
      }),
    );
  });
});

describe('what operators read', () => {
  const plan = (life: PendingActionLife, held?: string | null) => {
    const step = nextPendingStep(life);
    return {
      kind: life.kind,
      state: life.state,
      coolsUntil: life.coolsUntil?.toISOString() ?? null,
      steps: step
        ? [{ id: step.kind, kind: step.kind, dueAt: step.dueAt.toISOString(), ...(held === undefined ? {} : { heldUntil: held }) }]
        : [],
    };
  };

  test('a sentence for each stand, without names', () => {
    expect(pendingActionStory(plan(staffs))).toBe(
      'A change of address waits to be confirmed from the new address; may be vetoed until Fri 4 Dec 10:00 UTC; lapses on Tue 8 Dec 10:00 UTC.',
    );
    expect(pendingActionStory(plan(own))).toBe(
      'A change of address waits to be confirmed from the new address; lapses on Tue 1 Dec 10:30 UTC.',
    );
    expect(pendingActionStory(plan(reset, null))).toBe(
      'A reset of second factors takes effect on Fri 4 Dec 10:00 UTC unless it is vetoed (held until somebody lifts the hold).',
    );
    expect(pendingActionStory(plan({ ...staffs, state: 'vetoed' }))).toBe(
      'A change of address was vetoed by the person concerned; the story ends here.',
    );
  });
});
