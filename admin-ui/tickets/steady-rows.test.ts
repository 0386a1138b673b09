import { describe, expect, test } from 'vitest';
import type { StaffTicketRow } from '../server/answers.ts';
import { steadyRows } from './steady-rows.ts';

const row = (id: string, subject: string) => ({ id, subject }) as StaffTicketRow;

describe('rows that stay while the list is read', () => {
  test('S5: a ticket that went away is said to have left, so that no clock of it ticks on; the others are fresh', () => {
    const shown = [row('tkt_a', 'first'), row('tkt_b', 'answered since'), row('tkt_c', 'third')];
    const rows = steadyRows(shown, [row('tkt_c', 'third, renamed'), row('tkt_d', 'new'), row('tkt_a', 'first')]);
    expect(rows).toEqual([
      { id: 'tkt_a', subject: 'first' },
      { id: 'tkt_b', subject: 'answered since', left: true },
      { id: 'tkt_c', subject: 'third, renamed' },
    ]);
  });
});
