import type { Database } from './database.ts';

/** The channel the dispatcher listens on. */
export const outboxChannel = 'kontor_outbox';

// One round trip. A ring that a crash loses is made good by the sweep, so its commit need not wait for the disk.
// (Statements sent together are one transaction, which an error ends by itself.)
const ringing = `set local synchronous_commit = off; notify ${outboxChannel}`;

/**
 * Wakes the dispatcher after a commit. NOTIFY serialises commits, so it is not part of the wish: many wishes that
 * commit at once share one ring, and one that is lost with its process is made good by the dispatcher's sweep.
 */
export class OutboxBell {
  private readonly database: Database;
  private ringing = false;
  private again = false;

  constructor(database: Database) {
    this.database = database;
  }

  ring(): void {
    if (this.ringing) {
      this.again = true;
      return;
    }
    this.ringing = true;
    void this.database
      .fork()
      .execute(ringing)
      .catch(() => undefined)
      .finally(() => {
        this.ringing = false;
        if (!this.again) return;
        this.again = false;
        this.ring();
      });
  }
}
