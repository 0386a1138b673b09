/** The load: plain requests over kept connections, as cheap as Node can send them. */
import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** From the first byte sent to the last received. */
  readonly milliseconds: number;
}

export class HttpLoad {
  private readonly agent: Agent;
  private readonly origin: URL;

  constructor(origin: string, connections: number) {
    this.origin = new URL(origin);
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  }

  async send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<HttpAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const started = performance.now();
    return await new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          host: this.origin.hostname,
          port: this.origin.port,
          method,
          path,
          headers: {
            ...headers,
            ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), milliseconds: performance.now() - started }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /** Sends and parses; anything but a 2xx ends the bench, as a refused command would flatter the figure. */
  async must<Body>(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<Body> {
    const answer = await this.send(method, path, headers, body);
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    return JSON.parse(answer.text) as Body;
  }

  close(): void {
    this.agent.destroy();
  }
}

/** What the client and its sockets can do when the server does almost nothing: requests answered per second. */
export async function clientCeiling(origin: string, path: string, clients: number, requests: number): Promise<number> {
  const load = new HttpLoad(origin, clients);
  let left = requests;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left > 0) {
        left -= 1;
        await load.send('GET', path, {});
      }
    }),
  );
  load.close();
  return (requests * 1000) / (performance.now() - started);
}
