/**
 * Dated stories: a whole Kontor on a time-skipping Temporal server, with the clock tied to its skipped time. Weeks
 * pass in milliseconds, in order: at each step that falls due, everything settles before time goes on.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { startKontor, type Kontor, type KontorOptions } from './kontor.ts';

export interface Story extends Kontor {
  /** Lets time pass until this instant, such as `2026-12-01T10:14:00Z`. */
  passUntil(instant: string | Date): Promise<void>;
  /**
   * The same while the worker has yet to come, in a story that began without promises: nothing happens by itself, and nothing is
   * waited for. (Time is not skipped while a workflow that has begun waits for its worker.)
   */
  passAwayUntil(instant: string | Date): Promise<void>;
  /** The present instant of the story. */
  now(): Date;
}

/**
 * Begins a story at this instant. Workflows read the server's time, so the server is let sleep until then: the story
 * must lie in the future, which is why stories are dated in the 2030s.
 */
export async function beginStory(
  instant: string,
  more: Pick<KontorOptions, 'consoleFolder' | 'promises' | 'standardPromises'> = {},
): Promise<Story> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('temporalTestServer') } },
  });
  await registerSearchAttributes(environment);
  await environment.sleep(new Date(instant).getTime() - (await environment.currentTimeMs()));
  const clock = new StoryClock(environment);
  await clock.follow();
  const kontor = await startKontor({
    ...more,
    clock,
    temporal: { address: environment.address, namespace: 'default' },
    beforeRequest: () => clock.follow(),
    signInAgain: true,
    interceptors: {
      activity: [
        () => ({
          inbound: {
            execute: async (input, next) => {
              await clock.follow();
              return next(input);
            },
          },
        }),
      ],
    },
  });
  return {
    ...kontor,
    now: () => clock.now(),
    passUntil: (until) => passUntil(kontor, environment, clock, new Date(until)),
    passAwayUntil: async (until) => {
      await environment.sleep(new Date(until).getTime() - (await environment.currentTimeMs()));
      await clock.follow();
    },
    stop: async () => {
      await kontor.stop();
      await environment.teardown();
    },
  };
}

async function passUntil(kontor: Kontor, environment: TestWorkflowEnvironment, clock: StoryClock, until: Date): Promise<void> {
  for (;;) {
    await kontor.settled();
    await clock.follow();
    const [next] = await kontor.db.query<{ due_at: Date }>('select min(due_at) as due_at from obligation where due_at > $1', [clock.now()]);
    const stop = next?.due_at && next.due_at < until ? next.due_at : until;
    const milliseconds = stop.getTime() - clock.now().getTime();
    if (milliseconds > 0) await environment.sleep(milliseconds);
    await clock.follow();
    await kontor.settled();
    if (stop === until) return;
  }
}

async function registerSearchAttributes(environment: TestWorkflowEnvironment): Promise<void> {
  const types: Record<string, number> = { Keyword: 2, Datetime: 6 };
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.entries(searchAttributeTypes).map(([name, type]) => [name, types[type]!])),
  });
}

/** The server's skipped time, as the product's clock. It is read from the server before each request and activity. */
class StoryClock {
  private readonly environment: TestWorkflowEnvironment;
  private currentMs = 0;

  constructor(environment: TestWorkflowEnvironment) {
    this.environment = environment;
  }

  now(): Date {
    return new Date(this.currentMs);
  }

  async follow(): Promise<void> {
    this.currentMs = await this.environment.currentTimeMs();
  }
}
