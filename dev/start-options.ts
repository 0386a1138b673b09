/** What `npm start` can be told, and what it makes of it. Everything else is a setting of config.ts. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

/** The ports of one copy on 127.0.0.1. A second copy on the machine moves them all with --port-offset. */
export const defaultPorts = {
  http: 8080,
  workerHealth: 8081,
  paymentSimulator: 8090,
  mailboxWeb: 8025,
  smtp: 1025,
  temporal: 7233,
  temporalUi: 8233,
  postgres: 54320,
} as const;

export type Ports = Record<keyof typeof defaultPorts, number>;

/** What each port is for, and how to move it, as said to a person who finds it busy. */
export const portPurposes: Record<keyof Ports, { purpose: string; setting: string }> = {
  http: { purpose: 'console and API', setting: 'KONTOR_HTTP_PORT, or move all with “npm start -- --port-offset 100”' },
  workerHealth: {
    purpose: 'the worker’s health answers',
    setting: 'KONTOR_WORKER_HEALTH_PORT, or move all with “npm start -- --port-offset 100”',
  },
  paymentSimulator: { purpose: 'the payment simulator', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
  mailboxWeb: { purpose: 'the mailbox page', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
  smtp: { purpose: 'the mailbox (SMTP)', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
  temporal: { purpose: 'the Temporal server', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
  temporalUi: { purpose: 'the Temporal UI', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
  postgres: { purpose: 'PostgreSQL', setting: '“npm start -- --port-offset 100” (it moves all of Kontor’s ports)' },
};

export interface StartOptions {
  ports: Ports;
  dataFolder: string;
  help: boolean;
}

/** The clone this file is in: where the children run. */
export const cloneFolder = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export const startUsage = `npm start -- [--port-offset NUMBER] [--data-folder FOLDER]

  --port-offset NUMBER   added to every port (default 0): console and API 8080, worker health 8081, payment
                         simulator 8090, mailbox 8025, SMTP 1025, Temporal 7233, Temporal UI 8233, PostgreSQL 54320
  --data-folder FOLDER   where data and logs are kept (default .kontor in the clone)

The settings of config.ts may be given in the environment, but for KONTOR_DATABASE_*: it brings its own PostgreSQL.
With KONTOR_YOOKASSA_SHOP_ID and KONTOR_YOOKASSA_SECRET of a test shop of your own, the payment simulator stays away.
TEMPORAL_ADDRESS=host:port uses a Temporal server that runs already instead of starting one.
`;

/**
 * Reads the command line and the two ports that are settings of config.ts too.
 * @throws StartError with one sentence for what cannot be understood
 */
export function readStartOptions(args: string[], environment: Record<string, string | undefined>): StartOptions {
  let values: { 'port-offset'?: string; 'data-folder'?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      args,
      options: { 'port-offset': { type: 'string' }, 'data-folder': { type: 'string' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new StartError(
      `${error instanceof Error ? error.message.replace(/\.$/, '') : 'Wrong arguments'}. Usage: ${startUsage.split('\n')[0]}`,
    );
  }
  const offset = wholeNumber('--port-offset', values['port-offset']) ?? 0;
  const ports: Ports = { ...defaultPorts };
  for (const name of Object.keys(defaultPorts) as (keyof Ports)[]) ports[name] += offset;
  ports.http = wholeNumber('KONTOR_HTTP_PORT', environment.KONTOR_HTTP_PORT) ?? ports.http;
  ports.workerHealth = wholeNumber('KONTOR_WORKER_HEALTH_PORT', environment.KONTOR_WORKER_HEALTH_PORT) ?? ports.workerHealth;
  const tooHigh = Math.max(...Object.values(ports));
  if (tooHigh > 65_535) throw new StartError(`--port-offset ${offset} is too large: port ${tooHigh} does not exist (they end at 65535).`);
  for (const name of Object.keys(environment))
    if (/^KONTOR_DATABASE_(OWNER_|ADMIN_)?URL(_FILE)?$/.test(name) && environment[name])
      throw new StartError(
        `${name} cannot be set for npm start, which brings its own PostgreSQL: unset it, or run migrate, api and worker by themselves (npm run migrate, npm run api, npm run worker).`,
      );
  return { ports, dataFolder: resolve(cloneFolder, values['data-folder'] ?? '.kontor'), help: values.help === true };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535 || (number === 0 && !name.startsWith('--')))
    throw new StartError(`${name} must be a whole number ${name.startsWith('--') ? 'from 0' : 'from 1'} to 65535, not “${text}”.`);
  return number;
}
