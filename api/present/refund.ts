/** How refunds, adjustments and what waits for a second person look in answers (SPEC B7). */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../domain/actor.ts';
import { adjustedMoneys, adjustmentStates } from '../../domain/adjustment.ts';
import { maxAmountMinor } from '../../domain/ledger.ts';
import { allowedApprovalActions, approvalKinds, approvalStates } from '../../domain/money-approval.ts';
import { staffMay } from '../../domain/permissions.ts';
import { refundOrigins, refundStates, refundStepKinds } from '../../domain/refund-life.ts';
import type { AdjustmentView } from '../../db/repositories/adjustments.ts';
import type { ApprovalView } from '../../db/repositories/approval-row.ts';
import type { MoneyEvent } from '../../db/repositories/money-timeline.ts';
import type { RefundView } from '../../db/repositories/refund-row.ts';
import { currencyField, idOf, instant, lineText, moneySchema, orNull, personSchema } from '../schemas.ts';

/** A sum that somebody wishes to move, above zero. */
export const sumField = z
  .strictObject({ amountMinor: z.int().min(1).max(maxAmountMinor).openapi({ example: 125_000 }), currency: currencyField })
  .openapi({ example: { amountMinor: 125_000, currency: 'RUB' } });

/** Why staff move money: kept with it, and shown to colleagues. */
export const reasonField = lineText(500, 'Paid twice by mistake; asked in CS-000123');

export const refundSchema = z
  .object({
    id: idOf('refund'),
    account: personSchema,
    payment: idOf('payment'),
    amount: moneySchema,
    origin: z.enum(refundOrigins).openapi({ description: 'cabinet: made with the provider, not here' }),
    state: z.enum(refundStates).openapi({
      description:
        'requested: on its way to the provider, who has not answered · pending: he has it · canceled: he did not make it, the money is on the balance again · withdrawn: it never went to him',
    }),
    reason: z.string().nullable(),
    askedBy: orNull(personSchema),
    askedForAt: instant,
    sentAt: instant.nullable(),
    settledAt: instant.nullable(),
    providerId: z.string().nullable().openapi({ description: 'The provider’s own id of it.' }),
    cancelledBy: z.string().nullable().openapi({ description: 'As the provider names the party.' }),
    cancelledFor: z.string().nullable().openapi({ description: 'The provider’s own reason, as it came.' }),
    approval: idOf('approval').nullable().openapi({ description: 'Where it needed a second person.' }),
    next: orNull(z.object({ what: z.enum([...refundStepKinds, 'lapse']), at: instant }).openapi('RefundNext')).openapi({
      description: 'What happens next by itself.',
    }),
  })
  .openapi('Refund');

export const moneyEventSchema = z
  .object({
    at: instant,
    kind: z.string().openapi({ example: 'sent' }),
    by: z.string().openapi({ description: '`staff:…`, `customer:…`, `provider` or `time`.', example: 'provider' }),
    person: orNull(personSchema).openapi({ description: 'Who, where a person did it.' }),
    data: z.record(z.string(), z.string()),
  })
  .openapi('RefundEvent');

export function presentRefund(refund: RefundView): z.infer<typeof refundSchema> {
  return {
    id: refund.id,
    account: refund.account,
    payment: refund.paymentId,
    amount: { amountMinor: refund.amountMinor, currency: refund.currency },
    origin: refund.origin,
    state: refund.state,
    reason: refund.reason,
    askedBy: refund.askedBy,
    askedForAt: refund.askedForAt.toISOString(),
    sentAt: refund.sentAt?.toISOString() ?? null,
    settledAt: refund.settledAt?.toISOString() ?? null,
    providerId: refund.providerId,
    cancelledBy: refund.cancelledBy,
    cancelledFor: refund.state === 'canceled' ? refund.cancelledFor : null,
    approval: refund.approvalId,
    next: refund.next && { what: refund.next.what, at: refund.next.at.toISOString() },
  };
}

export function presentMoneyEvent({ at, ...event }: MoneyEvent): z.infer<typeof moneyEventSchema> {
  return { ...event, at: at.toISOString() };
}

export const adjustmentSchema = z
  .object({
    id: idOf('adjustment'),
    account: personSchema,
    amount: moneySchema.openapi({ description: 'Below zero where it takes away.' }),
    money: z.enum(adjustedMoneys),
    state: z.enum(adjustmentStates),
    reason: z.string(),
    askedBy: personSchema,
    askedForAt: instant,
    settledAt: instant.nullable(),
    transfer: idOf('transfer').nullable(),
    approval: idOf('approval').nullable(),
  })
  .openapi('Adjustment');

export function presentAdjustment(adjustment: AdjustmentView): z.infer<typeof adjustmentSchema> {
  return {
    id: adjustment.id,
    account: adjustment.account,
    amount: { amountMinor: adjustment.amountMinor, currency: adjustment.currency },
    money: adjustment.money,
    state: adjustment.state,
    reason: adjustment.reason,
    askedBy: adjustment.askedBy,
    askedForAt: adjustment.askedForAt.toISOString(),
    settledAt: adjustment.settledAt?.toISOString() ?? null,
    transfer: adjustment.transferId,
    approval: adjustment.approvalId,
  };
}

export const approvalSchema = z
  .object({
    id: idOf('approval'),
    kind: z.enum(approvalKinds),
    account: personSchema,
    amount: moneySchema.openapi({ description: 'Its size: above zero also where money is taken away.' }),
    reason: z.string(),
    state: z.enum(approvalStates),
    askedBy: personSchema,
    askedForAt: instant,
    lapsesAt: instant.openapi({ description: 'It lapses then, unless somebody decided before.' }),
    decidedBy: orNull(personSchema),
    decidedAt: instant.nullable(),
    refund: orNull(z.object({ id: idOf('refund'), payment: idOf('payment') }).openapi('ApprovalRefund')),
    adjustment: orNull(
      z.object({ id: idOf('adjustment'), money: z.enum(adjustedMoneys), amount: moneySchema }).openapi('ApprovalAdjustment'),
    ),
    allowedActions: z.array(z.enum(['approve', 'withdraw'])),
  })
  .openapi('MoneyApproval');

export function presentApproval(approval: ApprovalView, reader: Actor): z.infer<typeof approvalSchema> {
  const { id, kind, account, amountMinor, currency, adjustment } = approval;
  const may = (action: 'money.approve' | 'money.withdraw') => reader.kind === 'staff' && staffMay(reader.role, action);
  return {
    id,
    kind,
    account,
    amount: { amountMinor, currency },
    reason: approval.reason,
    state: approval.state,
    askedBy: approval.askedBy,
    askedForAt: approval.askedForAt.toISOString(),
    lapsesAt: approval.lapsesAt.toISOString(),
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt?.toISOString() ?? null,
    refund: approval.paymentId === null ? null : { id: approval.about, payment: approval.paymentId },
    adjustment: adjustment && {
      id: approval.about,
      money: adjustment.money,
      amount: { amountMinor: adjustment.amountMinor, currency },
    },
    allowedActions: allowedApprovalActions({ state: approval.state, askedById: approval.askedBy.id }, reader.userId).filter((action) =>
      may(`money.${action}`),
    ),
  };
}
