import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { consentPurposes } from '../../../domain/consent.ts';
import { isRefusal } from '../../../domain/errors.ts';
import type { Consent } from '../../../db/entities/consent.entity.ts';
import { giveConsent, listConsents, withdrawConsent } from '../../../db/repositories/consents.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idOf, instant } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { consentGiven } from '../registration.ts';

const consentSchema = z
  .object({
    id: idOf('consent'),
    purpose: z.enum(consentPurposes),
    version: z.int(),
    givenAt: instant,
    givenFrom: z.string().openapi({ description: 'The network address it was given from.' }),
    withdrawnAt: instant.nullable(),
  })
  .openapi('Consent');
const tags = ['Me'];
const headers = { headers: idempotencyHeader };

/** What a customer agreed to, each for itself, and taking it back (SPEC D2). */
export function customerConsents(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const list = customerRoute('consent.read', {
    method: 'get',
    path: '/me/consents',
    tags,
    summary: 'What you agreed to',
    responses: {
      200: jsonAnswer(
        z.object({ items: z.array(consentSchema), nextCursor: z.null() }).openapi('Consents'),
        'The newest first, withdrawn ones too',
      ),
    },
  });
  app.openapi(list, async (c) => {
    const consents = await listConsents(c.var.parts.database.fork(), c.var.caller.actor.userId);
    return c.json({ items: consents.map(present), nextCursor: null }, 200);
  });

  const give = customerRoute('consent.change', {
    method: 'post',
    path: '/me/consents',
    tags,
    summary: 'Agree',
    request: { ...headers, ...jsonBody(consentGiven) },
    responses: { 201: jsonAnswer(consentSchema, 'The record') },
  });
  app.openapi(give, async (c) => {
    const given = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      const consent = await giveConsent(wish, given);
      return isRefusal(consent) ? consent : { status: 201, body: present(consent) };
    }) as never;
  });

  const withdraw = customerRoute('consent.change', {
    method: 'delete',
    path: '/me/consents/{purpose}',
    tags,
    summary: 'Take an agreement back',
    description: 'The record stays and says when. What the service cannot be without ends with the account.',
    request: {
      ...headers,
      params: z.object({ purpose: z.string().openapi({ param: { name: 'purpose', in: 'path' }, example: 'marketing' }) }),
    },
    responses: { 204: { description: 'Withdrawn' } },
  });
  app.openapi(withdraw, async (c) => {
    const purpose = consentPurposes.find((known) => known === c.req.valid('param').purpose);
    if (!purpose) throw new ApiError('consent.not_found');
    return answerWish<CustomerActor>(c, async (wish) => {
      const withdrawn = await withdrawConsent(wish, purpose);
      return isRefusal(withdrawn) ? withdrawn : { status: 204, body: null };
    });
  });
  return app;
}

function present({ id, purpose, version, givenAt, givenFrom, withdrawnAt }: Consent): z.infer<typeof consentSchema> {
  return { id, purpose, version, givenAt: givenAt.toISOString(), givenFrom, withdrawnAt: withdrawnAt?.toISOString() ?? null };
}
