export interface BenchOptions {
  /** A few samples only, to see that it runs. Its figures mean nothing. */
  readonly quick: boolean;
  /** Where the product's processes leave their profiles; undefined when not wanted, as profiling slows them down. */
  readonly profileFolder: string | undefined;
  readonly say: (line: string) => void;
}
