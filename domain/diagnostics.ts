/**
 * What a customer tells of the surroundings of a fault, beside the message itself (SPEC T12). Each field may be left out;
 * for a fault on the user's side three of them are asked for, and what lacks is told rather than demanded.
 */
export interface Diagnostics {
  /** Browser and version, as the customer writes it. */
  readonly browser?: string | undefined;
  readonly productVersion?: string | undefined;
  /** Tag of the container's image. */
  readonly imageTag?: string | undefined;
  /** How to see it happen, in many lines. */
  readonly steps?: string | undefined;
  /** Address of the person it happens to. */
  readonly affectedEmail?: string | undefined;
  /** Where the thing is, such as a diagram. */
  readonly objectUrl?: string | undefined;
  /** A file: the container's log. */
  readonly containerLog?: string | undefined;
  /** A file: a HAR archive, which was cleaned when it came. */
  readonly har?: string | undefined;
  /** Whether the fault shows on the user's side: in his browser. */
  readonly userSide?: boolean | undefined;
}

export const maxDiagnosticLineCharacters = 200;
export const maxStepsCharacters = 10_000;
export const maxObjectUrlCharacters = 2_000;

/** What a report of a fault on the user's side is asked for. */
export const askedFor = ['browser', 'har', 'affectedEmail'] as const;
export type AskedFor = (typeof askedFor)[number];

/** What this report still lacks; nothing for a fault elsewhere. */
export function asksFor(diagnostics: Diagnostics): AskedFor[] {
  return diagnostics.userSide ? askedFor.filter((field) => diagnostics[field] === undefined) : [];
}

/** Whether this is an address of the web: a link of another kind would run something, or lead nowhere. */
export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}
