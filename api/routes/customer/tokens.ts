import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { tokenScopes } from '../../../domain/permissions.ts';
import type { ApiToken } from '../../../db/entities/api-token.entity.ts';
import { addApiToken, listApiTokens, maxTokenDays, revokeApiToken } from '../../../db/repositories/api-tokens.ts';
import { hashToken, makeApiToken } from '../../auth/api-tokens.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idOf, idParam, instant, lineText } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tokenSchema = z
  .object({
    id: idOf('apiToken'),
    name: z.string(),
    accountId: z.string(),
    scopes: z.array(z.enum(tokenScopes)).openapi({ description: 'What it may do: rows of the table of roles and actions.' }),
    createdAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .openapi('ApiToken');

const listRoute = customerRoute('token.read', {
  method: 'get',
  path: '/me/tokens',
  tags: ['Me'],
  summary: 'Your API tokens',
  responses: {
    200: jsonAnswer(z.object({ items: z.array(tokenSchema), nextCursor: z.null() }).openapi('ApiTokens'), 'Your tokens, the newest first'),
  },
});

const createTokenRoute = customerRoute('token.create', {
  method: 'post',
  path: '/me/tokens',
  tags: ['Me'],
  summary: 'Make an API token',
  description: 'The token is shown in this answer only. It acts for you in the account you act in now.',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          name: lineText(100, 'Monitoring'),
          expiresInDays: z.int().min(1).max(maxTokenDays).default(90),
          scopes: z
            .array(z.enum(tokenScopes))
            .min(1)
            .max(tokenScopes.length)
            .optional()
            .openapi({
              description: 'Left out: everything that your role may give to a program today.',
              example: ['ticket.read', 'ticket.open'],
            }),
        })
        .openapi('NewApiToken'),
    ),
  },
  responses: {
    201: jsonAnswer(
      tokenSchema.extend({ token: z.string().openapi({ example: 'kntr_…' }) }).openapi('CreatedApiToken'),
      'The token, shown once',
    ),
  },
});

const revokeRoute = customerRoute('token.revoke', {
  method: 'delete',
  path: '/me/tokens/{id}',
  tags: ['Me'],
  summary: 'Revoke an API token',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 204: { description: 'It opens nothing any more' } },
});

/** Personal API tokens (SPEC I7). */
export function customerTokens(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const tokens = await listApiTokens(c.var.parts.database.fork(), c.var.caller.actor.userId);
    return c.json({ items: tokens.map(present), nextCursor: null }, 200);
  });
  app.openapi(createTokenRoute, async (c) => {
    const wanted = c.req.valid('json');
    const token = makeApiToken();
    const work = async (wish: Parameters<typeof addApiToken>[0]) => {
      const added = await addApiToken(wish, { ...wanted, scopes: wanted.scopes, tokenHash: hashToken(token) });
      return isRefusal(added) ? added : { status: 201, body: { ...present(added), token } };
    };
    return answerWish<CustomerActor>(c, work, { keepAnswer: false }) as never;
  });
  app.openapi(revokeRoute, async (c) => {
    const id = existingId('apiToken', c.req.valid('param').id, 'token.not_found');
    return answerWish<CustomerActor>(c, async (wish) => {
      const revoked = await revokeApiToken(wish, id);
      return isRefusal(revoked) ? revoked : { status: 204, body: null };
    });
  });
  return app;
}

function present({ id, name, accountId, scopes, createdAt, expiresAt, lastUsedAt }: ApiToken): z.infer<typeof tokenSchema> {
  return {
    id,
    name,
    accountId: accountId ?? '',
    // One that a later version no longer knows is a scope of nothing.
    scopes: scopes.filter((scope) => tokenScopes.includes(scope)),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
