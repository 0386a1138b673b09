/** Lets so many in at once, lets so many wait for their turn, and turns the others away without having done anything for them. */
export class Turnstile {
  private readonly atOnce: number;
  private readonly waitingAtMost: number;
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnce: number, waitingAtMost: number) {
    this.atOnce = atOnce;
    this.waitingAtMost = waitingAtMost;
  }

  /**
   * Does the work in its turn.
   * @returns undefined, and the work is not done, when too many wait
   */
  async pass<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.inside >= this.atOnce) {
      if (this.waiting.length >= this.waitingAtMost) return undefined;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.inside += 1;
    try {
      return await work();
    } finally {
      // The place is handed over rather than freed, so that no newcomer can jump the line.
      const next = this.waiting.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
