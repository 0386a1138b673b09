/** A next step as a workflow is told of it, to wait for it and then to ask for it to be taken. */
export interface PlannedStep<Kind extends string = string> {
  readonly id: string;
  readonly kind: Kind;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
  /** Set when a hold stops the step now: until when, or null when the hold has no end. */
  readonly heldUntil?: string | null;
}

/** What a workflow needs to know of its entity to wait: ids, names and instants, nothing that a person wrote. */
export interface Plan<Kind extends string = string> {
  /** What happens next by itself; the step to take now, if one is due, stands first. */
  readonly steps: readonly PlannedStep<Kind>[];
}
