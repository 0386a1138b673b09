import { Client as PostgresClient } from 'pg';
import { inject } from 'vitest';
import { withDatabase } from '../../db/provision.ts';
import type { Kontor } from './kontor.ts';

/** Takes this test's database away from the application's role, and gives it back. */
export class PostgresAway {
  private readonly admin: PostgresClient;
  private readonly name: string;

  private constructor(admin: PostgresClient, name: string) {
    this.admin = admin;
    this.name = name;
  }

  static async begin(kontor: Kontor): Promise<PostgresAway> {
    const admin = new PostgresClient({ connectionString: withDatabase(inject('postgresAdminUrl'), 'postgres') });
    await admin.connect();
    await admin.query(`alter database ${kontor.db.name} connection limit 0`);
    await breakConnections(kontor);
    return new PostgresAway(admin, kontor.db.name);
  }

  async end(): Promise<void> {
    await this.admin.query(`alter database ${this.name} connection limit -1`);
    await this.admin.end();
  }
}

/** Ends the connections of the application's role to this test's database, as a server does that is shut down. */
export async function breakConnections(kontor: Kontor): Promise<void> {
  const admin = new PostgresClient({ connectionString: withDatabase(inject('postgresAdminUrl'), 'postgres') });
  await admin.connect();
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'kontor_app'`, [
    kontor.db.name,
  ]);
  await admin.end();
}
