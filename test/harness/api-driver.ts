/** The one way to drive the API in tests: real HTTP on loopback, as a person with his token or cookie. */
import type { Authenticator } from './authenticator.ts';

export interface ApiAnswer<Body = any> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface ApiDriver {
  get<Body = any>(path: string, headers?: Record<string, string>): Promise<ApiAnswer<Body>>;
  post<Body = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Body>>;
  put<Body = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Body>>;
  patch<Body = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Body>>;
  delete<Body = any>(path: string, headers?: Record<string, string>): Promise<ApiAnswer<Body>>;
  /** The headers that make a request this person's. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** @param base such as `http://127.0.0.1:4711/api/v1`; paths are given without it, or whole from `/api/` on */
export function apiDriver(base: string, credentials: Record<string, string>): ApiDriver {
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> => {
    const url = path.startsWith('/api/') || path.startsWith('/health') ? new URL(path, base) : `${base}${path}`;
    const response = await fetch(url, {
      method,
      headers: { ...credentials, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
    };
  };
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    credentials,
  };
}

/**
 * Signs in with e-mail and password, and with a code of the person's app where one is asked for; drives the API with the
 * cookie from then on.
 */
export async function signedIn(
  origin: string,
  tree: 'customer' | 'staff',
  email: string,
  password: string,
  app?: Authenticator,
): Promise<ApiDriver> {
  const base = `${origin}${tree === 'staff' ? '/api/staff/v1' : '/api/v1'}`;
  const visitor = apiDriver(base, {});
  let answer = await visitor.post('/auth/sign-in', { email, password });
  const next = answer.body?.next;
  if (next?.what === 'second_factor' && app)
    answer = await visitor.post('/auth/second-factor', { attempt: next.attempt, method: 'totp', code: await app.code() });
  if (answer.status !== 200 || answer.body.next) throw new Error(`signing in as ${email} answered ${answer.status}`);
  return apiDriver(base, { cookie: cookieOf(answer, tree) });
}

/** Drives the API as somebody who signs in again whenever his session has ended, as people do in stories that last for weeks. */
export async function signingInAgain(signIn: () => Promise<ApiDriver>): Promise<ApiDriver> {
  let driver = await signIn();
  const insist = async (ask: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
    const answer = await ask();
    if (answer.status !== 401) return answer;
    driver = await signIn();
    return ask();
  };
  return {
    get: (path, headers) => insist(() => driver.get(path, headers)),
    post: (path, body, headers) => insist(() => driver.post(path, body, headers)),
    put: (path, body, headers) => insist(() => driver.put(path, body, headers)),
    patch: (path, body, headers) => insist(() => driver.patch(path, body, headers)),
    delete: (path, headers) => insist(() => driver.delete(path, headers)),
    get credentials() {
      return driver.credentials;
    },
  };
}

/** The session's cookie of a sign-in's answer, as a browser would send it. */
export function cookieOf(answer: ApiAnswer, tree: 'customer' | 'staff'): string {
  const name = tree === 'staff' ? 'kontor-staff=' : 'kontor=';
  // Where people come by https the name says that it is for this host alone.
  const cookie = answer.headers.getSetCookie().find((set) => set.startsWith(name) || set.startsWith(`__Host-${name}`));
  if (!cookie) throw new Error('the answer sets no session');
  return cookie.split(';')[0]!;
}
