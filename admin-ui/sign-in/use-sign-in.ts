import { useLogin } from 'react-admin';
import { isRequestFailure } from '../server/request-failure.ts';
import { MoreToGive, type GivenAtSignIn, type SignInStep } from './sign-in-step.ts';

/**
 * Gives one more thing on the way in; afterwards react-admin leads on to the page that was asked for, or the next step is shown.
 * @returns a function that throws what the step itself has to tell: a wrong password, a wrong code, too many tries
 */
export function useSignIn(show: (step: SignInStep) => void): (given: GivenAtSignIn) => Promise<void> {
  const login = useLogin();
  return async (given) => {
    try {
      await login(given);
    } catch (error) {
      if (error instanceof MoreToGive) return show(error.step);
      if (isRequestFailure(error) && error.code === 'auth.attempt_over') return show({ asks: 'password', attemptOver: true });
      throw error;
    }
  };
}
