/**
 * What open pages are told has changed (SPEC T18). A topic says where to look, not what is there: ids and words of ours,
 * never a text that a person wrote, so that whoever may not read the thing learns nothing by being told of it.
 */
export const liveThings = [
  'ticket',
  'notification',
  'presence',
  'quote',
  'server_access',
  'problem',
  'job',
  'hold',
  'setting',
  'balance',
  'payment',
  'order',
  'refund',
  'books',
] as const;
export type LiveThing = (typeof liveThings)[number];

export interface LiveTopic {
  readonly what: LiveThing;
  /** The ticket it belongs to, `CS-000123`. */
  readonly ticket?: string;
  /** The thing's own id, such as `quo_…`; for a setting its kind; for presence the person's. */
  readonly id?: string;
}

/** A fact of a ticket, as its feed row keeps it and as staff are told it. */
export interface TicketTopic extends LiveTopic {
  readonly what: 'ticket';
  readonly ticket: string;
  readonly revision: number;
  /** The kind of the fact's line of history. */
  readonly kind: string;
  readonly side: 'customer' | 'staff' | 'time';
  /** Who did it; null when time acted. */
  readonly by: string | null;
  /** The message that was written. */
  readonly message: string | null;
  readonly visibility: 'public' | 'internal';
}

/** What customers are told of a ticket's fact: that something of theirs is new, or that its state moved. */
export interface CustomersTicketTopic extends LiveTopic {
  readonly what: 'ticket';
  readonly ticket: string;
  readonly kind: string;
  readonly side: 'customer' | 'staff' | 'time';
  readonly message: string | null;
}

/**
 * The same for customers. Of what staff do among themselves only a change of state may reach them, without a word of
 * what caused it (SPEC T13).
 */
export function topicForCustomers(topic: LiveTopic): LiveTopic {
  if (!isTicketTopic(topic)) return topic;
  const told = { what: 'ticket', ticket: topic.ticket, side: topic.side } as const;
  const spelled: CustomersTicketTopic =
    topic.visibility === 'public'
      ? { ...told, kind: topic.kind, message: topic.message }
      : { ...told, kind: 'status_changed', message: null };
  return spelled;
}

export function isTicketTopic(topic: LiveTopic): topic is TicketTopic {
  return topic.what === 'ticket' && 'visibility' in topic;
}
