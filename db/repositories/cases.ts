import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../new-id.ts';

/**
 * Opens a case: something that a person must look at. The same matter has one open case, however often it comes up.
 * @param matter `detail` holds ids, codes and words of ours; never personal data
 */
export async function openCase(em: EntityManager, at: Date, matter: { kind: string; about: string; detail: Record<string, string> }): Promise<void> {
  await em.execute(
    'insert into staff_case (id, kind, about, detail, opened_at) values (?, ?, ?, ?::jsonb, ?) on conflict (kind, about) where settled_at is null do nothing',
    [newId('case', at), matter.kind, matter.about, JSON.stringify(matter.detail), at],
  );
}
