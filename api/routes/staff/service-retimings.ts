import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal, type ErrorCode } from '../../../domain/errors.ts';
import type { MoveSummary } from '../../../domain/moved-steps.ts';
import type { IdKind } from '../../../domain/ids.ts';
import { inLocale, type Locale } from '../../../domain/locale.ts';
import { retimingScopes, type RetimingScope, type ServiceRetiming } from '../../../domain/service-retiming.ts';
import { previewServiceRetiming, retimeServiceLevels, type RetimedPage } from '../../../db/repositories/service-retiming.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import {
  movedAfter,
  movedTicketSchema,
  movedTicketsQuery,
  movedTicketsSchema,
  nextMoved,
  presentMovedTicket,
} from '../../present/moved-ticket.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idOf, lineText, orNull } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const promiseSchema = z
  .object({
    plan: z.object({ id: idOf('slaPlan'), name: z.string() }),
    agreement: z.string().nullable().openapi({ description: 'Set where the terms are an agreement’s own.' }),
  })
  .openapi('PromiseName');

const retimedTicketSchema = movedTicketSchema
  .extend({
    promise: orNull(
      z.object({
        old: orNull(promiseSchema).openapi({ description: 'Null: nothing is promised until now.' }),
        new: orNull(promiseSchema).openapi({ description: 'Null: nothing will be promised any more.' }),
      }),
    ).openapi({ description: 'What promises something to the ticket, where that changes.' }),
  })
  .openapi('RetimedTicket');

const minutes = z.int().openapi({ description: 'By how many plain minutes at the most.' });
const summarySchema = z
  .object({
    later: z.int().openapi({ description: 'Tickets with a promise that falls due later.' }),
    mostLaterMinutes: minutes,
    earlier: z.int().openapi({ description: 'Tickets with one that falls due earlier.' }),
    mostEarlierMinutes: minutes,
    overdue: z.int().openapi({ description: 'Tickets of which a promise would be broken at once.' }),
  })
  .openapi('RetimingSummary');

export const retimedTicketsSchema = movedTicketsSchema
  .extend({
    items: z.array(retimedTicketSchema),
    summary: orNull(summarySchema).openapi({ description: 'Of all tickets; told with the first page only.' }),
    unmoved: z
      .int()
      .nullable()
      .openapi({ description: 'Tickets beside them whose deadlines stay, and only go by the new version; told with the first page only.' }),
  })
  .openapi('RetimedTickets');

const retimingSchema = z
  .strictObject({
    scope: z.enum(retimingScopes).openapi({
      description:
        'What has changed. `calendar`: open tickets with clocks that it counts. `plan`: those that go by its terms. `account`: all of its open tickets choose anew what is promised to them. `queue`: those in it that nothing but its default promises anything choose anew.',
    }),
    id: lineText(60, 'cal_01jcc8h4bxe5v8gq0q3xk2m9zr').openapi({ description: 'Id of the calendar, the plan, the account or the queue.' }),
  })
  .openapi('ServiceRetiming');

const tags = ['Service levels'];

const previewRoute = staffRoute('service_level.retime', {
  method: 'post',
  path: '/service-retimings/preview',
  tags,
  summary: 'What applying a service level to open tickets would do',
  description:
    'Changes nothing. Old beside new, also of tickets that would get a promise, or lose one, or whose broken promise could be kept.',
  request: { query: z.strictObject(movedTicketsQuery), ...jsonBody(retimingSchema) },
  responses: { 200: jsonAnswer(retimedTicketsSchema, 'Old beside new') },
});

const retimeRoute = staffRoute('service_level.retime', {
  method: 'post',
  path: '/service-retimings',
  tags,
  summary: 'Apply a service level to open tickets',
  description:
    'Long work: its progress is under `/jobs/{id}`. Each ticket is re-timed by what it is, and by what stands, when its turn comes.',
  request: { headers: idempotencyHeader, ...jsonBody(retimingSchema) },
  responses: {
    202: jsonAnswer(z.object({ job: idOf('job'), total: z.int() }).openapi('BegunServiceRetiming'), 'The work has begun'),
  },
});

/** Service levels applied to tickets that are open already (SPEC S7). */
export function staffServiceRetimings(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(previewRoute, async (c) => {
    const wanted = known(c.req.valid('json'));
    const { cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const page = await previewServiceRetiming(database.fork(), wanted, clock.now(), { after: movedAfter(cursor), limit });
    if (isRefusal(page)) throw new ApiError(page.refused);
    return c.json(present(page, c.var.locale), 200);
  });
  app.openapi(retimeRoute, async (c) => {
    const wanted = known(c.req.valid('json'));
    return answerWish<StaffActor>(c, async (wish) => {
      const begun = await retimeServiceLevels(wish, wanted, c.var.parts.maxJobItems);
      return isRefusal(begun) ? begun : { status: 202, body: { job: begun.id, total: begun.total } };
    }) as never;
  });
  return app;
}

const kinds: Readonly<Record<RetimingScope, { readonly id: IdKind; readonly unknown: ErrorCode }>> = {
  calendar: { id: 'calendar', unknown: 'calendar.not_found' },
  plan: { id: 'slaPlan', unknown: 'sla_plan.not_found' },
  account: { id: 'account', unknown: 'customer.not_found' },
  queue: { id: 'queue', unknown: 'queue.not_found' },
};

function known({ scope, id }: ServiceRetiming): ServiceRetiming {
  return { scope, id: existingId(kinds[scope].id, id, kinds[scope].unknown) };
}

function present(page: RetimedPage, locale: Locale): z.infer<typeof retimedTicketsSchema> {
  const named = (termsId: string | null): z.infer<typeof promiseSchema> | null => {
    const promise = termsId === null ? undefined : page.promises.get(termsId);
    return promise ? { plan: { id: promise.plan.id, name: inLocale(promise.plan.name, locale) }, agreement: promise.agreementId } : null;
  };
  return {
    items: page.items.map((ticket) => ({
      ...presentMovedTicket(ticket),
      promise: ticket.terms ? { old: named(ticket.terms.old), new: named(ticket.terms.new) } : null,
    })),
    nextCursor: nextMoved(page),
    total: page.total ?? null,
    unmoved: page.unmoved ?? null,
    summary: page.summary ? presentSummary(page.summary) : null,
  };
}

function presentSummary({ later, mostLaterMs, earlier, mostEarlierMs, overdue }: MoveSummary): z.infer<typeof summarySchema> {
  const minutesOf = (milliseconds: number) => Math.ceil(milliseconds / 60_000);
  return { later, mostLaterMinutes: minutesOf(mostLaterMs), earlier, mostEarlierMinutes: minutesOf(mostEarlierMs), overdue };
}
