/**
 * The rule that gave a ticket its deadline, as its row and its next steps name it: which duration, of which timing policy
 * (SPEC T8). What a deadline is counted from is not kept beside it: it is the deadline less its duration.
 */
export type DeadlineRule =
  | {
      readonly kind: 'autoCloseAfter';
      readonly seconds: number;
      /** How long before the closing the customer is warned; 0 for not at all. */
      readonly warnBeforeSeconds: number;
      readonly policyId: string;
    }
  | { readonly kind: 'archiveAfter'; readonly seconds: number; readonly policyId: string };

/** For example `autoCloseAfter 604800 s, warnBefore 86400 s (tpl_…)`. */
export function spellDeadlineRule(rule: DeadlineRule): string {
  const warning = rule.kind === 'autoCloseAfter' && rule.warnBeforeSeconds > 0 ? `, warnBefore ${rule.warnBeforeSeconds} s` : '';
  return `${rule.kind} ${rule.seconds} s${warning} (${rule.policyId})`;
}

/** Reads such a text; undefined for what is none, such as the rule of a deadline older than this spelling. */
export function readDeadlineRule(text: string | null): DeadlineRule | undefined {
  const read = /^(autoCloseAfter|archiveAfter) (\d{1,10}) s(?:, warnBefore (\d{1,10}) s)? \((\w+)\)$/.exec(text ?? '');
  if (!read) return undefined;
  const [, kind, seconds, warnBefore, policyId] = read;
  if (kind === 'archiveAfter') return { kind, seconds: Number(seconds), policyId: policyId! };
  return { kind: 'autoCloseAfter', seconds: Number(seconds), warnBeforeSeconds: Number(warnBefore ?? 0), policyId: policyId! };
}

/** What the deadline is counted from: the last public staff message or the closing, later by what holds have shifted. */
export function countedSince(dueAt: Date, rule: DeadlineRule): Date {
  return new Date(dueAt.getTime() - rule.seconds * 1000);
}
