/**
 * Deadlines that move although nobody wrote: a timing policy is applied to open tickets (SPEC T8), or a hold is lifted
 * (M3). Each computes from what the ticket is now.
 */
import { countedSince, readDeadlineRule, spellDeadlineRule, type DeadlineRule } from './deadline-rule.ts';
import type { TicketLife, TimingPolicy } from './ticket-life.ts';
import { warns } from './timing-policy.ts';

export type Deadlines = Pick<TicketLife, 'warnsAt' | 'closesAt' | 'archivesAt' | 'timing'>;

/**
 * The deadlines as this policy would have given them, from the same beginning (SPEC T8). None lies in the past: at the
 * earliest it is now. A customer who was not warned yet is, even where that makes the closing later; one who was warned
 * is not warned again, and his ticket does not close before he was told it would.
 * @returns undefined when the ticket has no deadline, or one whose beginning is not known
 */
export function retimed(life: Deadlines, policy: TimingPolicy, at: Date): Deadlines | undefined {
  const rule = readDeadlineRule(life.timing);
  if (!rule) return undefined;
  if (rule.kind === 'archiveAfter') return life.archivesAt ? { ...life, ...archiving(life.archivesAt, rule, policy, at) } : undefined;
  return life.closesAt ? { ...life, ...closing(life, life.closesAt, rule, policy, at) } : undefined;
}

function archiving(archivesAt: Date, rule: DeadlineRule, policy: TimingPolicy, at: Date): Partial<Deadlines> {
  const seconds = policy.archiveAfterSeconds;
  const timing = spellDeadlineRule({ kind: 'archiveAfter', seconds, policyId: policy.id });
  if (seconds === rule.seconds) return { timing };
  return { archivesAt: latest(later(countedSince(archivesAt, rule), seconds), at), timing };
}

function closing(
  { warnsAt }: Deadlines,
  closesAt: Date,
  rule: DeadlineRule & { kind: 'autoCloseAfter' },
  policy: TimingPolicy,
  at: Date,
): Partial<Deadlines> {
  const seconds = policy.autoCloseAfterSeconds;
  const wasWarned = rule.warnBeforeSeconds > 0 && warnsAt === null;
  const warnBeforeSeconds = warns(policy) ? policy.warnBeforeSeconds : 0;
  const spelled = { kind: 'autoCloseAfter', seconds, policyId: policy.id } as const;
  const moved = seconds === rule.seconds ? closesAt : latest(later(countedSince(closesAt, rule), seconds), at);
  if (wasWarned)
    return {
      closesAt: latest(moved, closesAt),
      warnsAt: null,
      // That he was warned must stay known, also where the new policy warns nobody.
      timing: spellDeadlineRule({ ...spelled, warnBeforeSeconds: warnBeforeSeconds || rule.warnBeforeSeconds }),
    };
  const timing = spellDeadlineRule({ ...spelled, warnBeforeSeconds });
  if (warnBeforeSeconds === 0) return { closesAt: moved, warnsAt: null, timing };
  if (warnBeforeSeconds === rule.warnBeforeSeconds && moved === closesAt) return { timing };
  const warned = latest(later(moved, -warnBeforeSeconds), at);
  return { closesAt: later(warned, warnBeforeSeconds), warnsAt: warned, timing };
}

/** For how long a hold kept each clock still. */
export interface Shift {
  readonly closingMs: number;
  readonly archivingMs: number;
}

/** The deadlines, each later by as long as its clock stood still (SPEC M3); a warning moves with the closing it warns of. */
export function shifted(life: Deadlines, { closingMs, archivingMs }: Shift): Deadlines {
  const by = (at: Date | null, ms: number) => at && new Date(at.getTime() + ms);
  return {
    warnsAt: by(life.warnsAt, closingMs),
    closesAt: by(life.closesAt, closingMs),
    archivesAt: by(life.archivesAt, archivingMs),
    timing: life.timing,
  };
}

/** Whether an instant differs; by which rule it came to be does not count. */
export function sameInstants(a: Deadlines, b: Deadlines): boolean {
  const same = (x: Date | null, y: Date | null) => x?.getTime() === y?.getTime();
  return same(a.warnsAt, b.warnsAt) && same(a.closesAt, b.closesAt) && same(a.archivesAt, b.archivesAt);
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

function latest(a: Date, b: Date): Date {
  return a < b ? b : a;
}
