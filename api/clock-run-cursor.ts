import type { ClockRunPlace } from '../db/repositories/clock-runs.ts';
import { clockKinds } from '../domain/service-clock.ts';
import { maxTicketNumber } from '../domain/ids.ts';
import { readCursor, spellCursor } from './cursor.ts';
import { ApiError } from './errors.ts';

/** The cursor after this row of a list of clocks. No single field names a row: its key is made of three. */
export function spellClockRunCursor(order: string, { at, number, kind, since }: ClockRunPlace): string {
  return spellCursor(order, at.toISOString(), `${number} ${kind} ${since.toISOString()}`);
}

/** The row after which the page begins, or `request.cursor_invalid`. */
export function readClockRunCursor(cursor: string | undefined, order: string): ClockRunPlace | undefined {
  const read = readCursor(cursor, order, { value: 'instant', key: 'words' });
  if (!read) return undefined;
  const [digits = '', word = '', instant = '', ...more] = read.key.split(' ');
  const number = /^[1-9]\d{0,9}$/.test(digits) ? Number(digits) : Number.NaN;
  const kind = clockKinds.find((known) => known === word);
  const since = new Date(instant);
  const isWhole = number <= maxTicketNumber && !Number.isNaN(since.getTime()) && since.toISOString() === instant && more.length === 0;
  if (!kind || !isWhole || since.getUTCFullYear() < 1 || since.getUTCFullYear() > 9_999) throw new ApiError('request.cursor_invalid');
  return { at: new Date(read.value), number, kind, since };
}
