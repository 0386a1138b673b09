import { useTranslate } from 'react-admin';
import type { StaffTicketRow } from '../server/answers.ts';

/** A list of tickets, of which the first so many stand above the others: what was promised to them is broken (SPEC S5). */
export interface ListedTickets {
  readonly tickets: readonly StaffTicketRow[];
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
