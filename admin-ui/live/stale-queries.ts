/** Which of what was read is old once something changed: a pure rule over react-query's keys. */
import type { LiveThing, LiveTopic } from '../../domain/live-topic.ts';

type QueryKey = readonly unknown[];

/** Whose own changes are shown where each thing is listed, by the first word of a query's key. */
const lists: Readonly<Record<LiveThing, readonly string[]>> = {
  ticket: [],
  notification: ['notifications'],
  presence: [],
  quote: ['quotes'],
  server_access: ['server-accesses'],
  problem: ['problems'],
  job: ['jobs'],
  hold: ['holds'],
  setting: [],
  balance: ['finance', 'operations', 'ledger'],
  payment: ['payments'],
  order: ['orders'],
  refund: ['refunds'],
  books: ['books-audits'],
};

/** Where each kind of setting is listed. */
const settings: Readonly<Record<string, string>> = {
  queue: 'queues',
  timing_policy: 'timing-policies',
  calendar: 'calendars',
  canned_reply: 'canned-replies',
  sla_plan: 'sla-plans',
  agreement: 'agreements',
  finance_policy: 'finance-policy',
};

/** Whether a query shows the changed thing itself, or its ticket. Presence is asked for by its own key alone. */
export function showsTopic(key: QueryKey, { what, ticket, id }: LiveTopic): boolean {
  const [first] = key;
  if (what === 'presence') return first === 'presence' && key.includes(ticket);
  if (first === 'presence') return false;
  if (what === 'notification') return first === 'notifications';
  if (what === 'setting') return id !== undefined && first === settings[id];
  // It is over whole queues and accounts: any ticket may wait by it.
  if (what === 'hold' && first === 'ticket') return true;
  return (ticket !== undefined && key.includes(ticket)) || (id !== undefined && key.includes(id)) || lists[what].includes(first as string);
}

/**
 * Whether a topic is news to this reader. His own presence is not: two pages of his with one ticket open, of which one is
 * written in, would contradict each other without end.
 */
export function isNewsTo(reader: string, { what, id }: LiveTopic): boolean {
  return what !== 'presence' || id !== reader;
}

/** Whether it changes what lists and counts of tickets tell. */
export function movesTickets({ what }: LiveTopic): boolean {
  return what === 'ticket' || what === 'hold';
}

/** Whether a query lists or counts tickets: many facts in a row are one reason to read it anew. */
export function listsTickets(key: QueryKey): boolean {
  return (key[0] === 'tickets' && key[1] === 'getList') || key[0] === 'desk-counts' || key[0] === 'customer-tickets';
}
