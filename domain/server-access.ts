/**
 * Access to a customer's server (SPEC T17): lent for 72 hours, by a switch in the panel or by a secret. It ends by itself,
 * with its ticket, or when either side ends it, and then its secret is destroyed.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import { spellInstant } from './ticket-story.ts';

/** `panel`: support access is switched on in the panel. `secret`: a password or key, which only staff may read. */
export const accessWays = ['panel', 'secret'] as const;
export type AccessWay = (typeof accessWays)[number];

/** What ended it. `closing`: its ticket was closed or went to the archive. */
export const accessEndings = ['time', 'closing', 'customer', 'staff'] as const;
export type AccessEnding = (typeof accessEndings)[number];

/** How long an access is lent, and each time it is extended, in seconds; and how long in all, from the first day. */
export const accessSeconds = 72 * 3600;
export const maxAccessSeconds = 30 * 24 * 3600;

/** Accesses that may be open on one ticket at the same time: closing ends them one by one, in its own transaction. */
export const maxOpenAccesses = 20;

export const defaultSshPort = 22;
export const defaultLogin = 'root';
/** A password, or a private key as its file has it. */
export const maxSecretCharacters = 8_192;
/** Characters of the reason for which staff look at a secret. */
export const accessReasonCharacters = { min: 3, max: 300 } as const;

/** The part of an access that its moves rule over. */
export interface AccessLife {
  readonly way: AccessWay;
  readonly grantedAt: Date;
  readonly endsAt: Date;
  readonly endedAt: Date | null;
}

export type AccessRefusal = Extract<ErrorCode, `server_access.${string}`>;

/** Whether it still stands: at the instant of its end it does not, whether or not the timer has come to it. */
export function isAccessOpen({ endedAt, endsAt }: AccessLife, at: Date): boolean {
  return endedAt === null && at < endsAt;
}

/** Whether staff may look at its secret now, or why not. */
export function faultInViewing(life: AccessLife, at: Date): Refusal<AccessRefusal> | undefined {
  if (!isAccessOpen(life, at)) return refuse('server_access.ended');
  return life.way === 'secret' ? undefined : refuse('server_access.no_secret');
}

/** Until when it stands once it is extended now: 72 hours on, but no more than 30 days from the first; or why it is not. */
export function extendAccess(life: AccessLife, at: Date): Date | Refusal<AccessRefusal> {
  if (!isAccessOpen(life, at)) return refuse('server_access.ended');
  const endsAt = new Date(Math.min(at.getTime() + accessSeconds * 1000, lastEnd(life).getTime()));
  return endsAt > life.endsAt ? endsAt : refuse('server_access.extended_to_the_end');
}

/** Beyond this no extension goes. */
export function lastEnd({ grantedAt }: AccessLife): Date {
  return new Date(grantedAt.getTime() + maxAccessSeconds * 1000);
}

export const customerAccessActions = ['extend', 'end'] as const;
export type CustomerAccessAction = (typeof customerAccessActions)[number];
export const staffAccessActions = ['view', 'end'] as const;
export type StaffAccessAction = (typeof staffAccessActions)[number];

/** What the customer may do with it now. */
export function customerAccessActionsOf(life: AccessLife, at: Date): CustomerAccessAction[] {
  if (!isAccessOpen(life, at)) return [];
  return extendAccess(life, at) instanceof Date ? ['extend', 'end'] : ['end'];
}

/** What staff may do with it now. */
export function staffAccessActionsOf(life: AccessLife, at: Date): StaffAccessAction[] {
  if (!isAccessOpen(life, at)) return [];
  return life.way === 'secret' ? ['view', 'end'] : ['end'];
}

/** What operators read of it: ids, words of ours and instants. Neither the server's address nor the secret is among them. */
export function accessStory({ way, grantedAt, endsAt, endedAt }: AccessLife, ending: AccessEnding | null, ticket: string): string {
  const lent = `Access to a server for ${ticket}, lent ${spellInstant(grantedAt)} (${way})`;
  if (endedAt) return `${lent}, ended ${spellInstant(endedAt)} by ${ending}. ${way === 'secret' ? 'Its secret is destroyed.' : ''}`.trim();
  return `${lent}, ends ${spellInstant(endsAt)}${way === 'secret' ? ', and its secret is destroyed then' : ''}.`;
}

const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

/**
 * Reads the address of a server: a name, or an address of the fourth or sixth version of IP. Nothing else stands in it: no
 * user, no password, no port, no path, so that what is shown to everybody on the ticket holds no credentials.
 * @returns the address as it is kept, or undefined when it is none
 */
export function readServerAddress(text: string): string | undefined {
  const given = text.trim().toLowerCase();
  if (given.length > 253) return undefined;
  if (given.includes(':')) return readIpV6(given);
  const labels = given.split('.');
  if (labels.every((part) => /^\d+$/.test(part)))
    return labels.length === 4 && labels.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255) ? given : undefined;
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1)!) ? given : undefined;
}

function readIpV6(given: string): string | undefined {
  const bare = given.startsWith('[') && given.endsWith(']') ? given.slice(1, -1) : given;
  return /^[0-9a-f:.]+$/.test(bare) && URL.canParse(`http://[${bare}]/`) ? bare : undefined;
}

/** A user's name on a server. */
export const loginPattern = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$';
