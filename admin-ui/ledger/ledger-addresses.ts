/** Where the books are shown. Pure. */

/** @param id of an account of the books, `paid:acc_…` */
export function ledgerAccountAddress(id: string): string {
  return `/ledger/accounts/${encodeURIComponent(id)}`;
}

export function transferAddress(id: string): string {
  return `/ledger/transfers/${encodeURIComponent(id)}`;
}
