/**
 * The one way to wait in tests: asks until the answer is neither undefined nor false, and returns it.
 * @param what named when the time is up, so that a failure says what never happened
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  seconds = 20,
): Promise<Answer> {
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`it did not happen within ${seconds} s: ${what}`, { cause: last });
}
