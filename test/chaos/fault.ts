/** What every fault program is: a name, what it does to a desk, and a line of the table for each kind of harm. */
import type { Ground } from './desk.ts';

export interface ChaosOptions {
  /** Rounds of each kind of harm. */
  readonly rounds: number;
  /** How long an engine stays away; QUALITY R3 says 300, the default is shorter. */
  readonly outageSeconds: number;
  /** How many notifications the storm has; QUALITY R4 says 5,000, the default is fewer. */
  readonly notifications: number;
  /** Only the kinds of harm whose name has these words in it. */
  readonly only: string;
}

export interface Line {
  readonly fault: string;
  readonly rounds: number;
  /** Checks made; in words, what they were is in the fault's own file and in README.md. */
  readonly checks: number;
  readonly seconds: number;
  /** What was seen that a reader should know, such as durations. */
  readonly seen: string;
  /** Undefined when all held. */
  readonly failure?: string;
}

export interface Fault {
  readonly name: string;
  /** The requirement and what is done, in one sentence. */
  readonly about: string;
  run(ground: Ground, options: ChaosOptions): Promise<Line[]>;
}

/** Runs one harm and makes its line; what it throws is its failure, with where it was. */
export async function lineOf(fault: string, rounds: number, work: () => Promise<{ checks: number; seen?: string }>): Promise<Line> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const { checks, seen = '' } = await work();
    return { fault, rounds, checks, seconds: seconds(), seen };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return {
      fault,
      rounds,
      checks: 0,
      seconds: seconds(),
      seen: '',
      failure: `${error instanceof Error ? error.message : String(error)}${cause}`,
    };
  }
}
