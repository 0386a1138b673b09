import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { databaseOptions } from './mikro-orm.config.ts';

/** Any number will do, as long as every version of Kontor uses the same. */
const migrationLock = 7_201_337;

/**
 * Applies what is missing, all of it or nothing, and returns the names of what was applied.
 * An advisory lock makes a second process wait, so that several may start at once.
 */
export async function migrateDatabase(ownerUrl: string): Promise<string[]> {
  const lock = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  await lock.connect();
  const orm = await MikroORM.init(databaseOptions(ownerUrl, 2));
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    const applied = await orm.migrator.up();
    return applied.map((migration) => migration.name);
  } finally {
    await orm.close();
    await lock.end();
  }
}
