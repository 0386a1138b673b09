import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the parameters of security.md: some 40 ms and 19 MiB a check. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

/** So many checks at once, so many waiting: a flood of sign-ins must not take the memory or the processor from the desk. */
const parallelChecks = 2;
const waitingChecks = 64;

export class PasswordCheck {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Stands in for an unknown user's hash, so that knowing nobody takes as long as knowing somebody. */
  private readonly nobody = hashPassword('nobody has this password');

  /**
   * Whether the password belongs to the hash; with no hash (unknown user) it takes the same time and is false.
   * @returns undefined when too many checks wait
   */
  async check(stored: string | undefined, password: string): Promise<boolean | undefined> {
    if (this.running >= parallelChecks) {
      if (this.waiting.length >= waitingChecks) return undefined;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      const matches = await verify(stored ?? (await this.nobody), password);
      return matches && stored !== undefined;
    } finally {
      // The place is handed over rather than freed, so that no newcomer can jump the line.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
