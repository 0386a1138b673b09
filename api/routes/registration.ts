import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { currentTexts } from '../../db/repositories/consents.ts';
import { acceptInvitation, invitationOf, type NewcomerDetails } from '../../db/repositories/invitations.ts';
import { readLink } from '../../db/repositories/mailed-links.ts';
import { confirmRegistration, register, registrationOf } from '../../db/repositories/registrations.ts';
import { consentPurposes, neededConsents } from '../../domain/consent.ts';
import { isRefusal } from '../../domain/errors.ts';
import { inLocale, locales } from '../../domain/locale.ts';
import { hashChosenPassword } from '../auth/chosen-password.ts';
import { requirePlace, type LetterForAsking } from '../auth/throttle.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { faultOf } from '../field-faults.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { emailField, lineText, linkToken, newPassword, timeZoneField } from '../schemas.ts';
import { answerVisit } from '../wish.ts';

const tags = ['Registration'];
export const consentGiven = z
  .strictObject({ purpose: z.enum(consentPurposes), version: z.int().min(1).max(1_000_000).openapi({ example: 1 }) })
  .openapi('ConsentGiven');
const consentsField = z
  .array(consentGiven)
  .max(consentPurposes.length)
  .openapi({ example: neededConsents.map((purpose) => ({ purpose, version: 1 })) });

const registrationRoute = openRoute({
  method: 'post',
  path: '/auth/registration',
  tags,
  summary: 'Ask for an account',
  description:
    'Mails a link to the address; following it makes the account. The answer is the same whoever has the address. `GET /consent-texts` lists what must be agreed to.',
  request: jsonBody(
    z
      .strictObject({
        email: emailField,
        name: lineText(200, 'Anna Petrova'),
        accountName: lineText(200, 'Vega Ltd'),
        locale: z.enum(locales).optional(),
        timeZone: timeZoneField.optional(),
        consents: consentsField,
      })
      .openapi('Registration'),
  ),
  responses: { 202: jsonAnswer(z.object({}).openapi('RegistrationNoted'), 'A letter is on its way') },
});

const confirmationRoute = openRoute({
  method: 'post',
  path: '/auth/confirmation',
  tags,
  summary: 'Follow the link of a registration',
  request: jsonBody(z.strictObject({ token: linkToken, password: newPassword }).openapi('Confirmation')),
  responses: { 201: jsonAnswer(z.object({ email: z.string() }).openapi('Confirmed'), 'The account is made: sign in') },
});

const invitationRoute = openRoute({
  method: 'post',
  path: '/auth/invitation',
  tags,
  summary: 'Follow the link of an invitation',
  description:
    'Somebody who can sign in already joins by the token alone. A newcomer gives name and password, and a customer the needed consents.',
  request: jsonBody(
    z
      .strictObject({
        token: linkToken,
        name: lineText(200, 'Boris Kuznetsov').optional(),
        password: newPassword.optional(),
        locale: z.enum(locales).optional(),
        timeZone: timeZoneField.optional(),
        consents: consentsField.optional(),
      })
      .openapi('InvitationAcceptance'),
  ),
  responses: { 200: jsonAnswer(z.object({ email: z.string(), staff: z.boolean() }).openapi('Joined'), 'Joined: sign in') },
});

const textsRoute = openRoute({
  method: 'get',
  path: '/consent-texts',
  tags,
  summary: 'What customers agree to',
  responses: {
    200: jsonAnswer(
      z
        .object({
          items: z.array(
            z
              .object({ purpose: z.enum(consentPurposes), version: z.int(), title: z.string(), body: z.string(), needed: z.boolean() })
              .openapi('ConsentText'),
          ),
          nextCursor: z.null(),
        })
        .openapi('ConsentTexts'),
      'The wordings that stand now, in the reader’s language',
    ),
  },
});

/** Registering and accepting invitations (SPEC I1, D2). */
export function registrationRoutes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(registrationRoute, async (c) => {
    const { locale = c.var.locale, timeZone = 'UTC', ...wanted } = c.req.valid('json');
    await throttleLetters(c, 'registration', wanted.email);
    return answerVisit(c, async (visit) => {
      const refused = await register(visit, { ...wanted, locale, timeZone });
      return refused ?? { status: 202, body: {} };
    }) as never;
  });
  app.openapi(confirmationRoute, async (c) => {
    const { token, password } = c.req.valid('json');
    const wanted = await aboutLink(c, token, 'registration');
    const registration = await registrationOf(c.var.parts.database.fork(), wanted);
    if (!registration) throw new ApiError('auth.link_invalid');
    const passwordHash = await hashChosenPassword(c, password, [registration.email]);
    return answerVisit(c, async (visit) => {
      const confirmed = await confirmRegistration(visit, token, passwordHash);
      return isRefusal(confirmed) ? confirmed : { status: 201, body: confirmed };
    }) as never;
  });
  app.openapi(invitationRoute, async (c) => {
    const given = c.req.valid('json');
    const newcomer = await newcomerOf(c, given);
    return answerVisit(c, async (visit) => {
      const joined = await acceptInvitation(visit, given.token, newcomer);
      return isRefusal(joined) ? joined : { status: 200, body: joined };
    }) as never;
  });
  app.openapi(textsRoute, async (c) => {
    const texts = await currentTexts(c.var.parts.database.fork());
    const items = texts.map(({ purpose, version, title, body }) => ({
      purpose,
      version,
      title: inLocale(title, c.var.locale),
      body: inLocale(body, c.var.locale),
      needed: neededConsents.includes(purpose),
    }));
    return c.json({ items, nextCursor: null }, 200);
  });
  return app;
}

/** Letters that strangers ask for are few, to one address and from one. */
export async function throttleLetters(c: Context<ApiEnvironment>, kind: LetterForAsking, email: string): Promise<void> {
  await requirePlace(c.var.parts.throttle.mailTo(kind, email, c.var.address));
}

/** What a link of this purpose is about, before anything slow is done for it. */
export async function aboutLink(c: Context<ApiEnvironment>, token: string, purpose: string): Promise<string> {
  const { database, clock } = c.var.parts;
  const link = await readLink(database.fork(), clock.now(), token);
  if (link?.purpose !== purpose) throw new ApiError('auth.link_invalid');
  return link.about;
}

/** What somebody new said of himself; undefined for somebody who only joins. */
async function newcomerOf(
  c: Context<ApiEnvironment>,
  given: { token: string } & {
    [Field in 'name' | 'password' | 'locale' | 'timeZone' | 'consents']?: (NewcomerDetails & { password: string })[Field] | undefined;
  },
): Promise<NewcomerDetails | undefined> {
  const invitation = await invitationOf(c.var.parts.database.fork(), await aboutLink(c, given.token, 'invitation'));
  if (!invitation) throw new ApiError('auth.link_invalid');
  if (invitation.known) return undefined;
  const { name, password, locale = c.var.locale, timeZone = 'UTC', consents = [] } = given;
  if (name === undefined || password === undefined) {
    const missing = (['name', 'password'] as const).filter((field) => given[field] === undefined);
    throw new ApiError('request.invalid', { details: missing.map((field) => faultOf(field, 'missing', c.var.locale)) });
  }
  return { name, passwordHash: await hashChosenPassword(c, password, [invitation.email, name]), locale, timeZone, consents };
}
