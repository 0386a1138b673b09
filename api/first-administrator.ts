/**
 * How an installation gets its first administrator: invites him and prints the link, on which he chooses his password and
 * sets up his second factor. There is no password before that, and none that anybody else has seen.
 *
 *   npm run first-administrator -- --email oleg@company.example [--locale ru]
 *
 * `--another` invites one more although there is an administrator: the way back in when none of them can sign in.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { configOrExit } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { inviteFirstAdministrator, type FirstInvitation } from '../db/repositories/first-administrator.ts';
import { readEmailAddress } from '../domain/email-address.ts';
import { locales } from '../domain/locale.ts';
import { systemClock } from '../system-clock.ts';

const options = {
  email: { type: 'string' },
  locale: { type: 'string', default: 'en' },
  another: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const asked = readArguments();
const email = readEmailAddress(asked?.email ?? '');
const locale = locales.find((known) => known === asked?.locale);
if (!asked || email === undefined || locale === undefined) {
  process.stderr.write(`Say: --email oleg@company.example [--locale ${locales.join('|')}] [--another]\n`);
  process.exit(64);
}
const config = configOrExit();
const database = await openDatabase(config.KONTOR_DATABASE_URL, 2);
try {
  const invitation = await database
    .fork()
    .transactional((em) => inviteFirstAdministrator(em, systemClock.now(), { email, another: asked.another }));
  tell(invitation, email);
} catch {
  process.stderr.write('Nobody was invited: the database cannot be reached, or is not migrated.\n');
  process.exitCode = 1;
} finally {
  await database.close();
}

function readArguments() {
  try {
    return parseArgs({ options }).values;
  } catch {
    return undefined;
  }
}

function tell(invitation: FirstInvitation, to: string): void {
  if ('refused' in invitation) {
    process.stderr.write(
      invitation.refused === 'address_taken'
        ? `${to} belongs to somebody already. Give another address, or let an administrator change that person.\n`
        : 'There is an administrator already, who can invite others in the console. If none can sign in any more, say --another.\n',
    );
    process.exitCode = 1;
    return;
  }
  const link = new URL('/links/invitation', config.KONTOR_PUBLIC_URL);
  link.searchParams.set('lang', locale!);
  // In the fragment, which browsers keep to themselves: no server log ever holds it.
  link.hash = invitation.token;
  const until = invitation.expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  process.stdout.write(`${link.href}\n`);
  process.stderr.write(
    `Open this link to become an administrator as ${to}. It is good once, until ${until} UTC; whoever has it can do so.\n`,
  );
}
