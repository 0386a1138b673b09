import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { databaseOptions } from './mikro-orm.config.ts';

/** A connection pool to Kontor's database. Each request and each activity works on a fork of its own. */
export interface Database {
  /** A fresh entity manager with an empty identity map. */
  fork(): EntityManager;
  /** Whether PostgreSQL answers within the connection's time limit. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A row that a lost host keeps locked is free again after so many milliseconds, and whoever waits for it is told to try
 * again (503) before the waiting fill the pool.
 */
const limits = { statement_timeout: 15_000, lock_timeout: 8_000, idle_in_transaction_session_timeout: 10_000 } as const;

/**
 * Opens the pool without connecting: PostgreSQL may come later.
 * @param url the application role, `kontor_app`
 * @param pool connections at the most
 */
export async function openDatabase(url: string, pool: number): Promise<Database> {
  const orm = await MikroORM.init({ ...databaseOptions(url, pool, limits), connect: false } as Parameters<typeof MikroORM.init>[0]);
  const em = orm.em as EntityManager;
  return {
    fork: () => em.fork(),
    isReachable: async () => {
      try {
        await em.fork().execute('select 1');
        return true;
      } catch {
        return false;
      }
    },
    close: () => orm.close(),
  };
}
