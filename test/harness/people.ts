import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../api/auth/passwords.ts';
import { hashToken, makeApiToken } from '../../api/auth/api-tokens.ts';
import { ApiToken } from '../../db/entities/api-token.entity.ts';
import type { Database } from '../../db/database.ts';
import { newId } from '../../db/new-id.ts';
import { addCustomer, addMember, addStaff } from '../../db/repositories/people.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';
import { makeTotpSecret } from '../../api/auth/totp.ts';
import { activateFactor, beginTotp } from '../../db/repositories/factors.ts';
import type { Vault } from '../../db/vault.ts';
import { tokenScopes } from '../../domain/permissions.ts';
import type { ApiDriver } from './api-driver.ts';
import { Authenticator } from './authenticator.ts';

export const testPassword = 'an ordinary long password';
let hashed: Promise<string> | undefined;

/** Someone who uses Kontor in a test, and how he does it. */
export interface TestPerson extends ApiDriver {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface TestCustomer extends TestPerson {
  readonly accountId: string;
}

/** Staff sign in with an app (SPEC I3). */
export interface TestStaff extends TestPerson {
  readonly app: Authenticator;
}

type Drive = (token: string | undefined, tree: 'customer' | 'staff', email: string, app?: Authenticator) => Promise<ApiDriver>;

interface Wanted {
  name?: string;
  locale?: Locale;
  timeZone?: string;
}

/** Makes people behind the product's back: registration is an issue of its own. They act through the API only. */
export class People {
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly vault: Vault;
  private readonly drive: Drive;

  constructor(database: Database, vault: Vault, clock: Clock, drive: Drive) {
    this.database = database;
    this.vault = vault;
    this.clock = clock;
    this.drive = drive;
  }

  /** A customer with an account of his own, or in another's account with a role. */
  async customer(wanted: Wanted & { account?: { id: string; role: CustomerRole } } = {}): Promise<TestCustomer> {
    const at = this.clock.now();
    const person = await newPerson(wanted, 'Anna Petrova');
    const em = this.database.fork();
    let { accountId, userId } = await em.transactional((tx) => addCustomer(tx, at, person, 'Vega Ltd'));
    if (wanted.account) {
      accountId = wanted.account.id;
      await addMember(em, at, accountId, userId, wanted.account.role);
    }
    const token = await this.addToken(userId, accountId, at);
    return { ...(await this.drive(token, 'customer', person.email)), id: userId, accountId, email: person.email, name: person.name };
  }

  private async addToken(userId: string, accountId: string, at: Date): Promise<string> {
    const token = makeApiToken();
    const expiresAt = new Date(at.getTime() + 366 * 24 * 3600 * 1000);
    await this.database.fork().insert(ApiToken, {
      id: newId('apiToken', at),
      userId,
      accountId,
      name: 'test',
      tokenHash: hashToken(token),
      scopes: [...tokenScopes],
      createdAt: at,
      expiresAt,
      lastUsedAt: at,
    });
    return token;
  }

  /** Another token of this person, for the account he was a member of first. */
  async tokenFor(userId: string): Promise<ApiDriver> {
    const at = this.clock.now();
    const em = this.database.fork();
    const [membership] = await em.execute<{ account_id: string }[]>(
      'select account_id from membership where user_id = ? order by created_at, role limit 1',
      [userId],
    );
    return this.drive(await this.addToken(userId, membership!.account_id, at), 'customer', '');
  }

  /** A member of staff, signed in with his password and a code of his app. */
  async staff(wanted: Wanted & { role?: StaffRole } = {}): Promise<TestStaff> {
    const person = await newPerson(wanted, 'Oleg Sidorov');
    const id = await addStaff(this.database.fork(), this.clock.now(), person, wanted.role ?? 'support');
    const app = await this.addApp(id);
    return { ...(await this.drive(undefined, 'staff', person.email, app)), id, email: person.email, name: person.name, app };
  }

  /** Gives somebody an authenticator app, as if he had set it up. */
  async addApp(userId: string): Promise<Authenticator> {
    const secret = makeTotpSecret();
    const at = this.clock.now();
    await this.database.fork().transactional(async (em) => {
      await beginTotp(em, this.vault, at, userId, secret);
      await activateFactor(em, at, userId, 'totp');
    });
    return new Authenticator(secret, this.clock);
  }
}

async function newPerson(wanted: Wanted, name: string) {
  hashed ??= hashPassword(testPassword);
  return {
    email: `${randomBytes(6).toString('hex')}@people.example`,
    name: wanted.name ?? name,
    locale: wanted.locale ?? ('en' as const),
    timeZone: wanted.timeZone ?? 'Europe/Moscow',
    passwordHash: await hashed,
  };
}
