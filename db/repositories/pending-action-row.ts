/** The row of a change that waits: read, locked, and written one revision further. */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  nextPendingStep,
  pendingActionEntity,
  type PendingActionHappening,
  type PendingActionLife,
  type PendingActionState,
  type PendingStepKind,
} from '../../domain/pending-action.ts';
import { PendingAction } from '../entities/pending-action.entity.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Window } from '../window.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';

/** A change as it is shown, to whom it may be shown whole. */
export interface PendingActionView {
  readonly action: PendingAction;
  readonly life: PendingActionLife;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly begunBy: { readonly id: string; readonly name: string };
  readonly approvedBy: { readonly id: string; readonly name: string } | null;
  /** What happens next by itself; `heldUntil` is set while a hold keeps it from happening, null when that hold has no end. */
  readonly next: { readonly kind: PendingStepKind; readonly dueAt: Date; readonly heldUntil?: Date | null } | null;
  /** The instant it was read at. */
  readonly at: Date;
}

/** The part of the row that `domain/pending-action` rules over. */
export function lifeOf({ kind, state, coolsUntil, lapsesAt, confirmedAt, approvedAt }: PendingAction): PendingActionLife {
  return { kind, state, coolsUntil, lapsesAt, confirmedAt, approvedAt };
}

/**
 * Holds a change's row until the transaction ends, before the person's row is: whoever needs both takes them in this order.
 * @param userId when given, a change that concerns somebody else is as unknown as one that does not exist
 */
export async function lockPendingAction(em: EntityManager, id: string, userId?: string): Promise<PendingAction | undefined> {
  const [row] = await em.execute<Record<string, unknown>[]>(
    `select * from pending_action where id = ? ${userId === undefined ? '' : 'and user_id = ?'} for no key update`,
    userId === undefined ? [id] : [id, userId],
  );
  return row && em.map(PendingAction, row as never);
}

/** A change that still waits, for whoever holds a link about it; undefined when it is settled. */
export async function waitingAction(em: EntityManager, id: string): Promise<PendingAction | undefined> {
  return (await em.findOne(PendingAction, { id, state: 'pending' })) ?? undefined;
}

/** Writes what a locked change becomes, one revision further, with its next step and what its workflow must hear. */
export async function changePendingAction(
  em: EntityManager,
  at: Date,
  action: PendingAction,
  change: Partial<PendingAction>,
  happening?: PendingActionHappening,
): Promise<PendingAction> {
  const changed = { ...action, ...change, revision: action.revision + 1 };
  const { id: _id, ...columns } = { ...change, revision: changed.revision };
  await em.nativeUpdate(PendingAction, { id: action.id }, columns);
  await planStep(em, at, changed);
  if (happening) await tellEngine(em, at, { kind: 'pending_action.happening', id: action.id, happening });
  return changed;
}

/**
 * Writes the change's next step as a row, in the account of the person's oldest membership (DESIGN, "Next steps are rows").
 * Somebody who belongs to no account any more has none there; his workflow reads the change itself.
 */
export async function planStep(em: EntityManager, at: Date, action: PendingAction): Promise<void> {
  const entity = pendingActionEntity(action.id);
  const next = nextPendingStep(lifeOf(action));
  await em.execute('delete from obligation where entity = ? and kind is distinct from ?::text', [entity, next?.kind ?? null]);
  if (!next) return;
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
      select ?, ?, m.account_id, ?, ?::timestamptz, ?, ?::integer from membership m where m.user_id = ? order by m.created_at, m.account_id limit 1
      on conflict (entity, kind) do update set due_at = excluded.due_at, rule = excluded.rule, planned_at_revision = excluded.planned_at_revision
        where (obligation.due_at, obligation.rule) is distinct from (excluded.due_at, excluded.rule)`,
    [newId('obligation', at), entity, next.kind, next.dueAt, next.rule, action.revision, action.userId],
  );
}

interface ViewRow extends Record<string, unknown> {
  user_name: string;
  user_email: string;
  begun_by_name: string;
  approved_by_name: string | null;
  step_account_id: string | null;
  holds: StoredHolds;
}

/** @param where conditions on `p`, the row of the change, and what comes after them */
async function readViews(em: EntityManager, at: Date, where: string, values: readonly unknown[]): Promise<PendingActionView[]> {
  const rows = await em.execute<ViewRow[]>(
    `select p.*, u.name as user_name, u.email as user_email, b.name as begun_by_name, a.name as approved_by_name, ${openHolds} as holds,
        (select m.account_id from membership m where m.user_id = p.user_id order by m.created_at, m.account_id limit 1) as step_account_id
      from pending_action p join app_user u on u.id = p.user_id join app_user b on b.id = p.begun_by_id
        left join app_user a on a.id = p.approved_by_id
      ${where}`,
    values,
  );
  return rows.map((row) => viewOf(em, at, row));
}

function viewOf(em: EntityManager, at: Date, row: ViewRow): PendingActionView {
  const { user_name, user_email, begun_by_name, approved_by_name, step_account_id, holds, ...columns } = row;
  const action = em.map(PendingAction, columns as never);
  const life = lifeOf(action);
  const step = nextPendingStep(life);
  const of = { entity: pendingActionEntity(action.id), accountId: step_account_id ?? '', queueId: null };
  const until = step ? heldUntil(readHolds(holds), { kind: step.kind, ...of }, at) : undefined;
  return {
    action,
    life,
    user: { id: action.userId, name: user_name, email: user_email },
    begunBy: { id: action.begunById, name: begun_by_name },
    approvedBy: action.approvedById === null ? null : { id: action.approvedById, name: approved_by_name ?? '' },
    next: step && { kind: step.kind, dueAt: step.dueAt, ...(until === undefined ? {} : { heldUntil: until }) },
    at,
  };
}

/** One change, as it is now; undefined when there is none. */
export async function readPendingAction(em: EntityManager, at: Date, id: string): Promise<PendingActionView | undefined> {
  const [view] = await readViews(em, at, 'where p.id = ?', [id]);
  return view;
}

export interface PendingActionFilter {
  readonly states?: readonly PendingActionState[];
  /** Changes that concern this person. */
  readonly userId?: string;
}

/** Changes that wait or waited, the newest first. */
export async function listPendingActions(
  em: EntityManager,
  at: Date,
  { states, userId }: PendingActionFilter,
  window: Window,
): Promise<{ items: PendingActionView[]; more: boolean }> {
  const conditions = [
    states && ['p.state = any(?::text[])', `{${states.join(',')}}`],
    userId !== undefined && ['p.user_id = ?', userId],
    window.after && ['(p.begun_at, p.id) < (?::timestamptz, ?)', window.after.at, window.after.id],
  ].filter((condition) => Array.isArray(condition));
  const where = conditions.length ? `where ${conditions.map(([sql]) => sql).join(' and ')}` : '';
  const items = await readViews(em, at, `${where} order by p.begun_at desc, p.id desc limit ?`, [
    ...conditions.flatMap(([, ...values]) => values),
    window.limit + 1,
  ]);
  return { items: items.slice(0, window.limit), more: items.length > window.limit };
}
