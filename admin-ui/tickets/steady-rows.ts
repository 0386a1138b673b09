import { useState } from 'react';
import { useListContext } from 'react-admin';
import type { StaffTicketRow } from '../server/answers.ts';

/** A row that stays where it was, and whether its ticket went away from the page since: what it says is old then. */
export type SteadyRow = StaffTicketRow & { readonly left?: true };

interface Shown {
  readonly list: string;
  readonly rows: readonly StaffTicketRow[];
  /** In which part of the list each of them stood. */
  readonly parts: readonly string[];
  /** False until the first answer after the list was opened: until then nobody reads it yet, and it may still move. */
  readonly settled: boolean;
}

/**
 * The rows of the list, which do not move under the cursor: what a row says is always fresh, which rows there are and
 * in what order stays until the reader asks for it.
 * @param partOf in which part of the list a row belongs now; it stays where it stood as well
 */
export function useSteadyRows(partOf: (ticket: StaffTicketRow) => string = undivided): {
  rows: readonly SteadyRow[] | undefined;
  /** In which part each of the rows stands, in their order. */
  parts: readonly string[];
  /** False while they are those of the list before, which stay until this one's come. */
  ofThisList: boolean;
  changed: boolean;
  adopt: () => void;
} {
  const { data, isFetching, isPlaceholderData, page, perPage, sort, filterValues } = useListContext<StaffTicketRow>();
  const list = JSON.stringify([page, perPage, sort, filterValues]);
  const [shown, setShown] = useState<Shown>();
  const usable = data !== undefined && !isPlaceholderData;
  const reading = shown?.list === list && shown.settled;
  if (usable && !reading && (shown?.rows !== data || shown.list !== list || shown.settled !== !isFetching))
    setShown({ list, rows: data, parts: data.map(partOf), settled: !isFetching });
  const ofThisList = shown?.list === list;
  if (!shown || !data) return { rows: usable ? data : shown?.rows, parts: shown?.parts ?? [], ofThisList, changed: false, adopt: () => {} };
  return {
    ofThisList,
    rows: usable && ofThisList ? steadyRows(shown.rows, data) : shown.rows,
    parts: shown.parts,
    changed: reading && usable && placesOf(data, data.map(partOf)) !== placesOf(shown.rows, shown.parts),
    adopt: () => setShown({ list, rows: data, parts: data.map(partOf), settled: true }),
  };
}

/** The rows that were shown, with what is known of each now; those of which nothing is known any more are said to have left. */
export function steadyRows(shown: readonly StaffTicketRow[], data: readonly StaffTicketRow[]): SteadyRow[] {
  const fresh = new Map(data.map((ticket) => [ticket.id, ticket]));
  return shown.map((ticket) => fresh.get(ticket.id) ?? { ...ticket, left: true });
}

const undivided = () => '';

function placesOf(rows: readonly StaffTicketRow[], parts: readonly string[]): string {
  return rows.map(({ id }, at) => `${id} ${parts[at]}`).join();
}

let listed: readonly string[] = [];

/** Remembers which tickets were listed, so that a ticket's page leads to the next of them. */
export function rememberListed(numbers: readonly string[]): void {
  listed = numbers;
}

export function neighbourOf(number: string, step: 1 | -1): string | undefined {
  const at = listed.indexOf(number);
  return at < 0 ? undefined : listed[at + step];
}
