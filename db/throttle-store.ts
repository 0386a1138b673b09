import { CompiledQuery } from 'kysely';
import type { Database } from './database.ts';
import { preparedStatement } from './prepared-statements.ts';

/** A statement as the throttling library asks it. */
interface Asked {
  /** Set for those it asks over and over, of which there are four. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What the throttling library takes for a connection to PostgreSQL. */
export interface ThrottleStore {
  query(asked: Asked): Promise<{ rows: object[]; rowCount: number }>;
}

/**
 * The table `throttle`, over our own pool: counts hold across processes (security.md). Each statement stands alone and
 * never in a wish's transaction, whose end it would wait for and whose failure would take the count back.
 */
export function throttleStore(database: Database): ThrottleStore {
  return {
    async query({ name, text, values = [] }) {
      if (name !== undefined) preparedStatement(name, text);
      const { rows, numAffectedRows } = await database
        .fork()
        .getKysely()
        .executeQuery<object>(CompiledQuery.raw(text, [...values]));
      return { rows, rowCount: Number(numAffectedRows ?? rows.length) };
    },
  };
}

/** So many rows go at once, so that a sweep after a flood stays short. */
const forgottenAtOnce = 10_000;

/** Forgets counts whose time was over before this instant. They count no more by themselves; this keeps the table small. */
export async function forgetOldCounts(database: Database, before: Date): Promise<void> {
  await database
    .fork()
    .execute('delete from throttle where ctid in (select ctid from throttle where expire < ? limit ?)', [
      before.getTime(),
      forgottenAtOnce,
    ]);
}
