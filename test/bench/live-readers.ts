/**
 * Open pages of a bench, in a process of their own: it reads as many streams of events as it is told to, and notes when each
 * message came on each of them. Spoken to by its parent; times are the machine's, in milliseconds.
 */
import { request } from 'node:http';

export interface ReadersWish {
  readonly open?: readonly { readonly address: string; readonly headers: Readonly<Record<string, string>> }[];
  readonly collect?: true;
}

export interface ReadersAnswer {
  /** Streams that have greeted. */
  readonly open: number;
  readonly arrivals?: readonly (readonly [messageId: string, atMs: readonly number[]])[];
}

const arrivals = new Map<string, number[]>();
let open = 0;

process.on('message', (wish: ReadersWish) => {
  if (wish.open) void Promise.all(wish.open.map(({ address, headers }) => read(address, headers))).then(answer);
  if (wish.collect) {
    process.send!({ open, arrivals: [...arrivals] } satisfies ReadersAnswer);
    arrivals.clear();
  }
});

function answer(): void {
  process.send!({ open } satisfies ReadersAnswer);
}

/** Resolves with the stream's first bytes. */
async function read(address: string, headers: Readonly<Record<string, string>>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const asked = request(address, { headers, agent: false }, (stream) => {
      if (stream.statusCode !== 200) return reject(new Error(`a stream was refused with ${stream.statusCode}`));
      stream.setEncoding('utf8');
      stream.once('data', () => {
        open += 1;
        resolve();
      });
      let rest = '';
      stream.on('data', (chunk: string) => {
        const at = performance.timeOrigin + performance.now();
        const events = (rest + chunk).split('\n\n');
        rest = events.pop()!;
        for (const event of events) note(event, at);
      });
      stream.on('close', () => (open -= 1));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function note(event: string, at: number): void {
  const message = /"message":"(msg_\w+)"/.exec(event)?.[1];
  if (message === undefined) return;
  const known = arrivals.get(message);
  if (known) known.push(at);
  else arrivals.set(message, [at]);
}
