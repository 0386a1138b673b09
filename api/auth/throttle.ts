import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { readEmailAddress } from '../../domain/email-address.ts';
import { linkSeconds } from '../../domain/letter.ts';
import type { Database } from '../../db/database.ts';
import { throttleStore, type ThrottleStore } from '../../db/throttle-store.ts';
import { ApiError } from '../errors.ts';
import { networkOf } from './client-address.ts';

/** So many tries within so many seconds. */
export interface Limit {
  readonly tries: number;
  readonly seconds: number;
}

const usualLimits = {
  /** Tries at one person's password from one place, or by one device he has used before. */
  signInOfOne: { tries: 10, seconds: 900 },
  /** Tries from one network address, at whomever's password. */
  signInFromNetwork: { tries: 100, seconds: 3_600 },
  /** Tries at one person's password by strangers, from wherever. */
  signInByStrangers: { tries: 100, seconds: 3_600 },
  secondFactor: { tries: 10, seconds: 900 },
  /** Letters of one kind to one address that strangers asked for. */
  mailToAddress: { tries: 5, seconds: linkSeconds },
  mailFromNetwork: { tries: 30, seconds: 3_600 },
  /** Codes mailed to one person; whoever asks for them knows his password. */
  mailedCodes: { tries: 20, seconds: 3_600 },
  /** Promo codes that one account tried and that there are none of. */
  promoCodes: { tries: 20, seconds: 3_600 },
} as const satisfies Record<string, Limit>;

export type ThrottleLimits = { readonly [name in keyof typeof usualLimits]?: Limit };

/** What people have mailed to an address by naming it. */
export type LetterForAsking = 'registration' | 'password_reset' | 'invitation' | 'email_change' | 'factor';

/** A place among the tries that are allowed. Whoever turns out to be right gives it back, and whoever was not looked at. */
export interface Place {
  readonly ok: true;
  succeeded(): Promise<void>;
  /** We were too busy to judge the try: else a busy hour would lock people out who are right. */
  notTried(): Promise<void>;
}

export interface NoPlace {
  readonly ok: false;
  /** At least 1. */
  readonly retryAfterSeconds: number;
}

/**
 * How often somebody may try (SPEC I2; security.md, throttling). Counts are in PostgreSQL and hold across processes; whoever
 * goes on far beyond his limit is answered from memory, without a query.
 *
 * A place is taken before the try is judged, by one statement that adds and tells the sum: of fifty tries at once no more
 * pass than of fifty in a row. While PostgreSQL is away every method throws what the driver throws, and nobody is let in.
 */
export class Throttle {
  private readonly signInOfOne: Bucket;
  private readonly signInFromNetwork: Bucket;
  private readonly signInByStrangers: Bucket;
  private readonly secondFactors: Bucket;
  private readonly mailToAddress: Bucket;
  private readonly mailFromNetwork: Bucket;
  private readonly mailedCodes: Bucket;
  private readonly promoCodes: Bucket;

  constructor(database: Database, limits: ThrottleLimits = {}) {
    const store = throttleStore(database);
    const bucket = (name: keyof typeof usualLimits) => new Bucket(store, name, limits[name] ?? usualLimits[name]);
    this.signInOfOne = bucket('signInOfOne');
    this.signInFromNetwork = bucket('signInFromNetwork');
    this.signInByStrangers = bucket('signInByStrangers');
    this.secondFactors = bucket('secondFactor');
    this.mailToAddress = bucket('mailToAddress');
    this.mailFromNetwork = bucket('mailFromNetwork');
    this.mailedCodes = bucket('mailedCodes');
    this.promoCodes = bucket('promoCodes');
  }

  /**
   * A try at a password, to be asked before the password is checked.
   *
   * Nobody can lock a person out: what strangers try is counted apart from what is tried by a device that has signed in
   * as this person before, and that one's count nothing else touches. From a place he has signed in from before he
   * does not share the strangers' count, though he shares his network's.
   * @param key.trusted the hash of a device known to be his, `address` where the network address is, null for a stranger
   */
  async signIn(key: { email: string; address: string; trusted: string | null }): Promise<Place | NoPlace> {
    const email = readEmailAddress(key.email) ?? key.email.trim().toLowerCase();
    const network = networkOf(key.address);
    if (key.trusted !== null && key.trusted !== 'address')
      return takePlaces([{ bucket: this.signInOfOne, key: ['device', email, key.trusted], onSuccess: 'clear' }]);
    return takePlaces([
      { bucket: this.signInOfOne, key: [key.trusted ?? 'stranger', email, network], onSuccess: 'clear' },
      { bucket: this.signInFromNetwork, key: [network], onSuccess: 'give back' },
      ...(key.trusted === null ? [{ bucket: this.signInByStrangers, key: [email], onSuccess: 'give back' } as const] : []),
    ]);
  }

  /** A try at somebody's code, by whoever knows his password. */
  async secondFactor(userId: string): Promise<Place | NoPlace> {
    return takePlaces([{ bucket: this.secondFactors, key: [userId], onSuccess: 'clear' }]);
  }

  /**
   * A letter that somebody without a proof of who he is causes to be sent.
   *
   * Strangers who use a count up keep nobody from his letter: each kind has its own, and it lasts no longer than a link is
   * good, so that whoever is refused has one in his mailbox that still stands.
   */
  async mailTo(kind: LetterForAsking, email: string, address: string): Promise<Place | NoPlace> {
    return takePlaces([
      { bucket: this.mailFromNetwork, key: [networkOf(address)], onSuccess: 'give back' },
      { bucket: this.mailToAddress, key: [kind, readEmailAddress(email) ?? email.trim().toLowerCase()], onSuccess: 'give back' },
    ]);
  }

  /** A code mailed to somebody who signs in, or who is asked for a fresh one. */
  async mailedCode(userId: string): Promise<Place | NoPlace> {
    return takePlaces([{ bucket: this.mailedCodes, key: [userId], onSuccess: 'give back' }]);
  }

  /** A promo code that is tried; who names one that there is gives the place back, so that only guessing counts. */
  async promoCode(accountId: string): Promise<Place | NoPlace> {
    return takePlaces([{ bucket: this.promoCodes, key: [accountId], onSuccess: 'give back' }]);
  }
}

/** The place that was taken. Throws what somebody is told who got none: `auth.too_many_tries`, and when to come back. */
export async function requirePlace(taking: Promise<Place | NoPlace>): Promise<Place> {
  const place = await taking;
  if (!place.ok) throw new ApiError('auth.too_many_tries', { retryAfterSeconds: place.retryAfterSeconds });
  return place;
}

interface Wanted {
  readonly bucket: Bucket;
  readonly key: readonly string[];
  /** Whether being right forgets every try before, or this one only. */
  readonly onSuccess: 'clear' | 'give back';
}

/** Takes a place in each, or in none. */
async function takePlaces(wanted: readonly Wanted[]): Promise<Place | NoPlace> {
  const blockedForMs = Math.max(...wanted.map(({ bucket, key }) => bucket.blockedForMs(key)));
  if (blockedForMs > 0) return noPlace(blockedForMs);
  const taken: Wanted[] = [];
  for (const place of wanted) {
    const waitMs = await place.bucket.take(place.key);
    if (waitMs > 0) {
      for (const { bucket, key } of taken) await bucket.giveBack(key);
      return noPlace(waitMs);
    }
    taken.push(place);
  }
  return {
    ok: true,
    succeeded: async () => {
      for (const { bucket, key, onSuccess } of wanted) await (onSuccess === 'clear' ? bucket.clear(key) : bucket.giveBack(key));
    },
    notTried: async () => {
      for (const { bucket, key } of wanted) await bucket.giveBack(key);
    },
  };
}

function noPlace(waitMs: number): NoPlace {
  return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}

/**
 * At this multiple of its limit a key is refused from memory until its time is over. Not at the limit itself: somebody whose
 * right password came among too many tries clears his count in PostgreSQL, and of the memory of another process we hear
 * nothing.
 */
const remembersAtMultiple = 2;

/** One kind of count. */
class Bucket {
  private readonly limiter: KnowingLimiter;
  private readonly seconds: number;

  constructor(store: ThrottleStore, name: string, { tries, seconds }: Limit) {
    this.seconds = seconds;
    this.limiter = new RateLimiterPostgres({
      storeClient: store,
      storeType: 'client',
      tableName: 'throttle',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: tries,
      duration: seconds,
      inMemoryBlockOnConsumed: tries * remembersAtMultiple,
    }) as KnowingLimiter;
  }

  /** Milliseconds for which memory alone refuses; 0 when PostgreSQL must be asked. */
  blockedForMs(key: readonly string[]): number {
    return this.limiter.getInMemoryBlockMsBeforeExpire(this.limiter.getKey(hashed(key)));
  }

  /** Takes a place. Returns 0, or the milliseconds until there may be one. */
  async take(key: readonly string[]): Promise<number> {
    try {
      await this.limiter.consume(hashed(key));
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.min(Math.max(refusal.msBeforeNext, 1), this.seconds * 1000);
      throw refusal;
    }
  }

  async giveBack(key: readonly string[]): Promise<void> {
    await this.limiter.reward(hashed(key));
  }

  async clear(key: readonly string[]): Promise<void> {
    await this.limiter.delete(hashed(key));
  }
}

/** The library has this method and does not declare it. */
type KnowingLimiter = RateLimiterPostgres & { getInMemoryBlockMsBeforeExpire(key: string): number };

/** Neither a network address nor an e-mail address is in the table. */
function hashed(key: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('base64url');
}
