import { OpenAPIHono, z } from '@hono/zod-openapi';
import { editions, scopeStances } from '../../../domain/support-scope.ts';
import { addScopeItem, changeScopeItem, listScope } from '../../../db/repositories/support-scope.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { existingId } from '../../existing-id.ts';
import { localisedBody, localisedLine } from '../../localised-text.ts';
import { presentStaffScopeItem, staffScopeItemSchema } from '../../present/support-scope.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, idParam, lineText } from '../../schemas.ts';
import { productCode, productPattern, scopeQuery } from '../../scope-query.ts';

const tags = ['Support scope'];

const fields = {
  category: lineText(50, 'technical').openapi({ description: 'One of GET /queues.' }),
  product: productCode
    .nullable()
    .openapi({ type: ['string', 'null'], pattern: productPattern.source, description: 'Null: every product.' }),
  edition: z.enum(editions).nullable().openapi({ description: 'Null: every edition.' }),
  section: localisedLine(100, { en: 'Servers and other software', ru: 'Серверы и стороннее ПО' }),
  stance: z.enum(scopeStances).openapi({ example: 'not_covered' }),
  title: localisedLine(200, { en: 'Setting up the network', ru: 'Настройка сети' }),
  text: localisedBody(8_000, { en: 'Support does not set up networks.', ru: 'Поддержка не настраивает сети.' }),
  position: z.int().min(0).max(1_000_000).openapi({ description: 'Items stand in the order of this number.', example: 10 }),
};

const listRoute = staffRoute('scope.read', {
  method: 'get',
  path: '/support-scope',
  tags,
  summary: 'The catalogue in every language',
  request: { query: scopeQuery.extend({ withdrawn: flagQuery.optional().openapi({ description: '`true`: what was withdrawn.' }) }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(staffScopeItemSchema), nextCursor: z.null() }).openapi('StaffSupportScope'),
      'The whole catalogue, in its order',
    ),
  },
});

const addRoute = staffRoute('scope.manage', {
  method: 'post',
  path: '/support-scope',
  tags,
  summary: 'Add an item',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          ...fields,
          product: fields.product.default(null),
          edition: fields.edition.default(null),
          position: fields.position.optional(),
        })
        .openapi('NewScopeItem'),
    ),
  },
  responses: { 201: jsonAnswer(staffScopeItemSchema, 'The item') },
});

const changeRoute = staffRoute('scope.manage', {
  method: 'patch',
  path: '/support-scope/{id}',
  tags,
  summary: 'Change an item, withdraw it or bring it back',
  description: 'What customers were sent before stays as it was sent.',
  request: {
    headers: ifMatchHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(
      z
        .strictObject({ ...fields, withdrawn: z.boolean() })
        .partial()
        .openapi('ScopeItemChange'),
    ),
  },
  responses: { 200: jsonAnswer(staffScopeItemSchema, 'The item afterwards') },
});

/** The catalogue as staff keep it (SPEC T15). */
export function staffSupportScope(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const items = await listScope(c.var.parts.database.fork(), c.req.valid('query'));
    return c.json({ items: items.map(presentStaffScopeItem), nextCursor: null }, 200);
  });
  app.openapi(addRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerTagged(c, 201, presentStaffScopeItem, (wish) => addScopeItem(wish, wanted)) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('scopeItem', c.req.valid('param').id, 'scope_item.not_found');
    const known = knownRevision(c.req.valid('header'));
    const change = c.req.valid('json');
    return answerTagged(c, 200, presentStaffScopeItem, (wish) => changeScopeItem(wish, id, known, change)) as never;
  });
  return app;
}
