/**
 * How badly the simulator behaves. Probabilities are numbers from 0 to 1; all of them come from one seed, so that the same seed
 * and the same requests bring the same trouble.
 */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** Where it stands when nobody has turned it. */
  readonly calm: number;
}

const likelihood: Bounds = { min: 0, max: 1, whole: false, calm: 0 };
const upTo = (max: number, whole = true): Bounds => ({ min: 0, max, whole, calm: 0 });

export const dialBounds = {
  /** Begins the chance anew. */
  seed: { ...upTo(4_294_967_295), calm: 7 },
  /** Never sent: the payment is seen by asking alone. */
  notificationsLost: likelihood,
  /** More copies of each, all at the same moment. */
  notificationsRepeated: upTo(20),
  /** Each waits up to so long. */
  notificationsDelaySeconds: upTo(86_400, false),
  /** Held until one that came later has been sent. */
  notificationsReordered: likelihood,
  /** A new payment is paid, and told of, before the call that makes it is answered. */
  notificationsEarly: likelihood,
  /** Each answer waits up to so long; what would take more than 30 s is a 500, done or cancelled. */
  answersLatencyMs: upTo(60_000),
  /** 500, and what was asked is done. */
  answersServerErrorDone: likelihood,
  /** 500, and nothing is done. */
  answersServerErrorUndone: likelihood,
  /** 202 for a first request, done behind it. */
  answersAccepted: likelihood,
  /** 429, and nothing is done. */
  answersThrottled: likelihood,
  /** The connection is cut without an answer, and what was asked is done. */
  answersDropped: likelihood,
  /** 200 with a page of HTML, and what was asked is done. */
  answersUnreadable: likelihood,
  /** A refund waits for somebody to settle it in the cabinet. */
  refundsPending: likelihood,
  /** A refund is cancelled, of which no notification ever tells. */
  refundsCanceled: likelihood,
  /** `yoo_kassa` instead of `yoo_money` in cancellations. */
  olderParty: likelihood,
  /** Objects carry fields that no document names. */
  unknownFields: { ...likelihood, calm: 1 },
} satisfies Record<string, Bounds>;

export type Dial = Record<keyof typeof dialBounds, number>;

export const dialNames = Object.keys(dialBounds) as (keyof Dial)[];

export const calm: Dial = Object.fromEntries(dialNames.map((name) => [name, dialBounds[name].calm])) as Dial;

/**
 * The dial with these turned and the rest as it was.
 * @throws RangeError for a name there is not, and for what is out of its bounds
 */
export function turned(dial: Dial, changes: Readonly<Record<string, number>>): Dial {
  for (const [name, value] of Object.entries(changes)) {
    const bounds: Bounds | undefined = Object.hasOwn(dialBounds, name) ? dialBounds[name as keyof Dial] : undefined;
    if (!bounds) throw new RangeError(`the dial has no ${name}`);
    if (!(value >= bounds.min && value <= bounds.max) || (bounds.whole && !Number.isInteger(value)))
      throw new RangeError(`${name} is ${bounds.whole ? 'a whole number' : 'a number'} from ${bounds.min} to ${bounds.max}`);
  }
  return { ...dial, ...changes };
}

/** Chance that can be repeated (mulberry32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1, without it. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  hits(likelihood: number): boolean {
    // What cannot be in doubt takes no draw: a dial at rest leaves the rest of the sequence as it was.
    return likelihood >= 1 || (likelihood > 0 && this.next() < likelihood);
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.next() * 16).toString(16)).join('');
  }
}
