/** What the API answers, taken from its own schemas, so that the two cannot drift apart. Types only. */
import type { z } from 'zod';
import type { codesSchema, factorsSchema } from '../../api/routes/factors.ts';
import type { sessionSchema } from '../../api/routes/sessions.ts';
import type { nextProof, signedIn, totpSetUpSchema } from '../../api/routes/sign-in.ts';
import type { invitationSchema, memberSchema } from '../../api/present/account.ts';
import type { pendingActionSchema } from '../../api/present/pending-action.ts';
import type { staffMeSchema } from '../../api/present/person.ts';
import type { ticketEventSchema } from '../../api/present/ticket-event.ts';
import type { nextSchema, staffMessageSchema, staffTicketPageSchema, staffTicketSchema } from '../../api/present/ticket.ts';
import type { auditLineSchema } from '../../api/routes/staff/audit.ts';
import type { cannedReplySchema } from '../../api/routes/staff/canned-replies.ts';
import type { customerPageSchema, customerSchema } from '../../api/routes/staff/customers.ts';
import type { staffTicketRowSchema } from '../../api/routes/staff/tickets.ts';
import type { colleagueSchema } from '../../api/routes/staff/staff.ts';
import type { ConsentPurpose } from '../../domain/consent.ts';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';

export type StaffMe = z.infer<typeof staffMeSchema>;
export type SignInAnswer = z.infer<typeof signedIn> | z.infer<typeof nextProof>;
export type TotpSetUp = z.infer<typeof totpSetUpSchema>;
export type Factors = z.infer<typeof factorsSchema>;
export type RecoveryCodes = z.infer<typeof codesSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type StaffTicket = z.infer<typeof staffTicketSchema>;
export type StaffTicketRow = z.infer<typeof staffTicketRowSchema>;
export type StaffTicketPage = z.infer<typeof staffTicketPageSchema>;
export type StaffMessage = z.infer<typeof staffMessageSchema>;
export type TicketEvent = z.infer<typeof ticketEventSchema>;
export type NextStep = z.infer<typeof nextSchema>;
/** What a clock is told by: on the ticket's own page with what is left, in lists without. */
export type TicketClock = StaffTicket['clocks'][number] & Partial<StaffTicketPage['clocks'][number]>;
export type CannedReply = z.infer<typeof cannedReplySchema>;
export type Customer = z.infer<typeof customerSchema>;
export type CustomerPage = z.infer<typeof customerPageSchema>;
export type Member = z.infer<typeof memberSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
export type WaitingChange = z.infer<typeof pendingActionSchema>;
export type Colleague = z.infer<typeof colleagueSchema>;
export type AuditLine = z.infer<typeof auditLineSchema>;
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

export interface CountedPage<Item> extends Page<Item> {
  readonly pageInfo: { readonly total: number; readonly exact: boolean };
}

export interface StaffQueue {
  readonly id: string;
  readonly category: string;
  readonly name: string;
  readonly autoCloseAfterSeconds: number;
  readonly archiveAfterSeconds: number;
  readonly warnBeforeSeconds: number;
  readonly reopenAfterManualClose: boolean;
}

export interface StaffCase {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly detail: Record<string, string>;
  readonly openedAt: string;
}

/** A row of the role × action table. */
export interface RoleRule {
  readonly action: string;
  readonly roles: string[];
  readonly signedIn: boolean;
  readonly stepUp: boolean;
}

export interface RoleTable {
  readonly staffRoles: StaffRole[];
  readonly staff: RoleRule[];
  readonly customerRoles: CustomerRole[];
  readonly customers: RoleRule[];
}

/** A wording that customers agree to, in every language it has. */
export interface ConsentWording {
  readonly purpose: ConsentPurpose;
  readonly version: number;
  readonly title: { readonly en: string; readonly ru?: string };
  readonly body: { readonly en: string; readonly ru?: string };
  readonly publishedAt: string;
}
