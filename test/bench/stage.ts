/**
 * What a bench runs on: PostgreSQL as durable as in production (fsync on), Temporal on a data file, two databases of
 * the same schema on that one server, one for the product and one for the floor.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Client as PostgresClient } from 'pg';
import { migrateDatabase } from '../../db/migration-run.ts';
import { provisionDatabase } from '../../db/provision.ts';
import { removeCluster, startPostgres } from '../../dev/postgres-server.ts';
import { startTemporal } from '../../dev/temporal-server.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { roleUrls, templateDatabase } from '../harness/servers.ts';

export const benchNamespace = 'kontor-bench';

export interface Stage {
  /** Logs and profiles; removed at the end. */
  readonly folder: string;
  readonly product: FreshDatabase;
  readonly floor: FreshDatabase;
  readonly temporalAddress: string;
  readonly temporal: Client;
  /** What PostgreSQL promises of a commit, as it says itself. */
  readonly durability: string;
  stop(): Promise<void>;
}

export async function openStage(say: (line: string) => void): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
  const dataFolder = join(folder, 'postgres');
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataFolder, port: 0, log: say }),
    startTemporal({
      dataFile: join(folder, 'temporal.db'),
      headless: true,
      port: 0,
      namespace: benchNamespace,
      searchAttributes: { ...searchAttributeTypes },
      log: say,
    }),
    workflowBundle(),
  ]);
  const urls = roleUrls(postgres.adminUrl, templateDatabase);
  await provisionDatabase(postgres.adminUrl, urls.ownerUrl, urls.appUrl);
  await migrateDatabase(urls.ownerUrl);
  const product = await freshDatabase(postgres.adminUrl);
  const floor = await freshDatabase(postgres.adminUrl);
  const connection = await Connection.connect({ address: temporal.address });
  return {
    folder,
    product,
    floor,
    temporalAddress: temporal.address,
    temporal: new Client({ connection, namespace: benchNamespace }),
    durability: await durabilityOf(postgres.adminUrl),
    stop: async () => {
      await connection.close();
      await product.drop();
      await floor.drop();
      await Promise.all([temporal.stop(), postgres.stop()]);
      await removeCluster(dataFolder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function durabilityOf(adminUrl: string): Promise<string> {
  const admin = new PostgresClient({ connectionString: adminUrl });
  await admin.connect();
  const said: string[] = [];
  for (const name of ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers']) {
    const { rows } = await admin.query<Record<string, string>>(`show ${name}`);
    said.push(`${name} ${rows[0]?.[name]}`);
  }
  await admin.end();
  return said.join(', ');
}
