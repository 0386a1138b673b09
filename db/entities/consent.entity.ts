import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ConsentPurpose } from '../../domain/consent.ts';

/** That somebody agreed: to what, to which wording, when and from where; and when he took it back (SPEC D2). */
export const Consent = defineEntity({
  name: 'Consent',
  tableName: 'consent',
  properties: {
    id: p.text().primary(),
    userId: p.text(),
    purpose: p.text().$type<ConsentPurpose>(),
    version: p.integer(),
    givenAt: p.datetime(3),
    givenFrom: p.text(),
    withdrawnAt: p.datetime(3).strictNullable(),
    withdrawnFrom: p.text().strictNullable(),
  },
});
export type Consent = InferEntity<typeof Consent>;
