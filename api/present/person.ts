import { z } from '@hono/zod-openapi';
import { locales } from '../../domain/locale.ts';
import { customerRoles, staffRoles } from '../../domain/permissions.ts';
import type { Person } from '../../db/repositories/people.ts';

const fields = {
  id: z.string(),
  email: z.string(),
  name: z.string(),
  locale: z.enum(locales),
  timeZone: z.string().openapi({ example: 'Europe/Moscow' }),
};

export const customerMeSchema = z
  .object({
    ...fields,
    account: z
      .object({ id: z.string(), name: z.string(), role: z.enum(customerRoles) })
      .openapi({ description: 'The account you act in.' }),
    accounts: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(customerRoles) })),
  })
  .openapi('Me');

export const staffMeSchema = z.object({ ...fields, role: z.enum(staffRoles), permissions: z.array(z.string()) }).openapi('StaffMe');

export function presentPerson({ id, email, name, locale, timeZone }: Person) {
  return { id, email, name, locale, timeZone };
}
