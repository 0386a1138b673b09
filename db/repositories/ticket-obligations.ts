import type { EntityManager } from '@mikro-orm/postgresql';
import type { NextStep } from '../../domain/ticket-life.ts';
import { newId } from '../new-id.ts';

/**
 * Makes the entity's rows of next steps say exactly this (DESIGN, "Next steps are rows"). A step that stays due at the
 * same instant keeps its id, so that a workflow already waiting for it acts on it without looking again.
 */
export async function replaceObligations(
  em: EntityManager,
  about: { entity: string; accountId: string; revision: number; at: Date },
  steps: readonly NextStep[],
): Promise<void> {
  if (steps.length === 0) {
    await em.execute('delete from obligation where entity = ?', [about.entity]);
    return;
  }
  const wanted = steps.map((step) => ({
    id: newId('obligation', about.at),
    kind: step.kind,
    due_at: step.dueAt.toISOString(),
    rule: step.rule,
  }));
  // One statement. The upsert may not touch what the delete touches, so the delete spares every kind still wanted.
  await em.execute(
    `with wanted as (select * from jsonb_to_recordset(?::jsonb) as w (id text, kind text, due_at timestamptz, rule text)),
      gone as (delete from obligation where entity = ? and kind not in (select kind from wanted))
    insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
      select id, ?, ?, kind, due_at, rule, ? from wanted
    on conflict (entity, kind) do update
      set id = excluded.id, due_at = excluded.due_at, rule = excluded.rule, planned_at_revision = excluded.planned_at_revision
      where (obligation.due_at, obligation.rule) is distinct from (excluded.due_at, excluded.rule)`,
    [JSON.stringify(wanted), about.entity, about.entity, about.accountId, about.revision],
  );
}
