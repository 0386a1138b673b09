import type { Client } from 'pg';

/**
 * Takes the indexes of these tables away, primary keys and constraints aside, as many rows are written sooner without.
 * @returns what builds those of a table again
 */
export async function dropIndexes(client: Client, tables: readonly string[]): Promise<(table: string, by: Client) => Promise<void>> {
  const { rows } = await client.query<{ tablename: string; indexname: string; indexdef: string }>(
    `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1::text[])
      and not exists (select 1 from pg_constraint where conindid = indexname::regclass)`,
    [tables],
  );
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
  return async (table, by) => {
    for (const { tablename, indexdef } of rows) if (tablename === table) await by.query(indexdef);
  };
}
