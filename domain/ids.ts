/** The kinds of things that have an opaque id, with the prefix that names the kind (`api.md`, ids). */
export const idPrefixes = {
  account: 'acc',
  user: 'usr',
  apiToken: 'tok',
  queue: 'que',
  timingPolicy: 'tpl',
  message: 'msg',
  ticketEvent: 'evt',
  obligation: 'obl',
  hold: 'hld',
  notification: 'ntf',
  delivery: 'dlv',
  auditLine: 'aud',
  case: 'cas',
  session: 'ses',
  registration: 'reg',
  invitation: 'inv',
  pendingAction: 'pac',
  consent: 'cns',
  file: 'fil',
  quote: 'quo',
  serverAccess: 'sac',
  serverAccessView: 'sav',
  job: 'job',
  merge: 'mrg',
  cannedReply: 'can',
  outsideAddress: 'oad',
  scopeItem: 'sci',
  partner: 'par',
  problem: 'prb',
  problemAnswer: 'pra',
  calendar: 'cal',
  slaPlan: 'sla',
  serviceTerms: 'trm',
  agreement: 'agr',
  transfer: 'trf',
  payment: 'pay',
  refund: 'rfd',
  order: 'ord',
  adjustment: 'adj',
  promoCode: 'prm',
  promoReservation: 'prs',
  taxRate: 'tax',
  booksAudit: 'bka',
  approval: 'apr',
} as const;

export type IdKind = keyof typeof idPrefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Spells an id: the kind's prefix, then 26 Crockford base-32 digits of 48 bits of time and 80 random bits, so that ids
 * made later sort later and indexes stay compact.
 * @param random at least 10 bytes from a cryptographic source
 */
export function spellId(kind: IdKind, at: Date, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('an id needs 10 random bytes');
  let value = BigInt(at.getTime());
  for (const byte of random.subarray(0, 10)) value = (value << 8n) | BigInt(byte);
  let digits = '';
  for (let digit = 0; digit < 26; digit += 1) {
    digits = alphabet[Number(value & 31n)] + digits;
    value >>= 5n;
  }
  return `${idPrefixes[kind]}_${digits}`;
}

/** Whether a text could be an id of this kind. Says nothing about whether such a thing exists. */
export function looksLikeId(kind: IdKind, text: string): boolean {
  return (
    text.length === idPrefixes[kind].length + 27 &&
    text.startsWith(`${idPrefixes[kind]}_`) &&
    /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(-26))
  );
}

/** Highest ticket number: beyond it a 32-bit column would overflow. */
export const maxTicketNumber = 2_147_483_647;

/** `CS-` and at least six digits (SPEC T2). */
export function spellTicketNumber(number: number): string {
  return `CS-${String(number).padStart(6, '0')}`;
}

/**
 * Reads a ticket number as people write it on the phone or in a search box: `CS-000123`, `cs-123`, `123`.
 * @returns the number, or undefined when the text is not one
 */
export function readTicketNumber(text: string): number | undefined {
  const digits = /^\s*(?:cs-)?0*(\d{1,10})\s*$/i.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  return number >= 1 && number <= maxTicketNumber ? number : undefined;
}
