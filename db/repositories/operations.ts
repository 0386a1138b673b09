/**
 * What happened to a customer's money, as he reads it (SPEC B6): one operation for each transfer that touched his balance, paid
 * and bonus together. A customer's transfers lie in one order, no two at one instant (migration 0016): a page is read by index
 * from the instant of the one before it, and what the balance was after each is looked up, not summed.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { bonusAccount, paidAccount, type TransferKind } from '../../domain/ledger.ts';

/** Transfers that a customer's balance can see. */
export const operationKinds = [
  'top_up',
  'purchase',
  'reversal',
  'adjustment',
  'bonus',
  'refund',
  'refund_returned',
  'cabinet_refund',
  'chargeback',
  'opening',
] as const satisfies readonly TransferKind[];
export type OperationKind = (typeof operationKinds)[number];

/** Ids of what it is about; each is left out where it is about none. */
export interface OperationAbout {
  readonly payment?: string;
  readonly order?: string;
  readonly refund?: string;
  readonly adjustment?: string;
}

export interface OperationView {
  /** The transfer's id. */
  readonly id: string;
  readonly at: Date;
  readonly kind: OperationKind;
  /** Signed: below zero where the balance became less. */
  readonly amountMinor: number;
  /** Of which money that we gave. */
  readonly bonusMinor: number;
  /** Paid money and bonus together, after it. */
  readonly balanceAfterMinor: number;
  readonly about: OperationAbout;
  /** What was bought. */
  readonly lines: readonly { readonly description: string; readonly ticketNumber: number | null }[];
}

export interface OperationFilter {
  readonly kinds?: readonly OperationKind[] | undefined;
  readonly from?: Date | undefined;
  /** The first instant after the period. */
  readonly until?: Date | undefined;
}

interface Row {
  id: string;
  at: string;
  kind: OperationKind;
  about: Record<string, string>;
  amount: string;
  bonus: string;
  paid_after: string | null;
  bonus_after: string | null;
  lines: { description: string; ticketNumber: number | null }[] | null;
}

/**
 * Operations of an account.
 * @param window how many at the most, and the instant after which (before which, of the newest first) the page begins
 */
export async function listOperations(
  em: EntityManager,
  accountId: string,
  filter: OperationFilter,
  window: { readonly limit: number; readonly after?: Date | undefined; readonly oldestFirst?: boolean },
): Promise<{ items: OperationView[]; more: boolean }> {
  const direction = window.oldestFirst ? 'asc' : 'desc';
  const conditions: [string, unknown][] = [];
  if (filter.from) conditions.push(['e.at >= ?', filter.from]);
  if (filter.until) conditions.push(['e.at < ?', filter.until]);
  if (window.after) conditions.push([`e.at ${window.oldestFirst ? '>' : '<'} ?`, window.after]);
  if (filter.kinds) conditions.push(['t.kind = any(?::text[])', `{${filter.kinds.join(',')}}`]);
  const ofOne = `(select e.at, e.transfer_id from ledger_entry e ${filter.kinds ? 'join ledger_transfer t on t.id = e.transfer_id' : ''}
      where e.ledger_account_id = ? ${conditions.map(([condition]) => `and ${condition}`).join(' ')}
      order by e.at ${direction}, e.version ${direction} limit ?)`;
  const [paid, bonus] = [paidAccount(accountId), bonusAccount(accountId)];
  const given = (account: string) => [account, ...conditions.map(([, value]) => value), window.limit + 1];
  const after = `(select l.balance_after_minor from ledger_entry l where l.ledger_account_id = ? and l.at <= h.at order by l.at desc, l.version desc limit 1)`;
  const rows = await em.execute<Row[]>(
    `with h as materialized (select at, transfer_id from (${ofOne} union ${ofOne}) both_accounts order by at ${direction} limit ?),
      told as (
        select h.at, t.id, t.kind, coalesce(r.about::jsonb, '{}') || t.about::jsonb as about, ${after} as paid_after, ${after} as bonus_after,
            (select sum(x.amount_minor) from ledger_entry x where x.transfer_id = t.id and x.ledger_account_id in (?, ?)) as amount,
            (select coalesce(sum(x.amount_minor), 0) from ledger_entry x where x.transfer_id = t.id and x.ledger_account_id = ?) as bonus
          from h join ledger_transfer t on t.id = h.transfer_id left join ledger_transfer r on r.id = t.reverses)
      select told.*, (
          select jsonb_agg(jsonb_build_object('description', l.description, 'ticketNumber', q.ticket_number) order by l.position)
            from order_line l left join quote q on l.fulfilment = 'quote' and q.id = l.about where l.order_id = told.about ->> 'order') as lines
        from told order by told.at ${direction}`,
    [...given(paid), ...given(bonus), window.limit + 1, paid, bonus, paid, bonus, bonus],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

function viewOf(row: Row): OperationView {
  const { payment, order, refund, adjustment } = row.about;
  return {
    id: row.id,
    at: new Date(row.at),
    kind: row.kind,
    amountMinor: Number(row.amount),
    bonusMinor: Number(row.bonus),
    balanceAfterMinor: Number(row.paid_after ?? 0) + Number(row.bonus_after ?? 0),
    about: { ...(payment && { payment }), ...(order && { order }), ...(refund && { refund }), ...(adjustment && { adjustment }) },
    lines: row.lines ?? [],
  };
}
