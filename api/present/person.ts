import { z } from '@hono/zod-openapi';
import { locales } from '../../domain/locale.ts';
import { customerRoles, staffRoles } from '../../domain/permissions.ts';
import { instant } from '../schemas.ts';
import type { Person } from '../../db/repositories/people.ts';

const fields = {
  id: z.string(),
  email: z.string(),
  name: z.string(),
  locale: z.enum(locales),
  timeZone: z.string().openapi({ example: 'Europe/Moscow' }),
};

const ownDoors = {
  secondFactorSet: z.boolean().openapi({ description: 'False: offer to set one (SPEC I3).' }),
  passwordChangedAt: instant,
};

export const customerMeSchema = z
  .object({
    ...fields,
    ...ownDoors,
    account: z
      .object({ id: z.string(), name: z.string(), role: z.enum(customerRoles) })
      .openapi({ description: 'The account you act in.' }),
    accounts: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(customerRoles) })),
  })
  .openapi('Me');

export const staffMeSchema = z
  .object({ ...fields, ...ownDoors, role: z.enum(staffRoles), permissions: z.array(z.string()) })
  .openapi('StaffMe');

export function presentPerson({ id, email, name, locale, timeZone }: Pick<Person, 'id' | 'email' | 'name' | 'locale' | 'timeZone'>) {
  return { id, email, name, locale, timeZone };
}
