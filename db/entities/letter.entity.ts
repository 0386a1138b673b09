import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { LetterFacts, LetterKind } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';

/**
 * What a delivery says that is about no ticket, and to which address: the recipient may be nobody we know yet, or an
 * address that is no longer his. The secret, a code or a link's token, is sealed, and gone once the delivery is settled.
 */
export const Letter = defineEntity({
  name: 'Letter',
  tableName: 'letter',
  properties: {
    deliveryId: p.text().primary(),
    kind: p.text().$type<LetterKind>(),
    recipientId: p.text().strictNullable(),
    address: p.text(),
    name: p.text().strictNullable(),
    locale: p.text().$type<Locale>(),
    timeZone: p.text(),
    facts: p.json().$type<LetterFacts>(),
    secret: p.text().strictNullable(),
    createdAt: p.datetime(3),
  },
});
export type Letter = InferEntity<typeof Letter>;
