import type { Database } from '../database.ts';

/** Whether somebody can sign in whose password everybody knows, because it is in Kontor's sources. */
async function hasSamplePeople(database: Database): Promise<boolean> {
  const found = await database.fork().execute<unknown[]>('select 1 from app_user where is_sample and disabled_at is null limit 1');
  return found.length > 0;
}

const askAgainAfterMs = 1_000;

/**
 * Asks, before a production process does anything else, whether there are sample people, and tells when there are. While
 * PostgreSQL is away it returns, so that the process can come up, and goes on asking until it is answered: nobody signs in
 * before that either.
 */
export async function whenSamplePeople(database: Database, tell: () => void): Promise<void> {
  let found: boolean;
  try {
    found = await hasSamplePeople(database);
  } catch {
    setTimeout(() => void whenSamplePeople(database, tell), askAgainAfterMs).unref();
    return;
  }
  if (found) tell();
}
