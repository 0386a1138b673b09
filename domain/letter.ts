/**
 * Letters that are about no ticket: about a person's own doors (SPEC I1–I6), or a setting that he keeps (S2). Which there are,
 * how long each is worth delivering, and which of them the product also tells its reader when he is signed in.
 */
import type { LocalisedText } from './locale.ts';
import type { Money } from './money.ts';
import type { FinanceNotificationEvent, SecurityNotificationEvent, SettingNotificationEvent } from './notification.ts';
import type { PendingActionKind } from './pending-action.ts';
import type { CustomerRole, StaffRole } from './permissions.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Seconds that a mailed code and the mailed links are good for (SPEC I3, I4; security.md). */
export const codeSeconds = 2 * minute;
export const linkSeconds = 30 * minute;
export const invitationSeconds = 7 * day;
/** A change that staff began: the old address may veto for so long, and the new one must confirm within so long (SPEC I5). */
export const coolingOffSeconds = 72 * hour;
export const changeLapsesSeconds = 7 * day;

interface LetterRule {
  /** Seconds after which it is not sent any more: a late code or a dead link helps nobody. */
  readonly deliverWithinSeconds: number;
  /** Whether it carries a code or a link: sealed until it is out, and gone then. */
  readonly secret?: 'code' | 'link';
  /** Whether it goes to whatever address somebody unproven typed: that such a mailbox is not there is nobody's matter. */
  readonly toAnybody?: true;
  /** How the product tells it, when its reader is somebody who can sign in. */
  readonly event?: SecurityNotificationEvent | SettingNotificationEvent | FinanceNotificationEvent;
}

const told = 3 * day;

export const letterRules = {
  'registration.confirm': { deliverWithinSeconds: linkSeconds, secret: 'link', toAnybody: true },
  'registration.known': { deliverWithinSeconds: linkSeconds },
  'invitation.account': { deliverWithinSeconds: invitationSeconds, secret: 'link' },
  'invitation.staff': { deliverWithinSeconds: invitationSeconds, secret: 'link' },
  'password.reset': { deliverWithinSeconds: linkSeconds, secret: 'link' },
  'password.reset_unknown': { deliverWithinSeconds: linkSeconds, toAnybody: true },
  'password.changed': { deliverWithinSeconds: told, event: 'security.password_changed' },
  'code.sign_in': { deliverWithinSeconds: codeSeconds, secret: 'code' },
  'code.step_up': { deliverWithinSeconds: codeSeconds, secret: 'code' },
  'code.factor': { deliverWithinSeconds: codeSeconds, secret: 'code' },
  'sign_in.new_device': { deliverWithinSeconds: told, event: 'security.new_sign_in' },
  'factor.changed': { deliverWithinSeconds: told, event: 'security.factor_changed' },
  'token.created': { deliverWithinSeconds: told, event: 'security.token_created' },
  'sign_in.wrong_codes': { deliverWithinSeconds: told, event: 'security.wrong_codes' },
  'email.confirm': { deliverWithinSeconds: changeLapsesSeconds, secret: 'link' },
  'email.change_begun': { deliverWithinSeconds: told, event: 'security.change_begun' },
  'email.changed': { deliverWithinSeconds: told, event: 'security.email_changed' },
  'change.veto': { deliverWithinSeconds: coolingOffSeconds, secret: 'link', event: 'security.change_begun' },
  'change.ended': { deliverWithinSeconds: told, event: 'security.change_ended' },
  // The next look at the calendar is a month later: until then it is news.
  'calendar.year_missing': { deliverWithinSeconds: 28 * day, event: 'calendar.year_missing' },
  'payment.credited': { deliverWithinSeconds: told, event: 'payment.credited' },
  'payment.failed': { deliverWithinSeconds: told, event: 'payment.failed' },
  'payment.refunded': { deliverWithinSeconds: told, event: 'payment.refunded' },
  'order.not_paid': { deliverWithinSeconds: told, event: 'order.not_paid' },
  'statement.ready': { deliverWithinSeconds: 14 * day, event: 'statement.ready' },
  'credit.overdue': { deliverWithinSeconds: told, event: 'credit.overdue' },
  'spending.frozen': { deliverWithinSeconds: told, event: 'spending.frozen' },
} as const satisfies Record<string, LetterRule>;

export type LetterKind = keyof typeof letterRules;

export function letterRule(kind: LetterKind): LetterRule {
  return letterRules[kind];
}

/** What became of somebody's second factors, as `factor.changed` tells it. */
export const factorChanges = [
  'totp_set',
  'totp_removed',
  'email_set',
  'email_removed',
  'recovery_codes_made',
  'recovery_code_used',
  'reset_by_staff',
] as const;
export type FactorChange = (typeof factorChanges)[number];

/** How a change that waited came to nothing, as `change.ended` tells it. */
export const changeEndings = ['vetoed', 'withdrawn', 'lapsed', 'not_possible'] as const;
export type ChangeEnding = (typeof changeEndings)[number];

/** Letters that carry a code: they must go out within its two minutes, whatever else is away (QUALITY R3). */
export const codeLetters: readonly LetterKind[] = (Object.keys(letterRules) as LetterKind[]).filter(
  (kind) => letterRule(kind).secret === 'code',
);

/**
 * What a letter says besides its secret: words and instants of ours, and addresses its reader already knows. Never what
 * somebody typed who has not proven who he is, or strangers could make us mail their text.
 */
export interface LetterFacts {
  /** The browser and system, in words: `Firefox on Windows`. */
  readonly device?: string;
  /** From where, in words of each language. */
  readonly place?: { readonly en: string; readonly ru: string };
  /** When what it tells of happened; when it was written, if left out. */
  readonly at?: string;
  /** What became of a second factor. */
  readonly what?: FactorChange;
  /** Which change waits or has ended, who began it, and how it ended. */
  readonly change?: PendingActionKind;
  readonly begunBy?: 'self' | 'staff';
  readonly ending?: ChangeEnding;
  /** The account that an invitation is to, the name of the person it is from, and the role it gives. */
  readonly account?: string;
  readonly inviter?: string;
  readonly role?: CustomerRole | StaffRole;
  readonly newEmail?: string;
  readonly oldEmail?: string;
  /** Which calendar lacks which year, and when that is looked for again; left out when the year has begun. */
  readonly calendar?: { readonly id: string; readonly name: LocalisedText; readonly year: number; readonly again?: string };
  /** Money that moved, or was to move, and of what. */
  readonly money?: MoneyFacts;
  /** Until when a link is good, or a change may be vetoed; until it is delivered no more, if left out. */
  readonly until?: string;
}

/** What a letter of finance tells: sums, ids, and words of ours. */
export interface MoneyFacts {
  readonly account: string;
  readonly amount?: Money;
  /** The balance afterwards. */
  readonly balance?: Money;
  readonly payment?: string;
  readonly order?: string;
  /** A code of `domain/errors`, or the provider's own word for why not. */
  readonly why?: string;
  /** The month of a statement, `2026-11`. */
  readonly month?: string;
}
