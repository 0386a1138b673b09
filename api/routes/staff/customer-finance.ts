import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { maxAmountMinor } from '../../../domain/ledger.ts';
import { customerKinds } from '../../../domain/tax-rate.ts';
import {
  freezeCustomer,
  readBilling,
  setCreditLimit,
  setDiscount,
  setTaxProfile,
  unfreezeCustomer,
  type BillingView,
} from '../../../db/repositories/billing.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { answerOperations, operationsAnswer, operationsQuery } from '../../operations.ts';
import { customerFinanceSchema, presentCustomerFinance } from '../../present/balance.ts';
import { reasonField } from '../../present/refund.ts';
import { jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { currencyField, idParam } from '../../schemas.ts';
import { answerStatement, answerStatements, monthParam, statementAnswer, statementsAnswer, statementsQuery } from '../../statements.ts';

const tags = ['Customers’ finances'];
const params = z.object({ id: idParam });
const tagged = { headers: ifMatchHeader, params };
const answered = { 200: jsonAnswer(customerFinanceSchema, 'As it is now') };

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/customers/{id}/finance',
  tags,
  summary: 'A customer’s balance, limit, discount and tax profile',
  request: { params },
  responses: answered,
});

const operationsRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/customers/{id}/operations',
  tags,
  summary: 'What happened to a customer’s balance, the newest first',
  request: { params, query: operationsQuery },
  responses: { 200: operationsAnswer },
});

const statementsRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/customers/{id}/statements',
  tags,
  summary: 'Months that there are statements of',
  request: { params, query: statementsQuery },
  responses: { 200: statementsAnswer },
});

const statementRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/customers/{id}/statements/{month}',
  tags,
  summary: 'A customer’s statement of a month, as he sees it',
  request: { params: z.object({ id: idParam, month: monthParam }) },
  responses: { 200: statementAnswer },
});

const limitRoute = staffRoute('credit_limit.set', {
  method: 'put',
  path: '/customers/{id}/credit-limit',
  tags,
  summary: 'Set a customer’s credit limit and its term',
  description:
    'A limit below what is used takes nothing back: nothing more is bought on credit until it is repaid. A term is that of uses from now on; earlier ones keep their day.',
  request: {
    ...tagged,
    ...jsonBody(
      z
        .strictObject({
          limit: z
            .strictObject({ amountMinor: z.int().min(0).max(maxAmountMinor), currency: currencyField })
            .openapi({ example: { amountMinor: 500_000, currency: 'RUB' } }),
          termDays: z
            .int()
            .min(1)
            .max(365)
            .nullable()
            .openapi({
              type: ['integer', 'null'],
              minimum: 1,
              maximum: 365,
              description: 'Days until a use is due; null without a term.',
              example: 30,
            }),
        })
        .openapi('NewCreditLimit'),
    ),
  },
  responses: answered,
});

const discountRoute = staffRoute('discount.set', {
  method: 'put',
  path: '/customers/{id}/discount',
  tags,
  summary: 'Set a customer’s personal discount',
  description: 'What is ordered from now on is priced with it. It is never added to a promo code: the larger one counts.',
  request: {
    ...tagged,
    ...jsonBody(
      z
        .strictObject({
          percent: z
            .number()
            .min(0)
            .max(100)
            .multipleOf(0.01)
            .openapi({ example: 10, description: 'Of the price, to a hundredth of a percent.' }),
        })
        .openapi('NewDiscount'),
    ),
  },
  responses: answered,
});

const taxRoute = staffRoute('tax_profile.set', {
  method: 'put',
  path: '/customers/{id}/tax-profile',
  tags,
  summary: 'Say what kind of customer it is, and where',
  description: 'The tax of orders from now on goes by it; what was ordered stays as it was.',
  request: {
    ...tagged,
    ...jsonBody(
      z
        .strictObject({
          kind: z.enum(customerKinds),
          country: z
            .string()
            .regex(/^[A-Z]{2}$/)
            .openapi({ example: 'RU', description: 'ISO 3166-1' }),
        })
        .openapi('NewTaxProfile'),
    ),
  },
  responses: answered,
});

const freezing = { ...tagged, ...jsonBody(z.strictObject({ reason: reasonField }).openapi('WhyFrozen')) };
const freezeRoute = staffRoute('spending.unfreeze', {
  method: 'post',
  path: '/customers/{id}/freeze',
  tags,
  summary: 'Stop spending from a customer’s balance',
  description: 'Those who pay are told, not why. What is frozen already stays as it is.',
  request: freezing,
  responses: answered,
});
const unfreezeRoute = staffRoute('spending.unfreeze', {
  method: 'post',
  path: '/customers/{id}/unfreeze',
  tags,
  summary: 'Let a customer spend again',
  request: freezing,
  responses: answered,
});

/** What staff see and set of a customer's money (SPEC B3, B5, B6, B7, B13). */
export function staffCustomerFinance(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(readRoute, async (c) => {
    const found = await billingOf(c, c.req.valid('param').id);
    c.header('ETag', entityTag(found));
    return c.json(presentCustomerFinance(found), 200);
  });
  app.openapi(operationsRoute, async (c) => {
    const { accountId, currency } = await billingOf(c, c.req.valid('param').id);
    return answerOperations(c, { id: accountId, currency }, c.req.valid('query'));
  });
  app.openapi(statementsRoute, async (c) => {
    const { accountId, currency } = await billingOf(c, c.req.valid('param').id);
    return answerStatements(c, { id: accountId, currency }, c.req.valid('query')) as never;
  });
  app.openapi(statementRoute, async (c) => {
    const { id, month } = c.req.valid('param');
    return answerStatement(c, accountIdOf(id), month);
  });
  addChanges(app);
  return app;
}

function addChanges(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(limitRoute, async (c) => {
    const [id, wanted, known] = [accountIdOf(c.req.valid('param').id), c.req.valid('json'), knownRevision(c.req.valid('header'))];
    return answerTagged(c, 200, presentCustomerFinance, async (wish) => setCreditLimit(wish, id, known, wanted)) as never;
  });
  app.openapi(discountRoute, async (c) => {
    const [id, { percent }, known] = [accountIdOf(c.req.valid('param').id), c.req.valid('json'), knownRevision(c.req.valid('header'))];
    return answerTagged(c, 200, presentCustomerFinance, async (wish) => setDiscount(wish, id, known, Math.round(percent * 100))) as never;
  });
  app.openapi(taxRoute, async (c) => {
    const [id, wanted, known] = [accountIdOf(c.req.valid('param').id), c.req.valid('json'), knownRevision(c.req.valid('header'))];
    return answerTagged(c, 200, presentCustomerFinance, async (wish) => setTaxProfile(wish, id, known, wanted)) as never;
  });
  app.openapi(freezeRoute, async (c) => {
    const [id, { reason }, known] = [accountIdOf(c.req.valid('param').id), c.req.valid('json'), knownRevision(c.req.valid('header'))];
    return answerTagged(c, 200, presentCustomerFinance, async (wish) => freezeCustomer(wish, id, known, reason)) as never;
  });
  app.openapi(unfreezeRoute, async (c) => {
    const [id, { reason }, known] = [accountIdOf(c.req.valid('param').id), c.req.valid('json'), knownRevision(c.req.valid('header'))];
    return answerTagged(c, 200, presentCustomerFinance, async (wish) => unfreezeCustomer(wish, id, known, reason)) as never;
  });
}

function accountIdOf(id: string): string {
  return existingId('account', id, 'customer.not_found');
}

async function billingOf(c: Context<ApiEnvironment>, id: string): Promise<BillingView> {
  const { database, clock } = c.var.parts;
  const found = await readBilling(database.fork(), accountIdOf(id), clock.now());
  if (!found) throw new ApiError('customer.not_found');
  return found;
}
