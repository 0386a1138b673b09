/** How a ticket's history reads: a sentence a line, in the reader's language. */
import { z } from '@hono/zod-openapi';
import type { Locale } from '../../domain/locale.ts';
import { clockKinds, type ClockKind } from '../../domain/service-clock.ts';
import { readTarget } from '../../domain/service-level.ts';
import { stretchInWords, targetInWords } from '../../domain/service-words.ts';
import { channels } from '../../domain/ticket.ts';
import type { EventView } from '../../db/repositories/ticket-reads.ts';
import { instant, orNull, personSchema } from '../schemas.ts';

export const ticketEventSchema = z
  .object({
    id: z.string(),
    at: instant,
    what: z.string().openapi({ example: 'staff_message' }),
    text: z.string().openapi({ example: 'Staff answered' }),
    by: z.object({ side: z.enum(['customer', 'staff', 'time']), person: orNull(personSchema) }),
    channel: z.enum(channels),
    data: z.record(z.string(), z.string().nullable()),
  })
  .openapi('TicketEvent');

export function presentEvent(event: EventView, locale: Locale): z.infer<typeof ticketEventSchema> {
  return {
    id: event.id,
    at: event.at.toISOString(),
    what: event.kind,
    text: sentence(event)[locale],
    by: { side: event.actorSide, person: event.actor },
    channel: event.channel,
    data: { ...event.data },
  };
}

/** The same line for a customer. Why staff closed a ticket is for staff (SPEC T6). */
export function presentCustomerEvent(event: EventView, locale: Locale): z.infer<typeof ticketEventSchema> {
  const line = presentEvent(event, locale);
  const data = Object.fromEntries(Object.entries(line.data).filter(([name]) => toldToCustomers.has(name)));
  return { ...line, data };
}

type Sentence = Readonly<Record<Locale, string>>;

function sentence(event: EventView): Sentence {
  if (event.kind === 'staff_message' && event.data['nextStepBy'] === 'staff')
    return { en: 'Staff wrote; the next step is theirs', ru: 'Сотрудник написал; следующий шаг за поддержкой' };
  if (event.kind === 'cited') return { en: `Cited by ${event.data['by']}`, ru: `На запрос сослались в ${event.data['by']}` };
  return told[event.kind]?.(event.data) ?? sentences[event.kind];
}

/** Lines that name another ticket, or what was changed. */
const told: Readonly<Partial<Record<EventView['kind'], (data: EventView['data']) => Sentence | undefined>>> = {
  opened: ({ splitFrom }) => (splitFrom ? { en: `Split off from ${splitFrom}`, ru: `Выделен из ${splitFrom}` } : undefined),
  split: ({ into }) => ({ en: `Messages were split off into ${into}`, ru: `Часть сообщений выделена в ${into}` }),
  absorbed: ({ into }) => ({ en: `Merged into ${into}`, ru: `Объединён с ${into}` }),
  absorb: ({ from }) => ({ en: `${from} was merged into this ticket`, ru: `С запросом объединён ${from}` }),
  unmerge: ({ into }) => ({ en: `The merge into ${into} was undone`, ru: `Объединение с ${into} отменено` }),
  quote_offered: ({ amount }) => ({ en: `Paid work was offered for ${amount}`, ru: `Предложена платная работа за ${amount}` }),
  quote_accepted: ({ amount, paid = amount }) =>
    paid === amount
      ? { en: `The quote of ${amount} was accepted`, ru: `Предложение на ${amount} принято` }
      : { en: `The quote of ${amount} was accepted and paid with ${paid}`, ru: `Предложение на ${amount} принято, оплачено ${paid}` },
  quote_declined: ({ amount }) => ({ en: `The quote of ${amount} was declined`, ru: `Предложение на ${amount} отклонено` }),
  quote_expired: ({ amount }) => ({ en: `The quote of ${amount} expired unanswered`, ru: `Предложение на ${amount} истекло без ответа` }),
  quote_withdrawn: ({ amount }) => ({ en: `The quote of ${amount} was withdrawn`, ru: `Предложение на ${amount} отозвано` }),
  quote_done: ({ amount }) => ({ en: `The work quoted at ${amount} is done`, ru: `Работа по предложению на ${amount} выполнена` }),
  access_granted: ({ server }) => ({ en: `Access to ${server} was granted`, ru: `Предоставлен доступ к ${server}` }),
  access_viewed: ({ server, viewReason }) => ({
    en: `Staff looked at the secret of ${server}: “${viewReason}”`,
    ru: `Сотрудник посмотрел секрет ${server}: «${viewReason}»`,
  }),
  access_extended: ({ server }) => ({ en: `The access to ${server} was extended`, ru: `Доступ к ${server} продлён` }),
  access_ended: ({ server, endedBy }) => accessEnded(server ?? '', endedBy ?? ''),
  transfer: ({ from, to }) => ({ en: `Moved to another queue: ${from} → ${to}`, ru: `Переведён в другую очередь: ${from} → ${to}` }),
  prioritise: ({ from, to }) => ({ en: `The priority was changed: ${from} → ${to}`, ru: `Изменён приоритет: ${from} → ${to}` }),
  tag: ({ added, removed }) => {
    const change = [added && `+ ${added}`, removed && `− ${removed}`].filter(Boolean).join(' · ');
    return { en: `The tags were changed: ${change}`, ru: `Изменены метки: ${change}` };
  },
  customer_message: ({ notFixed }) =>
    notFixed ? { en: 'The customer wrote that it is not fixed', ru: 'Клиент написал, что неисправность не устранена' } : undefined,
  clock_warning: (data) => clockTold(data, clockWords.clock_warning),
  clock_breach: (data) => clockTold(data, clockWords.clock_breach),
  retime_clocks: ({ unmoved, before, after }) => {
    if (unmoved)
      return {
        en: 'Counted by another version of its calendar; no deadline moved',
        ru: 'Считается по другой версии календаря; сроки не изменились',
      };
    return before === after ? { en: 'What is promised changed', ru: 'Изменились обещанные сроки' } : undefined;
  },
  release: ({ from }) => ({ en: `The merge of ${from} was undone`, ru: `Объединение с ${from} отменено` }),
  scope_refused: (data) => named(data, { en: 'Not part of support', ru: 'Не входит в поддержку' }),
  problem_linked: (data) => named(data, { en: 'Linked to', ru: 'Связан с' }),
  problem_answered: (data) => named(data, { en: 'Those who took part were told about', ru: 'Участникам сообщили о' }),
  problem_unlinked: (data) => named(data, { en: 'No longer linked to', ru: 'Больше не связан с' }),
};

const clockWords: Readonly<Record<'clock_warning' | 'clock_breach', Readonly<Record<ClockKind, Sentence>>>> = {
  clock_warning: {
    first_response: { en: 'First response: three quarters of the time are over', ru: 'Первый ответ: прошло три четверти срока' },
    next_response: { en: 'Response: three quarters of the time are over', ru: 'Ответ: прошло три четверти срока' },
    fix: { en: 'Fix: three quarters of the time are over', ru: 'Устранение: прошло три четверти срока' },
  },
  clock_breach: {
    first_response: { en: 'First response overdue', ru: 'Первый ответ просрочен' },
    next_response: { en: 'Response overdue', ru: 'Ответ просрочен' },
    fix: { en: 'Fix overdue', ru: 'Устранение просрочено' },
  },
};

/** Which clock, of what promise, and by how much it was told late; when it is due stands in `data`, for the reader's own zone. */
function clockTold(
  { clock, target: spelled, lateSeconds }: EventView['data'],
  words: Readonly<Record<ClockKind, Sentence>>,
): Sentence | undefined {
  const kind = clockKinds.find((known) => known === clock);
  const target = readTarget(spelled ?? '');
  if (!kind || !target) return undefined;
  const said = (locale: Locale) => `${words[kind][locale]} (${targetInWords(target, locale)})`;
  if (!lateSeconds) return { en: said('en'), ru: said('ru') };
  const by = (locale: Locale) => stretchInWords(Number(lateSeconds) * 1000, locale);
  return { en: `${said('en')}; told ${by('en')} late`, ru: `${said('ru')}; сообщено с опозданием на ${by('ru')}` };
}

/** What something is called in each language, as its line of history kept it: it may be called otherwise by now. */
function named(data: EventView['data'], words: Sentence): Sentence | undefined {
  const en = data['title.en'];
  return en ? { en: `${words.en}: ${en}`, ru: `${words.ru}: ${data['title.ru'] ?? en}` } : undefined;
}

function accessEnded(server: string, endedBy: string): Sentence {
  if (endedBy === 'closing')
    return { en: `The access to ${server} ended with the ticket`, ru: `Доступ к ${server} завершён вместе с запросом` };
  if (endedBy === 'time') return { en: `The access to ${server} ran out`, ru: `Срок доступа к ${server} истёк` };
  return { en: `The access to ${server} was ended`, ru: `Доступ к ${server} завершён` };
}

const sentences: Readonly<Record<EventView['kind'], Sentence>> = {
  opened: { en: 'Opened', ru: 'Запрос создан' },
  cited: { en: 'Cited by another ticket', ru: 'На запрос сослались' },
  customer_message: { en: 'The customer wrote', ru: 'Клиент написал' },
  staff_message: { en: 'Staff answered', ru: 'Поддержка ответила' },
  internal_note: { en: 'A note was left for staff', ru: 'Оставлена заметка для сотрудников' },
  take: { en: 'Taken', ru: 'Взят в работу' },
  return: { en: 'Returned to the queue', ru: 'Возвращён в очередь' },
  snooze: { en: 'Snoozed', ru: 'Отложен' },
  wake: { en: 'The snooze ended', ru: 'Откладывание закончилось' },
  dismiss: { en: 'The customer’s message needs no answer', ru: 'Сообщение клиента не требует ответа' },
  resolve: { en: 'Resolved by the customer', ru: 'Клиент отметил вопрос решённым' },
  close: { en: 'Closed by staff', ru: 'Закрыт сотрудником' },
  assign: { en: 'Given to a colleague', ru: 'Назначен сотрудник' },
  transfer: { en: 'Moved to another queue', ru: 'Переведён в другую очередь' },
  absorbed: { en: 'Merged into another ticket', ru: 'Объединён с другим запросом' },
  absorb: { en: 'Another ticket was merged into this one', ru: 'С запросом объединён другой' },
  unmerge: { en: 'The merge was undone', ru: 'Объединение отменено' },
  release: { en: 'The merge was undone', ru: 'Объединение отменено' },
  split: { en: 'Messages were split off', ru: 'Часть сообщений выделена' },
  prioritise: { en: 'The priority was changed', ru: 'Изменён приоритет' },
  tag: { en: 'The tags were changed', ru: 'Изменены метки' },
  participant_added: { en: 'Somebody takes part from now on', ru: 'Добавлен участник' },
  participant_removed: { en: 'Somebody takes part no longer', ru: 'Участник удалён' },
  outside_address_added: {
    en: 'An outside address reads along: it gets a copy of every answer',
    ru: 'Добавлен внешний адрес: ему отправляется копия каждого ответа',
  },
  outside_address_removed: { en: 'An outside address reads along no longer', ru: 'Внешний адрес больше не получает копии' },
  severity_claimed: { en: 'Claimed as critical', ru: 'Отмечен клиентом как критический' },
  severity_confirmed: { en: 'Confirmed as critical', ru: 'Признан критическим' },
  severity_refused: { en: 'Not critical, staff decided', ru: 'Не признан критическим' },
  scope_refused: { en: 'Not part of support', ru: 'Не входит в поддержку' },
  problem_linked: { en: 'Linked to a known problem or wish', ru: 'Связан с известной проблемой или пожеланием' },
  problem_unlinked: { en: 'No longer linked to a problem or wish', ru: 'Больше не связан с проблемой или пожеланием' },
  quote_offered: { en: 'Paid work was offered', ru: 'Предложена платная работа' },
  quote_accepted: { en: 'A quote was accepted', ru: 'Предложение принято' },
  quote_declined: { en: 'A quote was declined', ru: 'Предложение отклонено' },
  quote_expired: { en: 'A quote expired unanswered', ru: 'Предложение истекло без ответа' },
  quote_withdrawn: { en: 'A quote was withdrawn', ru: 'Предложение отозвано' },
  quote_done: { en: 'Paid work is done', ru: 'Платная работа выполнена' },
  access_granted: { en: 'Access to a server was granted', ru: 'Предоставлен доступ к серверу' },
  access_viewed: { en: 'Staff looked at a server’s secret', ru: 'Сотрудник посмотрел секрет сервера' },
  access_extended: { en: 'The access to a server was extended', ru: 'Доступ к серверу продлён' },
  access_ended: { en: 'The access to a server ended', ru: 'Доступ к серверу завершён' },
  problem_answered: { en: 'Those who took part were told about a problem or wish', ru: 'Участникам сообщили о проблеме или пожелании' },
  reopen: { en: 'Reopened by staff', ru: 'Снова открыт сотрудником' },
  retime: { en: 'Deadlines moved: the timing of the queue changed', ru: 'Сроки сдвинуты: изменились правила очереди' },
  clock_warning: { en: 'Three quarters of the promised time are over', ru: 'Прошло три четверти обещанного времени' },
  clock_breach: { en: 'The promised time is over', ru: 'Обещанное время истекло' },
  mark_fixed: { en: 'Staff say that it is fixed', ru: 'Поддержка сообщила, что неисправность устранена' },
  resume_fix: { en: 'It is not fixed yet: the clock runs on', ru: 'Неисправность ещё не устранена: отсчёт продолжается' },
  retime_clocks: {
    en: 'Deadlines moved: the service level or its calendar changed',
    ru: 'Сроки сдвинуты: изменился уровень обслуживания или календарь',
  },
  shift: { en: 'Deadlines moved by as long as they were on hold', ru: 'Сроки сдвинуты на время приостановки' },
  warn: { en: 'The customer was told that it will close', ru: 'Клиент предупреждён о закрытии' },
  auto_close: { en: 'Closed by itself after silence', ru: 'Закрыт автоматически из-за отсутствия ответа' },
  archive: { en: 'Moved to the archive', ru: 'Перемещён в архив' },
};

/** What an event's particulars tell a customer; a reason for closing, for one, is for staff (SPEC T6). */
const toldToCustomers: ReadonlySet<string> = new Set([
  'messageId',
  'nextStepBy',
  'notFixed',
  'by',
  'into',
  'from',
  'to',
  'splitFrom',
  'user',
  'outsideAddress',
  'quote',
  'amount',
  'validUntil',
  'access',
  'server',
  'way',
  'endsAt',
  'endedBy',
  'viewReason',
  // A ticket's severity is claimed and decided in words that both sides read (SPEC T14).
  'sentence',
  'publicReason',
]);
