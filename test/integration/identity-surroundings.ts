/** What the tests of identity share: people with second factors, and the steps of signing in. */
import { randomBytes } from 'node:crypto';
import { apiDriver, cookieOf, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import type { Authenticator } from '../harness/authenticator.ts';
import type { Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';

export type Tree = 'customer' | 'staff';

export const neededConsents = [
  { purpose: 'terms', version: 1 },
  { purpose: 'personal_data', version: 1 },
];

export function someAddress(): string {
  return `${randomBytes(6).toString('hex')}@people.example`;
}

/** Somebody who has not signed in. */
export function visitorOf(origin: string, tree: Tree = 'customer', headers: Record<string, string> = {}): ApiDriver {
  return apiDriver(`${origin}${tree === 'staff' ? '/api/staff/v1' : '/api/v1'}`, headers);
}

/** The browser that this answer signed in, and what the session's cookie is worth in other hands. */
export function browserOf(origin: string, answer: ApiAnswer, tree: Tree = 'customer'): ApiDriver {
  return visitorOf(origin, tree, { cookie: cookieOf(answer, tree) });
}

/** A customer who set an authenticator app up. */
export async function customerWithApp(kontor: Kontor): Promise<TestCustomer & { app: Authenticator }> {
  const person = await kontor.people.customer();
  return { ...person, app: await kontor.people.addApp(person.id) };
}

/** Gives the password, and returns the attempt that waits for the second factor. */
export async function attemptOf(visitor: ApiDriver, email: string, password = testPassword): Promise<string> {
  const answer = await visitor.post('/auth/sign-in', { email, password });
  if (!answer.body?.next) throw new Error(`the password of ${email} was answered ${answer.status}`);
  return answer.body.next.attempt;
}

/** Signs in from a browser that nobody knows, with a code of the app if there is one. */
export async function enter(
  kontor: Pick<Kontor, 'origin'>,
  person: { email: string; app?: Authenticator },
  tree: Tree = 'customer',
): Promise<ApiDriver> {
  const visitor = visitorOf(kontor.origin, tree);
  if (!person.app)
    return browserOf(kontor.origin, await visitor.post('/auth/sign-in', { email: person.email, password: testPassword }), tree);
  const attempt = await attemptOf(visitor, person.email);
  return browserOf(
    kontor.origin,
    await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: await person.app.code() }),
    tree,
  );
}

/** A code that the app gives neither now nor a minute before or after. */
export async function wrongCode(app: Authenticator, now: Date): Promise<string> {
  const step = Math.floor(now.getTime() / 30_000);
  const good = new Set(await Promise.all([-3, -2, -1, 0, 1, 2, 3].map((other) => app.codeOfStep(step + other))));
  for (let code = 0; ; code += 1) {
    const spelled = String(code).padStart(6, '0');
    if (!good.has(spelled)) return spelled;
  }
}

/** Six digits that are not these. */
export function anotherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** How many answers had each status and code, such as `{ '200': 1, '422 auth.code_wrong': 19 }`. */
export function tally(answers: readonly ApiAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = [status, body?.error?.code].filter(Boolean).join(' ');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
