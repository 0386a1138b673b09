/** An installation as an older version left it, so that a migration is tried on rows that people have made. */
import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { inject } from 'vitest';
import { databaseOptions } from '../../db/mikro-orm.config.ts';
import { withDatabase } from '../../db/provision.ts';
import type { FreshDatabase } from './fresh-database.ts';

/**
 * Brings the database back to the schema that it had after this migration, with the rows that it has now; what the older schema
 * has no place for is gone. What rows hold as JSON is for the caller to bring back.
 */
export async function asAfterMigration(db: FreshDatabase, migration: string): Promise<void> {
  const admin = new Client({ connectionString: withDatabase(inject('postgresAdminUrl'), db.name) });
  await admin.connect();
  try {
    await admin.query('alter schema public rename to present');
    await admin.query('create schema public authorization kontor_owner');
    const orm = await MikroORM.init(databaseOptions(db.ownerUrl, 2));
    await orm.migrator.up({ to: migration });
    await orm.close();
    await copyRows(admin);
    await admin.query('drop schema present cascade');
  } finally {
    await admin.end();
  }
}

/** Row by row as they are; what they refer to need not be there yet. */
async function copyRows(admin: Client): Promise<void> {
  await admin.query('set session_replication_role = replica');
  const { rows: tables } = await admin.query<{ name: string; columns: string }>(
    `select c.table_name as name, string_agg(quote_ident(c.column_name), ', ') as columns from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        join information_schema.columns p on p.table_schema = 'present' and p.table_name = c.table_name and p.column_name = c.column_name
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migration' and c.is_generated = 'NEVER'
      group by c.table_name`,
  );
  for (const { name } of tables) await admin.query(`truncate public.${name} cascade`);
  for (const { name, columns } of tables)
    await admin.query(`insert into public.${name} (${columns}) overriding system value select ${columns} from present.${name}`);
  const { rows: sequences } = await admin.query<{ name: string }>(
    `select p.sequencename as name from pg_sequences p join pg_sequences f using (sequencename)
      where p.schemaname = 'public' and f.schemaname = 'present' and f.last_value is not null`,
  );
  for (const { name } of sequences) await admin.query(`select setval('public.${name}', (select last_value from present.${name}))`);
}
