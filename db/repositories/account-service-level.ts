/** What would be promised to a new ticket of an account, queue by queue, and why (SPEC S1, S6). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LocalisedText } from '../../domain/locale.ts';
import type { AgreementKind, AgreementPeriod, TermsSource } from '../../domain/service-level.ts';
import { findTerms, type TermsView } from './service-terms.ts';
import { termsForEach } from './ticket-terms.ts';

export interface QueueServiceLevel {
  readonly queue: { readonly id: string; readonly category: string; readonly name: LocalisedText; readonly acceptsNew: boolean };
  /** Null: nothing is promised. */
  readonly promise: {
    readonly source: TermsSource;
    readonly plan: { readonly id: string; readonly name: LocalisedText };
    /** Set where it is an agreement that promises it. */
    readonly agreement: ({ readonly id: string; readonly kind: AgreementKind } & AgreementPeriod) | null;
    readonly terms: TermsView;
  } | null;
}

interface Owner {
  readonly id: string;
  readonly plan: { readonly id: string; readonly name: LocalisedText };
  readonly agreement: {
    readonly id: string;
    readonly kind: AgreementKind;
    readonly startsAt: string;
    readonly endsAt: string | null;
  } | null;
}

/** The queues in their order, with what a ticket received at this instant would be promised there if it cites no licence. */
export async function listServiceLevels(em: EntityManager, accountId: string, at: Date): Promise<QueueServiceLevel[]> {
  const queues = await em.execute<QueueServiceLevel['queue'][]>(
    'select id, category, name, accepts_new as "acceptsNew" from queue order by position, category limit 200',
  );
  const asked = queues.map((queue) => ({ accountId, queueId: queue.id }));
  const appliedTo = await termsForEach(em, asked, at);
  const applied = queues.map((queue, index) => ({ queue, found: appliedTo(asked[index]!) }));
  const ids = [...new Set(applied.flatMap(({ found }) => (found ? [found.row.id] : [])))];
  const [terms, owners] = [await findTerms(em, ids), await findOwners(em, ids)];
  return applied.map(({ queue, found }) => {
    if (!found) return { queue, promise: null };
    const { plan, agreement } = owners.get(found.row.id)!;
    return { queue, promise: { source: found.source, plan, agreement, terms: terms.get(found.row.id)! } };
  });
}

/** Whose terms these are. */
async function findOwners(em: EntityManager, ids: readonly string[]) {
  const rows = await em.execute<Owner[]>(
    `select t.id, jsonb_build_object('id', p.id, 'name', p.name) as plan,
        case when g.id is not null then jsonb_build_object('id', g.id, 'kind', g.kind, 'startsAt', g.starts_at, 'endsAt', g.ends_at) end as agreement
      from service_terms t join sla_plan p on p.id = t.plan_id left join service_agreement g on g.id = t.agreement_id where t.id = any(?::text[])`,
    [`{${ids.join(',')}}`],
  );
  return new Map(
    rows.map(({ id, plan, agreement }) => [
      id,
      {
        plan,
        agreement: agreement && {
          ...agreement,
          startsAt: new Date(agreement.startsAt),
          endsAt: agreement.endsAt === null ? null : new Date(agreement.endsAt),
        },
      },
    ]),
  );
}
