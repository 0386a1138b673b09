/** What reports are asked (SPEC S8), alike of all of them and of the lists of what their numbers are made of. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal } from '../domain/errors.ts';
import { clockKinds } from '../domain/service-clock.ts';
import { reportPeriod, type ReportPeriod } from '../domain/service-report.ts';
import { User } from '../db/entities/user.entity.ts';
import type { ReportFilter } from '../db/repositories/service-reports.ts';
import type { ApiEnvironment } from './context.ts';
import { ApiError } from './errors.ts';
import { idQuery, timeZoneField } from './schemas.ts';

/** A local date, such as `2026-11-01`. */
export const localDay = z
  .string()
  .regex(/^2\d{3}-\d\d-\d\d$/)
  // JavaScript also reads 31 February.
  .refine((text) => (new Date(`${text}T00:00:00Z`).toJSON() ?? '').startsWith(text))
  .openapi({ type: 'string', format: 'date', pattern: String.raw`^2\d{3}-\d\d-\d\d$`, example: '2026-11-01' });

export const reportFilterFields = {
  plan: idQuery('slaPlan').optional().openapi({ description: 'Whose promises.' }),
  queue: idQuery('queue').optional(),
  agent: idQuery('user', 'none').optional().openapi({ description: 'Who answered or fixed, else who has the ticket; `none` for nobody.' }),
  kind: z.enum(clockKinds).optional().openapi({ description: 'First responses, later ones, or fixes.' }),
  account: idQuery('account').optional(),
};

export const reportPeriodFields = {
  from: localDay.optional().openapi({ description: 'The first day. When left out, thirty days end with the last.' }),
  to: localDay.optional().openapi({ description: 'The last day; today when left out. At most 1,096 days.' }),
  zone: timeZoneField.optional().openapi({ description: 'Whose days: your own zone’s when left out.' }),
};

export const reportPeriodSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    zone: z.string(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().openapi({ description: 'The first instant after it.' }),
  })
  .openapi('ReportPeriod', {
    example: {
      from: '2026-11-01',
      to: '2026-11-30',
      zone: 'Europe/Moscow',
      startsAt: '2026-10-31T21:00:00.000Z',
      endsAt: '2026-11-30T21:00:00.000Z',
    },
  });

interface FilterQuery {
  plan?: string | undefined;
  queue?: string | undefined;
  agent?: string | undefined;
  kind?: ReportFilter['kind'];
  account?: string | undefined;
}

export function reportFilterOf({ plan, queue, agent, kind, account }: FilterQuery): ReportFilter {
  return { planId: plan, queueId: queue, agentId: agent === 'none' ? null : agent, kind, accountId: account };
}

interface PeriodQuery {
  from?: string | undefined;
  to?: string | undefined;
  zone?: string | undefined;
}

/** The period that is asked for, in the caller's own zone unless he names another. */
export async function reportPeriodOf(
  c: Context<ApiEnvironment>,
  em: EntityManager,
  { from, to, zone }: PeriodQuery,
): Promise<ReportPeriod> {
  const own = zone ?? (await em.findOneOrFail(User, { id: c.var.caller.actor.userId }, { fields: ['timeZone'] })).timeZone;
  const period = reportPeriod({ from, to, zone: own }, c.var.parts.clock.now());
  if (isRefusal(period)) throw new ApiError(period.refused, { about: period.about });
  return period;
}

export function presentPeriod({ from, to, zone, startsAt, endsAt }: ReportPeriod): z.infer<typeof reportPeriodSchema> {
  return { from, to, zone, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() };
}
