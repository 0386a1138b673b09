import { useMemo } from 'react';
import { useLogoutIfAccessDenied } from 'react-admin';
import { dataProvider, type KontorDataProvider } from '../data-provider.ts';

type Verb = (...given: unknown[]) => Promise<unknown>;

/**
 * The API's verbs for pages. A session that has ended leads to the sign-in page, and the verb fails: react-admin's own
 * hook answers an empty success instead, by which a reply would be called sent and its draft thrown away.
 */
export function useKontor(): KontorDataProvider {
  const leaveIfSignedOut = useLogoutIfAccessDenied();
  return useMemo(() => {
    const verbs = Object.entries(dataProvider).map(([name, verb]) => [
      name,
      async (...given: unknown[]) => {
        try {
          return await (verb as Verb)(...given);
        } catch (failure) {
          await leaveIfSignedOut(failure);
          throw failure;
        }
      },
    ]);
    return Object.fromEntries(verbs) as KontorDataProvider;
  }, [leaveIfSignedOut]);
}
