import { join } from 'node:path';
import { startNodeProcess } from '../../dev/node-process.ts';
import type { FreshDatabase } from '../harness/fresh-database.ts';
import { until } from '../harness/until.ts';

/** Where an API process of a bench lives. */
export interface ApiPlace {
  readonly db: FreshDatabase;
  readonly port: number;
  readonly secretsKey: string;
  /** For its log, and for attachments. */
  readonly folder: string;
}

/** Works while the API runs in a process of its own, as the product starts it. */
export async function withApi<Result>({ db, port, secretsKey, folder }: ApiPlace, work: () => Promise<Result>): Promise<Result> {
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TZ: 'UTC',
    KONTOR_DATABASE_URL: db.appUrl,
    KONTOR_HTTP_PORT: String(port),
    KONTOR_PUBLIC_URL: origin,
    KONTOR_SECRETS_KEY: secretsKey,
    KONTOR_SMTP_URL: 'smtp://127.0.0.1:9',
    KONTOR_FILES_FOLDER: join(folder, 'files'),
    KONTOR_LOG_LEVEL: 'warn',
  };
  const api = await startNodeProcess({ args: ['api/main.ts'], environment, logFile: join(folder, 'api.log') });
  try {
    await until('the API is ready', async () => (await fetch(`${origin}/health/ready`)).ok, 30);
    return await work();
  } finally {
    await api.end(25_000);
  }
}
