import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const spelled = /^kntr_[0-9a-hjkmnp-tv-z]{32}[0-9a-f]{8}$/;

/**
 * Makes a personal API token: `kntr_`, 160 random bits, CRC-32 (SPEC I7, security.md). The prefix and the checksum let
 * a scanner recognise a leaked one offline, and let us turn away a typo without a look-up.
 */
export function makeApiToken(): string {
  const random = [...randomBytes(32)].map((byte) => alphabet[byte & 31]).join('');
  return `kntr_${random}${checksum(random)}`;
}

/** Whether the text is a token we may have made; says nothing about whether it is valid. */
export function looksLikeApiToken(text: string): boolean {
  return spelled.test(text) && checksum(text.slice(5, -8)) === text.slice(-8);
}

/** What the database keeps of a token: a fast hash suffices, as nobody can guess 160 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function checksum(random: string): string {
  return crc32(random).toString(16).padStart(8, '0');
}
