import { OpenAPIHono, z } from '@hono/zod-openapi';
import { problemKinds, problemStatuses } from '../../../domain/problem.ts';
import { addProblem, changeProblem, findProblem, listProblems, listProblemsOf } from '../../../db/repositories/problems.ts';
import { findTicket } from '../../../db/repositories/ticket-reads.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localisedBody, localisedLine } from '../../localised-text.ts';
import { countedProblemSchema, presentCountedProblem, presentStaffProblem, staffProblemSchema } from '../../present/problem.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, lineText, pageOf, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';

const tags = ['Problems and wishes'];
const maxVersionCharacters = 50;

const listRoute = staffRoute('problem.read', {
  method: 'get',
  path: '/problems',
  tags,
  summary: 'Problems and wishes, the one changed last first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      q: lineText(200, 'blank page').optional().openapi({ description: 'Found in any title or public text.' }),
      kind: z.enum(problemKinds).optional(),
      status: z.enum(problemStatuses).optional(),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(countedProblemSchema, 'Problems'), 'A page of them') },
});

const readRoute = staffRoute('problem.read', {
  method: 'get',
  path: '/problems/{id}',
  tags,
  summary: 'A problem or a wish',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(countedProblemSchema, 'It, with how many tickets are linked to it') },
});

const ofTicketRoute = staffRoute('problem.read', {
  method: 'get',
  path: '/tickets/{number}/problems',
  tags,
  summary: 'Problems and wishes that a ticket is linked to',
  request: { params: z.object({ number: ticketNumberParam }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(staffProblemSchema), nextCursor: z.null() }).openapi('StaffTicketProblems'),
      'In the order they were linked, 20 at the most',
    ),
  },
});

const fields = {
  kind: z.enum(problemKinds),
  internalTitle: lineText(200, 'Blank page after 6.12').openapi({ description: 'What staff call it; customers never see it.' }),
  title: localisedLine(200, { en: 'The panel shows a blank page', ru: 'Панель показывает пустую страницу' }),
  text: localisedBody(8_000, { en: 'Seen in version 6.12. We are working on it.', ru: 'Встречается в версии 6.12. Мы это исправляем.' }),
  status: z.enum(problemStatuses),
  fixedIn: lineText(maxVersionCharacters, '6.13')
    .nullable()
    .openapi({ type: ['string', 'null'], description: 'The version; with `fixed` and with nothing else.' }),
};

const addRoute = staffRoute('problem.manage', {
  method: 'post',
  path: '/problems',
  tags,
  summary: 'Add a problem or a wish',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({ ...fields, status: fields.status.default('confirmed'), fixedIn: fields.fixedIn.default(null) })
        .openapi('NewProblem'),
    ),
  },
  responses: { 201: jsonAnswer(countedProblemSchema, 'The problem') },
});

const changeRoute = staffRoute('problem.manage', {
  method: 'patch',
  path: '/problems/{id}',
  tags,
  summary: 'Change its words or where it stands',
  description: 'Customers see it on their linked tickets; nobody is written to. To write to all: POST /problems/{id}/answers.',
  request: {
    headers: ifMatchHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(z.strictObject(fields).partial().openapi('ProblemChange')),
  },
  responses: { 200: jsonAnswer(countedProblemSchema, 'The problem afterwards') },
});

/** Problems and wishes as staff keep them (SPEC T20). */
export function staffProblems(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReads(app);
  app.openapi(addRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerTagged(c, 201, presentCountedProblem, (wish) => addProblem(wish, wanted)) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const known = knownRevision(c.req.valid('header'));
    const change = c.req.valid('json');
    return answerTagged(c, 200, presentCountedProblem, (wish) => changeProblem(wish, id, known, change)) as never;
  });
  return app;
}

function addReads(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const found = await listProblems(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'problems') });
    return c.json(
      { items: found.items.map(presentCountedProblem), nextCursor: nextWindow('problems', found, (problem) => problem.updatedAt) },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const problem = await findProblem(c.var.parts.database.fork(), id);
    if (!problem) throw new ApiError('problem.not_found');
    c.header('ETag', entityTag(problem));
    return c.json(presentCountedProblem(problem), 200);
  });
  app.openapi(ofTicketRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const em = c.var.parts.database.fork();
    if (!(await findTicket(em, number, c.var.parts.clock.now()))) throw new ApiError('ticket.not_found');
    return c.json({ items: (await listProblemsOf(em, number)).map(presentStaffProblem), nextCursor: null }, 200);
  });
}
