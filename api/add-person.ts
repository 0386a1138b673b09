/**
 * Adds a person from the command line; how a new installation gets its first administrator. The password is read from
 * standard input, so that it is in no process list and no shell history.
 *
 *   npm run add-person -- staff --email oleg@company.example --name "Oleg" --role administrator
 *   npm run add-person -- customer --email anna@vega.example --name "Anna" --account "Vega Ltd"
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { configOrExit } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { addCustomer, addStaff } from '../db/repositories/people.ts';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { locales } from '../domain/locale.ts';
import { staffRoles } from '../domain/permissions.ts';
import { systemClock } from '../system-clock.ts';
import { hashPassword } from './auth/passwords.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    account: { type: 'string' },
    locale: { type: 'string', default: 'en' },
    'time-zone': { type: 'string', default: 'Europe/Moscow' },
  },
});
const [kind] = positionals;
const role = staffRoles.find((known) => known === values.role);
const locale = locales.find((known) => known === values.locale);
const emailFits = z.email().max(320).safeParse(values.email).success;
const zoneFits = values['time-zone'] === 'UTC' || Intl.supportedValuesOf('timeZone').includes(values['time-zone']);
const complete = emailFits && zoneFits && values.name && locale && ((kind === 'staff' && role) || (kind === 'customer' && values.account));
if (!complete) {
  process.stderr.write(
    `Say: staff --email … --name … --role ${staffRoles.join('|')}, or: customer --email … --name … --account … [--locale ${locales.join('|')}] [--time-zone Europe/Moscow]; the address and the zone must be real ones\n`,
  );
  process.exit(64);
}
const config = configOrExit();
if (process.stdin.isTTY) process.stderr.write('Password (at least 12 characters), then Enter: ');
let password = '';
for await (const line of createInterface({ input: process.stdin })) {
  password = line;
  break;
}
if ([...password].length < 12) {
  process.stderr.write('The password must have at least 12 characters.\n');
  process.exit(65);
}
const database = await openDatabase(config.KONTOR_DATABASE_URL, 2);
try {
  const person = {
    email: values.email!,
    name: values.name!,
    locale,
    timeZone: values['time-zone'],
    passwordHash: await hashPassword(password),
  };
  const at = systemClock.now();
  await database
    .fork()
    .transactional(async (em) => (kind === 'staff' ? addStaff(em, at, person, role!) : addCustomer(em, at, person, values.account!)));
  process.stdout.write(`${values.email} is added.\n`);
} catch (error) {
  process.stderr.write(
    error instanceof UniqueConstraintViolationException
      ? `${values.email} is taken already.\n`
      : 'Nobody was added: the database cannot be reached, or refused.\n',
  );
  process.exitCode = 1;
} finally {
  await database.close();
}
