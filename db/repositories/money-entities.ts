/** What the dispatcher asks of payments, refunds and audits of the books, whose workflows the engine does not know. */
import { readMoneyEntity } from '../../domain/money-entity.ts';
import type { Database } from '../database.ts';

const questions = {
  payment: `select not exists (select 1 from obligation o where o.entity = 'payment:' || p.id) as over from payment p where p.id = ?`,
  refund: `select state in ('succeeded', 'canceled', 'withdrawn') as over from refund where id = ?`,
  'provider-notice': `select handled_at is not null as over from provider_notification where id::text = ?`,
  'books-audit': `select state <> 'running' as over from books_audit where id = ?`,
} as const;

/** What starts its workflow again when the engine forgot it, and whether it is over; undefined when it never was. */
export async function stateOfMoneyEntity(
  database: Database,
  entity: string,
): Promise<{ over: boolean; opening: { kind: 'money.begun'; entity: string } } | undefined> {
  const { kind, id } = readMoneyEntity(entity)!;
  const [row] = await database.fork().execute<{ over: boolean }[]>(questions[kind], [id]);
  return row && { over: row.over, opening: { kind: 'money.begun', entity } };
}
