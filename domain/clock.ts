/** Where the present instant comes from. Injected, so that scenarios can move time and no rule can read it behind our back. */
export interface Clock {
  now(): Date;
}
