import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
export const recoveryCodeCount = 10;

/**
 * Codes for the day the phone is lost: 80 random bits each, in groups that can be copied by hand. No two begin alike, as a
 * code's row is found by its beginning; of ten at random two would, once in twenty thousand times.
 */
export function makeRecoveryCodes(): string[] {
  const codes = new Map<string, string>();
  while (codes.size < recoveryCodeCount) {
    const digits = [...randomBytes(16)].map((byte) => alphabet[byte & 31]).join('');
    const code = digits.match(/.{4}/g)!.join('-');
    codes.set(recoveryHint(code), code);
  }
  return [...codes.values()];
}

/** A code as it was typed from paper: case, spaces and dashes aside, and letters that are taken for digits. */
export function readRecoveryCode(text: string): string | undefined {
  const digits = text.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  return digits.length === 16 && [...digits].every((digit) => alphabet.includes(digit)) ? digits.match(/.{4}/g)!.join('-') : undefined;
}

/** The first group, by which a code's row is found; the other sixty bits stay for the slow hash. */
export function recoveryHint(code: string): string {
  return code.slice(0, 4);
}
