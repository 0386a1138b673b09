/** Sums as YooKassa writes them: a text with two decimals, `{value: "100.00", currency: "RUB"}`. No float ever holds one. */
export interface SpelledAmount {
  readonly value: string;
  readonly currency: string;
}

/**
 * Spells minor units of a currency with two decimals.
 * @throws RangeError for what is no positive safe integer: such a sum never leaves us
 */
export function spellAmount(amountMinor: number, currency: string): SpelledAmount {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) throw new RangeError('an amount is a positive whole number of minor units');
  const digits = String(amountMinor).padStart(3, '0');
  return { value: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

/** Minor units and currency of what the provider wrote; undefined for what is no such sum, `1e3` and `1.005` among it. */
export function readAmount(amount: unknown): { readonly amountMinor: number; readonly currency: string } | undefined {
  if (typeof amount !== 'object' || amount === null) return undefined;
  const { value, currency } = amount as Record<string, unknown>;
  if (typeof value !== 'string' || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const found = /^(\d{1,13})\.(\d{2})$/.exec(value);
  return found ? { amountMinor: Number(`${found[1]}${found[2]}`), currency } : undefined;
}
