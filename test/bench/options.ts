export interface BenchOptions {
  /** A few samples only, to see that it runs. Its figures mean nothing. */
  readonly quick: boolean;
  /** Where the product's processes leave their profiles; undefined when not wanted, as profiling slows them down. */
  readonly profileFolder: string | undefined;
  /** Tickets for P5, the fewest first; its own choice when left out. */
  readonly sizes?: readonly number[] | undefined;
  readonly say: (line: string) => void;
}
