import { refuse, type Refusal } from '../../domain/errors.ts';
import type { StaffActor } from '../../domain/actor.ts';
import type { HoldKind, HoldScope } from '../../domain/hold.ts';
import { readTicketNumber } from '../../domain/ids.ts';
import { auditWish } from '../audit.ts';
import { Account } from '../entities/account.entity.ts';
import { HoldRow } from '../entities/hold.entity.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

export interface PlaceHold {
  readonly scope: HoldScope;
  /** Account id, or entity such as `ticket:CS-000123`; null for everything. */
  readonly scopeId: string | null;
  readonly kinds: readonly HoldKind[] | null;
  readonly reason: string;
  readonly until: Date | null;
}

/** Places a hold from now on (SPEC M3). Workflows ask before they act, so nobody needs to be told. */
export async function placeHold(wish: Wish<StaffActor>, wanted: PlaceHold): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  if (wanted.until && wanted.until <= at) return refuse('hold.until_in_past');
  if (!(await scopeExists(wish, wanted))) return refuse('hold.scope_unknown');
  const id = newId('hold', at);
  await em.insert(HoldRow, {
    id,
    scope: wanted.scope,
    scopeId: wanted.scopeId,
    kinds: wanted.kinds ? [...wanted.kinds] : null,
    reason: wanted.reason,
    fromAt: at,
    untilAt: wanted.until,
    placedById: actor.userId,
  });
  await auditWish(wish, 'hold.place', `hold:${id}`, at);
  return { id };
}

/**
 * Lifts a hold and tells every entity whose step fell due under it, so that it is taken now. One that falls due within
 * the minute is told too: its workflow may ask just before this commits, and would then wait for a hold that is gone.
 */
export async function liftHold(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const [hold] = await em.execute<{ scope: HoldScope; scope_id: string | null; lifted_at: string | null }[]>(
    'select scope, scope_id, lifted_at from hold where id = ? for update',
    [id],
  );
  if (!hold) return refuse('hold.not_found');
  if (hold.lifted_at) return refuse('hold.already_lifted');
  const at = wish.clock.now();
  await em.nativeUpdate(HoldRow, { id }, { liftedAt: at, liftedById: actor.userId });
  await auditWish(wish, 'hold.lift', `hold:${id}`, at);
  await em.execute(
    `insert into outbox (entity, message, created_at)
      select distinct o.entity, case when o.entity like 'ticket:%'
          then jsonb_build_object('kind', 'ticket.happening', 'number', substr(o.entity, 8), 'happening', 'holdLifted', 'revision', 0)
          when o.entity like 'pending-action:%'
          then jsonb_build_object('kind', 'pending_action.happening', 'id', substr(o.entity, 16), 'happening', 'holdLifted')
          else jsonb_build_object('kind', 'timed.happening', 'entity', o.entity, 'happening', 'holdLifted') end, ?::timestamptz
      from obligation o where o.due_at <= ?
        and (? = 'all' or (? = 'account' and o.account_id = ?) or (? = 'entity' and o.entity = ?))`,
    [at, new Date(at.getTime() + 60_000), hold.scope, hold.scope, hold.scope_id, hold.scope, hold.scope_id],
  );
  return { id };
}

/** Holds, the newest first; lifted ones included when asked for. */
export async function listHolds(wish: Pick<Wish, 'em'>, withLifted: boolean): Promise<HoldRow[]> {
  return wish.em.find(HoldRow, withLifted ? {} : { liftedAt: null }, { orderBy: { fromAt: 'desc', id: 'desc' }, limit: 200 });
}

async function scopeExists({ em }: Wish, { scope, scopeId }: PlaceHold): Promise<boolean> {
  if (scope === 'all') return scopeId === null;
  if (scopeId === null) return false;
  if (scope === 'account') return (await em.count(Account, { id: scopeId })) > 0;
  const number = scopeId.startsWith('ticket:') ? readTicketNumber(scopeId.slice('ticket:'.length)) : undefined;
  return number !== undefined && (await em.count(Ticket, { number })) > 0;
}
