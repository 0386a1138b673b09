/** Accounts as staff see them: a list that is searched, and one with its people. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../entities/account.entity.ts';
import { listMembers, type Member } from './members.ts';
import type { Window } from '../window.ts';

export interface CustomerView {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly city: string | null;
  readonly createdAt: Date;
  /** The owner who has been there longest. */
  readonly owner: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly users: number;
  readonly openTickets: number;
}

const view = `select a.id, a.name, a.currency, a.city, a.created_at as "createdAt",
    (select jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) from membership m join app_user u on u.id = m.user_id
      where m.account_id = a.id and m.role = 'owner' order by m.created_at, u.id limit 1) as owner,
    (select count(*)::integer from membership m where m.account_id = a.id) as users,
    (select count(*)::integer from ticket t where t.account_id = a.id and t.status not in ('closed', 'archived')) as "openTickets"
  from account a`;

/**
 * Accounts, the newest first, whose name, or whose members' name or address, hold this text, or whose id it is.
 * @param window where the page begins and how long it is
 */
export async function listCustomers(
  em: EntityManager,
  search: string | undefined,
  window: Window,
): Promise<{ items: CustomerView[]; more: boolean }> {
  const like = search === undefined ? undefined : `%${search.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
  const found = like
    ? `and (a.id = ? or a.name ilike ? or exists (select 1 from membership m join app_user u on u.id = m.user_id
        where m.account_id = a.id and (u.name ilike ? or u.email ilike ? or u.id = ?)))`
    : '';
  const rows = await em.execute<(Omit<CustomerView, 'createdAt'> & { createdAt: string })[]>(
    `${view} where true ${found} ${window.after ? 'and (a.created_at, a.id) < (?::timestamptz, ?)' : ''} order by a.created_at desc, a.id desc limit ?`,
    [...(like ? [search, like, like, like, search] : []), ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  const items = rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  return { items: items.slice(0, window.limit), more: items.length > window.limit };
}

/** One account with its members; undefined when there is none. */
export async function readCustomer(em: EntityManager, id: string): Promise<(CustomerView & { members: Member[] }) | undefined> {
  if (!(await em.count(Account, { id }))) return undefined;
  const [row] = await em.execute<(Omit<CustomerView, 'createdAt'> & { createdAt: string })[]>(`${view} where a.id = ?`, [id]);
  return row && { ...row, createdAt: new Date(row.createdAt), members: await listMembers(em, id) };
}
