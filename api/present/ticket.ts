/** How tickets look in answers. Every field is listed here; nothing else of a row ever leaves. */
import { z } from '@hono/zod-openapi';
import { spellTicketNumber } from '../../domain/ids.ts';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { channels, priorities, ticketEntity } from '../../domain/ticket.ts';
import {
  customerActionKinds,
  customerActions,
  shownStep,
  staffActionKinds,
  staffActions,
  stepKinds,
  ticketStatuses,
  type StaffAction,
} from '../../domain/ticket-life.ts';
import { customerStatusWords } from '../../domain/ticket-words.ts';
import { staffMay, type StaffPermission, type StaffRole } from '../../domain/permissions.ts';
import type { MessageView, StepView, TicketPageView, TicketView } from '../../db/repositories/ticket-reads.ts';
import type { TicketPromise } from '../../db/repositories/ticket-terms.ts';
import type { ApiParts } from '../context.ts';
import { workflowUrl } from '../workflow-url.ts';
import { instant, orNull, personSchema } from '../schemas.ts';
import { presentSeverity, severitySchema } from './severity.ts';
import {
  clockSchema,
  countedClockSchema,
  ownClockSchema,
  ownTicketServiceLevelSchema,
  presentClocks,
  presentCountedClocks,
  presentOwnClocks,
  presentOwnTicketServiceLevel,
  presentTicketServiceLevel,
  ticketServiceLevelSchema,
} from './ticket-clocks.ts';
import { attachmentSchema, diagnosticsSchema, presentAttachment, presentDiagnostics, type Tree } from './file.ts';

export const nextSchema = z
  .object({
    what: z.enum(stepKinds).openapi({
      description:
        'warn: the customer is told that it will close · auto_close · archive · wake: a snooze ends · of a promise: staff are warned of it (…_warning), or it is broken (…_breach)',
    }),
    at: instant,
    rule: z.string().openapi({
      description:
        'The rule that gives the instant: its duration and the queue’s timing policy, `snooze`, or what was promised, by which terms and which version of the calendar.',
      example: 'autoCloseAfter 604800 s (tpl_00000000000000000000000000)',
    }),
    hold: z
      .object({ until: instant.nullable().openapi({ description: 'Null: until somebody lifts it.' }) })
      .nullable()
      .openapi({ description: 'Set while a hold keeps this from happening.' }),
  })
  .openapi('NextStep');

const ticketFields = {
  number: z.string().openapi({ example: 'CS-000123' }),
  subject: z.string(),
  status: z.enum(ticketStatuses),
  statusText: z.string().openapi({ description: 'The state in the caller’s language, as customers read it.', example: 'Under review' }),
  category: z.string().openapi({ example: 'technical' }),
  categoryName: z.string().openapi({ example: 'Technical' }),
  priority: z.enum(priorities),
  replyCount: z.int(),
  unread: z
    .boolean()
    .openapi({ description: 'Whether something was said that you have neither read nor written; never so in the archive.' }),
  lastMessageAt: instant,
  lastMessageBy: z.enum(['customer', 'staff']),
  severity: orNull(severitySchema).openapi({ description: 'Set when somebody claimed that the ticket is critical.' }),
  closedAt: instant.nullable(),
  mergedInto: z.string().nullable().openapi({ description: 'The ticket that this one was merged into: the conversation goes on there.' }),
  leavesListAt: instant.nullable().openapi({ description: 'When a closed ticket goes to the archive by itself.' }),
  next: orNull(nextSchema).openapi({ description: 'What happens next by itself, and when.' }),
  createdAt: instant,
  updatedAt: instant,
};

export const customerTicketSchema = z
  .object({
    ...ticketFields,
    serviceLevel: orNull(ownTicketServiceLevelSchema).openapi({ description: 'What was promised when it was opened; null: nothing.' }),
    clocks: z.array(ownClockSchema).openapi({ description: 'What you were promised and still wait for.' }),
    allowedActions: z.array(z.enum(customerActionKinds)),
  })
  .openapi('Ticket');

const linkFields = {
  cites: z.array(z.string()).openapi({ description: 'Earlier tickets that this one cites.' }),
  citedBy: z.array(z.string()).openapi({ description: 'Later tickets that cite this one.' }),
  participants: z.array(personSchema),
  outsideAddresses: z
    .array(
      z
        .object({ id: z.string(), address: z.string(), name: z.string().nullable(), addedBy: personSchema, addedAt: instant })
        .openapi('OutsideAddress'),
    )
    .openapi({ description: 'Addresses outside the account that get a copy of each answer, and access to nothing.' }),
  mergedFrom: z.array(z.string()).openapi({ description: 'Tickets that were merged into this one.' }),
};

export const customerTicketPageSchema = customerTicketSchema.extend(linkFields).openapi('TicketPage');

export const staffTicketSchema = z
  .object({
    id: z.string().openapi({ description: 'The number again, for lists that want an id.' }),
    ...ticketFields,
    account: personSchema,
    openedBy: personSchema.extend({ email: z.string() }),
    assignee: orNull(personSchema),
    waitingSince: instant.nullable().openapi({ description: 'Since when the oldest customer message has been unanswered.' }),
    snoozedUntil: instant.nullable(),
    channel: z.enum(channels).openapi({ description: 'By which way the customer came.' }),
    tags: z.array(z.string()).openapi({ description: 'Words of the staff’s own; customers do not see them.' }),
    closedBy: z.enum(['customer', 'staff', 'time']).nullable(),
    serviceLevel: orNull(ticketServiceLevelSchema).openapi({ description: 'What was promised when it was opened; null: nothing.' }),
    clocks: z.array(clockSchema).openapi({ description: 'The response first.' }),
    breachesAt: instant.nullable().openapi({ description: 'When the next promise is broken.' }),
    breachedAt: instant.nullable().openapi({ description: 'Since when a promise has been broken that still stands.' }),
    fixedAt: instant.nullable().openapi({ description: 'Since when staff say that its critical fault is fixed.' }),
    steps: z.array(nextSchema).openapi({ description: 'Everything that will happen by itself, earliest first.' }),
    allowedActions: z.array(z.enum(staffActionKinds)),
    workflow: z
      .object({ id: z.string(), url: z.string().nullable() })
      .openapi({ description: 'The durable process that keeps this ticket’s promises.' }),
    revision: z.int(),
  })
  .openapi('StaffTicket');

export const staffTicketPageSchema = staffTicketSchema
  .extend({
    ...linkFields,
    clocks: z.array(countedClockSchema).openapi({ description: 'The response first.' }),
    undoableMerges: z.array(z.string()).openapi({ description: 'Of `mergedFrom`, those that can still be undone.' }),
    mergeUndoable: z.boolean().openapi({ description: 'Whether the merge of this ticket into another can still be undone.' }),
    splitFrom: z.string().nullable().openapi({ description: 'The ticket that this one’s messages were split off from.' }),
  })
  .openapi('StaffTicketPage');

/** What only a ticket's own page shows. */
export function presentLinks(view: TicketPageView) {
  return {
    cites: [...view.cites],
    citedBy: [...view.citedBy],
    participants: [...view.participants],
    outsideAddresses: view.outsideAddresses.map(({ addedAt, ...address }) => ({ ...address, addedAt: addedAt.toISOString() })),
    mergedFrom: view.mergedFrom.map(({ number }) => number),
  };
}

/** The same for staff, who may also undo. */
function presentStaffLinks(view: TicketPageView) {
  return {
    ...presentLinks(view),
    undoableMerges: view.mergedFrom.filter(({ undoable }) => undoable).map(({ number }) => number),
    mergeUndoable: view.mergeUndoable,
    splitFrom: spelledOrNull(view.ticket.splitFrom),
  };
}

function spelledOrNull(number: number | null): string | null {
  return number === null ? null : spellTicketNumber(number);
}

/** A snooze is the staff's own business, and a warning is part of the closing it warns of. */
function customerNext(steps: readonly StepView[]): StepView | undefined {
  return steps.find((step) => step.kind === 'auto_close' || step.kind === 'archive');
}

function presentStep(step: StepView) {
  const hold = step.heldUntil === undefined ? null : { until: step.heldUntil?.toISOString() ?? null };
  return { what: step.kind, at: step.dueAt.toISOString(), rule: step.rule, hold };
}

function fieldsOf({ ticket, category, categoryName, steps, unread }: TicketFace, locale: Locale, next: StepView | undefined) {
  return {
    number: spellTicketNumber(ticket.number),
    subject: ticket.subject,
    status: ticket.status,
    statusText: customerStatusWords[ticket.status][locale],
    category,
    categoryName: inLocale(categoryName, locale),
    priority: ticket.priority,
    replyCount: ticket.replyCount,
    unread: unread ?? false,
    lastMessageAt: ticket.lastMessageAt.toISOString(),
    lastMessageBy: ticket.lastMessageBy,
    severity: presentSeverity(ticket),
    closedAt: ticket.closedAt?.toISOString() ?? null,
    mergedInto: spelledOrNull(ticket.mergedInto),
    leavesListAt: steps.find((step) => step.kind === 'archive')?.dueAt.toISOString() ?? null,
    next: next ? presentStep(next) : null,
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
  };
}

/** What a customer's answer is made of: a row of a list, or a ticket as a wish left it. */
export type TicketFace = Pick<TicketView, 'ticket' | 'life' | 'category' | 'categoryName' | 'steps'> &
  Partial<Pick<TicketView, 'unread'>> & { readonly promise: TicketPromise | null };

export function presentCustomerTicket(view: TicketFace, locale: Locale): z.infer<typeof customerTicketSchema> {
  return {
    ...fieldsOf(view, locale, customerNext(view.steps)),
    serviceLevel: presentOwnTicketServiceLevel(view.promise, view.categoryName, locale),
    clocks: presentOwnClocks(view.life, locale),
    allowedActions: customerActions(view.life),
  };
}

/** What a role needs to do an action that the ticket's state allows. */
const permissionOf: Readonly<Record<StaffAction, StaffPermission>> = {
  reply: 'ticket.answer',
  note: 'ticket.note',
  take: 'ticket.work',
  return: 'ticket.work',
  assign: 'ticket.assign',
  transfer: 'ticket.assign',
  snooze: 'ticket.work',
  wake: 'ticket.work',
  dismiss: 'ticket.work',
  close: 'ticket.work',
  reopen: 'ticket.work',
  classify: 'ticket.work',
  merge: 'ticket.merge',
  split: 'ticket.merge',
  mark_fixed: 'ticket.severity',
  resume_fix: 'ticket.severity',
};

/** Who of the staff reads. */
interface StaffReader {
  readonly userId: string;
  readonly role: StaffRole;
}

/** A ticket's own page. */
export function presentStaffTicketPage(
  view: TicketPageView,
  locale: Locale,
  reader: StaffReader,
  parts: Pick<ApiParts, 'temporalUi'>,
): z.infer<typeof staffTicketPageSchema> {
  return {
    ...presentStaffTicket(view, locale, reader, parts),
    ...presentStaffLinks(view),
    clocks: presentCountedClocks(view, view.clockCounts, locale),
  };
}

export function presentStaffTicket(
  view: TicketView,
  locale: Locale,
  reader: StaffReader,
  parts: Pick<ApiParts, 'temporalUi'>,
): z.infer<typeof staffTicketSchema> {
  const number = spellTicketNumber(view.ticket.number);
  const workflowId = ticketEntity(number);
  return {
    id: number,
    ...fieldsOf(view, locale, shownStep(view.steps)),
    account: view.account,
    openedBy: view.openedBy,
    assignee: view.assignee,
    waitingSince: view.ticket.waitingSince?.toISOString() ?? null,
    snoozedUntil: view.ticket.snoozedUntil?.toISOString() ?? null,
    channel: view.ticket.channel,
    tags: [...view.ticket.tags],
    closedBy: view.ticket.closedBy,
    serviceLevel: presentTicketServiceLevel(view.promise, view.categoryName, locale),
    clocks: presentClocks(view, locale),
    breachesAt: view.ticket.breachesAt?.toISOString() ?? null,
    breachedAt: view.ticket.breachedAt?.toISOString() ?? null,
    fixedAt: view.ticket.fixedAt?.toISOString() ?? null,
    steps: view.steps.map(presentStep),
    allowedActions: staffActions(view.life, reader.userId).filter((action) => staffMay(reader.role, permissionOf[action])),
    workflow: {
      id: workflowId,
      url: workflowUrl(parts, workflowId),
    },
    revision: view.ticket.revision,
  };
}

const messageFields = {
  id: z.string(),
  author: personSchema,
  side: z.enum(['customer', 'staff']),
  channel: z.enum(channels),
  body: z.string().openapi({ description: 'Markdown' }),
  createdAt: instant,
  enteredBy: orNull(personSchema).openapi({ description: 'Who of the staff wrote it down on the author’s behalf.' }),
  from: z.string().nullable().openapi({ description: 'The ticket it was first written in, when a merge or a split brought it here.' }),
  attachments: z.array(attachmentSchema),
  diagnostics: orNull(diagnosticsSchema).openapi({ description: 'What the customer told of the fault’s surroundings.' }),
};

export const customerMessageSchema = z.object(messageFields).openapi('Message');
export const staffMessageSchema = z
  .object({
    ...messageFields,
    visibility: z.enum(['public', 'internal']),
    nextStepBy: z.enum(['customer', 'staff']).nullable().openapi({ description: 'Who is next after a public staff message.' }),
  })
  .openapi('StaffMessage');

export function presentCustomerMessage(message: MessageView): z.infer<typeof customerMessageSchema> {
  return presentMessage(message, '/api/v1');
}

export function presentStaffMessage(message: MessageView): z.infer<typeof staffMessageSchema> {
  return { ...presentMessage(message, '/api/staff/v1'), visibility: message.visibility, nextStepBy: message.nextStepBy };
}

/** @param tree the reader's, under which he finds the files */
function presentMessage(message: MessageView, tree: Tree): z.infer<typeof customerMessageSchema> {
  const { id, author, side, channel, body, createdAt, enteredBy, fromNumber, attachments, diagnostics } = message;
  return {
    id,
    author,
    side,
    channel,
    body,
    createdAt: createdAt.toISOString(),
    enteredBy,
    from: spelledOrNull(fromNumber),
    attachments: attachments.map((file) => presentAttachment(file, tree)),
    diagnostics: diagnostics && presentDiagnostics(diagnostics),
  };
}
