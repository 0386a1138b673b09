import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { problemStatuses } from '../../../domain/problem.ts';
import { answerProblem, findProblemAnswer, listProblemAnswers } from '../../../db/repositories/problem-answers.ts';
import { findProblem } from '../../../db/repositories/problems.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localisedBody } from '../../localised-text.ts';
import { presentProblemAnswer, problemAnswerSchema } from '../../present/problem.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idParam, lineText } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Problems and wishes'];
const params = z.object({ id: idParam });

const listRoute = staffRoute('problem.read', {
  method: 'get',
  path: '/problems/{id}/answers',
  tags,
  summary: 'Answers that were given to all, and how far they have come',
  request: { params },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(problemAnswerSchema), nextCursor: z.null() }).openapi('ProblemAnswers'),
      'The newest 50, the newest first',
    ),
  },
});

const answerRoute = staffRoute('problem.manage', {
  method: 'post',
  path: '/problems/{id}/answers',
  tags,
  summary: 'Answer all linked tickets at once',
  description:
    'Each ticket that is linked now gets one public message, in the language of whoever opened it. Nobody can write in an archived ticket: those who took part get a notification and a mail. A ticket that is linked while it runs does not get it; one that is unlinked before its turn does not either.',
  request: {
    params,
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          text: localisedBody(20_000, {
            en: 'Fixed in version 6.13. Please update.',
            ru: 'Исправлено в версии 6.13. Обновитесь, пожалуйста.',
          }),
          nextStepBy: z.enum(['customer', 'staff']).default('customer').openapi({
            description: '`customer`: each ticket waits for him and closes by itself after silence. `staff`: nothing closes by itself.',
          }),
          status: z.enum(problemStatuses).optional().openapi({ description: 'Where it stands from now on; left out: as before.' }),
          fixedIn: lineText(50, '6.13')
            .nullable()
            .optional()
            .openapi({ type: ['string', 'null'], description: 'The version; with `fixed`.' }),
        })
        .openapi('NewProblemAnswer'),
    ),
  },
  responses: { 201: jsonAnswer(problemAnswerSchema, 'The answer, on its way') },
});

/** One answer to all (SPEC T20). */
export function staffProblemAnswers(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const em = c.var.parts.database.fork();
    if (!(await findProblem(em, id))) throw new ApiError('problem.not_found');
    return c.json({ items: (await listProblemAnswers(em, id)).map(presentProblemAnswer), nextCursor: null }, 200);
  });
  app.openapi(answerRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const wanted = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const answered = await answerProblem(wish, id, wanted);
      if (isRefusal(answered)) return answered;
      return { status: 201, body: presentProblemAnswer((await findProblemAnswer(wish.em, answered.id))!) };
    }) as never;
  });
  return app;
}
