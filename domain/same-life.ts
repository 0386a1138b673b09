import type { TicketLife } from './ticket-life.ts';

/** Whether two lives are the same, in whatever order their fields came. What a clock told meanwhile is no change of anybody's. */
export function sameLife(one: TicketLife, other: TicketLife): boolean {
  return spellLife(one) === spellLife(other);
}

const ofClocks: ReadonlySet<string> = new Set(['clocks', 'fixSince', 'fixUsedMs']);

function spellLife(life: object): string {
  return JSON.stringify(
    Object.entries(life)
      .filter(([field]) => !ofClocks.has(field))
      .map(([field, value]): [string, unknown] => [field, field === 'interrupted' && value ? spellLife(value as object) : value])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
