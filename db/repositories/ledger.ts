/** The one way from here into the books (SPEC B1): everything that moves money ends in {@link postTransfer}. */
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LedgerEntry, TransferKind } from '../../domain/ledger.ts';
import { spellMoney } from '../../domain/money.ts';
import { newId } from '../new-id.ts';
import { executePrepared, preparedStatement } from '../prepared-statements.ts';

export interface Transfer {
  /** The business key: how often it may happen is once for each key, such as `payment:pay_…`. */
  readonly key: string;
  /**
   * What was asked for, spelled the same each time: under a key that is known, the same request is answered with its first
   * transfer, and another is a fault.
   */
  readonly request: string;
  readonly kind: TransferKind;
  readonly currency: string;
  /** At least two that add up to zero; none twice on one account. */
  readonly entries: readonly LedgerEntry[];
  readonly at: Date;
  /** `customer:usr_…`, `staff:usr_…`, `provider` or `time`. */
  readonly by: string;
  /** What it is about: ids alone, such as `{ order: 'ord_…' }`. */
  readonly about: Readonly<Record<string, string>>;
  /** The transfer that it takes back; each can be taken back once. */
  readonly reverses?: string;
  /** For a purchase that is paid by money which came in for it: where the paid balance stood before, below which it may not go. */
  readonly floorMinor?: number;
}

export interface Posted {
  readonly transferId: string;
  /** It was posted before, under the same key. */
  readonly repeated: boolean;
}

export type SpendingRefusal = Refusal<'balance.insufficient' | 'balance.frozen' | 'balance.credit_overdue'>;

const post = preparedStatement(
  'ledger_post',
  'select outcome, transfer, missing_minor from ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)',
);

/**
 * Posts a transfer, once for its key. A purchase is refused where the money does not suffice: the database itself looks, with
 * the accounts locked, and a refusal claims nothing.
 */
export async function postTransfer(em: EntityManager, transfer: Transfer): Promise<Posted | SpendingRefusal> {
  const { key, kind, at, by, currency } = transfer;
  const entries = transfer.entries.map(({ account, amountMinor }) => ({ account, amount: amountMinor }));
  const [row] = await executePrepared<{ outcome: string; transfer: string; missing_minor: string }>(em, post, [
    newId('transfer', at),
    key,
    createHash('sha256').update(transfer.request).digest(),
    kind,
    at,
    by,
    transfer.reverses ?? null,
    spellAbout(transfer.about),
    JSON.stringify(entries),
    transfer.floorMinor ?? null,
  ]);
  switch (row?.outcome) {
    case 'posted':
    case 'repeated':
      return { transferId: row.transfer, repeated: row.outcome === 'repeated' };
    case 'insufficient':
      return refuse('balance.insufficient', { missing: spellMoney({ amountMinor: Number(row.missing_minor), currency }) });
    case 'overdue':
      return refuse('balance.credit_overdue');
    case 'frozen':
      return refuse('balance.frozen');
    default:
      throw new Error(`the key ${key} stands for another transfer`);
  }
}

/** One spelling for one meaning, as the entry's hash is of it. */
function spellAbout(about: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(about).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
