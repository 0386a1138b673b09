import { ApplicationFailure } from '@temporalio/common';

type Activities = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

/**
 * Lets an activity's failure reach the history by its name and code only. A driver's own words may quote a statement
 * with what a person wrote in it, and histories hold no such text (DESIGN, last line of "How it holds"). Failures that
 * an activity words itself pass as they are.
 */
export function withoutForeignWords<Given extends object>(activities: Given): Given {
  const wrapped = Object.entries(activities as Activities).map(([name, act]) => [
    name,
    async (...given: never[]) => {
      try {
        return await act(...given);
      } catch (error) {
        if (error instanceof ApplicationFailure) throw error;
        const { name: kind, code } = error as { name?: string; code?: string };
        throw ApplicationFailure.retryable(
          `${name} failed: ${kind ?? 'unknown'}${code === undefined ? '' : ` (${code})`}`,
          kind ?? 'unknown',
        );
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Given;
}
