import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { ticketHappenings } from '../../domain/ticket.ts';
import type { PlannedStep, TicketPlan } from '../../domain/ticket-plan.ts';
import { ticketStory } from '../../domain/ticket-story.ts';
import { shortTransaction } from '../activity-options.ts';
import { nextStepAtAttribute, nextStepAttribute, queueAttribute, statusAttribute } from '../search-attributes.ts';
import { defaultContinueAfterEvents, ticketWorkflowType, type TicketActivities, type TicketInput, type TicketNews } from './contract.ts';

const { readTicketPlan, takeTicketStep } = proxyLocalActivities<TicketActivities>(shortTransaction);

/**
 * The promises of one ticket (SPEC T4, T5, T8, T9).
 *
 * While the customer owes an answer: warn him a day before, close on the seventh day. Once closed: wait seven more
 * days, then archive, and end. While staff owe an answer, nothing happens by itself. Whenever somebody does something,
 * look again. What the durations are, and whether a step still stands when its time comes, is decided where the facts
 * are: this process only waits, and asks.
 */
export async function ticket(input: TicketInput): Promise<void> {
  const news = listenForNews();
  const alarm = new Alarm();

  let patienceSeconds = 1;
  let plan = await look(input, () => readTicketPlan(input.number));
  while (plan && plan.status !== 'archived') {
    tellOperators(plan);
    const due = plan.steps.find((step) => wakesAt(step) <= Date.now());
    if (due) {
      const taken: PlannedStep = due;
      plan = await look(input, () => takeTicketStep(input.number, taken.id));
      const stands = plan?.steps.some((step) => step.id === taken.id && step.heldUntil === undefined) === true;
      // The facts' clock may be behind the engine's: then the step is not due there yet, and is asked for again.
      if (stands) await sleep(patienceSeconds * 1000, { summary: 'the facts’ clock is behind: asks again' });
      patienceSeconds = stands ? Math.min(patienceSeconds * 2, 60) : 1;
      if (isLong(input)) await handOver(input);
      continue;
    }
    alarm.setTo(plan.steps);
    await condition(() => news.arrived || alarm.rang);
    if (isLong(input)) await handOver(input);
    // When only the alarm rang, the plan still stands as far as we know, and taking its step asks the facts anyway; but a
    // hold may have been lifted.
    if (news.arrived || plan.steps.some((step) => step.heldUntil !== undefined)) {
      news.arrived = false;
      plan = await look(input, () => readTicketPlan(input.number));
    }
  }
  alarm.cancel();
  if (plan) tellOperators(plan);
}

/** Marks that something happened. What it was is in the facts, which are read again. */
function listenForNews(): { arrived: boolean } {
  const news = { arrived: false };
  for (const happening of ticketHappenings) {
    setHandler(defineSignal<[TicketNews]>(happening), () => {
      news.arrived = true;
    });
  }
  return news;
}

/** Reads or acts; while the database is away, waits on a durable timer, longer each time, up to a minute. */
async function look(input: TicketInput, ask: () => Promise<TicketPlan | undefined>): Promise<TicketPlan | undefined> {
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 60)) {
    try {
      return await ask();
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the facts cannot be read now; asks again', { seconds });
      await sleep(seconds * 1000, { summary: 'the database is away: asks again' });
      if (isLong(input)) await handOver(input);
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

/** Says in Temporal UI what this ticket waits for. An attribute is written only when it changes: each write is an event. */
function tellOperators(plan: TicketPlan): void {
  const steps = plan.steps.map((step) => ({
    kind: step.kind,
    dueAt: new Date(step.dueAt),
    ...(step.heldUntil === undefined ? {} : { heldUntil: step.heldUntil === null ? null : new Date(step.heldUntil) }),
  }));
  setCurrentDetails(ticketStory(plan.status, plan.closedBy, steps));
  const [next] = steps;
  const written = workflowInfo().typedSearchAttributes;
  const same =
    written.get(statusAttribute) === plan.status &&
    written.get(queueAttribute) === plan.category &&
    written.get(nextStepAttribute) === next?.kind &&
    written.get(nextStepAtAttribute)?.getTime() === next?.dueAt.getTime();
  if (same) return;
  upsertSearchAttributes([
    { key: statusAttribute, value: plan.status },
    { key: queueAttribute, value: plan.category },
    { key: nextStepAttribute, value: next?.kind ?? null },
    { key: nextStepAtAttribute, value: next?.dueAt ?? null },
  ]);
}

const timerSummaries: Readonly<Record<PlannedStep['kind'], string>> = {
  warn: 'warns the customer that the ticket will close',
  auto_close: 'closes the ticket unless the customer writes',
  archive: 'archives the ticket unless the customer writes',
  wake: 'ends the snooze',
};

/**
 * One timer for the earliest step. It is set anew only when the earliest step moves earlier: a later one lets the old
 * timer ring, and the workflow then looks again, which costs fewer events than cancelling at every message.
 */
class Alarm {
  rang = false;
  private at = Number.POSITIVE_INFINITY;
  private scope: CancellationScope | undefined;

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
      .run(() => sleep(at - Date.now(), { summary: timerSummaries[earliest.kind] }))
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

function isLong(input: TicketInput): boolean {
  return workflowInfo().historyLength >= (input.continueAfterEvents ?? defaultContinueAfterEvents);
}

/** A fresh run reads the facts itself: the number is all it needs. */
async function handOver(input: TicketInput): Promise<void> {
  await condition(allHandlersFinished);
  await makeContinueAsNewFunc<typeof ticket>({ workflowType: ticketWorkflowType })(input);
}
