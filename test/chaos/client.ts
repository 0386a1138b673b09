/** How a well-behaved client of the API meets a fault: it sends the same request with the same key until it is answered. */
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';

/** A request that may be sent again and again. */
export interface KeyedRequest {
  readonly path: string;
  readonly body?: unknown;
  readonly key: string;
}

/** Sends it once. @returns undefined when no answer came, which says nothing about what was done */
export async function sendOnce(driver: ApiDriver, request: KeyedRequest): Promise<ApiAnswer | undefined> {
  try {
    return await driver.post(request.path, request.body, { 'idempotency-key': request.key });
  } catch {
    return undefined;
  }
}

export interface Insisted {
  /** The first answer that was not "try again". */
  readonly answer: ApiAnswer;
  /** Those before it: undefined where none came, else 503. */
  readonly before: readonly (ApiAnswer | undefined)[];
}

/** Sends it until there is an answer other than 503. */
export async function insist(driver: ApiDriver, request: KeyedRequest, seconds = 40): Promise<Insisted> {
  const deadline = performance.now() + seconds * 1000;
  const before: (ApiAnswer | undefined)[] = [];
  for (;;) {
    const answer = await sendOnce(driver, request);
    if (answer && answer.status !== 503) return { answer, before };
    before.push(answer);
    if (performance.now() > deadline) throw new Error(`${request.path} was not answered within ${seconds} s`);
    // A client waits before it tries again; this long bounds what it asks of a desk in trouble.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function wasReplayed(answer: ApiAnswer): boolean {
  return answer.headers.get('idempotency-replayed') === 'true';
}
