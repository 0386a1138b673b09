import { ApiError } from './errors.ts';

/**
 * A cursor names the last row of a page and the order it was read in. It is opaque to the caller, not secret: whoever
 * makes one up sees nothing that the list would not show him.
 */
export function spellCursor(order: string, value: string | number | null, key: string | number): string {
  return Buffer.from(JSON.stringify([order, value, key])).toString('base64url');
}

/** Reads a cursor of this order, or refuses with `request.cursor_invalid`. */
export function readCursor<Value extends 'instant' | 'integer', Key extends 'string' | 'integer'>(
  cursor: string | undefined,
  order: string,
  kinds: { value: Value; key: Key },
): { value: (Value extends 'instant' ? string : number) | null; key: Key extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined;
  const read = parse(cursor);
  if (!read || read[0] !== order) throw new ApiError('request.cursor_invalid');
  const [, value, key] = read;
  const valueFits = value === null || (kinds.value === 'integer' ? isInt32(value) : isInstant(value));
  const keyFits = kinds.key === 'integer' ? isInt32(key) : typeof key === 'string' && /^[a-z]{3}_[0-9a-z]{26}$/.test(key);
  if (!valueFits || !keyFits) throw new ApiError('request.cursor_invalid');
  return { value, key } as never;
}

function parse(cursor: string): [unknown, unknown, unknown] | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(read) && read.length === 3 ? (read as [unknown, unknown, unknown]) : undefined;
  } catch {
    return undefined;
  }
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= 2_147_483_647;
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** The row after which a page begins, in a list ordered by instant and id. */
export function readWindow(cursor: string | undefined, order: string): { at: string; id: string } | undefined {
  const read = readCursor(cursor, order, { value: 'instant', key: 'string' });
  if (read && read.value === null) throw new ApiError('request.cursor_invalid');
  return read && { at: read.value!, id: read.key };
}

/** The cursor after the last of these items; null when nothing follows. */
export function nextWindow<Item extends { id: string }>(
  order: string,
  { items, more }: { items: readonly Item[]; more: boolean },
  instantOf: (item: Item) => Date,
): string | null {
  const last = items.at(-1);
  return more && last ? spellCursor(order, instantOf(last).toISOString(), last.id) : null;
}
