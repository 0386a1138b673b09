import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import { invitationOf } from '../../db/repositories/invitations.ts';
import { readLink } from '../../db/repositories/mailed-links.ts';
import { resetLinkOwner } from '../../db/repositories/passwords.ts';
import { waitingAction } from '../../db/repositories/pending-action-row.ts';
import { registrationOf } from '../../db/repositories/registrations.ts';
import { pendingActionKinds } from '../../domain/pending-action.ts';
import { customerRoles, staffRoles } from '../../domain/permissions.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { instant, linkToken, orNull } from '../schemas.ts';

const linkSchema = z
  .object({
    purpose: z.enum(['registration', 'invitation', 'password_reset', 'email_change', 'veto']),
    email: z.string().openapi({ description: 'The address that the link was mailed to.' }),
    expiresAt: instant,
    staff: z.boolean().openapi({ description: 'Whether it is for somebody on the staff, who signs in at the console.' }),
    invitation: orNull(
      z
        .object({
          account: z.string().nullable(),
          role: z.enum([...customerRoles, ...staffRoles]),
          staff: z.boolean(),
          known: z.boolean().openapi({ description: 'Somebody who can sign in already: he joins without a new password.' }),
        })
        .openapi('InvitationLink'),
    ),
    change: orNull(
      z
        .object({ kind: z.enum(pendingActionKinds), newEmail: z.string().nullable(), takesEffectAt: instant.nullable() })
        .openapi('ChangeLink'),
    ),
  })
  .openapi('MailedLink');
type LinkView = z.infer<typeof linkSchema>;

const readRoute = openRoute({
  method: 'post',
  path: '/auth/link',
  tags: ['Registration'],
  summary: 'What a mailed link is about',
  description: 'Without using it up. For pages that say what they ask for before it is done.',
  request: jsonBody(z.strictObject({ token: linkToken }).openapi('LinkQuestion')),
  responses: { 200: jsonAnswer(linkSchema, 'What it is about, while it stands') },
});

/** Tells pages what a mailed link is about. */
export function linkRoutes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(readRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const link = await readLink(em, clock.now(), c.req.valid('json').token);
    const about = link && (await describe(em, link.purpose, link.about));
    if (!link || !about) throw new ApiError('auth.link_invalid');
    const nothing = { staff: false, invitation: null, change: null };
    return c.json({ ...nothing, ...about, purpose: link.purpose, expiresAt: link.expiresAt.toISOString() }, 200);
  });
  return app;
}

async function describe(
  em: EntityManager,
  purpose: LinkView['purpose'],
  about: string,
): Promise<(Pick<LinkView, 'email'> & Partial<LinkView>) | undefined> {
  switch (purpose) {
    case 'registration':
      return registrationOf(em, about);
    case 'invitation': {
      const invitation = await invitationOf(em, about);
      if (!invitation) return undefined;
      const { email, ...rest } = invitation;
      return { email, staff: rest.staff, invitation: rest };
    }
    case 'password_reset': {
      const person = await resetLinkOwner(em, about);
      return person && { email: person.email, staff: person.kind === 'staff' };
    }
    case 'email_change':
    case 'veto':
      return describeChange(em, purpose, about);
  }
}

async function describeChange(em: EntityManager, purpose: 'email_change' | 'veto', id: string) {
  const action = await waitingAction(em, id);
  if (!action) return undefined;
  const { kind, newEmail, oldEmail, coolsUntil } = action;
  return {
    email: purpose === 'veto' ? oldEmail : (newEmail ?? oldEmail),
    change: { kind, newEmail, takesEffectAt: coolsUntil?.toISOString() ?? null },
  };
}
