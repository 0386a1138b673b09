/** How promo codes look in answers (SPEC B5). */
import { z } from '@hono/zod-openapi';
import { fulfilmentKinds } from '../../domain/order.ts';
import { maxTypedCodeCharacters, promoCap, promoFixedMinor, promoPercentageBp, readPromoCode } from '../../domain/promo-code.ts';
import type { PromoCode, PromoUse } from '../../db/repositories/promo-codes.ts';
import type { PromoPreview } from '../../db/repositories/quote-prices.ts';
import { currencyField, givenInstant, idOf, instant, lineText, moneySchema, orNull, personSchema } from '../schemas.ts';
import { presentPrice, priceSchema } from './order.ts';

/** A code as somebody types it; whether there is such a one is asked elsewhere. */
export const typedCode = lineText(maxTypedCodeCharacters, 'SPRING-10').openapi({
  description: 'In any case; spaces and look-alike letters are read as what they look like.',
});

/** A code as staff make it: kept in one spelling. */
export const newCode = z
  .string()
  .min(1)
  .max(maxTypedCodeCharacters)
  .transform((text, context) => {
    const code = readPromoCode(text);
    if (code !== undefined) return code;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    minLength: 3,
    maxLength: maxTypedCodeCharacters,
    pattern: '^[A-Za-z0-9][A-Za-z0-9-]{2,39}$',
    example: 'SPRING-10',
  });

export const gainField = z
  .union([
    z.strictObject({
      kind: z.literal('percentage'),
      percentageBp: z
        .int()
        .min(promoPercentageBp.min)
        .max(promoPercentageBp.max)
        .openapi({ description: 'Hundredths of a percent.', example: 1000 }),
    }),
    z.strictObject({
      kind: z.literal('fixed'),
      fixedMinor: z.int().min(promoFixedMinor.min).max(promoFixedMinor.max).openapi({ example: 50_000 }),
      currency: currencyField,
    }),
  ])
  .openapi('PromoGain', { example: { kind: 'percentage', percentageBp: 1000 } });

const cap = z.int().min(promoCap.min).max(promoCap.max).nullable();

/** What staff may change of a code; the rest of its terms stays. */
export const termsFields = {
  validFrom: givenInstant,
  validUntil: givenInstant.nullable().openapi({ description: 'This instant not included; null: without end.' }),
  totalCap: cap.openapi({ description: 'How often it may be used in all; null: as often as you like.', example: 100 }),
  accountCap: cap.openapi({ description: 'How often by one customer.', example: 1 }),
  fits: z
    .array(z.enum(fulfilmentKinds))
    .min(1)
    .max(20)
    .nullable()
    .openapi({ description: 'For which things; null: for everything.', example: ['quote'] }),
  note: lineText(500, 'For the spring fair').nullable().openapi({ description: 'For colleagues.' }),
};

export const promoCodeSchema = z
  .object({
    id: idOf('promoCode'),
    code: z.string(),
    gain: gainField,
    validFrom: instant,
    validUntil: instant.nullable(),
    totalCap: z.int().nullable(),
    accountCap: z.int().nullable(),
    fits: z.array(z.string()).nullable(),
    note: z.string().nullable(),
    withdrawnAt: instant.nullable(),
    createdBy: personSchema,
    createdAt: instant,
    used: z.int().openapi({ description: 'Uses that were paid.' }),
    reserved: z.int().openapi({ description: 'Uses that open orders hold.' }),
    revision: z.int(),
  })
  .openapi('PromoCode');

export function presentPromoCode(promo: PromoCode): z.infer<typeof promoCodeSchema> {
  const { id, code, gain, totalCap, accountCap, note, createdBy, used, reserved, revision } = promo;
  return {
    id,
    code,
    gain: { ...gain },
    validFrom: promo.validFrom.toISOString(),
    validUntil: promo.validUntil?.toISOString() ?? null,
    totalCap,
    accountCap,
    fits: promo.fits && [...promo.fits],
    note,
    withdrawnAt: promo.withdrawnAt?.toISOString() ?? null,
    createdBy,
    createdAt: promo.createdAt.toISOString(),
    used,
    reserved,
    revision,
  };
}

export const promoUseSchema = z
  .object({
    id: idOf('promoReservation'),
    order: idOf('order'),
    account: personSchema,
    state: z.enum(['reserved', 'used', 'released']).openapi({ description: 'released: given back, as the order came to nothing' }),
    discount: moneySchema,
    reservedAt: instant,
    settledAt: instant.nullable(),
  })
  .openapi('PromoUse');

export function presentPromoUse({ discountMinor, currency, ...use }: PromoUse): z.infer<typeof promoUseSchema> {
  return {
    ...use,
    discount: { amountMinor: discountMinor, currency },
    reservedAt: use.reservedAt.toISOString(),
    settledAt: use.settledAt?.toISOString() ?? null,
  };
}

export const promoPreviewSchema = z
  .object({
    code: z.string().openapi({ description: 'As it is kept.' }),
    gain: gainField,
    price: orNull(priceSchema).openapi({ description: 'Of the quote; null where none is named.' }),
    wins: z
      .boolean()
      .nullable()
      .openapi({ description: 'False where your own discount is as large or larger: then the code is not used up.' }),
  })
  .openapi('PromoPreview');

export function presentPromoPreview({ code, gain, currency, price }: PromoPreview): z.infer<typeof promoPreviewSchema> {
  return { code, gain: { ...gain }, price: price && presentPrice(price, currency), wins: price && price.discountFrom === 'promo' };
}
