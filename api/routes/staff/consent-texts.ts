import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { consentPurposes } from '../../../domain/consent.ts';
import type { ConsentText } from '../../../db/entities/consent-text.entity.ts';
import { currentTexts, publishText } from '../../../db/repositories/consents.ts';
import type { ApiEnvironment } from '../../context.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, instant, lineText } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const localised = z.object({ en: z.string(), ru: z.string().optional() });
const textSchema = z
  .object({ purpose: z.enum(consentPurposes), version: z.int(), title: localised, body: localised, publishedAt: instant })
  .openapi('ConsentWording');
const tags = ['Consents'];

/** The wordings that customers agree to; a new one is a new version (SPEC D2). */
export function staffConsentTexts(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const list = staffRoute('consent_text.read', {
    method: 'get',
    path: '/consent-texts',
    tags,
    summary: 'The wordings that stand, in every language',
    responses: {
      200: jsonAnswer(z.object({ items: z.array(textSchema), nextCursor: z.null() }).openapi('ConsentWordings'), 'One of each purpose'),
    },
  });
  app.openapi(list, async (c) => c.json({ items: (await currentTexts(c.var.parts.database.fork())).map(present), nextCursor: null }, 200));

  const publish = staffRoute('consent_text.publish', {
    method: 'post',
    path: '/consent-texts',
    tags,
    summary: 'Publish a new wording',
    description: 'What was agreed to before stays with the old one.',
    request: {
      headers: idempotencyHeader,
      ...jsonBody(
        z
          .strictObject({
            purpose: z.enum(consentPurposes),
            title: z
              .strictObject({ en: lineText(200, 'Terms of service'), ru: lineText(200, 'Условия обслуживания').optional() })
              .openapi({ example: { en: 'Terms of service' } }),
            body: z
              .strictObject({ en: bodyText('The terms …', 20_000), ru: bodyText('Условия …', 20_000).optional() })
              .openapi({ example: { en: 'The terms …' } }),
          })
          .openapi('NewConsentWording'),
      ),
    },
    responses: { 201: jsonAnswer(textSchema, 'The wording that stands from now on') },
  });
  app.openapi(publish, async (c) => {
    const { purpose, title, body } = c.req.valid('json');
    const withoutGaps = ({ en, ru }: { en: string; ru?: string | undefined }) => (ru === undefined ? { en } : { en, ru });
    return answerWish<StaffActor>(c, async (wish) => ({
      status: 201,
      body: present(await publishText(wish, { purpose, title: withoutGaps(title), body: withoutGaps(body) })),
    })) as never;
  });
  return app;
}

function present({ purpose, version, title, body, publishedAt }: Omit<ConsentText, 'publishedById'>): z.infer<typeof textSchema> {
  return { purpose, version, title, body, publishedAt: publishedAt.toISOString() };
}
