import { spokenLocale } from '../words/spoken-locale.ts';
import { noteAway, noteReachable } from './reachability.ts';
import { failureKindOf, RequestFailure } from './request-failure.ts';
import { isSignedIn } from './signed-in.ts';

const root = '/api/staff/v1';
const patienceMilliseconds = 20_000;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object | undefined;
  /** `Idempotency-Key`: the same key and body are carried out once, however often they are sent (api.md). */
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the staff API and returns its answer.
 * @throws RequestFailure with the request's id, which we choose, so that it is known even when nothing comes back
 */
export async function request<Answer>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { query, body, key, signal }: RequestOptions = {},
): Promise<Answer> {
  const requestId = crypto.randomUUID();
  if (!isSignedIn() && !path.startsWith('/auth/'))
    throw new RequestFailure({ kind: 'signed_out', status: 401, code: 'auth.required', requestId, message: 'kontor.failure.signed_out' });
  const headers: Record<string, string> = { 'Accept-Language': spokenLocale(), 'X-Request-Id': requestId };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
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
    noteReachable();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
  throw failureOf(answer, text, requestId);
}

function failureOf(answer: Response, text: string, requestId: string): RequestFailure {
  const envelope = readEnvelope(text);
  const kind = failureKindOf(answer.status);
  if (kind === 'unavailable' && envelope?.code !== 'auth.busy')
    noteAway(envelope?.code === 'service.unavailable' ? 'database_away' : 'server_away');
  return new RequestFailure({
    kind,
    status: answer.status,
    code: envelope?.code ?? 'service.internal',
    requestId: envelope?.requestId ?? requestId,
    message: envelope?.message ?? `kontor.failure.${kind}`,
  });
}

function readEnvelope(text: string): { code: string; message: string; requestId: string } | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code: string; message: string; requestId: string } };
    return error;
  } catch {
    return undefined;
  }
}

function spellQuery(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
