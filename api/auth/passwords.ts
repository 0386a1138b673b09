import { hash, verify } from '@node-rs/argon2';
import { Turnstile } from './turnstile.ts';

/** Argon2id with the parameters of security.md: some 40 ms and 19 MiB a check. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const spelledParameters = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;

/** At once, whoever else may be hashing: for what runs alone. Requests go through {@link PasswordCheck}. */
export async function hashPassword(password: string): Promise<string> {
  return hash(normalised(password), parameters);
}

/** Whether the stored hash was made otherwise than we make them now; the next sign-in, which knows the password, renews it. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(spelledParameters);
}

/**
 * The form in which a password is judged, hashed and compared: keyboards of different systems write the same letter in
 * different ways (NIST SP 800-63B, 3.1.1.2).
 */
export function normalised(password: string): string {
  return password.normalize('NFKC');
}

/**
 * So many at once, so many waiting: a flood of sign-ins must not take the memory (19 MiB each) or the processor from the
 * desk. Two of the four threads of Node's pool stay free for files, names and compression.
 */
const parallelHashes = 2;
const waitingHashes = 64;

/**
 * Sign-ins that are under way at once. Each asks the database several times, some of it about the same rows as the others of
 * a flood: they must not hold all its connections while they wait for each other. Two at their questions keep the two who
 * hash company.
 */
const parallelSignIns = 4;

/** Hashing that no request asks for. */
const nobodyInParticular = '';

/**
 * Every hashing of passwords and recovery codes that a request asks for, in one line. Each says for which network: one that
 * floods us takes the places from itself.
 */
export class PasswordCheck {
  private readonly hashing = new Turnstile(parallelHashes, waitingHashes);
  private readonly signingIn = new Turnstile(parallelSignIns, waitingHashes);
  /** Stands in for an unknown user's hash, so that knowing nobody takes as long as knowing somebody. */
  private readonly nobody = hashPassword('nobody has this password');

  /**
   * A whole sign-in, in its turn.
   * @param network whom the line must be fair to (`networkOf`)
   * @returns undefined when too many wait; then nothing was asked of the database
   */
  async signIn<Result>(work: () => Promise<Result>, network: string): Promise<Result | undefined> {
    return this.signingIn.pass(network, work);
  }

  /**
   * Whether the password (or recovery code) belongs to the hash; with no hash (unknown user) it takes the same time and is
   * false.
   * @returns undefined when too many wait
   */
  async check(stored: string | undefined, password: string, network = nobodyInParticular): Promise<boolean | undefined> {
    return this.hashing.pass(network, async () => {
      const matches = await verify(stored ?? (await this.nobody), normalised(password));
      return matches && stored !== undefined;
    });
  }

  /**
   * The hash to keep of a new password.
   * @returns undefined when too many wait
   */
  async hash(password: string, network = nobodyInParticular): Promise<string | undefined> {
    return this.hashing.pass(network, () => hashPassword(password));
  }
}
