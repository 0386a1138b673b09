import { spokenLocale } from '../words/spoken-locale.ts';
import { freshCode, freshCodesGiven } from '../security/fresh-code.ts';
import { noteAnswered, noteAway } from './reachability.ts';
import { failureKindOf, isRequestFailure, RequestFailure, type FieldFailure } from './request-failure.ts';
import { isSignedIn } from './signed-in.ts';

const root = '/api/staff/v1';
const patienceMilliseconds = 20_000;
/** A code that was taken opens the request that waited for it; asked for a third time, something else is wrong. */
const maxTimesAsked = 2;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object | undefined;
  /** `Idempotency-Key`: the same key and body are carried out once, however often they are sent (api.md). */
  readonly key?: string | undefined;
  /** The revision that the reader has seen: when it is another one by now, nothing is changed (api.md, concurrency). */
  readonly revision?: number | undefined;
  /** In which form the answer is wanted, where there are several; JSON when left out. */
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the staff API and returns its answer: an object where it is JSON, else its text. What needs a fresh code
 * (SPEC I10) waits while the reader is asked for one in place and is then sent again: it was refused before anything was done.
 * @throws RequestFailure with the request's id, which we choose, so that it is known even when nothing comes back;
 *   of the kind `cancelled` when the reader gives no fresh code
 */
export async function request<Answer>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
  for (let asked = 0; ; asked += 1) {
    const before = freshCodesGiven();
    try {
      return await send<Answer>(method, path, options);
    } catch (error) {
      if (!isRequestFailure(error) || error.code !== 'auth.step_up_required' || asked === maxTimesAsked) throw error;
      // While this one was on its way somebody else may have given the code.
      if (freshCodesGiven() === before) await freshCode();
    }
  }
}

async function send<Answer>(method: Method, path: string, { query, body, key, revision, accept, signal }: RequestOptions): Promise<Answer> {
  const requestId = crypto.randomUUID();
  if (!isSignedIn() && !path.startsWith('/auth/'))
    throw new RequestFailure({ kind: 'signed_out', status: 401, code: 'auth.required', requestId, message: 'kontor.failure.signed_out' });
  const headers: Record<string, string> = { 'Accept-Language': spokenLocale(), 'X-Request-Id': requestId };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  if (revision !== undefined) headers['If-Match'] = `"${revision}"`;
  if (accept !== undefined) headers['Accept'] = accept;
  const patience = AbortSignal.timeout(patienceMilliseconds);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${root}${path}${spellQuery(query)}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    noteAway('server_away');
    throw new RequestFailure({
      kind: 'unreachable',
      status: 0,
      code: 'network.unreachable',
      requestId,
      message: 'kontor.failure.unreachable',
    });
  }
  if (answer.ok) {
    noteAnswered();
    return readAnswer(answer, text) as Answer;
  }
  throw failureOf(answer, text, requestId);
}

function readAnswer(answer: Response, text: string): unknown {
  if (text === '') return undefined;
  // Lines of JSON are no JSON.
  return /^application\/([\w.-]+\+)?json\b/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}

function failureOf(answer: Response, text: string, requestId: string): RequestFailure {
  const refusal = readEnvelope(text);
  const envelope = refusal?.error;
  const kind = failureKindOf(answer.status);
  if (kind === 'unavailable' && envelope?.code !== 'auth.busy')
    noteAway(envelope?.code === 'service.unavailable' ? 'database_away' : 'server_away');
  return new RequestFailure({
    kind,
    status: answer.status,
    code: envelope?.code ?? 'service.internal',
    requestId: envelope?.requestId ?? requestId,
    message: envelope?.message ?? `kontor.failure.${kind}`,
    details: envelope?.details,
    answer: refusal,
    retryAfterSeconds: Number.parseInt(answer.headers.get('retry-after') ?? '', 10) || undefined,
  });
}

interface Envelope {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly FieldFailure[];
  readonly requestId: string;
}

function readEnvelope(text: string): { error?: Envelope } | undefined {
  try {
    return JSON.parse(text) as { error?: Envelope };
  } catch {
    return undefined;
  }
}

function spellQuery(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
