/**
 * Which happenings of a ticket are told to whom (SPEC N1–N3). One cause, one mail: the most specific event is mailed,
 * and a status that changed because of a message is told in that message's mail.
 */
export const ticketNotificationEvents = [
  'ticket.created',
  'ticket.answered',
  'ticket.about_to_close',
  'ticket.closed',
  'problem.answered',
  'quote.offered',
  'quote.expired',
  'server_access.viewed',
  'server_access.ended',
] as const;
export type TicketNotificationEvent = (typeof ticketNotificationEvents)[number];

/** What a person is told about his own doors (SPEC N2, security events); each is also a letter (`domain/letter`). */
export const securityNotificationEvents = [
  'security.new_sign_in',
  'security.password_changed',
  'security.factor_changed',
  'security.email_changed',
  'security.change_begun',
  'security.change_ended',
  'security.token_created',
  'security.wrong_codes',
] as const;
export type SecurityNotificationEvent = (typeof securityNotificationEvents)[number];

/** What administrators are told of the settings they keep; each is also a letter (`domain/letter`). */
export const settingNotificationEvents = ['calendar.year_missing'] as const;
export type SettingNotificationEvent = (typeof settingNotificationEvents)[number];

/** What those who pay for an account are told (SPEC N2, finance); each is also a letter (`domain/letter`). */
export const financeNotificationEvents = [
  'payment.credited',
  'payment.failed',
  'payment.refunded',
  'order.not_paid',
  'statement.ready',
  'credit.overdue',
  'spending.frozen',
] as const;
export type FinanceNotificationEvent = (typeof financeNotificationEvents)[number];

export function isFinanceEvent(event: NotificationEvent): event is FinanceNotificationEvent {
  return (financeNotificationEvents as readonly NotificationEvent[]).includes(event);
}

/** What staff are told of tickets: in the product, and by mail only where whoever tells says so (SPEC N1). */
export const staffNotificationEvents = [
  'staff.assigned',
  'staff.customer_replied',
  'staff.critical_claimed',
  'staff.quote_answered',
  'staff.deadline_near',
  'staff.deadline_missed',
] as const;
export type StaffNotificationEvent = (typeof staffNotificationEvents)[number];

export function isStaffEvent(event: NotificationEvent): event is StaffNotificationEvent {
  return event.startsWith('staff.');
}

export const notificationEvents = [
  ...ticketNotificationEvents,
  ...securityNotificationEvents,
  ...settingNotificationEvents,
  ...financeNotificationEvents,
  ...staffNotificationEvents,
] as const;
export type NotificationEvent = (typeof notificationEvents)[number];

export const notificationCategories = ['services', 'finance', 'support', 'news'] as const;
export type NotificationCategory = (typeof notificationCategories)[number];

/** How long after the event a mail is still worth sending, in seconds. A warning that comes after the closing is not. */
export const deliverWithinSeconds: Readonly<Record<TicketNotificationEvent | StaffNotificationEvent, number>> = {
  'staff.assigned': 24 * 3600,
  'staff.customer_replied': 24 * 3600,
  'staff.critical_claimed': 24 * 3600,
  'staff.quote_answered': 24 * 3600,
  'staff.deadline_near': 24 * 3600,
  'staff.deadline_missed': 72 * 3600,
  'ticket.created': 72 * 3600,
  'ticket.answered': 7 * 24 * 3600,
  'ticket.about_to_close': 24 * 3600,
  'ticket.closed': 72 * 3600,
  'quote.offered': 72 * 3600,
  'quote.expired': 72 * 3600,
  'server_access.viewed': 7 * 24 * 3600,
  'server_access.ended': 72 * 3600,
  'problem.answered': 7 * 24 * 3600,
};

/** Who hears of the event: the one who opened the ticket, or every participant but the one who caused it. */
export function recipientsOf(
  event: TicketNotificationEvent,
  participantIds: readonly string[],
  causedBy: string | null,
): readonly string[] {
  if (event === 'ticket.created') return causedBy === null ? participantIds : [causedBy];
  return participantIds.filter((id) => id !== causedBy);
}
