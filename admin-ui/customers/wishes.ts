import { spellTicketNumber } from '../../domain/ids.ts';
import { inPath, type Wish } from '../server/wish.ts';

interface Because {
  readonly reason: string;
  /** The ticket in which the customer asked for it. */
  readonly ticket: number | undefined;
}

/** Begins a change of a customer's address (SPEC I5). */
export function emailChange(userId: string, email: string, because: Because): Wish {
  return { method: 'POST', path: `/users/${inPath(userId)}/email-change`, body: { email, ...spelled(because) } };
}

/** Begins taking a customer's second factor away (SPEC I10). */
export function factorReset(userId: string, because: Because): Wish {
  return { method: 'POST', path: `/users/${inPath(userId)}/factor-reset`, body: spelled(because) };
}

/** Mails a customer a link for a new password: staff never type or see one (SPEC I5). */
export function passwordReset(userId: string): Wish {
  return { method: 'POST', path: `/users/${inPath(userId)}/password-reset` };
}

function spelled({ reason, ticket }: Because): { reason: string; ticket?: string } {
  return ticket === undefined ? { reason } : { reason, ticket: spellTicketNumber(ticket) };
}
