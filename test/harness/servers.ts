/**
 * The servers of a test run, started once for all projects: a real PostgreSQL with a migrated template database, and a
 * real Temporal server. Test files get their own database and task queue from them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../../db/migration-run.ts';
import { provisionDatabase } from '../../db/provision.ts';
import { startPostgres } from '../../dev/postgres-server.ts';
import { findTemporalTestServer } from '../../dev/temporal-binaries.ts';
import { startTemporal } from '../../dev/temporal-server.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser on the test server. */
    postgresAdminUrl: string;
    temporalAddress: string;
    temporalNamespace: string;
    /** The time-skipping server's program; each scenario file starts its own. */
    temporalTestServer: string;
  }
}

export const templateDatabase = 'kontor_template';
export const namespace = 'kontor-tests';

type Provided = { postgresAdminUrl: string; temporalAddress: string; temporalNamespace: string; temporalTestServer: string };
let starting: Promise<{ provided: Provided; stop: () => Promise<void> }> | undefined;
let users = 0;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  users += 1;
  starting ??= startServers();
  const { provided, stop } = await starting;
  for (const [name, value] of Object.entries(provided)) project.provide(name as keyof Provided, value);
  return async () => {
    users -= 1;
    if (users > 0) return;
    starting = undefined;
    await stop();
  };
}

/** Starts both servers side by side; also used by bench and chaos programs, which run outside the test runner. */
export async function startServers(
  log: (line: string) => void = () => undefined,
): Promise<{ provided: Provided; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-test-'));
  const [postgres, temporal, temporalTestServer] = await Promise.all([
    startTestPostgres(join(folder, 'postgres'), log),
    startTemporal({
      inMemory: true,
      headless: true,
      port: 0,
      namespace,
      searchAttributes: { ...searchAttributeTypes },
      log,
      logFile: join(folder, 'temporal.log'),
    }),
    findTemporalTestServer(log),
    workflowBundle(),
  ]);
  return {
    provided: { postgresAdminUrl: postgres.adminUrl, temporalAddress: temporal.address, temporalNamespace: namespace, temporalTestServer },
    stop: async () => {
      await Promise.all([postgres.stop(), temporal.stop()]);
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startTestPostgres(dataFolder: string, log: (line: string) => void) {
  const postgres = await startPostgres({
    dataFolder,
    port: 0,
    log,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const urls = roleUrls(postgres.adminUrl, templateDatabase);
  await provisionDatabase(postgres.adminUrl, urls.ownerUrl, urls.appUrl);
  await migrateDatabase(urls.ownerUrl);
  const { removeCluster } = await import('../../dev/postgres-server.ts');
  return { ...postgres, remove: () => removeCluster(dataFolder) };
}

/** The two roles' addresses of a database on the test server. */
export function roleUrls(adminUrl: string, database: string): { ownerUrl: string; appUrl: string } {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  url.username = 'kontor_owner';
  url.password = 'owner-of-tests';
  const ownerUrl = url.href;
  url.username = 'kontor_app';
  url.password = 'app-of-tests';
  return { ownerUrl, appUrl: url.href };
}
