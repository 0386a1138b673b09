/**
 * Every way Kontor says no. A code is `resource.reason`, stable, and part of the public API: codes are added, never
 * renamed. What each one means to a caller (HTTP status, words in each language) is in `api/errors.ts`.
 */
export const errorCodes = [
  'auth.required',
  'auth.invalid_credentials',
  'auth.not_permitted',
  'auth.cross_site',
  'auth.busy',
  'auth.too_many_tries',
  'auth.code_wrong',
  'auth.attempt_over',
  'auth.code_not_available',
  'auth.step_up_required',
  'auth.sign_in_required',
  'auth.scope_missing',
  'auth.link_invalid',
  'password.too_common',
  'password.same',
  'email.taken',
  'email.same',
  'person.change_pending',
  'factor.not_found',
  'factor.not_begun',
  'session.not_found',
  'account.not_found',
  'account.last_owner',
  'member.not_found',
  'member.already',
  'invitation.not_found',
  'invitation.not_for_staff',
  'invitation.too_many',
  'consent.needed',
  'consent.not_found',
  'consent.version_old',
  'customer.not_found',
  'pending_action.not_found',
  'pending_action.settled',
  'pending_action.second_person',
  'pending_action.open_already',
  'staff.not_found',
  'staff.last_administrator',
  'request.malformed',
  'request.invalid',
  'request.too_large',
  'request.unsupported_content_type',
  'request.not_found',
  'request.stale',
  'request.method_not_allowed',
  'request.cursor_invalid',
  'idempotency.key_reused',
  'idempotency.answer_not_kept',
  'ticket.not_found',
  'ticket.category_unknown',
  'ticket.related_unknown',
  'ticket.archived',
  'ticket.already_closed',
  'ticket.not_closed',
  'ticket.not_taken',
  'ticket.already_yours',
  'ticket.not_waiting_for_staff',
  'ticket.closed',
  'ticket.not_snoozed',
  'ticket.snooze_in_past',
  'ticket.snooze_too_far',
  'ticket.nothing_to_dismiss',
  'ticket.step_not_due',
  'token.not_found',
  'token.expiry_out_of_range',
  'token.too_many',
  'token.scope_not_yours',
  'hold.not_found',
  'hold.already_lifted',
  'hold.scope_unknown',
  'hold.until_in_past',
  'case.not_found',
  'notification.not_found',
  'severity.claimed_already',
  'severity.nothing_new',
  'severity.not_claimed',
  'severity.decided_already',
  'severity.reason_missing',
  'scope_item.not_found',
  'scope_item.withdrawn',
  'scope_item.covered',
  'scope_item.offer_quote',
  'partner.not_found',
  'problem.not_found',
  'problem.version_missing',
  'problem.version_without_fix',
  'problem.linked_already',
  'problem.not_linked',
  'problem.too_many',
  'problem.nobody_linked',
  'service.unavailable',
  'service.internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An expected "no" of the domain: a value, never an exception (STYLE 6). */
export interface Refusal<Code extends ErrorCode = ErrorCode> {
  readonly refused: Code;
  /** Values for the message's placeholders, such as the number of the ticket to cite. Never personal data. */
  readonly about?: Readonly<Record<string, string>>;
}

export function refuse<Code extends ErrorCode>(code: Code, about?: Record<string, string>): Refusal<Code> {
  return about ? { refused: code, about } : { refused: code };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
