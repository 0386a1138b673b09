/** What a notification tells of besides its ticket (SPEC N3): read when its mail is written, so that it is as it is then. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LocalisedText } from '../../domain/locale.ts';
import type { Money } from '../../domain/money.ts';
import { lateAfterMs, type ClockKind } from '../../domain/service-clock.ts';
import { readTarget, type Target } from '../../domain/service-level.ts';
import type { AccessEnding, AccessWay } from '../../domain/server-access.ts';

export type ToldThing =
  | { readonly kind: 'quote'; readonly amount: Money; readonly description: string; readonly validUntil: Date }
  | { readonly kind: 'look'; readonly server: string; readonly by: string; readonly at: Date; readonly reason: string }
  | { readonly kind: 'access'; readonly server: string; readonly way: AccessWay; readonly endedBy: AccessEnding | null }
  | ToldDeadline;

/** A deadline that staff are told of. */
export interface ToldDeadline {
  readonly kind: 'deadline';
  readonly clock: ClockKind;
  readonly dueAt: Date;
  /** Whether it is over now. */
  readonly isOver: boolean;
  /** What was promised, and by which plan; whether by an agreement's own terms. */
  readonly target: Target;
  readonly plan: LocalisedText;
  readonly byAgreement: boolean;
  /** By how much it is told late, where it is. */
  readonly lateMs: number | null;
}

/** Which notification is told: of what event in which ticket, with the id of the thing, or a clock and its deadline. */
export interface ToldAbout {
  readonly event: string;
  readonly number: number;
  readonly about: string;
}

/**
 * Reads the thing that a notification tells of; undefined for what no mail tells more of.
 * @param at when it is told
 */
export async function readToldThing(em: EntityManager, told: ToldAbout, at: Date): Promise<ToldThing | undefined> {
  const { about } = told;
  if (told.event === 'staff.deadline_near' || told.event === 'staff.deadline_missed') return readDeadline(em, told, at);
  switch (about.slice(0, 3)) {
    case 'quo':
      return readQuote(em, about);
    case 'sav':
      return readLook(em, about);
    case 'sac':
      return readAccess(em, about);
    default:
      return undefined;
  }
}

async function readQuote(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ amount_minor: string; currency: string; description: string; ends_at: string }[]>(
    `select q.amount_minor, q.currency, q.description, coalesce(o.due_at, q.valid_until) as ends_at
      from quote q left join obligation o on o.entity = 'quote:' || q.id where q.id = ?`,
    [id],
  );
  return (
    row && {
      kind: 'quote',
      amount: { amountMinor: Number(row.amount_minor), currency: row.currency },
      description: row.description,
      validUntil: new Date(row.ends_at),
    }
  );
}

async function readLook(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ server: string; by: string; at: string; reason: string }[]>(
    `select s.address as server, u.name as by, v.at, v.reason from server_access_view v
        join server_access s on s.id = v.server_access_id join app_user u on u.id = v.staff_id where v.id = ?`,
    [id],
  );
  return row && { kind: 'look', ...row, at: new Date(row.at) };
}

async function readAccess(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ server: string; way: AccessWay; endedBy: AccessEnding | null }[]>(
    'select address as server, way, ended_by as "endedBy" from server_access where id = ?',
    [id],
  );
  return row && { kind: 'access', ...row };
}

/** From the line of history that the escalation wrote: what was promised then. */
async function readDeadline(em: EntityManager, { event, number, about }: ToldAbout, at: Date): Promise<ToldDeadline | undefined> {
  const [clock = '', dueAt = ''] = about.split(' ');
  const [row] = await em.execute<{ at: string; target: string; late: string | null; plan: LocalisedText; agreed: boolean }[]>(
    `select e.at, e.data ->> 'target' as target, e.data ->> 'lateSeconds' as late, p.name as plan, st.agreement_id is not null as agreed
      from ticket_event e join service_terms st on st.id = e.data ->> 'terms' join sla_plan p on p.id = st.plan_id
      where e.ticket_number = ? and e.kind = ? and e.data ->> 'clock' = ? and e.data ->> 'dueAt' = ? order by e.at desc limit 1`,
    [number, event === 'staff.deadline_near' ? 'clock_warning' : 'clock_breach', clock, dueAt],
  );
  const target = row && readTarget(row.target);
  if (!row || !target) return undefined;
  const due = new Date(dueAt);
  const wantedAt = new Date(row.at).getTime() - Number(row.late ?? 0) * 1000;
  const lateMs = at.getTime() - wantedAt;
  return {
    kind: 'deadline',
    clock: clock as ClockKind,
    dueAt: due,
    isOver: due <= at,
    target,
    plan: row.plan,
    byAgreement: row.agreed,
    lateMs: lateMs >= lateAfterMs ? lateMs : null,
  };
}
