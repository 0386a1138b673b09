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

/** In order; the last 500 lines, as how it ended is what is looked for. */
export async function readMoneyTimeline(em: EntityManager, of: 'payment' | 'refund', id: string): Promise<MoneyEvent[]> {
  const rows = await em.execute<(Omit<MoneyEvent, 'at'> & { at: string })[]>(
    `select e.at, e.kind, e.by, e.data, case when u.id is null then null else jsonb_build_object('id', u.id, 'name', u.name) end as person
      from (select * from money_event where ${of}_id = ? order by id desc limit 500) e
        left join app_user u on u.id = split_part(e.by, ':', 2) order by e.id`,
    [id],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}
