/**
 * What orders deliver (SPEC B4): for each kind how it is held, what it costs now, how it is delivered, and how it ends when its
 * money goes back. A kind plugs in here; orders know no more of it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Refusal } from '../../domain/errors.ts';
import type { Money } from '../../domain/money.ts';
import type { FulfilmentKind } from '../../domain/order.ts';
import { quoteFulfilment } from './quote-fulfilment.ts';
import type { Deed } from './ticket-deed.ts';

/** A thing as it is on offer now. */
export interface Offer {
  readonly listMinor: number;
  readonly currency: string;
  readonly taxCategory: string;
  /** What it is, as the order's line keeps it. */
  readonly description: string;
}

/** A thing that is held until the transaction ends. */
export interface Held {
  readonly accountId: string;
  /** What is on offer; a refusal where it is not, any more. */
  offer(at: Date): Promise<Offer | Refusal>;
  /** Delivers it, in the transaction that pays for it. It was on offer at that instant. */
  deliver(deed: Deed, paid: Money): Promise<void>;
  /** Ends what was delivered, as its whole price goes back; nothing where it cannot end. */
  end(deed: Deed): Promise<void>;
}

export interface Fulfilment {
  /**
   * Holds it, and whatever is held before orders: ticket → what hangs on it. Undefined when there is none.
   * @param accountId when given, another account's is as unknown as one that does not exist
   */
  hold(em: EntityManager, about: string, accountId?: string): Promise<Held | undefined>;
}

const fulfilments: Readonly<Record<FulfilmentKind, Fulfilment>> = { quote: quoteFulfilment };

/** What fulfils lines of this kind. */
export function fulfilmentOf(kind: FulfilmentKind): Fulfilment {
  return fulfilments[kind];
}

/** The lines of an order, each with what it delivers, held in the order of all. Throws when one is not there any more. */
export async function holdLines<Line extends { readonly fulfilment: FulfilmentKind; readonly about: string }>(
  em: EntityManager,
  lines: readonly Line[],
): Promise<{ line: Line; held: Held }[]> {
  const all: { line: Line; held: Held }[] = [];
  for (const line of lines) {
    const held = await fulfilmentOf(line.fulfilment).hold(em, line.about);
    if (!held) throw new Error(`${line.about} is not there`);
    all.push({ line, held });
  }
  return all;
}
