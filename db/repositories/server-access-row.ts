/** Accesses to servers as they are read and ended (SPEC T17). Nothing here reads a secret. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { customerRule, type CustomerRole } from '../../domain/permissions.ts';
import type { AccessEnding, AccessLife, AccessWay } from '../../domain/server-access.ts';
import type { SealedPlace } from '../vault.ts';
import type { Window } from '../window.ts';
import { tellHistory, type Deed } from './ticket-deed.ts';
import type { PersonName } from './ticket-reads.ts';

/** Who may grant and end an access, and must therefore hear what becomes of it. */
export const grantingRoles: readonly CustomerRole[] = customerRule('server_access.grant').roles;

/** Where an access's secret lies, as its seal names it. */
export function sealedSecret(id: string): SealedPlace {
  return { table: 'server_access', row: id, field: 'secret' };
}

/** One look at a secret. */
export interface AccessViewing {
  readonly id: string;
  readonly by: PersonName;
  readonly reason: string;
  readonly at: Date;
}

export interface AccessView {
  readonly id: string;
  readonly ticketNumber: number;
  readonly accountId: string;
  readonly address: string;
  readonly sshPort: number;
  readonly way: AccessWay;
  readonly login: string;
  readonly grantedBy: PersonName;
  readonly endedBy: AccessEnding | null;
  readonly endedByPerson: PersonName | null;
  readonly life: AccessLife;
  readonly viewCount: number;
  /** The newest of them. */
  readonly views: readonly AccessViewing[];
}

interface AccessRow {
  id: string;
  ticket_number: number;
  account_id: string;
  address: string;
  ssh_port: number;
  way: AccessWay;
  login: string;
  granted_by: PersonName;
  granted_at: string;
  ends_at: string;
  ended_at: string | null;
  ended_by: AccessEnding | null;
  ended_by_person: PersonName | null;
  view_count: string;
  views: StoredViewing[] | null;
}

interface StoredViewing {
  id: string;
  by: PersonName;
  reason: string;
  at: string;
}

/** Views that are shown beside an access; the rest are read page by page. */
const viewsShown = 20;

const named = (user: string) => `(select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${user})`;
const viewing = (view: string) =>
  `jsonb_build_object('id', ${view}.id, 'by', ${named(`${view}.staff_id`)}, 'reason', ${view}.reason, 'at', ${view}.at)`;

// Every column by its name: the secret is not among them.
const columns = `s.id, s.ticket_number, s.account_id, s.address, s.ssh_port, s.way, s.login, s.granted_at, s.ends_at, s.ended_at, s.ended_by,
  ${named('s.granted_by_id')} as granted_by, ${named('s.ended_by_id')} as ended_by_person,
  (select count(*) from server_access_view v where v.server_access_id = s.id) as view_count,
  (select jsonb_agg(${viewing('v')} order by v.at desc, v.id desc)
    from (select * from server_access_view w where w.server_access_id = s.id order by w.at desc, w.id desc limit ${viewsShown}) v) as views`;

/** A ticket's accesses, the newest first; of another account's ticket none. */
export async function listAccesses(
  em: EntityManager,
  of: { readonly ticketNumber: number; readonly accountId?: string | undefined },
  window: Window,
): Promise<{ items: AccessView[]; more: boolean }> {
  const own = of.accountId === undefined ? '' : 'and s.account_id = ?';
  const after = window.after ? 'and (s.granted_at, s.id) < (?::timestamptz, ?)' : '';
  const rows = await em.execute<AccessRow[]>(
    `select ${columns} from server_access s where s.ticket_number = ? ${own} ${after} order by s.granted_at desc, s.id desc limit ?`,
    [
      of.ticketNumber,
      ...(of.accountId === undefined ? [] : [of.accountId]),
      ...(window.after ? [window.after.at, window.after.id] : []),
      window.limit + 1,
    ],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

/** Everybody who ever looked at this secret, the newest look first. */
export async function listViewings(
  em: EntityManager,
  accessId: string,
  window: Window,
): Promise<{ items: AccessViewing[]; more: boolean }> {
  const after = window.after ? 'and (v.at, v.id) < (?::timestamptz, ?)' : '';
  const rows = await em.execute<{ viewing: StoredViewing }[]>(
    `select ${viewing('v')} as viewing from server_access_view v where v.server_access_id = ? ${after} order by v.at desc, v.id desc limit ?`,
    [accessId, ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map((row) => viewingOf(row.viewing)), more: rows.length > window.limit };
}

export async function readAccess(em: EntityManager, id: string): Promise<AccessView | undefined> {
  const [row] = await em.execute<AccessRow[]>(`select ${columns} from server_access s where s.id = ?`, [id]);
  return row && viewOf(row);
}

/** Locks an access of this ticket until the transaction ends, and reads it as it is then. The ticket's row is locked before. */
export async function lockAccess(em: EntityManager, ticketNumber: number, id: string): Promise<AccessView | undefined> {
  const [locked] = await em.execute<unknown[]>('select 1 from server_access where id = ? and ticket_number = ? for no key update', [
    id,
    ticketNumber,
  ]);
  return locked === undefined ? undefined : readAccess(em, id);
}

function viewOf(row: AccessRow): AccessView {
  return {
    id: row.id,
    ticketNumber: row.ticket_number,
    accountId: row.account_id,
    address: row.address,
    sshPort: row.ssh_port,
    way: row.way,
    login: row.login,
    grantedBy: row.granted_by,
    endedBy: row.ended_by,
    endedByPerson: row.ended_by_person,
    life: {
      way: row.way,
      grantedAt: new Date(row.granted_at),
      endsAt: new Date(row.ends_at),
      endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    },
    viewCount: Number(row.view_count),
    views: (row.views ?? []).map(viewingOf),
  };
}

function viewingOf({ id, by, reason, at }: StoredViewing): AccessViewing {
  return { id, by, reason, at: new Date(at) };
}

/** Ends an access: its secret is destroyed in the same statement, and the history tells it. */
export async function endAccess(
  em: EntityManager,
  deed: Deed,
  ticket: { readonly number: number; readonly revision: number },
  access: { readonly id: string; readonly address: string },
  ending: AccessEnding,
): Promise<void> {
  await em.execute('update server_access set secret = null, ended_at = ?, ended_by = ?, ended_by_id = ? where id = ?', [
    deed.at,
    ending,
    ending === 'customer' || ending === 'staff' ? deed.by.id : null,
    access.id,
  ]);
  await tellHistory(em, deed, ticket, {
    kind: 'access_ended',
    data: { access: access.id, server: access.address, endedBy: ending },
    audited: { access: access.id, endedBy: ending },
  });
}
