/** Tickets that are promised two things each, straight into the tables: an answer, and the fix of a critical fault. */
import { spellTicketNumber } from '../../domain/ids.ts';
import { compileCalendar, type CalendarDefinition } from '../../domain/business-calendar.ts';
import type { ServiceLevel } from '../../domain/service-clock.ts';
import type { ServiceTerms } from '../../domain/service-level.ts';
import { claimedFix } from '../../domain/ticket-clocks.ts';
import { newTicketLife, nextSteps } from '../../domain/ticket-life.ts';
import { columnsOf } from '../../db/repositories/ticket-row.ts';
import type { TestCustomer } from '../harness/people.ts';
import type { Stage } from './stage.ts';

const chunk = 1_000;

/** The plan of that name with its calendar, as rows have them. */
async function levelOf(stage: Stage, plan: string): Promise<{ level: ServiceLevel; definition: CalendarDefinition }> {
  const [row] = await stage.product.query<{
    terms: ServiceTerms;
    calendar: { id: string; version: number };
    definition: CalendarDefinition;
  }>(
    `select jsonb_build_object('id', s.id, 'response', s.response, 'criticalFix', s.critical_fix, 'calendarId', s.calendar_id, 'hours', s.hours) as terms,
        jsonb_build_object('id', c.id, 'version', c.version) as calendar, v.definition
      from sla_plan p join service_terms s on s.id = p.terms_id join calendar c on c.id = s.calendar_id
        join calendar_version v on v.calendar_id = c.id and v.version = c.version where p.name ->> 'en' = $1`,
    [plan],
  );
  const { terms, calendar, definition } = row!;
  const ready = compileCalendar(definition);
  return { level: { terms, calendar, calendarOf: () => ready }, definition };
}

export interface PromisedDesk {
  readonly numbers: number[];
  readonly calendar: string;
  /** The next working day: without it, every deadline is another. */
  readonly dayOff: string;
  readonly definition: CalendarDefinition;
}

/**
 * Critical tickets of the last two days that wait for staff, by the plan Team: five working days for an answer, thirty for the
 * fix. Their workflows start by the outbox.
 */
export async function fillPromisedDesk(stage: Stage, by: TestCustomer, count: number): Promise<PromisedDesk> {
  const { level, definition } = await levelOf(stage, 'Team');
  const [clock] = await stage.product.query<{ now: Date }>('select now()');
  const now = clock!.now;
  const numbers: number[] = [];
  for (let from = 0; from < count; from += chunk) {
    const lives = Array.from({ length: Math.min(chunk, count - from) }, (_, index) => {
      const at = new Date(now.getTime() - ((from + index) % 172_800) * 1000);
      const life = newTicketLife(at, level);
      return { at, life: { ...life, clocks: { ...life.clocks, fix: claimedFix(life, level, at) } } };
    });
    const rows = lives.map(({ at, life }) => ({ at, ...columnsOf(life), clocks: life.clocks, steps: nextSteps(life) }));
    const found = await stage.product.query<{ number: number }>(insertion, [JSON.stringify(rows), by.accountId, by.id, level.terms.id]);
    numbers.push(...found.map((row) => row.number));
  }
  const dayOff = localDate(level.calendarOf(level.calendar, null).endOfWorkingDay(now, 1), definition.zone);
  return { numbers, calendar: level.calendar.id, dayOff, definition };
}

const entity = `'ticket:CS-' || lpad(number::text, greatest(6, length(number::text)), '0')`;
const insertion = `
with given as (
  select nextval('ticket_number_seq')::integer as number, r.* from jsonb_to_recordset($1::jsonb)
    as r (at timestamptz, clocks jsonb, "breachesAt" timestamptz, "nextStep" text, "nextStepAt" timestamptz, steps jsonb)),
opened as (
  insert into ticket (number, account_id, queue_id, opened_by_id, channel, subject, priority, status, waiting_since, severity, severity_claimed_at, terms_id,
      terms_source, clocks, breaches_at, reply_count, last_message_at, last_message_by, next_step, next_step_at, revision, created_at, updated_at)
    select g.number, $2, q.id, $3, 'api', 'Panel does not start', 'high', 'awaiting_staff', g.at, 'claimed', g.at, $4,
      'queue', g.clocks, g."breachesAt", 0, g.at, 'customer', g."nextStep", g."nextStepAt", 1, g.at, g.at
    from given g, queue q where q.category = 'technical' returning number),
planned as (
  insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
    select 'obl_' || s.kind || g.number, ${entity}, $2, s.kind, s."dueAt", s.rule, 1
      from given g, jsonb_to_recordset(g.steps) as s (kind text, "dueAt" timestamptz, rule text)),
told as (
  insert into outbox (entity, message, created_at)
    select ${entity}, jsonb_build_object('kind', 'ticket.opened', 'number', substr(${entity}, 8), 'category', 'technical'), now() from given)
select number from opened order by number`;

function localDate(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}

/** The workflow of a ticket. */
export function workflowOf(number: number): string {
  return `ticket:${spellTicketNumber(number)}`;
}
