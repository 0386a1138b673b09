/** What the audit is searched by, as it stands in the page's address and as the API is asked. */
import { looksLikeId, readTicketNumber, spellTicketNumber, type IdKind } from '../../domain/ids.ts';
import { pendingActionEntity } from '../../domain/pending-action.ts';
import { ticketEntity } from '../../domain/ticket.ts';

export const auditFilterNames = ['person', 'object', 'action', 'from', 'to'] as const;
export type AuditFilterName = (typeof auditFilterNames)[number];
export type AuditFilter = Partial<Record<AuditFilterName, string>>;

/** The filter of a list, without what is empty or no text: an address may say anything. */
export function readAuditFilter(values: Readonly<Record<string, unknown>>): AuditFilter {
  const given = auditFilterNames.flatMap((name) => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** The audit's page, narrowed to this. */
export function auditAddress(filter: AuditFilter): string {
  const query = { filter: JSON.stringify(filter), sort: 'at', order: 'DESC', page: '1', perPage: '50' };
  return `/audit?${new URLSearchParams(query).toString()}`;
}

/** What an id is called in the audit, where it names a thing. */
const entities: readonly (readonly [IdKind, (id: string) => string])[] = [
  ['account', (id) => `account:${id}`],
  ['user', (id) => `user:${id}`],
  ['invitation', (id) => `invitation:${id}`],
  ['pendingAction', pendingActionEntity],
  ['apiToken', (id) => `token:${id}`],
  ['session', (id) => `session:${id}`],
  ['case', (id) => `case:${id}`],
  ['hold', (id) => `hold:${id}`],
  ['job', (id) => `job:${id}`],
  ['queue', (id) => `queue:${id}`],
  ['timingPolicy', (id) => `timing-policy:${id}`],
  ['slaPlan', (id) => `sla-plan:${id}`],
  ['agreement', (id) => `agreement:${id}`],
];

/**
 * Reads a thing as people write it: a ticket's number, an id, or the audit's own `kind:id`.
 * @returns the audit's name of it, or undefined when the text names nothing
 */
export function readObject(text: string): string | undefined {
  const trimmed = text.trim();
  const number = readTicketNumber(trimmed);
  if (number !== undefined) return ticketEntity(spellTicketNumber(number));
  const entity = entities.find(([kind]) => looksLikeId(kind, trimmed));
  if (entity) return entity[1](trimmed);
  return /^[a-z_-]+:[\w.:-]{1,80}$/.test(trimmed) ? trimmed : undefined;
}

/** A thing's kind and its own name: `ticket:CS-000123` is `ticket` and `CS-000123`. */
export function partsOfObject(object: string): { kind: string; name: string } {
  const sign = object.indexOf(':');
  return sign < 0 ? { kind: object, name: '' } : { kind: object.slice(0, sign), name: object.slice(sign + 1) };
}

/** The page of the thing in the console, where it has one. */
export function pageOfObject(object: string): string | undefined {
  const { kind, name } = partsOfObject(object);
  if (kind === 'ticket') return `/tickets/${name}/show`;
  if (kind === 'account') return `/customers/${name}/show`;
  if (kind === 'pending-action') return '/pending-actions';
  return undefined;
}

/** What a line says that changed: a field with what it was and what it became. */
export interface AuditChange {
  readonly field: string;
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
}

type Values = Readonly<Record<string, string | null>> | null;

/** The fields of a line, in the order in which they were written; what stayed as it was is left out. */
export function changesOf({ before, after }: { before: Values; after: Values }): AuditChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((change) => change.before !== change.after);
}
