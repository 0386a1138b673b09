import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { refreshDocuments } from '../db/repositories/search-refresh.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../log.ts';

const batchSize = 200;
/**
 * On a busy desk a bell rings for every message. Messages that come within this time are one batch and one commit, and
 * several of a ticket one new document: else the index would take from the desk the time that its answers need.
 */
const restMilliseconds = 400;

/**
 * Brings up to date what tickets are found by, beside the dispatcher's own work and woken by the same bell, so that it goes
 * on while the engine is away. What no bell announced is found by the dispatcher's sweep.
 */
export class DocumentKeeper {
  private readonly parts: { readonly database: Database; readonly clock: Clock; readonly log: Log };
  private working: Promise<void> | undefined;
  private again = false;
  private readonly stopped = new AbortController();

  constructor(parts: { readonly database: Database; readonly clock: Clock; readonly log: Log }) {
    this.parts = parts;
  }

  /** Returns at once. Rung while at work, it looks once more at the end. */
  wake(): void {
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    const { database, clock, log } = this.parts;
    const { signal } = this.stopped;
    try {
      while (this.again && !signal.aborted) {
        this.again = false;
        if ((await refreshDocuments(database, clock, batchSize)) === batchSize) this.again = true;
        else await pause(restMilliseconds, undefined, { signal });
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ code: (error as { code?: string }).code }, 'tickets could not be indexed; the next bell or sweep tries again');
    }
  }
}
