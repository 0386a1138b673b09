/** Everything that happened to a payment or a refund, as staff read it: lines that nobody rewrites. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { PersonName } from './ticket-reads.ts';

export interface MoneyEvent {
  readonly at: Date;
  readonly kind: string;
  /** `customer:usr_…`, `staff:usr_…`, `provider` or `time`. */
  readonly by: string;
  /** Set where a person did it. */
  readonly person: PersonName | null;
  readonly data: Readonly<Record<string, string>>;
}

/** In order; no more than 500 lines. */
export async function readMoneyTimeline(em: EntityManager, of: 'payment' | 'refund', id: string): Promise<MoneyEvent[]> {
  const rows = await em.execute<(Omit<MoneyEvent, 'at'> & { at: string })[]>(
    `select e.at, e.kind, e.by, e.data, case when u.id is null then null else jsonb_build_object('id', u.id, 'name', u.name) end as person
      from money_event e left join app_user u on u.id = split_part(e.by, ':', 2) where e.${of}_id = ? order by e.id limit 500`,
    [id],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}
