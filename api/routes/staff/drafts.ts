import { OpenAPIHono, z } from '@hono/zod-openapi';
import { isRefusal } from '../../../domain/errors.ts';
import { faultInBody, maxBodyCharacters, unwritable } from '../../../domain/written-text.ts';
import { discardDraft, draftKinds, findDraft, keepDraft, type DraftKind, type StoredDraft } from '../../../db/repositories/drafts.ts';
import { bePresent, leaveTicket } from '../../../db/repositories/presence.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError, envelope } from '../../errors.ts';
import { jsonAnswer, jsonBody, optionalJsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { errorSchema, idOf, instant, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';

const params = z.object({ number: ticketNumberParam });
const kindQuery = z.strictObject({ kind: z.enum(draftKinds).default('reply') });
const mostFiles = 10;

/** What is being written may be empty yet; else it is held to what a message is held to. */
const draftText = z
  .string()
  .superRefine((text, context) => {
    const fault = faultInBody(text, maxBodyCharacters);
    if (fault && fault !== 'empty') context.addIssue({ code: 'custom', params: { fault, maxCharacters: maxBodyCharacters } });
  })
  .openapi({ type: 'string', maxLength: maxBodyCharacters, pattern: `^[^${unwritable.inBody}]*$`, example: 'Please clear the' });

const revision = z
  .string()
  .regex(/^\d{1,18}$/)
  .openapi({ example: '0', description: 'Which state of the draft this is; `0` where there is none.' });

export const draftSchema = z
  .object({
    kind: z.enum(draftKinds),
    body: z.string(),
    nextStepBy: z.enum(['customer', 'staff']),
    files: z.array(idOf('file')),
    revision,
    updatedAt: instant.nullable(),
  })
  .openapi('Draft');

const readRoute = staffRoute('ticket.draft', {
  method: 'get',
  path: '/tickets/{number}/draft',
  tags: ['Tickets'],
  summary: 'What you were writing in a ticket',
  description: 'Only its author reads a draft. Where there is none it is empty, with revision `0`.',
  request: { params, query: kindQuery },
  responses: { 200: jsonAnswer(draftSchema, 'The draft') },
});

const keepRoute = staffRoute('ticket.draft', {
  method: 'put',
  path: '/tickets/{number}/draft',
  tags: ['Tickets'],
  summary: 'Keep what you are writing',
  description:
    'Gone when just this text is sent. Another window of the same person may have kept something else meanwhile: then nothing is overwritten.',
  request: {
    params,
    ...jsonBody(
      z
        .strictObject({
          kind: z.enum(draftKinds).default('reply'),
          body: draftText,
          nextStepBy: z.enum(['customer', 'staff']).default('customer'),
          files: z
            .array(z.string().regex(/^fil_[0-9a-z]{26}$/))
            .max(mostFiles)
            .default([]),
          revision,
        })
        .openapi('KeepDraft'),
    ),
  },
  responses: {
    200: jsonAnswer(draftSchema, 'The draft as it is kept'),
    412: jsonAnswer(errorSchema.extend({ draft: draftSchema }).openapi('StaleDraft'), 'Another window was quicker: what it kept'),
  },
});

const discardRoute = staffRoute('ticket.draft', {
  method: 'delete',
  path: '/tickets/{number}/draft',
  tags: ['Tickets'],
  summary: 'Throw away what you were writing',
  request: { params, query: kindQuery },
  responses: { 204: { description: 'There is no such draft any more' } },
});

const presentSchema = z
  .object({ items: z.array(z.object({ id: z.string(), name: z.string(), writing: z.boolean() }).openapi('PresentColleague')) })
  .openapi('PresentColleagues');

const presenceRoute = staffRoute('ticket.draft', {
  method: 'put',
  path: '/tickets/{number}/presence',
  tags: ['Tickets'],
  summary: 'Say that you have a ticket open, and see who else has',
  description: 'Said every 15 seconds while the page is open; who was silent for 40 has gone. At most 20 others are named.',
  request: { params, ...optionalJsonBody(z.strictObject({ writing: z.boolean().default(false) }).openapi('Presence')) },
  responses: { 200: jsonAnswer(presentSchema, 'The others who have it open') },
});

const leaveRoute = staffRoute('ticket.draft', {
  method: 'delete',
  path: '/tickets/{number}/presence',
  tags: ['Tickets'],
  summary: 'Say that you have closed a ticket’s page',
  request: { params },
  responses: { 204: { description: 'You are not shown there any more' } },
});

/** Two agents who write at once see each other, and neither loses text (SPEC T13). */
export function staffDrafts(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addDrafts(app);
  addPresence(app);
  return app;
}

function addDrafts(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(readRoute, async (c) => {
    const { kind } = c.req.valid('query');
    const place = { userId: c.var.caller.actor.userId, number: ticketNumberOf(c.req.valid('param').number), kind };
    const found = await findDraft(c.var.parts.database.fork(), place);
    if (isRefusal(found)) throw new ApiError(found.refused);
    return c.json(present(kind, found), 200);
  });

  app.openapi(keepRoute, async (c) => {
    const { kind, revision: basedOn, ...text } = c.req.valid('json');
    const { database, clock } = c.var.parts;
    const place = { userId: c.var.caller.actor.userId, number: ticketNumberOf(c.req.valid('param').number), kind };
    const kept = await keepDraft(database.fork(), clock.now(), place, basedOn, text);
    if (isRefusal(kept)) throw new ApiError(kept.refused);
    const draft = present(kind, kept.draft);
    if (!kept.stale) return c.json(draft, 200);
    const { error } = envelope({ refused: 'request.stale' }, c.var.locale, c.var.requestId);
    return c.json({ error, draft } as never, 412);
  });

  app.openapi(discardRoute, async (c) => {
    const { kind } = c.req.valid('query');
    const place = { userId: c.var.caller.actor.userId, number: ticketNumberOf(c.req.valid('param').number), kind };
    await discardDraft(c.var.parts.database.fork(), place);
    return c.body(null, 204);
  });
}

function addPresence(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(presenceRoute, async (c) => {
    const { database, bell, clock } = c.var.parts;
    const who = {
      number: ticketNumberOf(c.req.valid('param').number),
      userId: c.var.caller.actor.userId,
      // Without a body not even the default is filled in.
      writing: c.req.valid('json').writing ?? false,
    };
    const found = await database.fork().transactional((em) => bePresent(em, clock.now(), who));
    if (!found) throw new ApiError('ticket.not_found');
    if (found.changed) bell.ring();
    return c.json({ items: found.others }, 200);
  });

  app.openapi(leaveRoute, async (c) => {
    const { database, bell, clock } = c.var.parts;
    const number = ticketNumberOf(c.req.valid('param').number);
    if (await database.fork().transactional((em) => leaveTicket(em, clock.now(), number, c.var.caller.actor.userId))) bell.ring();
    return c.body(null, 204);
  });
}

function present(kind: DraftKind, draft: StoredDraft): z.infer<typeof draftSchema> {
  return { ...draft, kind, files: [...draft.files], updatedAt: draft.updatedAt?.toISOString() ?? null };
}
