/**
 * The settings of every Kontor process, read from the environment once, at start (SPEC O3).
 *
 * Each field says its default. A secret may be given as a file instead: `KONTOR_X_FILE=/run/secrets/x` sets
 * `KONTOR_X`. What is wrong stops the process with one sentence that names the variable. Only process entries
 * import this file; everything else is handed what it needs.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int()
    .min(min)
    .max(max);
const port = wholeNumber(0, 65_535);
/** An address, or a network such as `185.71.76.0/27`. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.trim().split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/database');

/** What each variable means, with its default. */
export const settings = {
  KONTOR_DATABASE_URL: postgresUrl.describe('PostgreSQL as the application role kontor_app. API and worker need it.'),
  KONTOR_DATABASE_POOL: wholeNumber(2, 100).default(10).describe('Connections each process keeps at the most.'),
  KONTOR_DATABASE_OWNER_URL: postgresUrl.optional().describe('PostgreSQL as kontor_owner. Only the migration process needs it.'),
  KONTOR_DATABASE_ADMIN_URL: postgresUrl
    .optional()
    .describe('PostgreSQL as a superuser. Only the first migration of a new server needs it: it makes the two roles and the database.'),
  KONTOR_TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'must be host:port')
    .default('127.0.0.1:7233')
    .describe('The Temporal server. It may be away: people go on working, promises are kept when it is back.'),
  KONTOR_TEMPORAL_NAMESPACE: z.string().min(1).default('kontor').describe('The Temporal namespace.'),
  KONTOR_TEMPORAL_UI_URL: z.url().optional().describe('Address of Temporal UI. With it the console links each ticket to its workflow.'),
  KONTOR_TASK_QUEUE: z
    .string()
    .min(1)
    .default('kontor')
    .describe('Task queue of the entities. Deliveries use the same name with “-deliveries”.'),
  KONTOR_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('Address the API listens on.'),
  KONTOR_HTTP_PORT: port.default(8080).describe('Port the API listens on.'),
  KONTOR_WORKER_HEALTH_PORT: port.default(8081).describe('Port of the worker’s health answers, on KONTOR_HTTP_HOST.'),
  KONTOR_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080')
    .describe('Address people reach Kontor at: links in mails and the cookie depend on it. Plain http is for loopback only.'),
  KONTOR_CONSOLE_FOLDER: z.string().min(1).default('dist/admin-ui').describe('Folder of the built console, served at /admin/.'),
  KONTOR_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must look like smtp://user:password@host:587')
    .default('smtp://127.0.0.1:1025')
    .describe('Server that takes outgoing mail.'),
  KONTOR_MAIL_FROM: z.string().min(3).max(320).default('Kontor support <support@kontor.example>').describe('Sender of outgoing mail.'),
  KONTOR_SUPPORT_CONTACT: z
    .string()
    .min(3)
    .max(200)
    .optional()
    .describe(
      'How somebody who cannot sign in reaches a person, such as an address and a telephone number. Letters about signing in say it at their foot.',
    ),
  KONTOR_SECRETS_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/i, 'must be 64 hexadecimal digits (openssl rand -hex 32), or several such keys with commas')
    .optional()
    .describe(
      'Seals what the database must not know, such as the secrets of second factors. API and worker need the same. To change it put the new key first and keep the old one behind a comma.',
    ),
  KONTOR_FILES_FOLDER: z
    .string()
    .min(1)
    .default('.kontor/files')
    .describe('Folder of the attachments, unless S3 is named. API and worker need the same one; it is made when it is not there.'),
  KONTOR_FILES_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional()
    .describe('Bucket of the attachments. With it they are in S3, or in whatever speaks its protocol, and not in the folder.'),
  KONTOR_FILES_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the S3 service; Amazon’s own when it is not set.'),
  KONTOR_FILES_S3_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket.'),
  KONTOR_FILES_S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('Who comes to S3. Needed with a bucket.'),
  KONTOR_FILES_S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('The secret that goes with it. Needed with a bucket.'),
  KONTOR_YOOKASSA_SHOP_ID: z
    .string()
    .regex(/^\d{1,20}$/, 'must be the number of a shop')
    .optional()
    .describe('The shop with YooKassa that takes the money. Without one nobody can pay; everything else works.'),
  KONTOR_YOOKASSA_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe('Its secret key. The worker needs it with a shop, nobody else does; production takes none of a test shop.'),
  KONTOR_YOOKASSA_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.yookassa.ru/v3')
    .describe('Address of the provider’s API. Production refuses plain http and this machine itself, where the simulator is.'),
  KONTOR_YOOKASSA_ADDRESSES: z
    .string()
    .refine((text) => text.split(',').every(isNetwork), {
      error: 'must be addresses and networks with commas, such as 185.71.76.0/27,2a02:5180::/32',
    })
    .default('185.71.76.0/27,185.71.77.0/27,77.75.153.0/25,77.75.154.128/25,77.75.156.11,77.75.156.35,2a02:5180::/32')
    .describe('Addresses that the provider’s notifications come from; others are turned away. Compare with its documents once a year.'),
  KONTOR_PROXY_HOPS: wholeNumber(0, 10)
    .default(0)
    .describe(
      'Reverse proxies in front of the API. The caller’s address is read so many places from the right of X-Forwarded-For; with 0 that header is not believed.',
    ),
  KONTOR_MODE: z
    .enum(['production', 'embedded'], { error: 'must be production or embedded' })
    .default('production')
    .describe('`embedded` is what npm start sets, on this machine only: sample people may sign in. Production refuses to start with them.'),
  KONTOR_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'must be debug, info, warn, error or silent' })
    .default('info')
    .describe('Least severe line that is logged.'),
  KONTOR_SHUTDOWN_SECONDS: wholeNumber(1, 600).default(20).describe('Time to finish work in hand after SIGTERM.'),
} as const;

const schema = z.object(settings).superRefine((config, context) => {
  const url = new URL(config.KONTOR_PUBLIC_URL);
  const loopback = isThisMachine(url);
  if (url.protocol === 'http:' && !loopback)
    context.addIssue({
      code: 'custom',
      path: ['KONTOR_PUBLIC_URL'],
      message: 'must be https:// unless it is this machine itself (sign-in cookies would travel in the clear)',
    });
  if (config.KONTOR_FILES_S3_BUCKET !== undefined)
    for (const name of ['KONTOR_FILES_S3_ACCESS_KEY_ID', 'KONTOR_FILES_S3_SECRET_ACCESS_KEY'] as const)
      if (config[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is missing' });
  checkPayments(config, (path, message) => context.addIssue({ code: 'custom', path: [path], message }));
  if (config.KONTOR_MODE === 'embedded' && !loopback)
    context.addIssue({ code: 'custom', path: ['KONTOR_MODE'], message: 'must be production where others can reach it' });
});

export type Config = z.infer<typeof schema>;

function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost\.?|.+\.localhost\.?|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\])$/.test(hostname);
}

/** Real people are not credited with money that never moves: neither the simulator's nor a test shop's (SPEC B11). */
function checkPayments(
  config: z.infer<z.ZodObject<typeof settings>>,
  fault: (setting: keyof typeof settings, message: string) => void,
): void {
  const { KONTOR_YOOKASSA_SHOP_ID: shop, KONTOR_YOOKASSA_SECRET: secret } = config;
  if (secret !== undefined && shop === undefined) fault('KONTOR_YOOKASSA_SHOP_ID', 'is missing');
  if (config.KONTOR_MODE === 'embedded') return;
  const url = new URL(config.KONTOR_YOOKASSA_URL);
  if (url.protocol !== 'https:') fault('KONTOR_YOOKASSA_URL', 'must be https:// in production (the secret would travel in the clear)');
  else if (isThisMachine(url)) fault('KONTOR_YOOKASSA_URL', 'must not be this machine in production: the simulator moves no money');
  if (secret?.startsWith('test_')) fault('KONTOR_YOOKASSA_SECRET', 'must not be of a test shop in production: its money is none');
}

/**
 * Parses the environment, or throws {@link ConfigError} with one line for each wrong setting.
 * Unknown `KONTOR_` variables are wrong too: they are usually a misspelling.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('KONTOR_') || value === undefined || value === '') continue;
    const setting = name.endsWith('_FILE') && !(name in settings) ? name.slice(0, -'_FILE'.length) : name;
    if (!(setting in settings)) {
      faults.push(`${name} is not a setting of Kontor`);
      continue;
    }
    try {
      given[setting] = setting === name ? value : readFileSync(value, 'utf8').trimEnd();
    } catch {
      faults.push(`${name} names a file that cannot be read: ${value}`);
    }
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    faults.push(
      ...parsed.error.issues.map(
        (issue) => `${issue.path.join('.')} ${given[String(issue.path[0])] === undefined ? 'is missing' : issue.message}`,
      ),
    );
  if (faults.length || !parsed.success) throw new ConfigError(faults);
  return parsed.data;
}

/** A setting is missing, wrong or unknown. */
export class ConfigError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(`Kontor cannot start with these settings: ${faults.join('; ')}.`);
    this.faults = faults;
  }
}

/** Where attachments are, by these settings: in the bucket when one is named. */
export function storageSettings(config: Config): {
  folder: string;
  s3?: { endpoint: string | undefined; region: string; bucket: string; accessKeyId: string; secretAccessKey: string };
} {
  const { KONTOR_FILES_S3_BUCKET: bucket, KONTOR_FILES_S3_ACCESS_KEY_ID: accessKeyId, KONTOR_FILES_S3_SECRET_ACCESS_KEY: secret } = config;
  const folder = config.KONTOR_FILES_FOLDER;
  if (bucket === undefined || accessKeyId === undefined || secret === undefined) return { folder };
  const { KONTOR_FILES_S3_ENDPOINT: endpoint, KONTOR_FILES_S3_REGION: region } = config;
  return { folder, s3: { endpoint, region, bucket, accessKeyId, secretAccessKey: secret } };
}

/** Who takes the money, as the API needs to know it: it asks him nothing itself. Undefined when nobody can pay. */
export function paymentDoor(config: Config): { provider: string; notifierNetworks: readonly string[] } | undefined {
  if (config.KONTOR_YOOKASSA_SHOP_ID === undefined) return undefined;
  return { provider: 'yookassa', notifierNetworks: config.KONTOR_YOOKASSA_ADDRESSES.split(',').map((text) => text.trim()) };
}

/** The shop, as the worker comes to it; undefined when there is none. Says so and exits with 78 when its secret is missing. */
export function shopOrExit(config: Config): { shopId: string; secret: string; url: string; takesTestMoney: boolean } | undefined {
  const { KONTOR_YOOKASSA_SHOP_ID: shopId, KONTOR_YOOKASSA_SECRET: secret, KONTOR_YOOKASSA_URL: url } = config;
  if (shopId === undefined) return undefined;
  if (secret !== undefined) return { shopId, secret, url: url.replace(/\/$/, ''), takesTestMoney: config.KONTOR_MODE === 'embedded' };
  process.stderr.write('Kontor cannot start with these settings: KONTOR_YOOKASSA_SECRET is missing, the secret key of the shop.\n');
  process.exit(78);
}

/** The key that API and worker cannot do without; says so and exits with 78 when it is missing. */
export function secretsKeyOrExit(config: Config): string {
  if (config.KONTOR_SECRETS_KEY) return config.KONTOR_SECRETS_KEY;
  process.stderr.write('Kontor cannot start with these settings: KONTOR_SECRETS_KEY is missing. Make one with: openssl rand -hex 32\n');
  process.exit(78);
}

/** Production does not run with people whose password is in the sources: says what to do and exits with 78. */
export function exitForSamplePeople(): never {
  process.stderr.write(
    'Kontor does not start: KONTOR_MODE is production, and the database has sample people, whose passwords everybody knows. Use a database that npm start did not fill, or shut these people out first: docs/runbook.md, “Sample people”.\n',
  );
  process.exit(78);
}

/** Reads the settings of this process, or says on standard error what is wrong and exits with 78 (EX_CONFIG). */
export function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
