/** The books read one after the other, in their order, some at a time: for whoever proves or exports them whole. */
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellEntry, type ChainedEntry } from '../../domain/ledger-chain.ts';

/** An entry of an account; none comes before version 1. */
export interface EntryPlace {
  readonly account: string;
  readonly version: number;
}

/** An entry with what an audit asks of it besides. */
export interface EntryInBooks extends ChainedEntry {
  /** The instant that the entry bears itself; its transfer's is what was hashed. */
  readonly entryAt: string;
}

interface EntryRow {
  account: string;
  currency: string;
  version: string;
  amount: string;
  balance_after: string;
  transfer: string;
  key: string;
  request: string;
  kind: string;
  reverses: string | null;
  at: string;
  entry_at: string;
  by: string;
  about: string;
  hash: string;
}

const spelledInstant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Entries behind a place, account after account in the order of their ids, each account's in their order.
 * @param upTo the last account that is asked for; all that follow when left out
 * @param limit entries at the most
 */
export async function readEntries(em: EntityManager, after: EntryPlace, limit: number, upTo?: string): Promise<EntryInBooks[]> {
  const rows = await em.execute<EntryRow[]>(
    `select e.ledger_account_id as account, a.currency, e.version, e.amount_minor as amount, e.balance_after_minor as balance_after,
        t.id as transfer, t.key, encode(t.request_hash, 'hex') as request, t.kind, t.reverses, ${spelledInstant('t.at')} as at,
        ${spelledInstant('e.at')} as entry_at, t.by, t.about, encode(e.hash, 'hex') as hash
      from (select * from ledger_entry
          where (ledger_account_id, version) > (?::text collate "C", ?::bigint) ${upTo === undefined ? '' : 'and ledger_account_id <= ?::text collate "C"'}
          order by ledger_account_id, version limit ?) e
        join ledger_account a on a.id = e.ledger_account_id join ledger_transfer t on t.id = e.transfer_id
      order by e.ledger_account_id, e.version`,
    [after.account, after.version, ...(upTo === undefined ? [] : [upTo]), limit],
  );
  return rows.map(({ amount, balance_after, entry_at, version, ...row }) => ({
    ...row,
    version: Number(version),
    amountMinor: Number(amount),
    balanceAfterMinor: Number(balance_after),
    entryAt: entry_at,
  }));
}

/** What the hash of an entry should be, in hexadecimal digits. */
export function hashEntry(before: string, entry: ChainedEntry): string {
  return createHash('sha256').update(before, 'hex').update(spellEntry(entry), 'utf8').digest('hex');
}
