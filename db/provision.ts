import { Client } from 'pg';

/**
 * Makes the two roles and the database on a PostgreSQL server that has neither, and sets the roles' passwords.
 * `kontor_owner` owns the database and migrates it; `kontor_app` is what API and worker are: no ownership, no
 * superuser, no way to make a role or database. Running it again changes nothing but the passwords.
 * @param adminUrl a superuser on any database of that server
 * @param ownerUrl and @param appUrl name role, password and the database to make; both name the same database
 */
export async function provisionDatabase(adminUrl: string, ownerUrl: string, appUrl: string): Promise<void> {
  const owner = partsOf(ownerUrl);
  const app = partsOf(appUrl);
  if (owner.database !== app.database) throw new Error(`the owner's database ${owner.database} is not the application's ${app.database}`);
  await onServer(adminUrl, async (admin) => {
    await ensureRole(admin, owner);
    await ensureRole(admin, app);
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [owner.database]);
    if (!rowCount)
      await admin.query(`create database ${admin.escapeIdentifier(owner.database)} owner ${admin.escapeIdentifier(owner.role)}`);
    await admin.query(`revoke all on database ${admin.escapeIdentifier(owner.database)} from public`);
    await admin.query(`grant connect on database ${admin.escapeIdentifier(owner.database)} to ${admin.escapeIdentifier(app.role)}`);
  });
  await onServer(withDatabase(adminUrl, owner.database), async (admin) => {
    await admin.query(`alter schema public owner to ${admin.escapeIdentifier(owner.role)}`);
    await admin.query('revoke create on schema public from public');
  });
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

interface RoleAndDatabase {
  role: string;
  password: string;
  database: string;
}

function partsOf(url: string): RoleAndDatabase {
  const { username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (!username || !database) throw new Error('a database address must name its role and its database');
  return { role: decodeURIComponent(username), password: decodeURIComponent(password), database };
}

async function ensureRole(admin: Client, { role, password }: RoleAndDatabase): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rowCount ? 'alter' : 'create';
  await admin.query(
    `${verb} role ${admin.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${admin.escapeLiteral(password)}`,
  );
}

async function onServer(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
