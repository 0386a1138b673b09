import { looksLikeId } from '../../domain/ids.ts';

/** The desk's saved filters: what the menu offers and what each asks the API for. */
export const deskViews = {
  mine: { query: { assignee: 'me', closed: false, snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  new: { query: { status: 'awaiting_staff', assignee: 'none', snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  waiting: { query: { status: 'awaiting_staff,in_progress', snoozed: false }, sort: { field: 'waitingSince', order: 'ASC' } },
  active: { query: { archived: false }, sort: { field: 'lastMessageAt', order: 'DESC' } },
  snoozed: { query: { snoozed: true, archived: false }, sort: { field: 'updatedAt', order: 'DESC' } },
  archive: { query: { archived: true }, sort: { field: 'updatedAt', order: 'DESC' } },
} as const satisfies Record<string, DeskView>;

interface DeskView {
  readonly query: Readonly<Record<string, string | boolean>>;
  readonly sort: { readonly field: string; readonly order: 'ASC' | 'DESC' };
}

export type DeskViewName = keyof typeof deskViews;
export const deskViewNames = Object.keys(deskViews) as DeskViewName[];

/** Which filters of the list a view leaves open; the others are what makes the view. */
export const openFilters: Readonly<Record<DeskViewName, readonly TicketFilterName[]>> = {
  mine: ['status', 'category', 'priority', 'severity'],
  new: ['category', 'priority', 'severity'],
  waiting: ['category', 'priority', 'assignee', 'severity'],
  active: ['status', 'category', 'priority', 'assignee', 'severity'],
  snoozed: ['status', 'category', 'priority', 'assignee', 'severity'],
  archive: ['category', 'priority', 'assignee', 'severity'],
};

export const ticketFilterNames = ['status', 'category', 'priority', 'assignee', 'severity'] as const;
export type TicketFilterName = (typeof ticketFilterNames)[number];

export function deskViewOf(filter: Readonly<Record<string, unknown>>): DeskViewName {
  return deskViewNames.find((name) => name === filter['view']) ?? 'active';
}

/** The address of a view in the console; narrowed to one account's tickets, if given. */
export function deskViewAddress(name: DeskViewName, narrowed: { readonly account?: string } = {}): string {
  const { field, order } = deskViews[name].sort;
  const filter = JSON.stringify({ view: name, ...narrowed });
  return `/tickets?${new URLSearchParams({ filter, sort: field, order, page: '1', perPage: '25' }).toString()}`;
}

/** The account whose tickets alone the list shows: every view may be narrowed to one. */
export function accountOf(filter: Readonly<Record<string, unknown>>): string | undefined {
  const account = filter['account'];
  return typeof account === 'string' && looksLikeId('account', account) ? account : undefined;
}

/** What the list's filter asks the API for. */
export function ticketQuery(filter: Readonly<Record<string, unknown>>): Record<string, string | boolean> {
  const view = deskViewOf(filter);
  const chosen: Record<string, string | boolean> = { ...deskViews[view].query };
  for (const name of openFilters[view]) {
    const value = filter[name];
    if (typeof value === 'string' && value !== '') chosen[name] = value;
  }
  const account = accountOf(filter);
  if (account !== undefined) chosen['account'] = account;
  return chosen;
}
