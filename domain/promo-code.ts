/**
 * Promo codes (SPEC B5): a percentage or a fixed sum off what fits, within a time, so many times in all and by each customer.
 * A use is a reservation: it is taken with the order and given back when the order comes to nothing.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import type { FulfilmentKind } from './order.ts';

export const promoCodePattern = /^[A-Z0-9][A-Z0-9-]{2,39}$/;
/** Most characters that are looked at of what somebody types; what is longer is no code. */
export const maxTypedCodeCharacters = 80;

/** Least and most of a percentage, in hundredths of a percent, of a fixed sum, in minor units, and of a cap. */
export const promoPercentageBp = { min: 1, max: 10_000 } as const;
export const promoFixedMinor = { min: 1, max: 10_000_000_000 } as const;
export const promoCap = { min: 1, max: 1_000_000 } as const;

/** What a code takes off. */
export type PromoGain =
  | { readonly kind: 'percentage'; readonly percentageBp: number }
  | { readonly kind: 'fixed'; readonly fixedMinor: number; readonly currency: string };

export interface PromoTerms {
  readonly gain: PromoGain;
  /** From this instant on. */
  readonly validFrom: Date;
  /** This instant not included; null: without end. */
  readonly validUntil: Date | null;
  /** Null: as often as you like. */
  readonly totalCap: number | null;
  readonly accountCap: number | null;
  /** Kinds of things ordered, or ids of plans; null: everything. */
  readonly fits: readonly string[] | null;
  readonly isWithdrawn: boolean;
}

/** Uses that count, reserved ones among them. */
export interface PromoUses {
  readonly total: number;
  readonly byAccount: number;
}

export type PromoRefusal = Refusal<Extract<ErrorCode, `promo_code.${string}`>>;

/** Letters that look like Latin ones and lie on the same keys of another keyboard. */
const lookAlikes: Readonly<Record<string, string>> = {
  А: 'A',
  В: 'B',
  С: 'C',
  Е: 'E',
  Ё: 'E',
  Н: 'H',
  К: 'K',
  М: 'M',
  О: 'O',
  Р: 'P',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  Ѕ: 'S',
  І: 'I',
  Ј: 'J',
};

/**
 * Reads a code as people type and paste it: in any case, with spaces, with long dashes, with Cyrillic letters that look like
 * Latin ones. Two spellings that a reader cannot tell apart are one code.
 * @returns the code as it is kept; undefined when it is none
 */
export function readPromoCode(typed: string): string | undefined {
  if (typed.length > maxTypedCodeCharacters) return undefined;
  const code = typed
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cf}]/gu, '')
    .toUpperCase()
    .replaceAll(/\p{Pd}|\u2212/gu, '-')
    .replaceAll(/\p{Script=Cyrillic}/gu, (letter) => lookAlikes[letter] ?? letter);
  return promoCodePattern.test(code) ? code : undefined;
}

/** Whether the code takes anything off such a thing. */
export function promoFits({ fits }: Pick<PromoTerms, 'fits'>, kind: FulfilmentKind): boolean {
  return fits === null || fits.includes(kind);
}

/**
 * Whether the code may be used once more, by this account, now, for any of these things. The instant in which it ends is too
 * late, the one in which it begins is not too early.
 */
export function faultInUse(
  terms: PromoTerms,
  uses: PromoUses,
  kinds: readonly FulfilmentKind[],
  currency: string,
  at: Date,
): PromoRefusal | undefined {
  if (terms.isWithdrawn) return refuse('promo_code.not_valid');
  if (at < terms.validFrom) return refuse('promo_code.not_yet_valid');
  if (terms.validUntil !== null && at >= terms.validUntil) return refuse('promo_code.expired');
  if (!kinds.some((kind) => promoFits(terms, kind))) return refuse('promo_code.does_not_fit');
  if (terms.gain.kind === 'fixed' && terms.gain.currency !== currency) return refuse('promo_code.does_not_fit');
  if (terms.accountCap !== null && uses.byAccount >= terms.accountCap) return refuse('promo_code.used_by_you');
  if (terms.totalCap !== null && uses.total >= terms.totalCap) return refuse('promo_code.used_up');
  return undefined;
}
