/** A change of what is kept: each field may be left out, and then it stays. */
export type Change<Words> = { readonly [Name in keyof Words]?: Words[Name] | undefined };

/** Only the fields that a change gives. */
export function givenIn<Words>(change: Change<Words>): Partial<Words> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Words>;
}
