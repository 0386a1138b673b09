import type { AuthProvider, UserIdentity } from 'react-admin';
import type { SignInAnswer, StaffMe, TotpSetUp } from './server/answers.ts';
import { whenReachable } from './server/reachability.ts';
import { isRequestFailure } from './server/request-failure.ts';
import { request } from './server/request.ts';
import { isSignedIn, noteSignedIn, noteSignedOut } from './server/signed-in.ts';
import { MoreToGive, type GivenAtSignIn } from './sign-in/sign-in-step.ts';

/** Who reads the console, as far as its pages care. */
export interface Reader extends UserIdentity {
  readonly id: string;
  readonly fullName: string;
  readonly email: string;
  readonly locale: StaffMe['locale'];
  readonly timeZone: string;
  readonly role: StaffMe['role'];
}

let me: Promise<StaffMe> | undefined;

/** Asks who is signed in, once; while the server is away it waits, as being unreachable is no sign of being signed out. */
function whoAmI(): Promise<StaffMe> {
  me ??= askUntilAnswered().catch((error: unknown) => {
    forgetMe();
    if (isRequestFailure(error) && error.kind === 'signed_out') noteSignedOut();
    throw error;
  });
  return me;
}

async function askUntilAnswered(): Promise<StaffMe> {
  // As late as an answer would come: react-admin, told at once, leads to the sign-in page over and over.
  if (!isSignedIn()) await new Promise((resolve) => setTimeout(resolve, 20));
  for (;;) {
    try {
      return await request<StaffMe>('GET', '/me');
    } catch (error) {
      if (!isRequestFailure(error) || (error.kind !== 'unreachable' && error.kind !== 'unavailable')) throw error;
      await whenReachable();
    }
  }
}

/** Forgets who is signed in, so that the next page asks again. */
export function forgetMe(): void {
  me = undefined;
}

/** One step into the house. Returns when nothing more is asked for. */
async function giveAtSignIn(given: GivenAtSignIn): Promise<void> {
  if ('codesStored' in given) return;
  if ('password' in given) {
    const answer = await request<SignInAnswer>('POST', '/auth/sign-in', { body: given });
    if (!('next' in answer)) return;
    const { what, attempt } = answer.next;
    if (what === 'second_factor') throw new MoreToGive({ asks: 'second_factor', attempt });
    throw new MoreToGive({ asks: 'app', attempt, setUp: await request<TotpSetUp>('POST', '/auth/totp', { body: { attempt } }) });
  }
  const { attempt } = given;
  if ('proof' in given) {
    await request('POST', '/auth/second-factor', { body: { attempt, ...given.proof } });
    return;
  }
  const { recoveryCodes } = await request<{ recoveryCodes: string[] }>('POST', '/auth/totp/confirmation', {
    body: { attempt, code: given.appCode },
  });
  throw new MoreToGive({ asks: 'store_codes', recoveryCodes });
}

/**
 * Signs in with the session's cookie; the console never holds a token. `login` throws {@link MoreToGive} while a step is
 * missing, and the API's own refusal, which the sign-in page tells.
 */
export const authProvider: AuthProvider = {
  login: async (given: GivenAtSignIn) => {
    await giveAtSignIn(given);
    noteSignedIn();
    forgetMe();
  },
  logout: async () => {
    const known = isSignedIn();
    noteSignedOut();
    forgetMe();
    // Leaving works while the server is away: the page forgets, and the session ends by its own limit.
    if (known) await request('POST', '/auth/sign-out').catch(() => {});
  },
  checkAuth: async () => {
    try {
      await whoAmI();
    } catch {
      // Nobody has to be told that he is not signed in yet.
      throw { message: false };
    }
  },
  checkError: async (error: unknown) => {
    // Whoever signed out himself knows that he did.
    if (!isRequestFailure(error) || error.kind !== 'signed_out' || !isSignedIn()) return;
    throw { message: 'kontor.signIn.ended' };
  },
  getIdentity: async (): Promise<Reader> => {
    const { id, name, email, locale, timeZone, role } = await whoAmI();
    return { id, fullName: name, email, locale, timeZone, role };
  },
  getPermissions: async () => (await whoAmI()).role,
};
