import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { decimalOf, type Money } from '../domain/money.ts';
import type { ApiEnvironment } from './context.ts';

/** A column: what its cells are called in a row, and how it is headed where that is another word. */
export type CsvColumn = string | { readonly key: string; readonly header: string };

/** A cell; null and what a row leaves out is empty. A sum has all the digits of its currency: `-1500.00`. */
export type CsvCell = string | number | Money | null;

/**
 * Answers with a table as CSV (RFC 4180), written as its rows come. Cells that a spreadsheet would run are written as text.
 * A reading that fails breaks the answer off: a table that ended in order would be taken for the whole.
 * @param name of the file that is saved, without its ending; ASCII
 */
export function csvAnswer(
  c: Context<ApiEnvironment>,
  name: string,
  columns: readonly CsvColumn[],
  rows: Iterable<Readonly<Record<string, CsvCell>>> | AsyncIterable<Readonly<Record<string, CsvCell>>>,
): Response {
  const { log } = c.var.parts;
  // A number of ours runs nothing, and below zero it must stay a number.
  const plain = (value: string) => ({ value, escape_formulas: false });
  const cast = { number: (value: number) => plain(String(value)), object: (value: object) => plain(decimalOf(value as Money)) };
  const table = stringify({ header: true, columns: [...columns], escape_formulas: true, cast });
  pipeline(Readable.from(rows), table, (failure) => {
    if (failure) log.warn({ requestId: c.var.requestId, why: failure.message }, `the table ${name} was broken off`);
  });
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`);
  return c.body(Readable.toWeb(table) as ReadableStream);
}

/** Whether the caller prefers a table over JSON, by his `Accept` header (RFC 9110, 12.5.1). */
export function asksForCsv(c: Context<ApiEnvironment>): boolean {
  const supports = ['application/json', 'text/csv'];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv';
}
