import { randomInt } from 'node:crypto';
import { Client } from 'pg';
import { withDatabase } from '../../db/provision.ts';
import { roleUrls, templateDatabase } from './servers.ts';

export interface FreshDatabase {
  readonly name: string;
  /** As `kontor_app`, the role of the product. */
  readonly appUrl: string;
  /** As `kontor_owner`, for tests that look behind the product's back. */
  readonly ownerUrl: string;
  /** Runs SQL as the owner. */
  query<Row extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/**
 * A database of its own, copied from the migrated template in some 50 ms. Ticket numbers begin at a random thousand,
 * as workflow ids are spelled from them and test files share one engine. The standard calendar has the same id everywhere:
 * its promise is kept only where a test has an engine of its own and says so.
 * @param databaseZone the zone that the database's sessions begin with, when it is to be another
 */
export async function freshDatabase(
  adminUrl: string,
  { standardPromises = false, databaseZone }: { readonly standardPromises?: boolean; readonly databaseZone?: string } = {},
): Promise<FreshDatabase> {
  const name = `kontor_${process.pid}_${randomInt(1e9)}`;
  await asAdmin(adminUrl, async (admin) => {
    // Copies of one template at the same moment refuse each other; the lock lines them up.
    await admin.query('select pg_advisory_lock(1)');
    await admin.query(`create database ${name} template ${templateDatabase} owner kontor_owner`);
    await admin.query(`grant connect on database ${name} to kontor_app`);
    if (databaseZone) await admin.query(`alter database ${name} set timezone to '${databaseZone}'`);
  });
  const { ownerUrl, appUrl } = roleUrls(adminUrl, name);
  const owner = new Client({ connectionString: ownerUrl });
  owner.on('error', () => undefined);
  await owner.connect();
  await owner.query(`alter sequence ticket_number_seq restart with ${1000 * randomInt(1, 2_000_000)}`);
  if (!standardPromises)
    for (const table of ['outbox', 'obligation'])
      await owner.query(`delete from ${table} where entity like 'calendar:%' or entity like 'books:%' or entity like 'statements:%'`);
  return {
    name,
    appUrl,
    ownerUrl,
    query: async <Row extends object>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as Row[],
    drop: async () => {
      await owner.end();
      await asAdmin(adminUrl, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      });
    },
  };
}

async function asAdmin(adminUrl: string, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: withDatabase(adminUrl, 'postgres') });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
