/**
 * An address as those may see it who need not know it whole, and as the audit keeps it: `a…@vega.example`. Enough to tell
 * two apart and to recognise one's own.
 */
export function maskAddress(address: string): string {
  const sign = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(sign)}`;
}
