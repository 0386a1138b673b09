import { OpenAPIHono, z } from '@hono/zod-openapi';
import { readEmailAddress } from '../../../domain/email-address.ts';
import { addPartner, changePartner, listPartners } from '../../../db/repositories/partners.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { existingId } from '../../existing-id.ts';
import { localisedBody, localisedLine } from '../../localised-text.ts';
import { presentStaffPartner, staffPartnerSchema } from '../../present/support-scope.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, idParam, lineText } from '../../schemas.ts';

const tags = ['Support scope'];
const maxAddressCharacters = 300;

/** Where customers can turn: a page by https, or a mailbox. Anything else would be a link that surprises whoever follows it. */
const address = z
  .string()
  .min(1)
  .max(maxAddressCharacters)
  .superRefine((text, context) => {
    if (!isWebAddress(text) && readEmailAddress(text) === undefined)
      context.addIssue({ code: 'custom', params: { fault: 'not_an_address' } });
  })
  .openapi({ description: '`https://…`, or an e-mail address.', example: 'https://vega.example' });

function isWebAddress(text: string): boolean {
  if (!/^https:\/\/[^\s<>()[\]"'\\]+$/u.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

const fields = {
  name: lineText(200, 'Vega Integration'),
  city: localisedLine(100, { en: 'Moscow', ru: 'Москва' }),
  skills: z.array(localisedLine(100, { en: 'Server set-up', ru: 'Настройка серверов' })).max(20),
  address,
  text: localisedBody(1_000, { en: 'On working days.', ru: 'По рабочим дням.' }).nullable(),
};

const listRoute = staffRoute('scope.read', {
  method: 'get',
  path: '/partners',
  tags,
  summary: 'Partners, by name',
  request: { query: z.strictObject({ withdrawn: flagQuery.optional().openapi({ description: '`true`: those that were withdrawn.' }) }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(staffPartnerSchema), nextCursor: z.null() }).openapi('StaffPartners'),
      'All of them, 200 at the most',
    ),
  },
});

const addRoute = staffRoute('partner.manage', {
  method: 'post',
  path: '/partners',
  tags,
  summary: 'Add a partner',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ ...fields, skills: fields.skills.default([]), text: fields.text.default(null) }).openapi('NewPartner')),
  },
  responses: { 201: jsonAnswer(staffPartnerSchema, 'The partner') },
});

const changeRoute = staffRoute('partner.manage', {
  method: 'patch',
  path: '/partners/{id}',
  tags,
  summary: 'Change a partner, withdraw him or bring him back',
  request: {
    headers: ifMatchHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(
      z
        .strictObject({ ...fields, withdrawn: z.boolean() })
        .partial()
        .openapi('PartnerChange'),
    ),
  },
  responses: { 200: jsonAnswer(staffPartnerSchema, 'The partner afterwards') },
});

/** Partners as staff keep them (SPEC T15). */
export function staffPartners(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const partners = await listPartners(c.var.parts.database.fork(), c.req.valid('query').withdrawn);
    return c.json({ items: partners.map(presentStaffPartner), nextCursor: null }, 200);
  });
  app.openapi(addRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerTagged(c, 201, presentStaffPartner, (wish) => addPartner(wish, wanted)) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('partner', c.req.valid('param').id, 'partner.not_found');
    const known = knownRevision(c.req.valid('header'));
    const change = c.req.valid('json');
    return answerTagged(c, 200, presentStaffPartner, (wish) => changePartner(wish, id, known, change)) as never;
  });
  return app;
}
