import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Database } from './database.ts';

/** Names by text: PostgreSQL keeps a prepared statement under its name, for as long as the connection lives. */
const names = new Map<string, string>();

/**
 * Declares a statement that each connection parses and plans once. Worth it for what is asked at every wish: planning the
 * statement that records a fact takes longer than running it. Its result's columns must be fixed: with `select *` a
 * migration under running processes would break it.
 * @param name unique among all such statements
 */
export function preparedStatement(name: string, text: string): string {
  names.set(text, name);
  return text;
}

/**
 * Runs a declared statement in the entity manager's transaction. The library itself writes values into the text, by which
 * no two statements are the same; here they are bound as `$1`, `$2` …
 */
export async function executePrepared<Row>(em: EntityManager, text: string, values: readonly unknown[]): Promise<Row[]> {
  const transaction = em.getTransactionContext<Transaction<unknown>>();
  if (!transaction) throw new Error('a fact is written in a transaction');
  const { rows } = await transaction.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}

/** Asks a declared question where the entity manager stands: in its transaction if there is one, else alone. */
export async function askPreparedWithin<Row>(em: EntityManager, text: string, values: readonly unknown[]): Promise<Row[]> {
  const within = em.getTransactionContext<Transaction<unknown>>() ?? em.getKysely();
  const { rows } = await within.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}

/** Asks a declared question that stands alone, outside of any transaction. */
export async function askPrepared<Row>(database: Database, text: string, values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await database
    .fork()
    .getKysely()
    .executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}

/** Lets the connections of this pool know declared statements by their text. */
export function prepareOnConnections(pool: Pool): void {
  pool.on('connect', (client: PoolClient) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: unknown[]) => {
      const [text, values] = given;
      const name = typeof text === 'string' && Array.isArray(values) ? names.get(text) : undefined;
      return name === undefined ? query(...given) : query({ name, text, values });
    }) as PoolClient['query'];
  });
}
