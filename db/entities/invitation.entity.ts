import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';

/** An invitation to an account, with a role there, or to the staff (SPEC I1). */
export const Invitation = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    id: p.text().primary(),
    accountId: p.text().strictNullable(),
    role: p.text().$type<CustomerRole>().strictNullable(),
    staffRole: p.text().$type<StaffRole>().strictNullable(),
    email: p.text(),
    invitedById: p.text().strictNullable(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    acceptedAt: p.datetime(3).strictNullable(),
    acceptedById: p.text().strictNullable(),
    revokedAt: p.datetime(3).strictNullable(),
  },
});
export type Invitation = InferEntity<typeof Invitation>;
