import { hash, verify } from '@node-rs/argon2';

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

/** Every hashing of passwords and recovery codes that a request asks for, in one line. */
export class PasswordCheck {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Stands in for an unknown user's hash, so that knowing nobody takes as long as knowing somebody. */
  private readonly nobody = hashPassword('nobody has this password');

  /**
   * Whether the password (or recovery code) belongs to the hash; with no hash (unknown user) it takes the same time and is
   * false.
   * @returns undefined when too many wait
   */
  async check(stored: string | undefined, password: string): Promise<boolean | undefined> {
    return this.inTurn(async () => {
      const matches = await verify(stored ?? (await this.nobody), normalised(password));
      return matches && stored !== undefined;
    });
  }

  /**
   * The hash to keep of a new password.
   * @returns undefined when too many wait
   */
  async hash(password: string): Promise<string | undefined> {
    return this.inTurn(() => hashPassword(password));
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.running >= parallelHashes) {
      if (this.waiting.length >= waitingHashes) return undefined;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      // The place is handed over rather than freed, so that no newcomer can jump the line.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
