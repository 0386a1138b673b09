/**
 * What proves that entries are as they were posted (SPEC M10): each account's are a chain, in which the hash of an entry is of
 * the hash before it and of everything the entry says. `ledger_post` (migration 0016) hashes exactly what {@link spellEntry} spells.
 */

/** An entry as it is proven: with its transfer, and texts for what could be rounded on its way. */
export interface ChainedEntry {
  readonly account: string;
  readonly currency: string;
  /** Counts the entries of its account from 1, without gaps. */
  readonly version: number;
  readonly amountMinor: number;
  readonly balanceAfterMinor: number;
  readonly transfer: string;
  readonly key: string;
  /** SHA-256 of what was asked for under the key, in hexadecimal digits. */
  readonly request: string;
  readonly kind: string;
  /** The transfer that it takes back. */
  readonly reverses: string | null;
  /** UTC with milliseconds and `Z`. */
  readonly at: string;
  readonly by: string;
  /** Ids, as JSON with its keys in order. */
  readonly about: string;
  /** SHA-256, in hexadecimal digits. */
  readonly hash: string;
}

/** An account as far as its entries were followed. */
export interface ChainLink {
  readonly version: number;
  readonly balanceMinor: number;
  /** Hexadecimal digits; none before the first entry. */
  readonly hash: string;
}

export const beforeTheFirst: ChainLink = { version: 0, balanceMinor: 0, hash: '' };

/** What is hashed, behind the bytes of the hash before. No part holds a line break, so that no two entries are spelled alike. */
export function spellEntry(entry: Omit<ChainedEntry, 'hash'>): string {
  const { account, currency, version, amountMinor, balanceAfterMinor, transfer, key, request, kind, reverses, at, by, about } = entry;
  const parts = [account, currency, version, amountMinor, balanceAfterMinor, transfer, key, request, kind, reverses ?? '-', at, by, about];
  return ['kontor-entry/1', ...parts].join('\n');
}

/** What may be wrong with an entry: it is not the next one · its balance does not follow · it is not what was hashed. */
export type ChainFault = 'not_next' | 'balance_wrong' | 'hash_wrong';

/**
 * Whether an entry follows from what came before it, and where the account stands after it. What is wrong with one entry is told
 * of that entry alone: the next is held against what it says of itself.
 * @param hashed the hash that it should have, in hexadecimal digits
 */
export function followEntry(before: ChainLink, entry: ChainedEntry, hashed: string): { after: ChainLink; fault: ChainFault | undefined } {
  const after = { version: entry.version, balanceMinor: entry.balanceAfterMinor, hash: entry.hash };
  if (entry.version !== before.version + 1) return { after, fault: 'not_next' };
  if (entry.balanceAfterMinor !== before.balanceMinor + entry.amountMinor) return { after, fault: 'balance_wrong' };
  return { after, fault: hashed === entry.hash ? undefined : 'hash_wrong' };
}
