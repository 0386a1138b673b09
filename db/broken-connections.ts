import type { Pool, PoolClient } from 'pg';

/**
 * Gives back to the pool each connection that breaks while it is in use, and lets whatever is asked of it fail as what it
 * is: SQLSTATE 08006, connection_failure.
 *
 * Without this a connection that breaks during a transaction is never given back: the library below releases it only
 * after a COMMIT or ROLLBACK that was answered (kysely-org/kysely issue 1990). After a restart of PostgreSQL under load
 * the pool is full of dead connections, and the process is shut out for good.
 */
export function giveBackBrokenConnections(pool: Pool): void {
  pool.on('connect', nameFailures);
  // The pool gives a client its `release` right after this event, before anybody gets the client.
  pool.on('acquire', (client) => queueMicrotask(() => watch(client)));
}

function watch(client: PoolClient): void {
  const release = client.release.bind(client);
  let inUse = true;
  const giveBack = (broken?: Error | boolean) => {
    // The library, which knows nothing of this, may give it back once more.
    if (!inUse) return;
    inUse = false;
    client.off('error', broke);
    client.off('end', broke);
    release(broken);
  };
  const broke = () => giveBack(true);
  client.once('error', broke);
  client.once('end', broke);
  client.release = giveBack;
}

/** What the driver says of a connection that is gone or going; these errors of its own have no code. */
const connectionIsLost = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

function nameFailures(client: PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const named = (...given: unknown[]) => {
    const answer = query(...given);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: Error & { code?: string }) => {
      if (error.code === undefined && connectionIsLost.test(error.message)) error.code = '08006';
      throw error;
    });
  };
  client.query = named as PoolClient['query'];
}
