import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Locale } from '../../domain/locale.ts';
import type { StaffRole } from '../../domain/permissions.ts';

/** A person who signs in: a customer, member of accounts, or staff, member of none (SPEC I1). */
export const User = defineEntity({
  name: 'User',
  tableName: 'app_user',
  properties: {
    id: p.text().primary(),
    kind: p.text().$type<'customer' | 'staff'>(),
    staffRole: p.text().$type<StaffRole>().strictNullable(),
    email: p.text(),
    name: p.text(),
    locale: p.text().$type<Locale>(),
    timeZone: p.text(),
    passwordHash: p.text(),
    passwordChangedAt: p.datetime(3),
    /** Set when somebody left: he signs in no more, and what he did keeps his name. */
    disabledAt: p.datetime(3).strictNullable(),
    /** One of the sample people, whose password everybody knows: production refuses to start with them. */
    isSample: p.boolean(),
    createdAt: p.datetime(3),
  },
});
export type User = InferEntity<typeof User>;
