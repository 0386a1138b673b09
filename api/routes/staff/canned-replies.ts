import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { cannedReplyVariables, maxCannedReplyCharacters, maxShortcutCharacters } from '../../../domain/canned-reply.ts';
import {
  addCannedReply,
  changeCannedReply,
  findCannedReply,
  listCannedReplies,
  renderForTicket,
  renderSample,
  withdrawCannedReply,
  type CannedReply,
} from '../../../db/repositories/canned-replies.ts';
import { findPerson } from '../../../db/repositories/people.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localised, localisedBody, localisedLine } from '../../localised-text.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, idParam, instant, lineText, relatedNumber } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';

const tags = ['Canned replies'];
const maxTitleCharacters = 100;
const params = z.object({ id: idParam });

export const cannedReplySchema = z
  .object({
    id: z.string(),
    title: localised,
    body: localised,
    shortcut: z.string().nullable(),
    categories: z.array(z.string()).nullable().openapi({ description: 'The queues it is for; null for all.' }),
    uses: z.int(),
    updatedAt: instant,
    withdrawnAt: instant.nullable(),
    revision: z.int(),
  })
  .openapi('CannedReply');

const written = z
  .strictObject({
    title: localisedLine(maxTitleCharacters, { en: 'Ask for a log', ru: 'Запросить журнал' }),
    body: localisedBody(maxCannedReplyCharacters, {
      en: 'Hello {{customer.name}}, please send us the log.',
      ru: 'Здравствуйте, {{customer.name}}! Пришлите, пожалуйста, журнал.',
    }).openapi({ description: `Markdown, with these variables: ${cannedReplyVariables.map((name) => `{{${name}}}`).join(', ')}.` }),
    shortcut: z
      .string()
      .regex(/^[\p{L}\p{N}_-]+$/u)
      .max(maxShortcutCharacters)
      .transform((text) => text.normalize('NFC').toLowerCase())
      .nullable()
      .default(null)
      .openapi({
        // Letters of every alphabet are taken; a pattern that all readers of the document understand can name some only.
        pattern: '^[0-9A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0400-\\u0481\\u048a-\\u052f_-]+$',
        description: 'What is typed behind `/` to find it: letters, digits, `-` and `_`; letter case does not matter.',
        example: 'log',
      }),
    categories: z.array(lineText(50, 'technical')).min(1).max(50).nullable().default(null),
  })
  .openapi('NewCannedReply');

const listRoute = staffRoute('canned_reply.read', {
  method: 'get',
  path: '/canned-replies',
  tags,
  summary: 'Canned replies, the most used first',
  request: {
    query: z.strictObject({ withdrawn: flagQuery.optional().openapi({ description: '`true`: also those that were withdrawn.' }) }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(cannedReplySchema), nextCursor: z.null() }).openapi('CannedReplies'),
      'All of them: there are 200 at the most',
    ),
  },
});

const readRoute = staffRoute('canned_reply.read', {
  method: 'get',
  path: '/canned-replies/{id}',
  tags,
  summary: 'One canned reply',
  request: { params },
  responses: { 200: jsonAnswer(cannedReplySchema, 'The canned reply') },
});

const addRoute = staffRoute('canned_reply.manage', {
  method: 'post',
  path: '/canned-replies',
  tags,
  summary: 'Write a canned reply',
  description: 'A variable that there is not is refused with 422 `canned_reply.variable_unknown`, which names it.',
  request: { headers: idempotencyHeader, ...jsonBody(written) },
  responses: { 201: jsonAnswer(cannedReplySchema, 'The canned reply') },
});

const changeRoute = staffRoute('canned_reply.manage', {
  method: 'put',
  path: '/canned-replies/{id}',
  tags,
  summary: 'Rewrite a canned reply',
  request: { params, headers: ifMatchHeader, ...jsonBody(written) },
  responses: { 200: jsonAnswer(cannedReplySchema, 'The canned reply afterwards') },
});

const withdrawRoute = staffRoute('canned_reply.manage', {
  method: 'delete',
  path: '/canned-replies/{id}',
  tags,
  summary: 'Withdraw a canned reply',
  request: { params, headers: ifMatchHeader },
  responses: { 200: jsonAnswer(cannedReplySchema, 'The canned reply, withdrawn') },
});

const renderingRoute = staffRoute('canned_reply.read', {
  method: 'get',
  path: '/canned-replies/{id}/rendering',
  tags,
  summary: 'The finished text for a ticket',
  description: 'In the customer’s language, in your name. Values are escaped, so that Markdown shows them as they are.',
  request: {
    params,
    query: z.strictObject({
      ticket: relatedNumber
        .optional()
        .openapi({ description: 'Left out, the text is shown in your language with values that are made up.' }),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ body: z.string(), locale: z.string() }).openapi('RenderedCannedReply'), 'The text, as Markdown'),
  },
});

/** Texts that staff insert often (SPEC T13). */
export function staffCannedReplies(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReading(app);
  addChanges(app);
  return app;
}

function addReading(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const replies = await listCannedReplies(c.var.parts.database.fork(), c.req.valid('query').withdrawn ?? false);
    return c.json({ items: replies.map(present), nextCursor: null }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const reply = await mustFind(c, c.req.valid('param').id);
    c.header('ETag', entityTag(reply));
    return c.json(present(reply), 200);
  });
  app.openapi(renderingRoute, async (c) => {
    const reply = await mustFind(c, c.req.valid('param').id);
    const em = c.var.parts.database.fork();
    const agent = await findPerson(em, c.var.caller.actor.userId);
    const { ticket } = c.req.valid('query');
    const agentName = agent?.name ?? '';
    const rendered =
      ticket === undefined
        ? renderSample(reply, c.var.locale, agentName)
        : await renderForTicket(em, reply, ticketNumberOf(ticket), agentName);
    if (!rendered) throw new ApiError('ticket.not_found');
    return c.json(rendered, 200);
  });
}

function addChanges(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(addRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerTagged(c, 201, present, (wish) => addCannedReply(wish, wanted)) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('cannedReply', c.req.valid('param').id, 'canned_reply.not_found');
    const known = knownRevision(c.req.valid('header'));
    const wanted = c.req.valid('json');
    return answerTagged(c, 200, present, (wish) => changeCannedReply(wish, id, known, wanted)) as never;
  });
  app.openapi(withdrawRoute, async (c) => {
    const id = existingId('cannedReply', c.req.valid('param').id, 'canned_reply.not_found');
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, present, (wish) => withdrawCannedReply(wish, id, known)) as never;
  });
}

async function mustFind(c: Context<ApiEnvironment>, text: string): Promise<CannedReply> {
  const id = existingId('cannedReply', text, 'canned_reply.not_found');
  const reply = await findCannedReply(c.var.parts.database.fork(), id);
  if (!reply) throw new ApiError('canned_reply.not_found');
  return reply;
}

function present(reply: CannedReply): z.infer<typeof cannedReplySchema> {
  const { id, title, body, shortcut, categories, uses, updatedAt, withdrawnAt, revision } = reply;
  return {
    id,
    title: { ...title },
    body: { ...body },
    shortcut,
    categories: categories && [...categories],
    uses,
    updatedAt: updatedAt.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    revision,
  };
}
