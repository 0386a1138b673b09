/** Reads a stream of events as a browser does, over real HTTP: fields and blank lines, ids kept, comments counted. */
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { until } from './until.ts';

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: any;
}

export class EventReader {
  readonly events: StreamEvent[] = [];
  /** What came as it came: to prove what never did. */
  text = '';
  heartbeats = 0;
  ended = false;
  private readonly asked: ClientRequest;
  private readonly answer: IncomingMessage;

  private constructor(asked: ClientRequest, answer: IncomingMessage) {
    this.asked = asked;
    this.answer = answer;
    let rest = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      this.text += chunk;
      rest += chunk;
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) this.take(block);
    });
    for (const over of ['end', 'close', 'error'] as const) answer.on(over, () => (this.ended = true));
  }

  /** @returns the reader, or what was answered instead of a stream */
  static async open(
    address: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<EventReader | { status: number; headers: IncomingMessage['headers'] }> {
    return new Promise((resolve, reject) => {
      const asked = request(address, { headers: { ...headers }, agent: false }, (answer) => {
        if (answer.statusCode === 200) return resolve(new EventReader(asked, answer));
        answer.resume();
        resolve({ status: answer.statusCode!, headers: answer.headers });
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  get headers(): IncomingMessage['headers'] {
    return this.answer.headers;
  }

  get lastId(): string {
    return this.events.at(-1)?.id ?? '';
  }

  /** What changed, without the greeting. */
  get changes(): any[] {
    return this.events.filter(({ event }) => event === 'change').map(({ data }) => data);
  }

  async until(what: string, test: (changes: any[]) => boolean, seconds?: number): Promise<void> {
    await until(what, () => test(this.changes), seconds).catch((error: Error) => {
      throw new Error(`${error.message}; came: ${JSON.stringify(this.events)}`);
    });
  }

  /** Takes nothing any more, as a page does whose machine sleeps. */
  stall(): void {
    this.answer.pause();
  }

  wake(): void {
    this.answer.resume();
  }

  close(): void {
    this.asked.destroy();
  }

  private take(block: string): void {
    if (block.startsWith(':') || block === '') {
      this.heartbeats += 1;
      return;
    }
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    ) as { id: string; event: string; data: string };
    this.events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
  }
}

/** Opens a stream that must come. */
export async function listen(
  origin: string,
  tree: 'customer' | 'staff',
  person: { readonly credentials: Readonly<Record<string, string>> },
  lastEventId?: string,
): Promise<EventReader> {
  const path = tree === 'staff' ? '/api/staff/v1/events' : '/api/v1/events';
  const headers = { ...person.credentials, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
  const opened = await EventReader.open(`${origin}${path}`, headers);
  if (!(opened instanceof EventReader)) throw new Error(`a stream was refused with ${opened.status}`);
  await until('the stream greets', () => opened.events.length > 0);
  return opened;
}
