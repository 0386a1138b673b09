import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { approvalStates, type ApprovalState } from '../../../domain/money-approval.ts';
import { listApprovals, readApproval } from '../../../db/repositories/approval-row.ts';
import { approveMoney, withdrawMoney } from '../../../db/repositories/money-approvals.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey } from '../../money-key.ts';
import { approvalSchema, presentApproval } from '../../present/refund.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, idQuery, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Money that waits'];
const params = z.object({ id: idParam });

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/money-approvals',
  tags,
  summary: 'Refunds and adjustments that wait for a second person, and those that did, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(approvalStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'waiting' }),
      account: idQuery('account').optional(),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(approvalSchema, 'MoneyApprovals'), 'A page of approvals') },
});

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/money-approvals/{id}',
  tags,
  summary: 'What waits, or waited, for a second person',
  request: { params },
  responses: { 200: jsonAnswer(approvalSchema, 'The approval') },
});

const approveRoute = staffRoute('money.approve', {
  method: 'post',
  path: '/money-approvals/{id}/approval',
  tags,
  summary: 'Let money move that somebody else wished to move',
  request: { params, headers: moneyKeyHeader },
  responses: { 200: jsonAnswer(approvalSchema, 'Approved') },
});

const withdrawRoute = staffRoute('money.withdraw', {
  method: 'post',
  path: '/money-approvals/{id}/withdrawal',
  tags,
  summary: 'Take money back that waits, or refuse it',
  description: 'What was set aside for a refund is on the balance again.',
  request: { params, headers: moneyKeyHeader },
  responses: { 200: jsonAnswer(approvalSchema, 'Withdrawn') },
});

/** Money that waits for a second person (SPEC B7, I10). */
export function staffMoneyApprovals(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account } = c.req.valid('query');
    const filter = { states: state?.split(',') as ApprovalState[] | undefined, accountId: account };
    const found = await listApprovals(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'money-approvals') });
    const nextCursor = nextWindow('money-approvals', found, (approval) => approval.askedForAt);
    return c.json({ items: found.items.map((approval) => presentApproval(approval, c.var.caller.actor)), nextCursor }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('approval', c.req.valid('param').id, 'approval.not_found');
    const approval = await readApproval(c.var.parts.database.fork(), id);
    if (!approval) throw new ApiError('approval.not_found');
    return c.json(presentApproval(approval, c.var.caller.actor), 200);
  });
  for (const [route, decide] of [
    [approveRoute, approveMoney],
    [withdrawRoute, withdrawMoney],
  ] as const)
    app.openapi(route, async (c) => {
      const id = existingId('approval', c.req.valid('param').id, 'approval.not_found');
      requireMoneyKey(c);
      return answerWish<StaffActor>(c, async (wish) => {
        const decided = await decide(wish, id);
        return isRefusal(decided) ? decided : { status: 200, body: presentApproval((await readApproval(wish.em, id))!, wish.actor) };
      }) as never;
    });
  return app;
}
