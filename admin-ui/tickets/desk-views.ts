import { looksLikeId } from '../../domain/ids.ts';

/** The desk's saved filters: what the menu offers and what each asks the API for. */
export const deskViews = {
  mine: { query: { assignee: 'me', closed: false, snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  new: { query: { status: 'awaiting_staff', assignee: 'none', snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  waiting: { query: { status: 'awaiting_staff,in_progress', snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  active: { query: { archived: false }, sort: { field: 'lastMessageAt', order: 'DESC' } },
  snoozed: { query: { snoozed: true, archived: false }, sort: { field: 'updatedAt', order: 'DESC' } },
  archive: { query: { archived: true }, sort: { field: 'updatedAt', order: 'DESC' } },
  // What is promised, on a page of its own: every promise breaks before the end of time.
  breaching: { query: { breachesBefore: '9999-12-31T00:00:00Z' }, sort: { field: 'breachesAt', order: 'ASC' } },
  // What a search found: in one order, by the words it asked for.
  found: { query: {}, sort: { field: 'lastMessageAt', order: 'DESC' } },
} as const satisfies Record<string, DeskView>;

interface DeskView {
  readonly query: Readonly<Record<string, string | boolean>>;
  readonly sort: { readonly field: string; readonly order: 'ASC' | 'DESC' };
}

export type DeskViewName = keyof typeof deskViews;
export const deskViewNames = Object.keys(deskViews) as DeskViewName[];
/** The views of the list in the menu: a search is come to by its own field, and what breaks next has a page. */
export const menuViewNames = deskViewNames.filter(
  (name): name is Exclude<DeskViewName, 'found' | 'breaching'> => name !== 'found' && name !== 'breaching',
);

/** Which filters of the list a view leaves open; the others are what makes the view. */
export const openFilters: Readonly<Record<DeskViewName, readonly TicketFilterName[]>> = {
  mine: ['status', 'category', 'priority', 'severity', 'unread'],
  new: ['category', 'priority', 'severity'],
  waiting: ['category', 'priority', 'assignee', 'severity', 'unread'],
  active: ['status', 'category', 'priority', 'assignee', 'severity', 'unread'],
  snoozed: ['status', 'category', 'priority', 'assignee', 'severity'],
  archive: ['category', 'priority', 'assignee', 'severity'],
  breaching: ['category', 'assignee'],
  found: ['archived', 'status', 'category', 'priority', 'assignee', 'severity', 'unread'],
};

export const ticketFilterNames = ['archived', 'status', 'category', 'priority', 'assignee', 'severity', 'unread'] as const;
export type TicketFilterName = (typeof ticketFilterNames)[number];

/** How near a promise must be to its end: broken already, or within a day. */
export const deadlineFilters = ['breached', 'day'] as const;
export type DeadlineFilter = (typeof deadlineFilters)[number];

/** Views in which something may be promised, narrowed to what presses. */
const pressed: ReadonlySet<DeskViewName> = new Set(['mine', 'new', 'waiting', 'active', 'snoozed']);
const dayMilliseconds = 86_400_000;

/** Whether the view may be narrowed by how near a promise is to its end. */
export function mayPress(view: DeskViewName): boolean {
  return pressed.has(view);
}

export function deadlineOf(filter: Readonly<Record<string, unknown>>): DeadlineFilter | undefined {
  return mayPress(deskViewOf(filter)) ? deadlineFilters.find((name) => name === filter['deadline']) : undefined;
}

export function deskViewOf(filter: Readonly<Record<string, unknown>>): DeskViewName {
  const view = deskViewNames.find((name) => name === filter['view']) ?? 'active';
  // A search for nothing is no search.
  return view === 'found' && !filter['q'] ? 'active' : view;
}

/** What a link may narrow a view to, beside what the reader chooses there. */
interface Narrowed {
  readonly account?: string;
  readonly status?: string;
  readonly deadline?: DeadlineFilter;
  /** Opened from the one instant on, and before the other. */
  readonly createdFrom?: string | undefined;
  readonly createdBefore?: string | undefined;
}

/** The address of a view in the console; narrowed to one account's tickets, say, if given. */
export function deskViewAddress(name: DeskViewName, narrowed: Narrowed = {}): string {
  const { field, order } = deskViews[name].sort;
  const filter = JSON.stringify({ view: name, ...narrowed });
  return `/tickets?${new URLSearchParams({ filter, sort: field, order, page: '1', perPage: '25' }).toString()}`;
}

/** The address of what is found by these words. */
export function searchAddress(text: string): string {
  const { field, order } = deskViews.found.sort;
  const filter = JSON.stringify({ view: 'found', q: text });
  return `/tickets?${new URLSearchParams({ filter, sort: field, order, page: '1', perPage: '25' }).toString()}`;
}

/** What the list was searched for; undefined when it was not. */
export function searchTextOf(filter: Readonly<Record<string, unknown>>): string | undefined {
  const text = filter['q'];
  return deskViewOf(filter) === 'found' && typeof text === 'string' ? text : undefined;
}

/** The account whose tickets alone the list shows: every view may be narrowed to one. */
export function accountOf(filter: Readonly<Record<string, unknown>>): string | undefined {
  const account = filter['account'];
  return typeof account === 'string' && looksLikeId('account', account) ? account : undefined;
}

export const openedFilters = ['createdFrom', 'createdBefore'] as const;

/** When the list's tickets were opened, where a link has narrowed it to that: instants. */
export function openedOf(filter: Readonly<Record<string, unknown>>): Partial<Record<(typeof openedFilters)[number], string>> {
  const given = openedFilters.flatMap((name) => {
    const value = filter[name];
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as Partial<Record<(typeof openedFilters)[number], string>>;
}

/**
 * What the list's filter asks the API for.
 * @param now from which "within a day" counts
 */
export function ticketQuery(filter: Readonly<Record<string, unknown>>, now: Date): Record<string, string | boolean> {
  const view = deskViewOf(filter);
  const chosen: Record<string, string | boolean> = { ...deskViews[view].query };
  for (const name of openFilters[view]) {
    const value = filter[name];
    if (typeof value === 'string' && value !== '') chosen[name] = value;
  }
  const text = searchTextOf(filter);
  if (text !== undefined) chosen['q'] = text;
  const account = accountOf(filter);
  if (account !== undefined) chosen['account'] = account;
  Object.assign(chosen, openedOf(filter));
  const deadline = deadlineOf(filter);
  if (deadline === 'breached') chosen['breached'] = true;
  if (deadline === 'day') chosen['breachesBefore'] = new Date(now.getTime() + dayMilliseconds).toISOString();
  return chosen;
}

/** The same view, and the same search, narrowed by nothing. */
export function withoutFilters(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = searchTextOf(filter);
  return { view: deskViewOf(filter), ...(text === undefined ? {} : { q: text }) };
}
