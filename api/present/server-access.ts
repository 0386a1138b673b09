/** How access to a server looks in answers (SPEC T17). No schema here has a place for a secret. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { customerMay, staffMay } from '../../domain/permissions.ts';
import {
  accessEndings,
  accessWays,
  customerAccessActions,
  customerAccessActionsOf,
  isAccessOpen,
  lastEnd,
  staffAccessActions,
  staffAccessActionsOf,
} from '../../domain/server-access.ts';
import type { AccessView, AccessViewing } from '../../db/repositories/server-access-row.ts';
import { idOf, instant, orNull, personSchema } from '../schemas.ts';

export const accessViewSchema = z
  .object({ id: idOf('serverAccessView'), by: personSchema, reason: z.string(), at: instant })
  .openapi('ServerAccessView');

const accessFields = {
  id: idOf('serverAccess'),
  ticket: z.string().openapi({ example: 'CS-000123' }),
  address: z.string().openapi({ example: '203.0.113.7' }),
  sshPort: z.int().openapi({ example: 22 }),
  way: z.enum(accessWays).openapi({ description: 'panel: support access is switched on in the panel · secret: by a password or a key' }),
  login: z.string().openapi({ example: 'root' }),
  open: z.boolean().openapi({ description: 'Whether it stands now. When it has ended, its secret is destroyed.' }),
  grantedBy: personSchema,
  grantedAt: instant,
  endsAt: instant.openapi({ description: 'When it ends by itself, and its secret is destroyed.' }),
  extendableUntil: instant.openapi({ description: 'No extension goes beyond: 30 days from the beginning.' }),
  endedAt: instant.nullable(),
  endedBy: z.enum(accessEndings).nullable().openapi({ description: 'closing: its ticket was closed or went to the archive' }),
  endedByPerson: orNull(personSchema),
  viewCount: z.int().openapi({ description: 'How often staff looked at the secret.' }),
  views: z.array(accessViewSchema).openapi({ description: 'The last 20 looks, the newest first; all of them: …/views.' }),
};

export const customerAccessSchema = z
  .object({ ...accessFields, allowedActions: z.array(z.enum(customerAccessActions)) })
  .openapi('ServerAccess');
export const staffAccessSchema = z
  .object({ ...accessFields, allowedActions: z.array(z.enum(staffAccessActions)) })
  .openapi('StaffServerAccess');

export function presentViewing({ id, by, reason, at }: AccessViewing): z.infer<typeof accessViewSchema> {
  return { id, by, reason, at: at.toISOString() };
}

function fieldsOf(access: AccessView, at: Date) {
  const { life } = access;
  return {
    id: access.id,
    ticket: spellTicketNumber(access.ticketNumber),
    address: access.address,
    sshPort: access.sshPort,
    way: access.way,
    login: access.login,
    open: isAccessOpen(life, at),
    grantedBy: access.grantedBy,
    grantedAt: life.grantedAt.toISOString(),
    endsAt: life.endsAt.toISOString(),
    extendableUntil: lastEnd(life).toISOString(),
    endedAt: life.endedAt?.toISOString() ?? null,
    endedBy: access.endedBy,
    endedByPerson: access.endedByPerson,
    viewCount: access.viewCount,
    views: access.views.map(presentViewing),
  };
}

export function presentCustomerAccess(access: AccessView, reader: Actor, at: Date): z.infer<typeof customerAccessSchema> {
  const may = reader.kind === 'customer' && customerMay(reader.role, 'server_access.grant');
  return { ...fieldsOf(access, at), allowedActions: may ? customerAccessActionsOf(access.life, at) : [] };
}

export function presentStaffAccess(access: AccessView, reader: Actor, at: Date): z.infer<typeof staffAccessSchema> {
  const needs = { view: 'server_access.reveal', end: 'ticket.work' } as const;
  const allowed = staffAccessActionsOf(access.life, at).filter((action) => reader.kind === 'staff' && staffMay(reader.role, needs[action]));
  return { ...fieldsOf(access, at), allowedActions: allowed };
}
