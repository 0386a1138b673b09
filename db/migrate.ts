/**
 * The migration process: brings the database to the schema of this version and ends. With KONTOR_DATABASE_ADMIN_URL it
 * makes roles and database first, so that it is also the installation. Two at once wait for each other.
 */
import { configOrExit } from '../config.ts';
import { migrateDatabase } from './migration-run.ts';
import { provisionDatabase } from './provision.ts';

const config = configOrExit();
const ownerUrl = config.KONTOR_DATABASE_OWNER_URL;
if (!ownerUrl) {
  process.stderr.write('Kontor cannot migrate: KONTOR_DATABASE_OWNER_URL is missing.\n');
  process.exit(78);
}
try {
  if (config.KONTOR_DATABASE_ADMIN_URL) await provisionDatabase(config.KONTOR_DATABASE_ADMIN_URL, ownerUrl, config.KONTOR_DATABASE_URL);
  const applied = await migrateDatabase(ownerUrl);
  process.stdout.write(applied.length ? `Migrated: ${applied.join(', ')}.\n` : 'The database is up to date.\n');
} catch (error) {
  process.stderr.write(`The migration failed and changed nothing: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
