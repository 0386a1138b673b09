/** One open page's stream of events (SPEC T18): text/event-stream, with what its reader has not taken yet in bounds. */
import { isLater, spellPosition, type FeedPosition, type FeedRow } from '../../db/change-feed.ts';
import type { LiveTopic } from '../../domain/live-topic.ts';

/** Who reads a stream, and what he may hear. */
export interface StreamReader {
  readonly userId: string;
  /** The account whose public facts he hears; undefined for staff, who hear what staff may. */
  readonly accountId: string | undefined;
  /** What his token, where he came with one, lets him hear of. */
  readonly mayHear: (topic: LiveTopic) => boolean;
  /** Breaks his connection, by which what lies in memory for him is let go. */
  readonly cut: () => void;
}

/** A row of the feed as its two kinds of readers are sent it. */
export interface SpelledRow {
  readonly row: FeedRow;
  readonly forStaff: Uint8Array;
  readonly forCustomers: Uint8Array;
}

/** So many bytes may wait for a reader before he is cut off; he comes back and resumes. */
const mostWaitingBytes = 64 * 1024;
/** So many rows may come in while it is being found out what a reader missed; then he reads anew. */
const mostWaitingRows = 2_000;

/** Whoever loses his stream comes back within so many milliseconds, not all at once when a process starts anew. */
const comesBackWithinMs = { least: 500, most: 2_500 };

const encoder = new TextEncoder();
const heartbeat = encoder.encode(':\n\n');

export class EventStream {
  readonly reader: StreamReader;
  readonly body: ReadableStream<Uint8Array>;
  /** When it is next written to and its reader looked at again, by `performance.now()`. */
  beatAt = 0;
  checkAt = 0;
  private readonly gone: (stream: EventStream) => void;
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  private isOpen = true;
  /** What came in before it was known where the stream begins. */
  private waiting: SpelledRow[] | undefined = [];
  private overflowed = false;
  private position: FeedPosition = { tx: 0n, id: 0n };

  /** @param gone is called once, when nobody reads any more, whoever ended it */
  constructor(reader: StreamReader, gone: (stream: EventStream) => void) {
    this.reader = reader;
    this.gone = gone;
    this.body = new ReadableStream<Uint8Array>(
      { start: (controller) => void (this.controller = controller), cancel: () => this.leave() },
      new ByteLengthQueuingStrategy({ highWaterMark: mostWaitingBytes }),
    );
  }

  /** Begins here; whoever reads must read everything he shows, as what came before is not told. */
  begin(event: 'hello' | 'reset', at: FeedPosition): void {
    // Where too much came in meanwhile the page must read anew, from a place behind all that was left out.
    const last = this.overflowed ? this.waiting?.at(-1)?.row : undefined;
    const from = last && isLater(last, at) ? last : at;
    this.send(greeting(this.overflowed ? 'reset' : event, from));
    this.goOn(from);
  }

  /** Begins where the reader left off, with what he missed. */
  resume(since: FeedPosition, missed: readonly SpelledRow[], upTo: FeedPosition): void {
    if (this.overflowed) return this.begin('reset', upTo);
    this.send(greeting('resumed', since));
    this.write(missed);
    this.goOn(upTo);
  }

  private goOn(from: FeedPosition): void {
    const waited = this.waiting ?? [];
    this.waiting = undefined;
    this.position = from;
    this.tell(waited);
  }

  /** Sends what of these is the reader's and has not been sent. */
  tell(rows: readonly SpelledRow[]): void {
    if (this.waiting) {
      // The last one is kept in any case: it says from where to go on.
      this.overflowed ||= this.waiting.length + rows.length > mostWaitingRows;
      this.waiting = this.overflowed ? rows.slice(-1) : [...this.waiting, ...rows];
      return;
    }
    const last = rows.at(-1)?.row;
    if (!last || !isLater(last, this.position)) return;
    this.write(rows.filter(({ row }) => isLater(row, this.position)));
    this.position = last;
  }

  private write(rows: readonly SpelledRow[]): void {
    const own = rows.filter(({ row }) => this.isFor(row));
    const isStaff = this.reader.accountId === undefined;
    if (own.length > 0) this.send(joined(own.map((spelled) => (isStaff ? spelled.forStaff : spelled.forCustomers))));
  }

  private isFor({ accountId, staff, userId, topic }: FeedRow): boolean {
    const { reader } = this;
    const addressed = userId === reader.userId || (reader.accountId === undefined ? staff : accountId === reader.accountId);
    return addressed && reader.mayHear(topic);
  }

  beat(): void {
    this.send(heartbeat);
  }

  private send(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    // A reader who takes nothing is cut off rather than waited for.
    if ((this.controller.desiredSize ?? 0) <= 0) {
      this.leave();
      this.reader.cut();
    } else this.controller.enqueue(bytes);
  }

  /** Ends it in good order: shutting down, or its reader may read no more. */
  end(): void {
    if (!this.isOpen) return;
    this.leave();
    this.controller.close();
  }

  private leave(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.gone(this);
  }
}

function greeting(event: 'hello' | 'resumed' | 'reset', at: FeedPosition): Uint8Array {
  const { least, most } = comesBackWithinMs;
  const retry = Math.round(least + Math.random() * (most - least));
  return encoder.encode(`retry: ${retry}\nid: ${spellPosition(at)}\nevent: ${event}\ndata: {}\n\n`);
}

/** The same row twice over: whole for staff, and what customers may know of it. */
export function spellRow(row: FeedRow, forCustomers: LiveTopic): SpelledRow {
  const spell = (topic: LiveTopic) => encoder.encode(`id: ${spellPosition(row)}\nevent: change\ndata: ${JSON.stringify(topic)}\n\n`);
  return { row, forStaff: spell(row.topic), forCustomers: spell(forCustomers) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : new Uint8Array(Buffer.concat(parts));
}
