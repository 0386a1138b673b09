import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { Pool } from 'pg';
import { giveBackBrokenConnections } from './broken-connections.ts';
import * as entities from './entities/index.ts';
import { migrations } from './migrations/index.ts';
import { prepareOnConnections } from './prepared-statements.ts';

function onPoolCreated(pool: Pool): void {
  giveBackBrokenConnections(pool);
  prepareOnConnections(pool);
}

/**
 * How every process talks to PostgreSQL.
 * @param clientUrl the role decides what may be done: `kontor_app` for API and worker, `kontor_owner` for migrations
 * @param limits milliseconds after which the server ends what hangs; migrations have none
 */
export function databaseOptions(clientUrl: string, pool = 10, limits: Readonly<Record<string, number>> = {}): Options {
  return defineConfig({
    clientUrl,
    entities: Object.values(entities),
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, tableName: 'migration' },
    forceUtcTimezone: true,
    ignoreUndefinedInQuery: true,
    pool: { min: 0, max: pool },
    driverOptions: { connectionTimeoutMillis: 3_000, application_name: 'kontor', onPoolCreated, ...limits },
    logger: () => undefined,
  });
}
