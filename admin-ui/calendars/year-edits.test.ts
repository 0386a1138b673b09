import { describe, expect, test } from 'vitest';
import { edit, editedDays, editedYear, noEdits, undo } from './year-edits.ts';

const kept = { decree: 'A decree', daysOff: ['2026-01-01', '2026-11-04'], workingWeekends: [], shortDays: ['2026-11-03'] };

describe('S2: edits of a year', () => {
  test('S2: each step can be undone, back to what is kept', () => {
    const one = edit(noEdits, kept, '2026-11-05', 'day_off');
    const two = edit(one, kept, '2026-11-03', 'nothing');
    expect(editedYear(kept, two)).toEqual({ ...kept, daysOff: ['2026-01-01', '2026-11-04', '2026-11-05'], shortDays: [] });
    expect(editedYear(kept, undo(two))).toEqual({ ...kept, daysOff: ['2026-01-01', '2026-11-04', '2026-11-05'] });
    expect(undo(undo(two))).toEqual(noEdits);
    expect(undo(noEdits)).toEqual(noEdits);
    expect(editedYear(kept, noEdits)).toBe(kept);
  });

  test('S2: what the calendar says already is no edit, and taking an edit back is one that can be undone', () => {
    expect(edit(noEdits, kept, '2026-11-04', 'day_off')).toBe(noEdits);
    const one = edit(noEdits, kept, '2026-11-04', 'nothing');
    expect(edit(one, kept, '2026-11-04', 'nothing')).toBe(one);
    const back = edit(one, kept, '2026-11-04', 'day_off');
    expect(editedDays(back).size).toBe(0);
    expect(editedDays(undo(back)).get('2026-11-04')).toBe('nothing');
  });

  test('S2: a year that is not kept yet begins with nothing', () => {
    expect(editedYear(undefined, noEdits)).toBeUndefined();
    const first = edit(noEdits, undefined, '2028-01-01', 'day_off');
    expect(editedYear(undefined, first)).toEqual({ decree: null, daysOff: ['2028-01-01'], workingWeekends: [], shortDays: [] });
  });
});
