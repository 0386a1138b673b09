/** How a change that waits looks in answers: to whom it concerns, to staff, and to somebody who holds a link about it. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { maskAddress } from '../../domain/masked-address.ts';
import {
  allowedPendingWishes,
  pendingActionKinds,
  pendingActionStates,
  pendingStepKinds,
  pendingWishes,
} from '../../domain/pending-action.ts';
import { staffMay } from '../../domain/permissions.ts';
import type { PendingActionView } from '../../db/repositories/pending-action-row.ts';
import { idOf, instant, orNull, personSchema } from '../schemas.ts';

export const pendingActionSchema = z
  .object({
    id: idOf('pendingAction'),
    kind: z
      .enum(pendingActionKinds)
      .openapi({ description: 'email_change: another address to sign in with · factor_reset: the second factors are removed' }),
    state: z.enum(pendingActionStates),
    user: orNull(
      personSchema.extend({ email: z.string().optional().openapi({ description: 'For staff only.' }) }).openapi('PendingActionUser'),
    ).openapi({
      description: 'Whom it concerns; null for somebody who holds no more than a link.',
    }),
    begunBy: orNull(personSchema),
    ticketNumber: z.string().nullable().openapi({ description: 'The ticket in which it was asked for.', example: 'CS-000123' }),
    reason: z.string().nullable().openapi({ description: 'For staff only.' }),
    oldEmail: z.string().openapi({ description: 'Whole for staff only.', example: 'a…@vega.example' }),
    newEmail: z.string().nullable(),
    begunAt: instant,
    confirmedAt: instant.nullable(),
    approvedBy: orNull(personSchema).openapi({ description: 'The second member of staff, who ended the cooling-off time.' }),
    coolsUntil: instant.nullable().openapi({ description: 'Until when it may be vetoed; null for one that its owner began.' }),
    lapsesAt: instant.openapi({ description: 'When it comes to nothing unless it is confirmed.' }),
    settledAt: instant.nullable(),
    next: orNull(
      z
        .object({
          what: z.enum(pendingStepKinds),
          at: instant,
          hold: z
            .object({ until: instant.nullable().openapi({ description: 'Null: until somebody lifts it.' }) })
            .nullable()
            .openapi({ description: 'Set while a hold keeps this from happening.' }),
        })
        .openapi('PendingActionNext'),
    ).openapi({ description: 'What happens next by itself.' }),
    allowedActions: z.array(z.enum(pendingWishes)),
  })
  .openapi('PendingAction');

/** @param reader who is shown it; `link` stands for somebody who has not signed in */
export function presentPendingAction(view: PendingActionView, reader: Actor | 'link'): z.infer<typeof pendingActionSchema> {
  const { action, life, next, user, at } = view;
  const staff = reader !== 'link' && reader.kind === 'staff';
  const person = staff ? user : { id: user.id, name: user.name };
  return {
    id: action.id,
    kind: action.kind,
    state: action.state,
    user: reader === 'link' ? null : person,
    begunBy: reader === 'link' ? null : view.begunBy,
    ticketNumber: action.ticketNumber === null ? null : spellTicketNumber(action.ticketNumber),
    reason: staff ? action.reason : null,
    oldEmail: staff ? action.oldEmail : maskAddress(action.oldEmail),
    newEmail: action.newEmail,
    begunAt: action.begunAt.toISOString(),
    confirmedAt: action.confirmedAt?.toISOString() ?? null,
    approvedBy: reader === 'link' ? null : view.approvedBy,
    coolsUntil: action.coolsUntil?.toISOString() ?? null,
    lapsesAt: action.lapsesAt.toISOString(),
    settledAt: action.settledAt?.toISOString() ?? null,
    next: next && {
      what: next.kind,
      at: next.dueAt.toISOString(),
      hold: next.heldUntil === undefined ? null : { until: next.heldUntil?.toISOString() ?? null },
    },
    allowedActions: reader === 'link' ? [] : allowedPendingWishes(life, action.begunById, handOf(reader), at),
  };
}

function handOf(reader: Actor) {
  if (reader.kind === 'customer') return { side: 'concerned' } as const;
  const { userId, role } = reader;
  return {
    side: 'staff',
    userId,
    mayApprove: staffMay(role, 'pending_action.approve'),
    mayWithdraw: staffMay(role, 'pending_action.withdraw'),
  } as const;
}
