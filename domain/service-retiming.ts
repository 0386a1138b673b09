/** Applying what has changed of service levels to tickets that are open already (SPEC S7), by an administrator's choice. */

/**
 * What has changed, and whose open tickets are meant: a calendar's version (those with clocks that it counts) · a plan's terms
 * (those that go by it) · an account's agreement (all of the account's, which choose their terms anew) · a queue's default
 * plan (those in it that nothing else promises anything; they choose anew too).
 */
export const retimingScopes = ['calendar', 'plan', 'account', 'queue'] as const;
export type RetimingScope = (typeof retimingScopes)[number];

export interface ServiceRetiming {
  readonly scope: RetimingScope;
  /** Id of the calendar, the plan, the account or the queue. */
  readonly id: string;
}
