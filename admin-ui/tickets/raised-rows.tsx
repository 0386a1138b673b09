import { useTranslate } from 'react-admin';
import type { SteadyRow } from './steady-rows.ts';

/** A list of tickets, of which the first so many stand above the others: what was promised to them is broken (SPEC S5). */
export interface ListedTickets {
  readonly tickets: readonly SteadyRow[];
  readonly raised: number;
}

/** Whether the line between the raised tickets and the others stands above this row. */
export function standsBelowRaised(at: number, raised: number): boolean {
  return raised > 0 && at === raised;
}

/** Says quietly that the list begins here. */
export function TheRest() {
  const translate = useTranslate();
  return <>{translate('kontor.clocks.rest')}</>;
}

/** Said in place of its clock, of a ticket that went away from the page while the page was read. */
export function LeftThePage() {
  const translate = useTranslate();
  return <span>{translate('kontor.list.left')}</span>;
}

/** A row whose ticket went away: all of it is quiet, and can be read still. */
export function leftStyle({ left }: SteadyRow): object {
  return left ? { '&&, && *': { color: 'text.secondary', fontWeight: 400 } } : {};
}

export const restStyle = {
  py: 0.5,
  borderBottom: 1,
  borderColor: 'divider',
  bgcolor: 'surface.page',
  color: 'text.secondary',
  fontSize: 12,
  fontWeight: 500,
  textAlign: 'left',
} as const;
