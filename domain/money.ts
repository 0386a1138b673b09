/** Money is an integer of minor units (kopecks) and its currency; nothing here ever holds a fraction of either. */
export interface Money {
  readonly amountMinor: number;
  /** ISO 4217, such as `RUB`. */
  readonly currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

/**
 * Spells a sum as people here write it, `12 500,00 ₽`, the same in every language of the reader: a comma that one reader
 * takes for thousands and another for kopecks would be a sum that nobody agreed on. The spaces do not break.
 */
export function spellMoney(money: Money): string {
  // The text, not a number: a division would already have rounded.
  return formatOf(money.currency).format(decimalOf(money) as `${number}`);
}

/** A sum as programs write it, `-12500.00`: with as many digits behind the point as its currency has. */
export function decimalOf({ amountMinor, currency }: Money): string {
  const digits = formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2;
  const sign = amountMinor < 0 ? '-' : '';
  const all = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  return `${sign}${digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`}`;
}

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  // Four digits are grouped too: 5 000,00 beside 12 500,00.
  const made = new Intl.NumberFormat('ru', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', useGrouping: 'always' });
  formats.set(currency, made);
  return made;
}

/**
 * Reads a sum as somebody types it: `12500`, `12 500,5`, `12500.50 ₽`.
 * @returns minor units of a currency with two digits behind the comma; undefined when it is no such sum
 */
export function readAmountMinor(text: string): number | undefined {
  const found = /^(\d{1,13})(?:[.,](\d{1,2}))?$/.exec(text.replaceAll(/[\s\u00a0\u202f]|₽|руб\.?/gu, ''));
  if (!found) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}
