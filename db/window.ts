/** A page of a list that is read on from where the last one ended, however the list has grown meanwhile. */
export interface Window {
  /** Rows at the most. */
  readonly limit: number;
  /** The last row of the page before. */
  readonly after?: { readonly at: string; readonly id: string } | undefined;
}
