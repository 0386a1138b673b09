import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { findAccount } from '../../../db/repositories/members.ts';
import { listPartners } from '../../../db/repositories/partners.ts';
import { listScope } from '../../../db/repositories/support-scope.ts';
import { cityFirst } from '../../../domain/support-scope.ts';
import type { ApiEnvironment } from '../../context.ts';
import { partnerSchema, presentPartner, presentScopeItem, scopeItemSchema } from '../../present/support-scope.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { scopeQuery } from '../../scope-query.ts';

const scopeRoute = customerRoute('scope.read', {
  method: 'get',
  path: '/support-scope',
  tags: ['Support scope'],
  summary: 'What support does, does for money, and does not do',
  description: 'For your product and edition it includes what stands for every product and every edition.',
  request: { query: scopeQuery },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(scopeItemSchema), nextCursor: z.null() }).openapi('SupportScope'),
      'The whole catalogue, in its order',
    ),
  },
});

const partnersRoute = customerRoute('scope.read', {
  method: 'get',
  path: '/partners',
  tags: ['Support scope'],
  summary: 'Who may help with what support does not do',
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(partnerSchema), nextCursor: z.null() }).openapi('Partners'),
      'All, those of your account’s city first',
    ),
  },
});

/** The catalogue and the partners as customers read them (SPEC T15). */
export function customerSupportScope(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(scopeRoute, async (c) => {
    const items = await listScope(c.var.parts.database.fork(), c.req.valid('query'));
    return c.json({ items: items.map((item) => presentScopeItem(item, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(partnersRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const account = await findAccount(em, (c.var.caller.actor as CustomerActor).accountId);
    const partners = cityFirst(await listPartners(em), account?.city ?? null);
    return c.json({ items: partners.map((partner) => presentPartner(partner, c.var.locale)), nextCursor: null }, 200);
  });
  return app;
}
