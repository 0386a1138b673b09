/** Somebody who waits. He is told whether his turn has come, or he had to make room. */
interface Waiting {
  readonly by: string;
  enter(hisTurn: boolean): void;
}

/**
 * Lets so many in at once, lets so many wait for their turn, and turns the others away without having done anything for them.
 *
 * When the line is full, whoever has most in it makes room for whoever has fewer: one caller who asks without end fills
 * the line for himself and for nobody else.
 */
export class Turnstile {
  private readonly atOnce: number;
  private readonly waitingAtMost: number;
  private inside = 0;
  private readonly waiting: Waiting[] = [];

  constructor(atOnce: number, waitingAtMost: number) {
    this.atOnce = atOnce;
    this.waitingAtMost = waitingAtMost;
  }

  /**
   * Does the work in its turn.
   * @param by whom the work is for, as far as the line must be fair
   * @returns undefined, and the work is not done, when too many wait
   */
  async pass<Result>(by: string, work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.inside >= this.atOnce) {
      if (this.waiting.length >= this.waitingAtMost && !this.makeRoom(by)) return undefined;
      if (!(await new Promise<boolean>((enter) => this.waiting.push({ by, enter })))) return undefined;
    } else this.inside += 1;
    try {
      return await work();
    } finally {
      // The place is handed over rather than freed, so that no newcomer can jump the line.
      const next = this.nextAfter(by);
      if (next) next.enter(true);
      else this.inside -= 1;
    }
  }

  /** The first in the line who is somebody else, else the first: nobody stands behind the whole of a flood. */
  private nextAfter(by: string): Waiting | undefined {
    const other = this.waiting.findIndex((waiting) => waiting.by !== by);
    return this.waiting.splice(Math.max(other, 0), 1)[0];
  }

  /** Turns the last of him away who has most waiting; false when the newcomer himself would then have as many. */
  private makeRoom(newcomer: string): boolean {
    const counts = new Map<string, number>();
    for (const { by } of this.waiting) counts.set(by, (counts.get(by) ?? 0) + 1);
    const most = Math.max(...counts.values());
    if (most <= (counts.get(newcomer) ?? 0) + 1) return false;
    const last = this.waiting.findLastIndex(({ by }) => counts.get(by) === most);
    this.waiting.splice(last, 1)[0]!.enter(false);
    return true;
  }
}
