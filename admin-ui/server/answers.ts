/** What the API answers, taken from its own schemas, so that the two cannot drift apart. Types only. */
import type { z } from 'zod';
import type { staffMeSchema } from '../../api/present/person.ts';
import type { ticketEventSchema } from '../../api/present/ticket-event.ts';
import type { nextSchema, staffMessageSchema, staffTicketPageSchema, staffTicketSchema } from '../../api/present/ticket.ts';

export type StaffMe = z.infer<typeof staffMeSchema>;
export type StaffTicket = z.infer<typeof staffTicketSchema>;
export type StaffTicketPage = z.infer<typeof staffTicketPageSchema>;
export type StaffMessage = z.infer<typeof staffMessageSchema>;
export type TicketEvent = z.infer<typeof ticketEventSchema>;
export type NextStep = z.infer<typeof nextSchema>;

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
