/**
 * The one loop in which the workflow of an entity keeps its promises: it waits for the earliest next step, takes it, and
 * looks again whenever something happened. What the steps are, and whether one still stands when its time comes, is
 * decided where the facts are; here is only waiting and asking.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  log,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan, PlannedStep } from '../domain/planned-step.ts';

/** Far below the server's own suggestion (4,096), far above what a ticket usually needs (some 100). */
export const defaultContinueAfterEvents = 1_000;

/** An entity that has promises to keep. */
export interface Promising<EntityPlan extends Plan> {
  /** The signals that tell of something having happened. What it was is in the facts, which are read again. */
  readonly happenings: readonly string[];
  /** What happens next; undefined when there is no such entity. */
  read(): Promise<EntityPlan | undefined>;
  /** Takes the step if it still stands and nothing holds it, and says what happens next. */
  take(step: EntityPlan['steps'][number]): Promise<EntityPlan | undefined>;
  /** Whether nothing will ever happen again: then the run ends. */
  isOver(plan: EntityPlan): boolean;
  /** Says in Temporal UI what the entity waits for. */
  tellOperators(plan: EntityPlan): void;
  /** What a timer is for, by the kind of its step. */
  readonly timerSummaries: Readonly<Record<EntityPlan['steps'][number]['kind'], string>>;
  /** Events after which a run hands over to a fresh one; tests set it low. */
  readonly continueAfterEvents: number | undefined;
  /** Continues as new: the facts are elsewhere, so the entity's id is all that a fresh run needs. */
  startAfresh(): Promise<never>;
}

/** Keeps an entity's promises until it is over. */
export async function keepPromises<EntityPlan extends Plan>(entity: Promising<EntityPlan>): Promise<void> {
  const news = listenForNews(entity.happenings);
  const alarm = new Alarm(entity.timerSummaries);

  let patienceSeconds = 1;
  let plan = await look(entity, () => entity.read());
  while (plan && !entity.isOver(plan)) {
    entity.tellOperators(plan);
    const due: PlannedStep | undefined = plan.steps.find((step) => wakesAt(step) <= Date.now());
    if (due) {
      plan = await look(entity, () => entity.take(due));
      const stands = plan?.steps.some((step) => step.id === due.id && step.heldUntil === undefined) === true;
      // The facts' clock may be behind the engine's: then the step is not due there yet, and is asked for again.
      if (stands) await sleep(patienceSeconds * 1000, { summary: 'the facts’ clock is behind: asks again' });
      patienceSeconds = stands ? Math.min(patienceSeconds * 2, 60) : 1;
      if (isLong(entity)) await handOver(entity);
      continue;
    }
    alarm.setTo(plan.steps);
    await condition(() => news.arrived || alarm.rang);
    if (isLong(entity)) await handOver(entity);
    // When only the alarm rang, the plan still stands as far as we know, and taking its step asks the facts anyway; but a
    // hold may have been lifted.
    if (news.arrived || plan.steps.some((step) => step.heldUntil !== undefined)) {
      news.arrived = false;
      plan = await look(entity, () => entity.read());
    }
  }
  alarm.cancel();
  if (plan) entity.tellOperators(plan);
}

/** Marks that something happened. */
function listenForNews(happenings: readonly string[]): { arrived: boolean } {
  const news = { arrived: false };
  for (const happening of happenings) {
    setHandler(defineSignal(happening), () => {
      news.arrived = true;
    });
  }
  return news;
}

/** Reads or acts; while the database is away, waits on a durable timer, longer each time, up to a minute. */
async function look<EntityPlan extends Plan>(
  entity: Promising<EntityPlan>,
  ask: () => Promise<EntityPlan | undefined>,
): Promise<EntityPlan | undefined> {
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 60)) {
    try {
      return await ask();
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the facts cannot be read now; asks again', { seconds });
      await sleep(seconds * 1000, { summary: 'the database is away: asks again' });
      if (isLong(entity)) await handOver(entity);
    }
  }
}

/**
 * When the workflow must ask whether to take this step: when it is due; if a hold stops it then, when the hold ends. A
 * hold that may be lifted before is no reason to set no timer.
 */
function wakesAt(step: PlannedStep): number {
  const dueAt = new Date(step.dueAt).getTime();
  if (step.heldUntil === undefined || dueAt > Date.now()) return dueAt;
  return step.heldUntil === null ? Number.POSITIVE_INFINITY : new Date(step.heldUntil).getTime();
}

/**
 * One timer for the earliest step. It is set anew only when the earliest step moves earlier: a later one lets the old
 * timer ring, and the workflow then looks again, which costs fewer events than cancelling at every message.
 */
class Alarm {
  rang = false;
  private readonly summaries: Readonly<Record<string, string>>;
  private at = Number.POSITIVE_INFINITY;
  private scope: CancellationScope | undefined;

  constructor(summaries: Readonly<Record<string, string>>) {
    this.summaries = summaries;
  }

  setTo(steps: readonly PlannedStep[]): void {
    const [earliest] = steps.toSorted((a, b) => wakesAt(a) - wakesAt(b));
    const at = earliest ? wakesAt(earliest) : Number.POSITIVE_INFINITY;
    if (!earliest || at === Number.POSITIVE_INFINITY) return this.cancel();
    if (this.scope && !this.rang && this.at <= at) return;
    this.cancel();
    const scope = new CancellationScope({ cancellable: true });
    this.scope = scope;
    this.at = at;
    void scope
      .run(() => sleep(at - Date.now(), { summary: this.summaries[earliest.kind] ?? earliest.kind }))
      .then(
        () => {
          if (this.scope === scope) this.rang = true;
        },
        () => undefined,
      );
  }

  cancel(): void {
    if (this.scope && !this.rang) this.scope.cancel();
    this.scope = undefined;
    this.rang = false;
    this.at = Number.POSITIVE_INFINITY;
  }
}

function isLong<EntityPlan extends Plan>({ continueAfterEvents }: Promising<EntityPlan>): boolean {
  return workflowInfo().historyLength >= (continueAfterEvents ?? defaultContinueAfterEvents);
}

async function handOver<EntityPlan extends Plan>(entity: Promising<EntityPlan>): Promise<void> {
  await condition(allHandlersFinished);
  await entity.startAfresh();
}
