import { z } from '@hono/zod-openapi';
import { severityStates } from '../../domain/severity.ts';
import { severityOf } from '../../db/repositories/ticket-severity.ts';
import { instant } from '../schemas.ts';

/** How critical a ticket is, if anybody ever claimed that it was (SPEC T14). */
export const severitySchema = z
  .object({
    state: z.enum(severityStates).openapi({ description: 'claimed: staff have not decided yet' }),
    claimedAt: instant.openapi({ description: 'When the claim was received: the clock of the fix counts from here.' }),
  })
  .openapi('Severity');

export function presentSeverity(ticket: Parameters<typeof severityOf>[0]): z.infer<typeof severitySchema> | null {
  const severity = severityOf(ticket);
  return severity && { state: severity.state, claimedAt: severity.claimedAt.toISOString() };
}
