/**
 * What somebody changed of a calendar's year and has not saved yet, step by step, so that each can be undone. Kept beside the
 * pages, as whoever looks at another page meanwhile loses nothing.
 */
import { useSyncExternalStore } from 'react';
import type { CalendarYear } from '../../domain/business-calendar.ts';
import { saidDays, yearSaying, type SaidOfDay } from '../../domain/calendar-change.ts';

/** Days of which another thing is said than the calendar says, after each step; the last is what is shown. */
export type YearEdits = readonly ReadonlyMap<string, SaidOfDay>[];

export const noEdits: YearEdits = [];

export function editedDays(edits: YearEdits): ReadonlyMap<string, SaidOfDay> {
  return edits.at(-1) ?? new Map();
}

/** One step more: this is said of this day. What the calendar says already is no edit. */
export function edit(edits: YearEdits, kept: CalendarYear | undefined, date: string, said: SaidOfDay): YearEdits {
  const now = editedDays(edits);
  const isAsKept = (saidDays(kept).get(date) ?? 'nothing') === said;
  if (isAsKept ? !now.has(date) : now.get(date) === said) return edits;
  const next = new Map(now);
  if (isAsKept) next.delete(date);
  else next.set(date, said);
  return [...edits, next];
}

export function undo(edits: YearEdits): YearEdits {
  return edits.slice(0, -1);
}

/** The year with what was changed of it. */
export function editedYear(kept: CalendarYear | undefined, edits: YearEdits): CalendarYear | undefined {
  const changed = editedDays(edits);
  if (changed.size === 0) return kept;
  return yearSaying(kept?.decree ?? null, new Map([...saidDays(kept), ...changed]));
}

const keptEdits = new Map<string, YearEdits>();
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Whoever closes the browser with something unsaved is asked. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function write(name: string, edits: YearEdits): void {
  if (edits.length === 0) keptEdits.delete(name);
  else keptEdits.set(name, edits);
  const isUnsaved = [...keptEdits.values()].some((each) => editedDays(each).size > 0);
  window.removeEventListener('beforeunload', ask);
  if (isUnsaved) window.addEventListener('beforeunload', ask);
  for (const watcher of watchers) watcher();
}

/** The edits of one year of one calendar, and how to change them. */
export function useYearEdits(calendar: string, year: number): [YearEdits, (edits: YearEdits) => void] {
  const name = `${calendar} ${year}`;
  const edits = useSyncExternalStore(watch, () => keptEdits.get(name) ?? noEdits);
  return [edits, (next) => write(name, next)];
}
