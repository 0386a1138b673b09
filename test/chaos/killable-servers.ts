/** Servers that a fault may take away and bring back: a PostgreSQL and a Temporal of its own, each on a port that stays. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrateDatabase } from '../../db/migration-run.ts';
import { provisionDatabase } from '../../db/provision.ts';
import { freePort } from '../../dev/ports.ts';
import { removeCluster, startPostgres, type PostgresServer } from '../../dev/postgres-server.ts';
import { startTemporal, type TemporalServer } from '../../dev/temporal-server.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { roleUrls, templateDatabase } from '../harness/servers.ts';

export interface KillablePostgres {
  readonly adminUrl: string;
  /** `immediate`: as `pg_ctl -m immediate`, without a checkpoint. `kill`: the postmaster alone, its backends find out. */
  kill(how: 'immediate' | 'kill'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** With the durability of the product: what a test switches off to be quick is what this is about. */
export async function startKillablePostgres(folder: string): Promise<KillablePostgres> {
  const dataFolder = join(folder, 'postgres');
  const port = await freePort();
  const start = () => startPostgres({ dataFolder, port, log: () => undefined, settings: { max_connections: '100' } });
  let server: PostgresServer | undefined = await start();
  const urls = roleUrls(server.adminUrl, templateDatabase);
  await provisionDatabase(server.adminUrl, urls.ownerUrl, urls.appUrl);
  await migrateDatabase(urls.ownerUrl);
  return {
    adminUrl: server.adminUrl,
    kill: async (how) => {
      const killed = server!;
      server = undefined;
      process.kill(killed.pid, how === 'immediate' ? 'SIGQUIT' : 'SIGKILL');
      await killed.process.ended;
    },
    start: async () => {
      server = await start();
    },
    remove: async () => {
      await server?.stop();
      await removeCluster(dataFolder);
    },
  };
}

export interface KillableEngine {
  readonly address: string;
  readonly namespace: string;
  /** SIGKILL: it writes nothing more. */
  kill(): Promise<void>;
  /** Starts it again on its data, or, when they are lost, on none. */
  start(data: 'kept' | 'lost'): Promise<void>;
  stop(): Promise<void>;
}

export async function startKillableEngine(folder: string): Promise<KillableEngine> {
  const dataFile = join(folder, 'temporal.db');
  const port = await freePort();
  const namespace = 'kontor-chaos';
  const start = () =>
    startTemporal({ dataFile, port, headless: true, namespace, searchAttributes: { ...searchAttributeTypes }, log: () => undefined });
  let server: TemporalServer | undefined = await start();
  return {
    address: server.address,
    namespace,
    kill: async () => {
      const killed = server!;
      server = undefined;
      process.kill(killed.pid, 'SIGKILL');
      await killed.process.ended;
    },
    start: async (data) => {
      if (data === 'lost') for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${dataFile}${part}`, { force: true });
      server = await start();
    },
    stop: async () => {
      await server?.stop();
    },
  };
}
