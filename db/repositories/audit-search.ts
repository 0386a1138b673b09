/** Reading the audit (SPEC I9): by person, thing, action, period; the newest first. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuditLine } from '../entities/audit-line.entity.ts';
import type { Window } from '../window.ts';

export interface AuditFilter {
  /** Who did it, or whom it was done to: a person's id. */
  readonly person?: string | undefined;
  readonly object?: string | undefined;
  /** An action, or the beginning of one: `factor.` finds `factor.set`. */
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A line with the names of the people it tells of; null where that is nobody. */
export type AuditView = Omit<AuditLine, 'actorId' | 'whom'> & {
  readonly actor: { readonly id: string; readonly name: string } | null;
  readonly whom: { readonly id: string; readonly name: string } | null;
};

interface AuditRow {
  id: string;
  at: string;
  actor_kind: AuditLine['actorKind'];
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  object: string;
  whom: string | null;
  whom_name: string | null;
  address: string | null;
  before: AuditLine['before'];
  after: AuditLine['after'];
  request_id: string | null;
}

export async function searchAudit(em: EntityManager, filter: AuditFilter, window: Window): Promise<{ items: AuditView[]; more: boolean }> {
  const { conditions, values } = spell(filter);
  const after = window.after ? 'and (l.at, l.id) < (?::timestamptz, ?)' : '';
  // Two questions by their own index each: who did it, and whom it was done to.
  const lines = (condition: string) =>
    `select l.* from audit_line l where ${condition} ${conditions} ${after} order by l.at desc, l.id desc limit ?`;
  const bound = [...values, ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1];
  const [source, given] = filter.person
    ? [`(${lines('l.actor_id = ?')}) union (${lines('l.whom = ?')})`, [filter.person, ...bound, filter.person, ...bound]]
    : [lines('true'), bound];
  const rows = await em.execute<AuditRow[]>(
    `select l.*, a.name as actor_name, w.name as whom_name from (${source}) l
        left join app_user a on a.id = l.actor_id left join app_user w on w.id = l.whom
      order by l.at desc, l.id desc limit ?`,
    [...given, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(view), more: rows.length > window.limit };
}

function spell({ object, action, from, to }: AuditFilter): { conditions: string; values: unknown[] } {
  const parts: [string, unknown][] = [];
  if (object !== undefined) parts.push(['l.object = ?', object]);
  if (action?.endsWith('.')) parts.push(['starts_with(l.action, ?)', action]);
  else if (action !== undefined) parts.push(['l.action = ?', action]);
  if (from) parts.push(['l.at >= ?', from]);
  if (to) parts.push(['l.at < ?', to]);
  return { conditions: parts.map(([condition]) => `and ${condition}`).join(' '), values: parts.map(([, value]) => value) };
}

function view(row: AuditRow): AuditView {
  const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });
  return {
    id: row.id,
    at: new Date(row.at),
    actorKind: row.actor_kind,
    actor: named(row.actor_id, row.actor_name),
    action: row.action,
    object: row.object,
    whom: named(row.whom, row.whom_name),
    address: row.address,
    before: row.before,
    after: row.after,
    requestId: row.request_id,
  };
}

/** Actions that are in the audit, for a list to choose from. */
export async function auditedActions(em: EntityManager): Promise<string[]> {
  // A walk from one action to the next over their index: the table is long, the actions are few.
  const rows = await em.execute<{ action: string }[]>(
    `with recursive actions as (
        (select action from audit_line order by action limit 1)
        union all
        select (select l.action from audit_line l where l.action > a.action order by l.action limit 1) from actions a where a.action is not null)
      select action from actions where action is not null`,
  );
  return rows.map((row) => row.action);
}
