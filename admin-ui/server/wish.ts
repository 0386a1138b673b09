import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { isRequestFailure } from './request-failure.ts';
import { useKontor } from './use-kontor.ts';

/** What somebody wishes of the API, as its addresses spell it. */
export interface Wish {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Of the thing that is changed, as it was seen. */
  readonly revision?: number;
}

/** A thing in an address of the API. */
export function inPath(id: string): string {
  return encodeURIComponent(id);
}

/**
 * Carries a wish out, once however often the same one is asked for while nobody knows whether it arrived; then everything
 * shown is read anew, as one wish shows on several pages.
 * @throws RequestFailure
 */
export function useCarryOut(): <Answer>(wish: Wish) => Promise<Answer> {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const underway = useRef<{ wish: string; key: string }>(undefined);
  return async <Answer>(wish: Wish) => {
    const spelled = JSON.stringify(wish);
    const key = underway.current?.wish === spelled ? underway.current.key : crypto.randomUUID();
    underway.current = { wish: spelled, key };
    try {
      const answer = await dataProvider.carryOut<Answer>(wish, key);
      underway.current = undefined;
      void queries.invalidateQueries();
      return answer;
    } catch (error) {
      // A refusal is an answer, and the API keeps answers under their key: another try must be another wish.
      if (isRequestFailure(error) && error.kind !== 'unreachable') underway.current = undefined;
      throw error;
    }
  };
}
