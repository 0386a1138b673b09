/** Lists and pages of tickets (SPEC T10, T19). Every query that serves a customer names his account. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { Diagnostics } from '../../domain/diagnostics.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import type { SeverityState } from '../../domain/severity.ts';
import { leftMs, type ClockKind, type ServiceClock } from '../../domain/service-clock.ts';
import { ticketEntity, type Channel, type Priority, type TicketEventKind } from '../../domain/ticket.ts';
import type { StepKind, TicketLife, TicketStatus } from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { calendarsOf } from '../service-calendars.ts';
import type { Window } from '../window.ts';
import { diagnosticsColumn } from './diagnostics.ts';
import { attachmentsColumn, type AttachmentView } from './files.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import type { OutsideAddress } from './participants.ts';
import { entitySql, lifeOf, mergeCanBeUndone } from './ticket-row.ts';
import { promiseColumn, promiseJoins, type TicketPromise } from './ticket-terms.ts';
import { unreadBy, type TicketReader } from './unread.ts';

export interface PersonName {
  readonly id: string;
  readonly name: string;
}

/** A ticket as lists and pages show it. */
export interface TicketView {
  readonly ticket: Ticket;
  readonly life: TicketLife;
  readonly category: string;
  readonly categoryName: LocalisedText;
  readonly account: PersonName;
  readonly openedBy: PersonName & { email: string };
  readonly assignee: PersonName | null;
  /** What it is promised, with the zone of the calendar that counts it; null where nothing is. */
  readonly promise: (TicketPromise & { readonly zone: string }) | null;
  readonly steps: readonly StepView[];
  /** Whether its newest message is news to the reader; false where nobody in particular reads. */
  readonly unread: boolean;
}

export interface StepView {
  readonly kind: StepKind;
  readonly dueAt: Date;
  readonly rule: string;
  /** Set when a hold stops the step now: until when; null when the hold has no end. */
  readonly heldUntil?: Date | null;
}

export const ticketSorts = ['updatedAt', 'createdAt', 'lastMessageAt', 'waitingSince', 'breachesAt', 'number'] as const;
export type TicketSort = (typeof ticketSorts)[number];

export interface TicketFilter {
  readonly accountId?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly statuses?: readonly TicketStatus[] | undefined;
  readonly category?: string | undefined;
  readonly priority?: Priority | undefined;
  /** A user's id, or null for tickets that nobody has taken. */
  readonly assigneeId?: string | null | undefined;
  readonly numbers?: readonly number[] | undefined;
  readonly snoozed?: boolean | undefined;
  /** False leaves closed tickets out of the active list (SPEC T10, "a setting hides them"). */
  readonly closed?: boolean | undefined;
  /** Whether the reader has seen the newest message; needs a reader. */
  readonly unread?: boolean | undefined;
  /** Tickets that somebody claimed are critical, by what became of the claim (SPEC T14). */
  readonly severities?: readonly SeverityState[] | undefined;
  /** Whether something that was promised is broken and still stands. */
  readonly breached?: boolean | undefined;
  /** Tickets with a promise that is broken before this instant: broken already, or will be if nothing happens. */
  readonly breachesBefore?: Date | undefined;
  /** Opened at this instant or later. */
  readonly createdFrom?: Date | undefined;
  /** Opened before this instant. */
  readonly createdBefore?: Date | undefined;
}

export interface TicketPage {
  readonly sort: TicketSort;
  readonly descending: boolean;
  readonly limit: number;
  /** Tickets whose promise is broken come first, the one that has been broken the longest before the others (SPEC S5). */
  readonly raises?: boolean;
  /** The last row of the page before: its sort value, or since when its promise has been broken, and its number. */
  readonly after?: { readonly raised: boolean; readonly value: string | number | null; readonly number: number } | undefined;
}

const sortColumns: Readonly<Record<TicketSort, string>> = {
  updatedAt: 't.updated_at',
  createdAt: 't.created_at',
  lastMessageAt: 't.last_message_at',
  // Tickets that wait for nobody come last in either direction's natural reading, so they sort as the far future; so does what
  // nothing is promised to.
  waitingSince: `coalesce(t.waiting_since, 'infinity'::timestamptz)`,
  breachesAt: `coalesce(t.breaches_at, 'infinity'::timestamptz)`,
  number: 't.number',
};

const viewColumns = (
  unread: string,
) => `t.*, ${unread} as unread, q.category, q.name as category_name, a.name as account_name, o.name as opener_name, o.email as opener_email, s.name as assignee_name,
  ${promiseColumn} as promise,
  (select jsonb_agg(jsonb_build_object('kind', b.kind, 'dueAt', b.due_at, 'rule', b.rule) order by b.due_at) from obligation b where b.entity = ${entitySql('t.number')}) as steps,
  ${openHolds} as holds`;
const viewJoins = `join queue q on q.id = t.queue_id join account a on a.id = t.account_id join app_user o on o.id = t.opened_by_id left join app_user s on s.id = t.assignee_id
  ${promiseJoins}`;

/** One page of tickets; one row more than the limit tells whether another page follows. */
export async function listTickets(
  em: EntityManager,
  filter: TicketFilter,
  page: TicketPage,
  at: Date,
  reader?: TicketReader,
): Promise<{ views: TicketView[]; more: boolean }> {
  // Asked for in the filter, it need not be looked up again for each row.
  const known = filter.unread === undefined ? undefined : { sql: String(filter.unread), values: [] };
  const unread = reader ? (known ?? unreadBy(reader)) : readByNobody;
  const order = orderOf(page);
  // Of a broken promise the row itself says where it stands; all others stand behind, in their order.
  const shown = page.raises ? `t.breached_at nulls last, case when t.breached_at is not null then t.number end, ${order}` : order;
  const parts = partsOf(filter, page.raises)
    .filter((part) => !(part.breached === true && page.after?.raised === false))
    .map((part) => partOf(part, page, reader));
  if (parts.length === 0) return { views: [], more: false };
  // The page is chosen on the ticket's own row first; names and next steps are looked up for its few rows only.
  const chosen = `select t.* from (${parts.map(({ sql }) => sql).join(' union all ')}) t order by ${shown} limit ?`;
  const rows = await em.execute<ViewRow[]>(`select ${viewColumns(unread.sql)} from (${chosen}) t ${viewJoins} order by ${shown}`, [
    ...unread.values,
    ...parts.flatMap(({ values }) => values),
    page.limit + 1,
  ]);
  return { views: await viewsOf(em, rows.slice(0, page.limit), at), more: rows.length > page.limit };
}

function orderOf({ sort, descending }: TicketPage): string {
  const direction = descending ? 'desc' : 'asc';
  return sort === 'number' ? `t.number ${direction}` : `${sortColumns[sort]} ${direction}, t.number ${direction}`;
}

interface SqlPart {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** As many rows of a part as the page may need of it, each part in the order of an index. */
function partOf(part: TicketFilter, page: TicketPage, reader: TicketReader | undefined): SqlPart {
  const { sql, values } = conditions(part, reader);
  const { after, sort, descending, limit } = page;
  if (page.raises && part.breached === true) {
    const raised = raisedTickets(after);
    const chosen = `select t.number from ${raised.sql} where ${sql.join(' and ')} order by t.breached_at, t.number limit ?`;
    return { sql: `(select r.* from (${chosen}) chosen join ticket r using (number))`, values: [...raised.values, ...values, limit + 1] };
  }
  if (after && !after.raised) {
    sql.push(`(${sortColumns[sort]}, t.number) ${descending ? '<' : '>'} (?::${sort === 'number' ? 'integer' : 'timestamptz'}, ?)`);
    values.push(after.value ?? 'infinity', after.number);
  }
  return { sql: `(select t.* from ticket t where ${sql.join(' and ')} order by ${orderOf(page)} limit ?)`, values: [...values, limit + 1] };
}

/** What lists are narrowed by: all of it stands in the index of broken promises. */
const raisedColumns = 'number, breached_at, status, assignee_id, queue_id, priority, snoozed_until, severity, account_id, created_at';

/**
 * Tickets with a broken promise as `t`, in their order, out of their index alone. Kept apart from what the list is narrowed by:
 * that such a ticket is open, for one, the planner does not know, and it would look for the few that it expects in their rows.
 */
function raisedTickets(after?: TicketPage['after']): SqlPart {
  const from = after?.raised ? 'and (breached_at, number) > (?::timestamptz, ?)' : '';
  return {
    sql: `(select ${raisedColumns} from ticket where breached_at is not null ${from} order by breached_at, number offset 0) t`,
    values: after?.raised ? [after.value, after.number] : [],
  };
}

/**
 * How many tickets the filter finds, counted no further than the bound.
 * @param raises as in the list that is counted, so that its indexes serve
 */
export async function countTickets(
  em: EntityManager,
  filter: TicketFilter,
  bound: number,
  reader?: TicketReader,
  raises = false,
): Promise<number> {
  const parts = partsOf(filter, raises).map((part): SqlPart => {
    const { sql, values } = conditions(part, reader);
    const tickets = raises && part.breached === true ? raisedTickets().sql : 'ticket t';
    return { sql: `(select 1 from ${tickets} where ${sql.join(' and ')} limit ?)`, values: [...values, bound] };
  });
  if (parts.length === 0) return 0;
  const [row] = await em.execute<{ total: string }[]>(
    `select count(*) as total from (${parts.map(({ sql }) => sql).join(' union all ')}) bounded`,
    parts.flatMap(({ values }) => values),
  );
  return Math.min(Number(row?.total ?? 0), bound);
}

/**
 * The filter for the active list and that for the archive, as each has indexes of its own; one of them where the other has
 * nothing to give. Where broken promises are raised the active list is in two: in the archive nothing is promised any more.
 */
function partsOf(filter: TicketFilter, raises = false): TicketFilter[] {
  return placesOf(filter).flatMap((part) => {
    if (part.archived === true) return part.breached === true ? [] : [{ ...part, breached: undefined }];
    // What is closed promises nothing any more either.
    if (!raises || part.breached !== undefined || part.statuses?.every((status) => status === 'closed')) return [part];
    return [
      { ...part, breached: true },
      { ...part, breached: false },
    ];
  });
}

function placesOf(filter: TicketFilter): TicketFilter[] {
  if (filter.numbers) return [filter];
  const archived = filter.unread === true ? false : filter.archived;
  const may = [false, true].filter(
    (inArchive) =>
      (archived ?? inArchive) === inArchive && (filter.statuses?.some((status) => (status === 'archived') === inArchive) ?? true),
  );
  return (may.length ? may : [false]).map((inArchive) => ({ ...filter, archived: inArchive }));
}

/** One ticket; of another account's it knows nothing. */
export async function findTicket(
  em: EntityManager,
  number: number,
  at: Date,
  accountId?: string,
  reader?: TicketReader,
): Promise<TicketView | undefined> {
  const { views } = await listTickets(em, { numbers: [number], accountId }, { sort: 'number', descending: false, limit: 1 }, at, reader);
  return views[0];
}

/** A ticket with what only its own page shows: links within the account, in both directions, and who takes part. */
export interface TicketPageView extends TicketView {
  readonly cites: readonly string[];
  readonly citedBy: readonly string[];
  readonly participants: readonly PersonName[];
  readonly outsideAddresses: readonly OutsideAddress[];
  /** Tickets that were merged into this one, and which of these merges can still be undone. */
  readonly mergedFrom: readonly { readonly number: string; readonly undoable: boolean }[];
  /** Set when it was merged into another: whether that can still be undone. */
  readonly mergeUndoable: boolean;
  /** What is counted of its clocks now. */
  readonly clockCounts: readonly ClockCount[];
}

/** What a calendar says of a clock at this moment. */
export interface ClockCount {
  readonly kind: ClockKind;
  /** Working time that is left. */
  readonly leftMs: number;
  /** Years of which its calendar knows no days off, and by which its deadline was counted all the same. */
  readonly unknownYears: readonly number[];
}

/** One ticket with its page's particulars, in one query; of another account's it knows nothing. */
export async function findTicketPage(
  em: EntityManager,
  number: number,
  at: Date,
  accountId?: string,
  reader?: TicketReader,
): Promise<TicketPageView | undefined> {
  const unread = reader ? unreadBy(reader) : readByNobody;
  const [row] = await em.execute<(ViewRow & PageColumns)[]>(
    `select ${viewColumns(unread.sql)},
        (select jsonb_agg(l.to_number order by l.to_number) from ticket_link l where l.from_number = t.number) as cites,
        (select jsonb_agg(l.from_number order by l.from_number) from ticket_link l where l.to_number = t.number) as cited_by,
        (select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
          from ticket_participant tp join app_user u on u.id = tp.user_id where tp.ticket_number = t.number) as participants,
        (select jsonb_agg(jsonb_build_object('id', oa.id, 'address', oa.address, 'name', oa.name, 'addedBy', jsonb_build_object('id', u.id, 'name', u.name),
            'addedAt', oa.added_at) order by oa.added_at, oa.id)
          from ticket_outside_address oa join app_user u on u.id = oa.added_by_id where oa.ticket_number = t.number and oa.removed_at is null) as outside,
        (select jsonb_agg(jsonb_build_object('number', f.number, 'undoable', ${mergeCanBeUndone('f.number')}) order by f.number)
          from ticket f where f.merged_into = t.number) as merged_from,
        t.merged_into is not null and ${mergeCanBeUndone('t.number')} as merge_undoable
      from ticket t ${viewJoins} where t.number = ? ${accountId === undefined ? '' : 'and t.account_id = ?'}`,
    [...unread.values, number, ...(accountId === undefined ? [] : [accountId])],
  );
  if (!row) return undefined;
  const { cites, cited_by, participants, outside, merged_from, merge_undoable, ...columns } = row;
  const [view] = await viewsOf(em, [columns], at);
  return {
    ...view!,
    clockCounts: await countClocks(em, view!.life, at),
    cites: (cites ?? []).map(spellTicketNumber),
    citedBy: (cited_by ?? []).map(spellTicketNumber),
    participants: participants ?? [],
    outsideAddresses: (outside ?? []).map((one) => ({ ...one, addedAt: new Date(one.addedAt) })),
    mergedFrom: (merged_from ?? []).map(({ number: from, undoable }) => ({ number: spellTicketNumber(from), undoable })),
    mergeUndoable: merge_undoable,
  };
}

interface PageColumns {
  cites: number[] | null;
  cited_by: number[] | null;
  participants: PersonName[] | null;
  outside: (Omit<OutsideAddress, 'addedAt'> & { addedAt: string })[] | null;
  merged_from: { number: number; undoable: boolean }[] | null;
  merge_undoable: boolean;
}

/** The subselect that a list without a reader is read with. */
const readByNobody = { sql: 'false', values: [] };

function conditions(filter: TicketFilter, reader: TicketReader | undefined): { sql: string[]; values: unknown[] } {
  const sql = ['true'];
  const values: unknown[] = [];
  const add = (condition: string, ...given: unknown[]) => {
    sql.push(condition);
    values.push(...given);
  };
  if (filter.accountId !== undefined) add('t.account_id = ?', filter.accountId);
  if (filter.archived !== undefined) add(filter.archived ? `t.status = 'archived'` : `t.status <> 'archived'`);
  if (filter.closed === false) add(`t.status <> 'closed'`);
  // Spelled out, as only of one state by itself the planner knows that its index is in order.
  if (filter.statuses) add(`t.status in (${filter.statuses.map((status) => `'${status}'`).join(', ') || 'null'})`);
  if (filter.category !== undefined) add('t.queue_id = (select q.id from queue q where q.category = ?)', filter.category);
  if (filter.priority !== undefined) add('t.priority = ?', filter.priority);
  if (filter.assigneeId === null) add('t.assignee_id is null');
  else if (filter.assigneeId !== undefined) add('t.assignee_id = ?', filter.assigneeId);
  if (filter.numbers) add('t.number = any(?::integer[])', `{${filter.numbers.join(',')}}`);
  if (filter.snoozed !== undefined) add(filter.snoozed ? 't.snoozed_until is not null' : 't.snoozed_until is null');
  // Spelled out, as only then the planner sees that the index of open claims has them all.
  if (filter.severities) add(`t.severity in (${filter.severities.map((state) => `'${state}'`).join(', ')})`);
  if (filter.breached !== undefined) add(filter.breached ? 't.breached_at is not null' : 't.breached_at is null');
  // What is broken already is broken before any instant to come; a list that raises it asks for it by itself.
  if (filter.breachesBefore && filter.breached !== true)
    add(`(${filter.breached === false ? '' : 't.breached_at is not null or '}${sortColumns.breachesAt} < ?)`, filter.breachesBefore);
  if (filter.createdFrom) add('t.created_at >= ?', filter.createdFrom);
  if (filter.createdBefore) add('t.created_at < ?', filter.createdBefore);
  if (filter.unread !== undefined && reader) {
    const unread = unreadBy(reader);
    add(filter.unread ? unread.sql : `not ${unread.sql}`, ...unread.values);
  }
  return { sql, values };
}

type ViewRow = Record<string, unknown> & {
  unread: boolean;
  category: string;
  category_name: LocalisedText;
  account_id: string;
  account_name: string;
  opened_by_id: string;
  opener_name: string;
  opener_email: string;
  assignee_id: string | null;
  assignee_name: string | null;
  promise: TicketPromise | null;
  steps: { kind: StepKind; dueAt: string; rule: string }[] | null;
  holds: StoredHolds;
};

async function viewsOf(em: EntityManager, rows: readonly ViewRow[], at: Date): Promise<TicketView[]> {
  const used = rows.flatMap(({ promise }) => (promise ? [{ ref: promise.calendar, hours: null }] : []));
  const calendarOf = await calendarsOf(em, used);
  return rows.map((row) => viewOf(em, row, ({ calendar }) => calendarOf(calendar, null).zone, at));
}

function viewOf(em: EntityManager, row: ViewRow, zoneOf: (promise: TicketPromise) => string, at: Date): TicketView {
  const { unread, category, category_name, account_name, opener_name, opener_email, assignee_name, promise, steps, holds, ...columns } =
    row;
  const ticket = em.map(Ticket, columns as never);
  return {
    ticket,
    life: lifeOf(ticket),
    unread,
    category,
    categoryName: category_name,
    account: { id: row.account_id, name: account_name },
    openedBy: { id: row.opened_by_id, name: opener_name, email: opener_email },
    assignee: row.assignee_id ? { id: row.assignee_id, name: assignee_name ?? '' } : null,
    promise: promise && { ...promise, zone: zoneOf(promise) },
    steps: (steps ?? []).map((step) => {
      const until = heldUntil(
        readHolds(holds),
        { kind: step.kind, entity: ticketEntity(spellTicketNumber(ticket.number)), accountId: row.account_id, queueId: ticket.queueId },
        at,
      );
      return { ...step, dueAt: new Date(step.dueAt), ...(until === undefined ? {} : { heldUntil: until }) };
    }),
  };
}

async function countClocks(em: EntityManager, { clocks }: TicketLife, at: Date): Promise<ClockCount[]> {
  const running = [clocks.response, clocks.fix].filter((clock): clock is ServiceClock => clock !== null);
  const calendarOf = await calendarsOf(
    em,
    running.map(({ calendar, hours }) => ({ ref: calendar, hours })),
  );
  return running.map((clock) => ({
    kind: clock.kind,
    leftMs: leftMs(clock, { calendarOf }, at),
    unknownYears: clock.dueAt ? calendarOf(clock.calendar, clock.hours).unknownYears(clock.from, clock.dueAt) : [],
  }));
}

export interface MessageView {
  readonly id: string;
  readonly author: PersonName;
  readonly side: 'customer' | 'staff';
  readonly visibility: 'public' | 'internal';
  readonly nextStepBy: 'customer' | 'staff' | null;
  readonly channel: Channel;
  readonly body: string;
  readonly createdAt: Date;
  /** Who of the staff wrote it down for the author; null when he wrote himself. */
  readonly enteredBy: PersonName | null;
  /** The ticket it was first written in, when a merge or a split brought it here. */
  readonly fromNumber: number | null;
  readonly attachments: readonly AttachmentView[];
  /** What the customer told of the fault's surroundings. */
  readonly diagnostics: Diagnostics | null;
}

/** The conversation, oldest first unless asked otherwise; notes only for staff. */
export async function listMessages(
  em: EntityManager,
  number: number,
  withNotes: boolean,
  window: Window & { readonly newestFirst?: boolean },
): Promise<{ items: MessageView[]; more: boolean }> {
  const rows = await em.execute<
    (Omit<MessageView, 'author' | 'createdAt' | 'attachments'> & {
      authorId: string;
      authorName: string;
      createdAt: string;
      attachments: AttachmentView[] | null;
    })[]
  >(
    `select m.id, m.author_id as "authorId", u.name as "authorName", m.author_side as side, m.visibility, m.next_step_by as "nextStepBy", m.channel, m.body, m.created_at as "createdAt",
        case when e.id is not null then jsonb_build_object('id', e.id, 'name', e.name) end as "enteredBy", m.from_number as "fromNumber",
        ${attachmentsColumn}, ${diagnosticsColumn}
      from message m join app_user u on u.id = m.author_id left join app_user e on e.id = m.entered_by_id
      where m.ticket_number = ? ${withNotes ? '' : `and m.visibility = 'public'`} ${window.after ? `and (m.created_at, m.id) ${window.newestFirst ? '<' : '>'} (?::timestamptz, ?)` : ''}
      order by ${window.newestFirst ? 'm.created_at desc, m.id desc' : 'm.created_at, m.id'} limit ?`,
    [number, ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  const items = rows.map(({ authorId, authorName, createdAt, attachments, ...message }) => ({
    ...message,
    attachments: attachments ?? [],
    author: { id: authorId, name: authorName },
    createdAt: new Date(createdAt),
  }));
  return { items: items.slice(0, window.limit), more: items.length > window.limit };
}

export interface EventView {
  readonly id: string;
  readonly at: Date;
  readonly kind: TicketEventKind;
  readonly actorSide: 'customer' | 'staff' | 'time';
  readonly actor: PersonName | null;
  readonly channel: Channel;
  readonly visibility: 'public' | 'internal';
  readonly data: Readonly<Record<string, string | null>>;
}

/** The ticket's history, oldest first unless asked otherwise; what only staff do among themselves is for staff (SPEC T19). */
export async function listEvents(
  em: EntityManager,
  number: number,
  withInternal: boolean,
  window: Window & { readonly newestFirst?: boolean },
): Promise<{ items: EventView[]; more: boolean }> {
  const rows = await em.execute<(Omit<EventView, 'actor' | 'at'> & { actorId: string | null; actorName: string | null; at: string })[]>(
    `select e.id, e.at, e.kind, e.actor_side as "actorSide", e.actor_id as "actorId", u.name as "actorName", e.channel, e.visibility, e.data
      from ticket_event e left join app_user u on u.id = e.actor_id
      where e.ticket_number = ? ${withInternal ? '' : `and e.visibility = 'public'`} ${window.after ? `and (e.at, e.id) ${window.newestFirst ? '<' : '>'} (?::timestamptz, ?)` : ''}
      order by ${window.newestFirst ? 'e.at desc, e.id desc' : 'e.at, e.id'} limit ?`,
    [number, ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  const items = rows.map(({ actorId, actorName, at, ...event }) => ({
    ...event,
    at: new Date(at),
    actor: actorId ? { id: actorId, name: actorName ?? '' } : null,
  }));
  return { items: items.slice(0, window.limit), more: items.length > window.limit };
}
