import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ConsentGiven } from '../../domain/consent.ts';
import type { Locale } from '../../domain/locale.ts';

/** Somebody asked for an account. Nobody exists yet: the person is made when the mailed link is followed (SPEC I1). */
export const Registration = defineEntity({
  name: 'Registration',
  tableName: 'registration',
  properties: {
    id: p.text().primary(),
    email: p.text(),
    name: p.text(),
    accountName: p.text(),
    locale: p.text().$type<Locale>(),
    timeZone: p.text(),
    consents: p.json().$type<readonly ConsentGiven[]>(),
    address: p.text(),
    createdAt: p.datetime(3),
    confirmedAt: p.datetime(3).strictNullable(),
    userId: p.text().strictNullable(),
  },
});
export type Registration = InferEntity<typeof Registration>;
