import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { CustomerActor } from '../../../domain/actor.ts';
import { readBilling, type BillingView } from '../../../db/repositories/billing.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { answerOperations, operationsAnswer, operationsQuery } from '../../operations.ts';
import { balanceSchema, presentBalance } from '../../present/balance.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { answerStatement, answerStatements, monthParam, statementAnswer, statementsAnswer, statementsQuery } from '../../statements.ts';

const tags = ['Balance'];

const balanceRoute = customerRoute('balance.read', {
  method: 'get',
  path: '/balance',
  tags,
  summary: 'Balance, credit limit, what is used and what is available',
  responses: { 200: jsonAnswer(balanceSchema, 'As it is now') },
});

const operationsRoute = customerRoute('balance.read', {
  method: 'get',
  path: '/operations',
  tags,
  summary: 'What happened to the balance, the newest first',
  request: { query: operationsQuery },
  responses: { 200: operationsAnswer },
});

const statementsRoute = customerRoute('balance.read', {
  method: 'get',
  path: '/statements',
  tags,
  summary: 'Months that there are statements of',
  request: { query: statementsQuery },
  responses: { 200: statementsAnswer },
});

const statementRoute = customerRoute('balance.read', {
  method: 'get',
  path: '/statements/{month}',
  tags,
  summary: 'The statement of a month',
  description: 'Months are those of Moscow. One that is not over tells what there is until now.',
  request: { params: z.object({ month: monthParam }) },
  responses: { 200: statementAnswer },
});

/** What a customer has, what happened to it, and his statements (SPEC B3, B6). */
export function customerFinance(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(balanceRoute, async (c) => c.json(presentBalance(await ownBilling(c)), 200));
  app.openapi(operationsRoute, async (c) => {
    const { accountId, currency } = await ownBilling(c);
    return answerOperations(c, { id: accountId, currency }, c.req.valid('query'));
  });
  app.openapi(statementsRoute, async (c) => {
    const { accountId, currency } = await ownBilling(c);
    return answerStatements(c, { id: accountId, currency }, c.req.valid('query')) as never;
  });
  app.openapi(statementRoute, async (c) => {
    const { accountId } = c.var.caller.actor as CustomerActor;
    return answerStatement(c, accountId, c.req.valid('param').month);
  });
  return app;
}

async function ownBilling(c: Context<ApiEnvironment>): Promise<BillingView> {
  const { database, clock } = c.var.parts;
  const found = await readBilling(database.fork(), (c.var.caller.actor as CustomerActor).accountId, clock.now());
  if (!found) throw new ApiError('account.not_found');
  return found;
}
