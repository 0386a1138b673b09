/**
 * Tells the shop what happened, until it answers 200 or 24 hours are over (reference: yookassa, Notifications), as badly as the
 * dial says.
 */
import { request } from 'node:http';
import type { Books, Notification } from './books.ts';
import type { Chance, Dial } from './dial.ts';

/** Seconds after the first attempt. The provider says "for 24 hours" and no more. */
const retriesAfterSeconds = [0, 10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400];
/** The shop has so long to answer. */
const patienceMs = 10_000;
/** One that waits for a later one waits no longer than this. */
const heldSeconds = 5;

export interface NotifierParts {
  readonly books: Books;
  readonly now: () => Date;
  readonly dial: () => Dial;
  readonly chance: () => Chance;
  /** Where the shop listens; undefined while it says nowhere. */
  readonly shopAddress: () => string | undefined;
  readonly count: (what: string) => void;
}

export class Notifier {
  private readonly parts: NotifierParts;
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(parts: NotifierParts) {
    this.parts = parts;
  }

  /** Takes it up; {@link sendDue} sends it. */
  tell(event: string, object: unknown): void {
    const { books, now, dial, chance, count } = this.parts;
    const misbehaviour = dial();
    for (let copy = 0; copy <= misbehaviour.notificationsRepeated; copy++) {
      if (chance().hits(misbehaviour.notificationsLost)) {
        count('notifications lost');
        continue;
      }
      const held = chance().hits(misbehaviour.notificationsReordered);
      const delaySeconds = held
        ? heldSeconds
        : misbehaviour.notificationsDelaySeconds * (misbehaviour.notificationsDelaySeconds > 0 ? chance().next() : 0);
      const firstAt = new Date(now().getTime() + delaySeconds * 1000).toISOString();
      books.keep({
        kind: 'notification',
        id: this.newId(),
        event,
        object,
        firstAt,
        dueAt: firstAt,
        attempts: 0,
        ...(held && { held }),
      });
    }
  }

  /** Sends what is due, all at once, and returns when each has been answered or failed. */
  async sendDue(): Promise<void> {
    const now = this.parts.now().toISOString();
    for (const notification of this.parts.books.notifications.values())
      if (notification.dueAt <= now && !this.underWay.has(notification.id)) this.send(notification);
    await Promise.all(this.underWay.values());
  }

  /** The instant of the next attempt; undefined when there is none. */
  nextDue(): Date | undefined {
    let next: string | undefined;
    for (const { id, dueAt } of this.parts.books.notifications.values())
      if (!this.underWay.has(id) && (next === undefined || dueAt < next)) next = dueAt;
    return next === undefined ? undefined : new Date(next);
  }

  /** Never one that still waits, also behind a start, when the chance begins anew. */
  private newId(): string {
    const { books, now } = this.parts;
    let number = books.notifications.size;
    const id = () => `ntf-${now().getTime()}-${number}`;
    while (books.notifications.has(id())) number++;
    return id();
  }

  private send(notification: Notification): void {
    const attempt = this.attempt(notification).finally(() => this.underWay.delete(notification.id));
    this.underWay.set(notification.id, attempt);
  }

  private async attempt(notification: Notification): Promise<void> {
    const { books, count } = this.parts;
    const status = await this.post(notification.event, notification.object);
    count('notifications sent');
    notification.attempts += 1;
    delete notification.held;
    if (status === 200) {
      count('notifications acknowledged');
      notification.over = 'acknowledged';
    } else {
      const after = retriesAfterSeconds[notification.attempts];
      if (after === undefined) notification.over = 'given_up';
      else
        notification.dueAt = new Date(
          Math.max(new Date(notification.firstAt).getTime() + after * 1000, this.parts.now().getTime()),
        ).toISOString();
    }
    books.keep(notification);
    this.release(notification);
  }

  /** What waited for a later one has seen it sent. */
  private release(sent: Notification): void {
    for (const waiting of this.parts.books.notifications.values())
      if (waiting.held === true && waiting.id !== sent.id) {
        delete waiting.held;
        waiting.dueAt = this.parts.now().toISOString();
        this.parts.books.keep(waiting);
      }
  }

  /** @returns the shop's status; undefined when there was no answer */
  async post(event: string, object: unknown): Promise<number | undefined> {
    const address = this.parts.shopAddress();
    if (address === undefined) return undefined;
    const body = JSON.stringify({ type: 'notification', event, object });
    return new Promise<number | undefined>((resolve) => {
      const hurry = AbortSignal.timeout(patienceMs);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      // Not fetch, whose library would take a third of what this process needs.
      const asked = request(address, { method: 'POST', headers, agent: false, signal: hurry }, (response) => {
        // A shop that is killed in the middle of its answer has said its status already.
        response.on('error', () => {}).resume();
        resolve(response.statusCode);
      });
      asked.on('error', () => resolve(undefined));
      asked.end(body);
    });
  }
}
