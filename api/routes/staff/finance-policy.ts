import { OpenAPIHono, z } from '@hono/zod-openapi';
import { maxAmountMinor } from '../../../domain/ledger.ts';
import { changeFinancePolicy, readFinancePolicy, type FinancePolicyView } from '../../../db/repositories/finance-policy.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';

const fields = {
  approvalAboveMinor: z
    .int()
    .min(0)
    .max(maxAmountMinor)
    .openapi({ example: 1_000_000, description: 'Refunds and adjustments above it wait for a second person; in minor units.' }),
  orderStandsSeconds: z
    .int()
    .min(300)
    .max(2_592_000)
    .openapi({ example: 86_400, description: 'How long an unpaid order keeps its price and its promo code.' }),
  statementDay: z.int().min(1).max(28).openapi({ example: 1, description: 'Day of the month on which statements are sent.' }),
};

const contentSchema = z.strictObject(fields).openapi('FinancePolicyContent');
const policySchema = z.object({ ...fields, revision: z.int() }).openapi('FinancePolicy');
const tags = ['Settings'];

const readRoute = staffRoute('finance_policy.read', {
  method: 'get',
  path: '/finance-policy',
  tags,
  summary: 'The rules of money',
  responses: { 200: jsonAnswer(policySchema, 'The rules') },
});

const changeRoute = staffRoute('finance_policy.manage', {
  method: 'put',
  path: '/finance-policy',
  tags,
  summary: 'Change the rules of money',
  description: 'For what begins afterwards: what waits for a second person already goes on waiting.',
  request: { headers: ifMatchHeader, ...jsonBody(contentSchema) },
  responses: { 200: jsonAnswer(policySchema, 'As they are now') },
});

/** The rules of money that an installation keeps (SPEC B4, B6, B7). */
export function staffFinancePolicy(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(readRoute, async (c) => {
    const policy = await readFinancePolicy(c.var.parts.database.fork());
    c.header('ETag', entityTag(policy));
    return c.json({ ...policy }, 200);
  });
  app.openapi(changeRoute, async (c) => {
    const wanted = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    const present = (policy: FinancePolicyView) => policy;
    return answerTagged(c, 200, present, (wish) => changeFinancePolicy(wish, known, wanted)) as never;
  });
  return app;
}
