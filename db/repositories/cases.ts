import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { StaffCase } from '../entities/staff-case.entity.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

/**
 * Opens a case: something that a person must look at. The same matter has one open case, however often it comes up.
 * @param matter `detail` holds ids, codes and words of ours; never personal data
 */
export async function openCase(
  em: EntityManager,
  at: Date,
  matter: { kind: string; about: string; detail: Record<string, string> },
): Promise<void> {
  await em.execute(
    'insert into staff_case (id, kind, about, detail, opened_at) values (?, ?, ?, ?::jsonb, ?) on conflict (kind, about) where settled_at is null do nothing',
    [newId('case', at), matter.kind, matter.about, JSON.stringify(matter.detail), at],
  );
}

/** Open cases, the oldest first: what has waited longest is looked at first. */
export async function listCases(em: EntityManager): Promise<StaffCase[]> {
  return em.find(StaffCase, { settledAt: null }, { orderBy: { openedAt: 'asc', id: 'asc' }, limit: 200 });
}

/** A person has looked at the case and done what it needs. */
export async function settleCase(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const at = wish.clock.now();
  const settled = await wish.em.nativeUpdate(StaffCase, { id, settledAt: null }, { settledAt: at, settledById: wish.actor.userId });
  if (!settled) return refuse('case.not_found');
  await auditWish(wish, 'case.settle', `case:${id}`, at);
  return { id };
}
