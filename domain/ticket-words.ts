import type { Locale } from './locale.ts';
import type { TicketStatus } from './ticket-life.ts';

/** What the customer reads for each state (SPEC T3). */
export const customerStatusWords: Readonly<Record<TicketStatus, Readonly<Record<Locale, string>>>> = {
  awaiting_staff: { en: 'Under review', ru: 'На рассмотрении' },
  in_progress: { en: 'Working on it', ru: 'В работе' },
  awaiting_customer: { en: 'New messages', ru: 'Есть новые сообщения' },
  closed: { en: 'Resolved', ru: 'Вопрос решён' },
  archived: { en: 'Archived', ru: 'В архиве' },
};
