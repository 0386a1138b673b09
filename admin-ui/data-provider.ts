import type { DataProvider, GetListParams, GetListResult } from 'react-admin';
import { orderStates } from '../domain/order.ts';
import { pendingActionStates } from '../domain/pending-action.ts';
import { quoteStates } from '../domain/quote.ts';
import { refundStates } from '../domain/refund-life.ts';
import { agreementStates } from '../domain/service-level.ts';
import { readAuditFilter, type AuditFilter } from './audit/audit-filter.ts';
import type {
  CannedReply,
  Colleague,
  ConsentWording,
  CountedPage,
  Invitation,
  Page,
  RoleTable,
  StaffCase,
  StaffMe,
  StaffMessage,
  StaffQueue,
  StaffTicket,
  StaffTicketPage,
  TicketEvent,
  WaitingChange,
} from './server/answers.ts';
import { ownDoors, type OwnDoors } from './security/own-doors.ts';
import { CursorPages } from './server/cursor-pages.ts';
import { readBack, readEarlier, type ReadBack, type ReadPage } from './server/read-back.ts';
import { request, type RequestOptions } from './server/request.ts';
import type { Wish } from './server/wish.ts';
import { readRunFilter } from './service-reports/report-filter.ts';
import type { ClockRun } from './service-reports/report-reads.ts';
import type { HeardChannel } from '../domain/ticket.ts';
import { ticketQuery } from './tickets/desk-views.ts';

interface Written {
  readonly body: string;
  readonly files?: readonly string[];
  readonly channel?: HeardChannel | undefined;
  readonly cannedReplies?: readonly string[] | undefined;
}

/** What staff may do with a ticket, as the API's addresses spell it. */
export type TicketWish =
  | ({ kind: 'reply'; nextStepBy: 'customer' | 'staff'; seenMessage?: string | undefined } & Written)
  | ({ kind: 'note' } & Written)
  | { kind: 'snooze'; until: string }
  | { kind: 'close'; reason: string | null }
  | { kind: 'take'; seenAssignee?: string | null }
  | { kind: 'return' | 'wake' | 'dismiss' | 'reopen' | 'mark_fixed' | 'resume_fix' };

/** What there is to read of a ticket's life, as the API's addresses spell it. */
export type LifePart = 'messages' | 'history';
type LifeLine = StaffMessage | TicketEvent;

/** react-admin's questions, and those that only a desk asks. */
export interface KontorDataProvider extends DataProvider, OwnDoors {
  wishOfTicket(number: string, wish: TicketWish, key: string): Promise<StaffTicketPage>;
  /** The end of a ticket's conversation or history: the newest lines, and before them whatever was read before. */
  endOfLife<Line extends LifeLine>(number: string, part: LifePart, known: ReadBack<Line> | undefined): Promise<ReadBack<Line>>;
  /** The same, with one page more of what came before. */
  earlierLife<Line extends LifeLine>(number: string, part: LifePart, known: ReadBack<Line>): Promise<ReadBack<Line>>;
  /** The reader has seen the conversation up to this message. */
  markRead(number: string, message: string): Promise<unknown>;
  cannedReplies(): Promise<CannedReply[]>;
  /** The finished text for this ticket, in the customer's language. */
  renderCannedReply(id: string, number: string): Promise<string>;
  findTicketByNumber(text: string): Promise<StaffTicket | undefined>;
  countTickets(query: Readonly<Record<string, string | boolean>>): Promise<{ total: number; exact: boolean }>;
  queues(): Promise<StaffQueue[]>;
  settleCase(id: string, key: string): Promise<void>;
  changeMe(change: Partial<Pick<StaffMe, 'locale' | 'timeZone' | 'name'>>): Promise<StaffMe>;
  /** Carries out a wish that has no verb of its own here. */
  carryOut<Answer>(wish: Wish, key: string): Promise<Answer>;
  /** Tickets of one account that are not closed, the newest message first. */
  openTicketsOf(accountId: string, limit: number): Promise<CountedPage<StaffTicket>>;
  /** Every change that waits for time, a confirmation or a second person. */
  waitingChanges(): Promise<WaitingChange[]>;
  colleagues(): Promise<Colleague[]>;
  staffInvitations(): Promise<Invitation[]>;
  roles(): Promise<RoleTable>;
  consentWordings(): Promise<ConsentWording[]>;
  auditedActions(): Promise<string[]>;
  /** The audit's lines under this filter, as a CSV file. */
  auditTable(filter: AuditFilter): Promise<string>;
}

const pages = new CursorPages();
/** A list is the same one a minute later, though "within a day" ends a minute later too. */
const beginning = new Date(0);
const longestPage = 100;
/** How much of a ticket's life is read at once: more than most tickets have, less than the longest. */
const lifePage = 50;

const unsupported = (): never => {
  throw new Error('the API has no such request');
};

export const dataProvider: KontorDataProvider = {
  getList: async (resource: string, params: GetListParams) => {
    if (resource === 'tickets') return (await listTickets(params)) as never;
    if (resource === 'clock-runs') return (await listClockRuns(params)) as never;
    const narrow = narrowing[resource];
    return (await (narrow ? listUncounted(resource, params, narrow) : listAll(resource))) as never;
  },
  getOne: async (resource, { id }) => ({ data: await request('GET', `/${resource}/${encodeURIComponent(String(id))}`) }),
  getMany: async (_resource, { ids }) => {
    const found = await request<CountedPage<StaffTicket>>('GET', '/tickets', { query: { numbers: ids.join(','), limit: longestPage } });
    return { data: found.items as never };
  },
  getManyReference: unsupported,
  create: unsupported,
  update: unsupported,
  updateMany: unsupported,
  delete: unsupported,
  deleteMany: unsupported,

  wishOfTicket: (number, wish, key) => {
    const { method, path, body } = spellWish(wish);
    return request(method, `/tickets/${encodeURIComponent(number)}${path}`, { body, key });
  },
  endOfLife: (number, part, known) => readBack(newestFirst(number, part), known),
  earlierLife: (number, part, known) => readEarlier(newestFirst(number, part), known),
  markRead: (number, message) => request('PUT', `/tickets/${encodeURIComponent(number)}/read-mark`, { body: { message } }),
  cannedReplies: async () => (await request<{ items: CannedReply[] }>('GET', '/canned-replies')).items,
  renderCannedReply: async (id, number) =>
    (await request<{ body: string }>('GET', `/canned-replies/${encodeURIComponent(id)}/rendering`, { query: { ticket: number } })).body,
  findTicketByNumber: async (text) =>
    (await request<CountedPage<StaffTicket>>('GET', '/tickets', { query: { numbers: text, limit: 1 } })).items[0],
  countTickets: async (query) => (await request<CountedPage<StaffTicket>>('GET', '/tickets', { query: { ...query, limit: 1 } })).pageInfo,
  queues: async () => (await request<Page<StaffQueue>>('GET', '/queues')).items,
  settleCase: async (id, key) => {
    await request('POST', `/cases/${encodeURIComponent(id)}/settlement`, { key });
  },
  ...ownDoors,
  changeMe: (change) => request('PATCH', '/me', { body: change }),

  carryOut: ({ method, path, body, revision }, key) => request(method, path, { body, key, revision }),
  openTicketsOf: (accountId, limit) =>
    request('GET', '/tickets', { query: { account: accountId, closed: false, sort: '-lastMessageAt', limit } }),
  waitingChanges: async () => (await readOn<WaitingChange>('/pending-actions', [], { state: 'pending' })).flatMap(({ items }) => items),
  colleagues: async () => (await request<Page<Colleague>>('GET', '/staff')).items,
  staffInvitations: async () => (await request<Page<Invitation>>('GET', '/staff-invitations')).items,
  roles: () => request('GET', '/roles'),
  consentWordings: async () => (await request<Page<ConsentWording>>('GET', '/consent-texts')).items,
  auditedActions: async () => (await request<Page<string>>('GET', '/audit/actions')).items,
  auditTable: (filter) => request('GET', '/audit/export', { query: filter }),
};

/** How the filter of a list that is not counted is asked of the API. */
const narrowing: Readonly<Record<string, (filter: Readonly<Record<string, unknown>>) => Record<string, string>>> = {
  customers: (filter) => textOf(filter, 'search'),
  'pending-actions': (filter) => (pendingActionStates.some((state) => state === filter['state']) ? textOf(filter, 'state') : {}),
  audit: readAuditFilter,
  agreements: (filter) => ({
    ...textOf(filter, 'account'),
    ...textOf(filter, 'plan'),
    ...(agreementStates.some((state) => state === filter['state']) ? textOf(filter, 'state') : {}),
  }),
  refunds: (filter) => ({
    ...textOf(filter, 'account'),
    ...textOf(filter, 'payment'),
    ...textOf(filter, 'from'),
    ...textOf(filter, 'to'),
    // Several with commas, as a report's number leads here.
    ...(String(filter['state'])
      .split(',')
      .every((state) => refundStates.some((known) => known === state))
      ? textOf(filter, 'state')
      : {}),
  }),
  orders: (filter) => ({
    ...textOf(filter, 'account'),
    ...textOf(filter, 'promoCode'),
    ...textOf(filter, 'settledFrom'),
    ...textOf(filter, 'settledTo'),
    ...(orderStates.some((state) => state === filter['state']) ? textOf(filter, 'state') : {}),
  }),
  quotes: (filter) => (quoteStates.some((state) => state === filter['state']) ? textOf(filter, 'state') : {}),
};

function textOf(filter: Readonly<Record<string, unknown>>, name: string): Record<string, string> {
  const value = filter[name];
  return typeof value === 'string' && value.trim() !== '' ? { [name]: value.trim() } : {};
}

async function listUncounted(
  resource: string,
  { pagination, filter }: GetListParams,
  narrow: (filter: Readonly<Record<string, unknown>>) => Record<string, string>,
): Promise<GetListResult> {
  const { page, perPage } = pagination ?? { page: 1, perPage: 25 };
  const query = { ...narrow((filter ?? {}) as Record<string, unknown>), limit: perPage };
  const found = await pages.read<Page<{ id: string }>>(`${resource}?${JSON.stringify(query)}`, page, (cursor) =>
    request('GET', `/${resource}`, { query: { ...query, cursor } }),
  );
  return { data: found.items, pageInfo: { hasNextPage: found.nextCursor !== null, hasPreviousPage: page > 1 } };
}

async function listTickets({ pagination, sort, filter }: GetListParams): Promise<GetListResult> {
  const { page, perPage } = pagination ?? { page: 1, perPage: 25 };
  const order = sort && sort.field !== 'id' ? `${sort.order === 'DESC' ? '-' : ''}${sort.field}` : '-lastMessageAt';
  const narrowed = (now: Date) => ticketQuery((filter ?? {}) as Record<string, unknown>, now);
  // What is found has one order, whichever the list had before.
  const fixed = { sort: 'q' in narrowed(beginning) ? '-lastMessageAt' : order, limit: perPage };
  const list = `tickets?${JSON.stringify({ ...narrowed(beginning), ...fixed })}`;
  const found = await pages.read<CountedPage<StaffTicket>>(list, page, (cursor) =>
    request('GET', '/tickets', { query: { ...narrowed(new Date()), ...fixed, cursor } }),
  );
  return {
    data: found.items,
    ...(found.pageInfo.exact ? { total: found.pageInfo.total } : {}),
    pageInfo: { hasNextPage: found.nextCursor !== null, hasPreviousPage: page > 1 },
    meta: found.pageInfo,
  };
}

/** The clocks that a number of a report is made of; of a row several fields together are the name. */
async function listClockRuns({ pagination, filter }: GetListParams): Promise<GetListResult> {
  const { page, perPage } = pagination ?? { page: 1, perPage: 50 };
  const query = { ...readRunFilter((filter ?? {}) as Record<string, unknown>), limit: perPage };
  const found = await pages.read<CountedPage<Omit<ClockRun, 'id'>>>(`clock-runs?${JSON.stringify(query)}`, page, (cursor) =>
    request('GET', '/clock-runs', { query: { ...query, cursor } }),
  );
  return {
    data: found.items.map((run) => ({ ...run, id: `${run.ticket} ${run.kind} ${run.since}` })),
    ...(found.pageInfo.exact ? { total: found.pageInfo.total } : {}),
    pageInfo: { hasNextPage: found.nextCursor !== null, hasPreviousPage: page > 1 },
    meta: found.pageInfo,
  };
}

async function listAll(resource: string): Promise<GetListResult> {
  const { items } = await request<Page<StaffCase>>('GET', `/${resource}`);
  return { data: items, total: items.length };
}

/** Pages that another follows never change, as nothing is inserted before what was said: only the last is read again. */
async function readOn<Item>(path: string, known: readonly Page<Item>[], query: RequestOptions['query'] = {}): Promise<Page<Item>[]> {
  const pagesRead = known.filter((page) => page.nextCursor !== null);
  for (;;) {
    const cursor = pagesRead.at(-1)?.nextCursor ?? undefined;
    const page = await request<Page<Item>>('GET', path, { query: { ...query, limit: longestPage, cursor } });
    pagesRead.push(page);
    if (page.nextCursor === null) return pagesRead;
  }
}

function newestFirst<Line>(number: string, part: LifePart): ReadPage<Line> {
  return (cursor) =>
    request('GET', `/tickets/${encodeURIComponent(number)}/${part}`, { query: { order: 'newest', limit: lifePage, cursor } });
}

/** What is not said is left out: the API asks for nothing that was not done. */
function spellWritten({ body, files = [], channel, cannedReplies = [] }: Written): object {
  return { body, channel, ...(files.length > 0 ? { files } : {}), ...(cannedReplies.length > 0 ? { cannedReplies } : {}) };
}

function spellWish(wish: TicketWish): { method: 'POST' | 'DELETE'; path: string; body?: object } {
  switch (wish.kind) {
    case 'reply':
      return {
        method: 'POST',
        path: '/messages',
        body: { ...spellWritten(wish), nextStepBy: wish.nextStepBy, seenMessage: wish.seenMessage },
      };
    case 'note':
      return { method: 'POST', path: '/notes', body: spellWritten(wish) };
    case 'snooze':
      return { method: 'POST', path: '/snooze', body: { until: wish.until } };
    case 'close':
      return { method: 'POST', path: '/closing', body: { reason: wish.reason } };
    case 'take':
      return { method: 'POST', path: '/assignment', body: wish.seenAssignee === undefined ? {} : { seenAssignee: wish.seenAssignee } };
    case 'return':
      return { method: 'DELETE', path: '/assignment' };
    case 'wake':
      return { method: 'DELETE', path: '/snooze' };
    case 'dismiss':
      return { method: 'POST', path: '/dismissal' };
    case 'reopen':
      return { method: 'POST', path: '/reopening' };
    case 'mark_fixed':
      return { method: 'POST', path: '/fix' };
    case 'resume_fix':
      return { method: 'POST', path: '/fix-contradiction' };
  }
}
