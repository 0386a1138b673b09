import { z } from '@hono/zod-openapi';
import { customerRoles, staffRoles, type CustomerRole } from '../../domain/permissions.ts';
import type { Account } from '../../db/entities/account.entity.ts';
import type { Invitation } from '../../db/entities/invitation.entity.ts';
import type { Member } from '../../db/repositories/members.ts';
import { idOf, instant } from '../schemas.ts';

const city = z
  .string()
  .nullable()
  .openapi({ description: 'Partners of this city are named first where support does not help.', example: 'Moscow' });

export const accountSchema = z
  .object({
    id: idOf('account'),
    name: z.string(),
    currency: z.string(),
    city,
    discountPercent: z.number().openapi({ description: 'Your discount on every purchase and renewal.', example: 10 }),
    createdAt: instant,
    role: z.enum(customerRoles),
  })
  .openapi('Account');

export function presentAccount(
  { id, name, currency, city: ownCity, createdAt }: Account,
  discountBp: number,
  role: CustomerRole,
): z.infer<typeof accountSchema> {
  return { id, name, currency, city: ownCity, discountPercent: discountBp / 100, createdAt: createdAt.toISOString(), role };
}

export const memberSchema = z
  .object({
    id: idOf('user'),
    name: z.string(),
    email: z.string(),
    role: z.enum(customerRoles),
    secondFactorSet: z.boolean(),
    joinedAt: instant,
  })
  .openapi('Member');

export function presentMember({ joinedAt, ...member }: Member): z.infer<typeof memberSchema> {
  return { ...member, joinedAt: joinedAt.toISOString() };
}

export const invitationSchema = z
  .object({
    id: idOf('invitation'),
    email: z.string(),
    role: z.enum([...customerRoles, ...staffRoles]),
    createdAt: instant,
    expiresAt: instant,
  })
  .openapi('Invitation');

export function presentInvitation({ id, email, role, staffRole, createdAt, expiresAt }: Invitation): z.infer<typeof invitationSchema> {
  return { id, email, role: role ?? staffRole!, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
