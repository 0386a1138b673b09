import type { Proof } from '../security/proof.ts';
import type { TotpSetUp } from '../server/answers.ts';

/** What is given on the way in, one after another; a codes' list that was stored is the end of a first sign-in. */
export type GivenAtSignIn =
  | { readonly email: string; readonly password: string }
  | { readonly attempt: string; readonly proof: Proof }
  | { readonly attempt: string; readonly appCode: string }
  | { readonly codesStored: true };

/** What the page asks for. An attempt lives here only, in the page's memory: whoever loads it again begins anew. */
export type SignInStep =
  | { readonly asks: 'password'; readonly attemptOver?: true }
  | { readonly asks: 'second_factor'; readonly attempt: string }
  | { readonly asks: 'app'; readonly attempt: string; readonly setUp: TotpSetUp }
  | { readonly asks: 'store_codes'; readonly recoveryCodes: readonly string[] };

/** Not signed in yet: the auth provider throws it, as react-admin knows nothing between outside and inside. */
export class MoreToGive extends Error {
  readonly step: SignInStep;

  constructor(step: SignInStep) {
    super(`signing in goes on: ${step.asks}`);
    this.name = 'MoreToGive';
    this.step = step;
  }
}
