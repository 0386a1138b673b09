/**
 * Asks every few milliseconds until the answer is something other than undefined, and returns it; undefined when
 * `timeoutMs` have passed. For conditions that only polling can see, like a file written by another program.
 */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, timeoutMs: number, everyMs = 20): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
