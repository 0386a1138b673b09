/**
 * What each happening cost a workflow in events (P4), read from its recorded history. An episode begins with what woke
 * the workflow and ends before the next waking; what arrives while a task is under way belongs to that episode.
 */
import type { WorkflowHandle } from '@temporalio/client';

export type RecordedHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

export interface Episode {
  /** `opening`, a signal's name, `deadline` (a timer rang and a step was asked for), or `late ring` (a timer that no longer mattered). */
  readonly cause: string;
  readonly events: number;
  /** Signals that were handled together. */
  readonly signals: number;
  readonly startedAtMs: number;
  /** When the last workflow task of the episode completed: the workflow had planned anew. */
  readonly plannedAtMs: number;
  /** The first signal's argument, where one began the episode. */
  readonly news: { readonly messageId?: string; readonly revision?: number } | undefined;
}

type Draft = { -readonly [Field in keyof Episode]: Episode[Field] } & { acted: boolean; timer: boolean };

/** Splits a history into its episodes; the sum of their events is the length of the history. */
export function countEvents(history: RecordedHistory): Episode[] {
  const episodes: Draft[] = [];
  let busy = false;
  for (const event of history.events ?? []) {
    const signal = event.workflowExecutionSignaledEventAttributes;
    const begins = event.workflowExecutionStartedEventAttributes ?? signal ?? event.timerFiredEventAttributes;
    if (begins && (!busy || episodes.length === 0)) episodes.push(draft(event));
    const current = episodes.at(-1)!;
    current.events += 1;
    if (signal) current.signals += 1;
    if (event.workflowTaskScheduledEventAttributes || event.timerFiredEventAttributes || signal) busy = true;
    if (event.markerRecordedEventAttributes) current.acted = true;
    if (event.workflowTaskCompletedEventAttributes) {
      busy = false;
      current.plannedAtMs = millisecondsOf(event.eventTime);
    }
  }
  return episodes.map(({ acted, timer, ...episode }) => (timer && !acted ? { ...episode, cause: 'late ring' } : episode));
}

type HistoryEvent = NonNullable<RecordedHistory['events']>[number];

function draft(event: HistoryEvent): Draft {
  const at = millisecondsOf(event.eventTime);
  const signal = event.workflowExecutionSignaledEventAttributes;
  const timer = event.timerFiredEventAttributes != null;
  const cause = signal?.signalName ?? (timer ? 'deadline' : 'opening');
  return {
    cause,
    events: 0,
    signals: 0,
    startedAtMs: at,
    plannedAtMs: Number.NaN,
    news: signal ? newsOf(signal.input?.payloads?.[0]?.data) : undefined,
    acted: false,
    timer,
  };
}

function newsOf(data: Uint8Array | null | undefined): Episode['news'] {
  return data ? (JSON.parse(Buffer.from(data).toString('utf8')) as Episode['news']) : undefined;
}

function millisecondsOf(time: HistoryEvent['eventTime']): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
