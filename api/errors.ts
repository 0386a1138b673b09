import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode, Refusal } from '../domain/errors.ts';
import type { Locale } from '../domain/locale.ts';

/** One fault of one field of a request. */
export interface FieldFault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** The one shape of every answer that is not a success (api.md). */
export interface ErrorEnvelope {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details?: readonly FieldFault[];
    readonly requestId: string;
  };
}

/** A refusal on its way to the caller. Thrown by middleware and routes; never carries text of an unexpected error. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly about: Readonly<Record<string, string>>;
  readonly details: readonly FieldFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    more: { about?: Readonly<Record<string, string>> | undefined; details?: readonly FieldFault[]; retryAfterSeconds?: number } = {},
  ) {
    super(code);
    this.code = code;
    this.about = more.about ?? {};
    this.details = more.details;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export function statusOf(code: ErrorCode): ContentfulStatusCode {
  return catalogue[code].status;
}

/** The envelope in the caller's language, with the refusal's values put in. */
export function envelope(refusal: Refusal, locale: Locale, requestId: string, details?: readonly FieldFault[]): ErrorEnvelope {
  const template = catalogue[refusal.refused][locale];
  const message = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => refusal.about?.[name] ?? whole);
  return { error: { code: refusal.refused, message, ...(details?.length ? { details } : {}), requestId } };
}

interface Entry {
  readonly status: ContentfulStatusCode;
  readonly en: string;
  readonly ru: string;
}

/** Every code with its HTTP status and its words. The compiler demands an entry for each code. */
export const catalogue: Readonly<Record<ErrorCode, Entry>> = {
  'auth.required': { status: 401, en: 'Please sign in, or send a valid API token.', ru: 'Войдите или передайте действующий API-токен.' },
  'auth.invalid_credentials': {
    status: 401,
    en: 'The e-mail address or the password is wrong.',
    ru: 'Неверный адрес электронной почты или пароль.',
  },
  'auth.not_permitted': {
    status: 403,
    en: 'Your role does not include this. Ask an owner of your account; as staff, an administrator.',
    ru: 'Ваша роль этого не разрешает. Обратитесь к владельцу аккаунта, а сотрудники — к администратору.',
  },
  'auth.cross_site': {
    status: 403,
    en: 'The request came from another site and was refused.',
    ru: 'Запрос пришёл с другого сайта и отклонён.',
  },
  'auth.busy': {
    status: 503,
    en: 'Too many people are signing in at this moment. Try again shortly.',
    ru: 'Сейчас входит слишком много людей. Повторите попытку чуть позже.',
  },
  'auth.too_many_tries': {
    status: 429,
    en: 'Too many tries. Wait a little, then try again.',
    ru: 'Слишком много попыток. Подождите немного и попробуйте снова.',
  },
  'auth.code_wrong': {
    status: 422,
    en: 'This is wrong. A code may also have run out or been used already: take a new one.',
    ru: 'Неверно. Если это код, он мог устареть или уже быть использован: возьмите новый.',
  },
  'auth.attempt_over': {
    status: 409,
    en: 'This attempt is over. Begin again with your e-mail address and password.',
    ru: 'Эта попытка входа завершена. Начните снова с адреса и пароля.',
  },
  'auth.code_not_available': {
    status: 422,
    en: 'No code can be given this way now. Use another of your methods, or begin again.',
    ru: 'Сейчас такой способ недоступен. Используйте другой способ или начните вход заново.',
  },
  'auth.step_up_required': {
    status: 403,
    en: 'This needs a fresh code: POST /me/step-up, then send the same again.',
    ru: 'Для этого нужен новый код: POST /me/step-up, затем повторите запрос.',
  },
  'auth.sign_in_required': {
    status: 403,
    en: 'An API token cannot do this: sign in with your password.',
    ru: 'С API-токеном это невозможно: войдите с паролем.',
  },
  'auth.scope_missing': {
    status: 403,
    en: 'This token may not do this: it lacks the scope {scope}.',
    ru: 'Этому токену не разрешено это действие: нет права {scope}.',
  },
  'auth.link_invalid': {
    status: 404,
    en: 'This link was used, is too old, or never was. Ask for a new one.',
    ru: 'Эта ссылка уже использована, устарела или не существует. Запросите новую.',
  },
  'password.too_common': {
    status: 422,
    en: 'Too many people use this password, or it repeats your name or address. Choose another.',
    ru: 'Этот пароль слишком распространён или повторяет ваше имя или адрес. Придумайте другой.',
  },
  'password.same': {
    status: 422,
    en: 'This is the password you have now. Choose another.',
    ru: 'Это ваш нынешний пароль. Придумайте другой.',
  },
  'email.taken': { status: 422, en: 'Somebody else has this address.', ru: 'Этот адрес уже занят.' },
  'email.same': { status: 422, en: 'This is the address you have now.', ru: 'Это ваш нынешний адрес.' },
  'person.change_pending': {
    status: 409,
    en: 'A change of this person’s sign-in waits for its time; until then no keys or factors are changed.',
    ru: 'Изменение данных для входа ещё ожидает своего срока; до этого ключи и способы подтверждения не меняются.',
  },
  'factor.not_found': { status: 404, en: 'There is no such second factor.', ru: 'Такого второго фактора нет.' },
  'factor.not_begun': {
    status: 409,
    en: 'Nothing is being set up now, or its code ran out. Begin again.',
    ru: 'Настройка не начата, или срок кода истёк. Начните снова.',
  },
  'session.not_found': { status: 404, en: 'There is no such session.', ru: 'Такого сеанса нет.' },
  'account.not_found': { status: 404, en: 'There is no such account.', ru: 'Такого аккаунта нет.' },
  'account.last_owner': {
    status: 409,
    en: 'An account needs an owner. Make somebody else owner first.',
    ru: 'У аккаунта должен быть владелец. Сначала назначьте другого владельца.',
  },
  'member.not_found': { status: 404, en: 'There is no such member.', ru: 'Такого участника нет.' },
  'member.already': { status: 409, en: 'This person belongs to the account already.', ru: 'Этот человек уже состоит в аккаунте.' },
  'invitation.not_found': { status: 404, en: 'There is no such open invitation.', ru: 'Такого действующего приглашения нет.' },
  'invitation.not_for_staff': {
    status: 409,
    en: 'Staff of the company cannot be members of a customer’s account.',
    ru: 'Сотрудники компании не могут состоять в аккаунте клиента.',
  },
  'invitation.too_many': {
    status: 422,
    en: 'There are 50 open invitations. Take one back first.',
    ru: 'Уже есть 50 действующих приглашений. Сначала отзовите одно из них.',
  },
  'consent.needed': {
    status: 422,
    en: 'The service cannot be given without this agreement ({purpose}). To end it, close the account with support.',
    ru: 'Без этого согласия ({purpose}) оказывать услуги нельзя. Чтобы отозвать его, закройте аккаунт через поддержку.',
  },
  'consent.not_found': { status: 404, en: 'There is no such standing agreement.', ru: 'Такого действующего согласия нет.' },
  'consent.version_old': {
    status: 422,
    en: 'This wording is not the one that stands now. Read the new one: GET /api/v1/consent-texts.',
    ru: 'Эта редакция уже не действует. Прочитайте новую: GET /api/v1/consent-texts.',
  },
  'customer.not_found': { status: 404, en: 'There is no such customer.', ru: 'Такого клиента нет.' },
  'pending_action.not_found': { status: 404, en: 'There is no such change.', ru: 'Такого изменения нет.' },
  'pending_action.settled': { status: 409, en: 'This change is settled already.', ru: 'Это изменение уже завершено.' },
  'pending_action.second_person': {
    status: 403,
    en: 'Somebody else must approve what you began.',
    ru: 'Начатое вами должен одобрить другой сотрудник.',
  },
  'pending_action.open_already': {
    status: 409,
    en: 'Such a change waits already. Stop it or withdraw it first.',
    ru: 'Такое изменение уже ожидает. Сначала остановите или отзовите его.',
  },
  'staff.not_found': { status: 404, en: 'There is no such member of staff.', ru: 'Такого сотрудника нет.' },
  'staff.last_administrator': {
    status: 409,
    en: 'Kontor needs an administrator. Make somebody else administrator first.',
    ru: 'Нужен хотя бы один администратор. Сначала назначьте другого.',
  },
  'request.malformed': { status: 400, en: 'The request body is not valid JSON.', ru: 'Тело запроса не является корректным JSON.' },
  'request.invalid': {
    status: 400,
    en: 'Some fields of the request are missing, unknown or wrong; see details.',
    ru: 'Некоторые поля запроса отсутствуют, неизвестны или неверны; см. details.',
  },
  'request.too_large': { status: 413, en: 'The request is larger than 1 MiB.', ru: 'Запрос больше 1 МиБ.' },
  'request.unsupported_content_type': {
    status: 415,
    en: 'Send the body as application/json.',
    ru: 'Передайте тело запроса как application/json.',
  },
  'request.not_found': { status: 404, en: 'There is nothing at this address.', ru: 'По этому адресу ничего нет.' },
  'request.stale': {
    status: 412,
    en: 'Somebody has changed this meanwhile. Read it again, then change what it is now.',
    ru: 'Это уже изменил кто-то другой. Прочитайте заново и измените то, что есть сейчас.',
  },
  'request.method_not_allowed': {
    status: 405,
    en: 'This address does not take that method.',
    ru: 'Этот адрес не поддерживает такой метод.',
  },
  'request.cursor_invalid': {
    status: 400,
    en: 'The cursor is not one that this list gave with this sort order.',
    ru: 'Этот курсор не был выдан данным списком с этой сортировкой.',
  },
  'idempotency.key_reused': {
    status: 409,
    en: 'This Idempotency-Key was used for another request.',
    ru: 'Этот Idempotency-Key уже использован для другого запроса.',
  },
  'idempotency.answer_not_kept': {
    status: 409,
    en: 'This was done already; its answer held a secret and was not kept.',
    ru: 'Это уже выполнено; ответ содержал секрет и не сохранён.',
  },
  'ticket.not_found': { status: 404, en: 'There is no such ticket.', ru: 'Такого запроса нет.' },
  'ticket.category_unknown': {
    status: 422,
    en: 'There is no category “{category}”. GET /api/v1/queues lists them.',
    ru: 'Категории «{category}» нет. Список: GET /api/v1/queues.',
  },
  'ticket.related_unknown': { status: 422, en: 'The related ticket does not exist.', ru: 'Связанного запроса не существует.' },
  'ticket.archived': {
    status: 409,
    en: 'The ticket is in the archive and can only be read. Open a new ticket and cite {number}.',
    ru: 'Запрос в архиве, его можно только читать. Создайте новый запрос и укажите номер {number}.',
  },
  'ticket.already_closed': { status: 409, en: 'The ticket {number} is closed already.', ru: 'Запрос {number} уже закрыт.' },
  'ticket.not_closed': { status: 409, en: 'The ticket {number} is not closed.', ru: 'Запрос {number} не закрыт.' },
  'ticket.not_taken': { status: 409, en: 'Nobody has taken the ticket {number}.', ru: 'Запрос {number} никто не взял в работу.' },
  'ticket.not_fixed': {
    status: 409,
    en: 'Nobody says that the fault of ticket {number} is fixed.',
    ru: 'Никто не отмечал неисправность в запросе {number} устранённой.',
  },
  'ticket.already_fixed': {
    status: 409,
    en: 'The fault of ticket {number} is marked as fixed already.',
    ru: 'Неисправность в запросе {number} уже отмечена устранённой.',
  },
  'ticket.no_fix_promised': {
    status: 409,
    en: 'No fix is promised for ticket {number}: it is not critical, or no service level applies.',
    ru: 'По запросу {number} устранение не обещано: он не критический или на него не распространяется уровень обслуживания.',
  },
  'ticket.already_yours': { status: 409, en: 'You are working on the ticket {number} already.', ru: 'Запрос {number} уже у вас в работе.' },
  'ticket.not_waiting_for_staff': {
    status: 409,
    en: 'The ticket {number} does not wait for staff.',
    ru: 'Запрос {number} не ожидает ответа сотрудников.',
  },
  'ticket.closed': {
    status: 409,
    en: 'The ticket {number} is closed. Reopen it first.',
    ru: 'Запрос {number} закрыт. Сначала откройте его снова.',
  },
  'ticket.not_snoozed': { status: 409, en: 'The ticket {number} is not snoozed.', ru: 'Запрос {number} не отложен.' },
  'ticket.snooze_in_past': {
    status: 422,
    en: 'A ticket can be snoozed to a moment in the future only.',
    ru: 'Отложить запрос можно только до момента в будущем.',
  },
  'ticket.snooze_too_far': {
    status: 422,
    en: 'A ticket can be snoozed for a year at the most.',
    ru: 'Отложить запрос можно не более чем на год.',
  },
  'ticket.nothing_to_dismiss': {
    status: 409,
    en: 'The ticket {number} has no customer message that could be left without an answer.',
    ru: 'В запросе {number} нет сообщения клиента, которое можно оставить без ответа.',
  },
  'ticket.step_not_due': { status: 409, en: 'It is not time for this yet.', ru: 'Время для этого ещё не пришло.' },
  'ticket.already_assigned': {
    status: 409,
    en: 'The ticket {number} is with this colleague already.',
    ru: 'Запрос {number} уже у этого сотрудника.',
  },
  'ticket.taken': {
    status: 409,
    en: '{who} has the ticket {number} now. Look again before you take it over.',
    ru: 'Запрос {number} сейчас у сотрудника: {who}. Посмотрите ещё раз, прежде чем забирать его.',
  },
  'ticket.transferred': {
    status: 409,
    en: '{who} has moved the ticket {number} to “{category}” meanwhile.',
    ru: 'Запрос {number} тем временем перевели в «{category}»: {who}.',
  },
  'ticket.already_there': {
    status: 409,
    en: 'The ticket {number} is in “{category}” already.',
    ru: 'Запрос {number} уже в очереди «{category}».',
  },
  'ticket.closed_by_colleague': {
    status: 409,
    en: '{who} has closed the ticket {number} already.',
    ru: 'Запрос {number} уже закрыл сотрудник: {who}.',
  },
  'ticket.assignee_unknown': {
    status: 422,
    en: 'A ticket is given to a colleague who answers customers and still works here.',
    ru: 'Запрос можно передать только работающему сотруднику, который отвечает клиентам.',
  },
  'ticket.moved_on': {
    status: 409,
    en: 'Somebody wrote in {number} meanwhile. Read it, then send again.',
    ru: 'В запросе {number} появилось новое сообщение. Прочитайте его и отправьте ещё раз.',
  },
  'ticket.merge_itself': {
    status: 422,
    en: 'A ticket cannot be merged into itself.',
    ru: 'Запрос нельзя объединить с самим собой.',
  },
  'ticket.merge_other_account': {
    status: 422,
    en: 'Only tickets of the same customer can be merged.',
    ru: 'Объединять можно только запросы одного клиента.',
  },
  'ticket.merge_into_archived': {
    status: 409,
    en: '{number} is in the archive: nothing can be merged into it.',
    ru: '{number} в архиве, с ним ничего нельзя объединить.',
  },
  'ticket.merge_circle': {
    status: 409,
    en: '{number} was merged into this ticket: that would be a circle.',
    ru: '{number} уже объединён с этим запросом: получился бы круг.',
  },
  'ticket.merged': {
    status: 409,
    en: '{number} was merged into {into}: go on there.',
    ru: '{number} объединён с {into}: продолжайте там.',
  },
  'ticket.not_merged': {
    status: 409,
    en: '{number} is not merged into another ticket.',
    ru: '{number} не объединён с другим запросом.',
  },
  'ticket.merge_settled': {
    status: 409,
    en: 'The conversation went on since {number} was merged; that cannot be undone any more.',
    ru: 'После объединения {number} переписка продолжилась, отменить его уже нельзя.',
  },
  'ticket.message_unknown': {
    status: 422,
    en: 'Some of these messages are not in this ticket.',
    ru: 'Некоторых из этих сообщений нет в запросе.',
  },
  'ticket.split_everything': {
    status: 422,
    en: 'Something must stay: a ticket keeps its first message.',
    ru: 'Что-то должно остаться: первое сообщение запроса перенести нельзя.',
  },
  'ticket.split_notes_only': {
    status: 422,
    en: 'Choose a message that the customer sees: notes alone make no ticket.',
    ru: 'Выберите сообщение, которое видит клиент: из одних заметок запрос не создать.',
  },
  'ticket.customer_unknown': {
    status: 422,
    en: 'This person is not a member of the account.',
    ru: 'Этот человек не состоит в аккаунте.',
  },
  'participant.not_found': {
    status: 404,
    en: 'Nobody like that takes part in this ticket.',
    ru: 'Такого участника в запросе нет.',
  },
  'participant.already': {
    status: 409,
    en: 'This person reads along already.',
    ru: 'Этот человек уже участвует.',
  },
  'participant.not_outside': {
    status: 422,
    en: 'This address belongs to a member of the account or to our staff: it is no outside address.',
    ru: 'Этот адрес принадлежит участнику аккаунта или нашему сотруднику, он не внешний.',
  },
  'participant.too_many': {
    status: 422,
    en: 'Ten outside addresses read along already. Remove one first.',
    ru: 'Уже участвуют десять внешних адресов. Сначала удалите один из них.',
  },
  'canned_reply.not_found': {
    status: 404,
    en: 'There is no such canned reply.',
    ru: 'Такого шаблона ответа нет.',
  },
  'canned_reply.variable_unknown': {
    status: 422,
    en: 'There is no variable {variable}.',
    ru: 'Переменной {variable} нет.',
  },
  'canned_reply.too_many': {
    status: 422,
    en: 'There are 200 canned replies. Withdraw one first.',
    ru: 'Уже есть 200 шаблонов ответов. Сначала уберите один из них.',
  },
  'canned_reply.shortcut_taken': {
    status: 409,
    en: 'Another canned reply has the shortcut “{shortcut}”.',
    ru: 'Сокращение «{shortcut}» уже у другого шаблона.',
  },
  'token.not_found': { status: 404, en: 'There is no such token.', ru: 'Такого токена нет.' },
  'token.expiry_out_of_range': { status: 422, en: 'A token lives from 1 to 366 days.', ru: 'Срок действия токена — от 1 до 366 дней.' },
  'token.too_many': { status: 422, en: 'You have 50 tokens. Revoke one first.', ru: 'У вас уже 50 токенов. Сначала отзовите один из них.' },
  'token.scope_not_yours': {
    status: 422,
    en: 'A token cannot be given what your role may not do.',
    ru: 'Токену нельзя дать то, чего не разрешает ваша роль.',
  },
  'search.only_common_words': {
    status: 422,
    en: 'There is no word here to look for: only signs, or words that nearly every text has. Add what is particular: a product, the name of an error, a ticket’s number.',
    ru: 'Искать здесь нечего: только знаки или слова, которые есть почти в каждом тексте. Добавьте что-нибудь особенное: продукт, название ошибки, номер запроса.',
  },
  'search.sort_fixed': {
    status: 422,
    en: 'What is found is ordered by its newest message. Leave out sort, or give -lastMessageAt.',
    ru: 'Найденное упорядочено по последнему сообщению. Уберите sort или укажите -lastMessageAt.',
  },
  'hold.not_found': { status: 404, en: 'There is no such hold.', ru: 'Такой приостановки нет.' },
  'hold.being_lifted': {
    status: 409,
    en: 'The hold is being lifted at this moment.',
    ru: 'Приостановка как раз снимается.',
  },
  'job.not_found': { status: 404, en: 'There is no such work.', ru: 'Такой работы нет.' },
  'job.over': { status: 409, en: 'The work is over already.', ru: 'Работа уже завершена.' },
  'job.too_large': {
    status: 422,
    en: 'These are too many tickets at once. Do it queue by queue.',
    ru: 'Запросов слишком много для одного раза. Сделайте это по очередям, одну за другой.',
  },
  'timing_policy.not_found': { status: 404, en: 'There is no such timing policy.', ru: 'Таких правил сроков нет.' },
  'timing_policy.in_use': {
    status: 409,
    en: 'A queue goes by this timing policy. Give the queue another one first.',
    ru: 'По этим правилам сроков работает очередь. Сначала назначьте ей другие.',
  },
  'timing_policy.not_of_queue': {
    status: 409,
    en: 'The queue goes by another timing policy. Give it this one first.',
    ru: 'Очередь работает по другим правилам сроков. Сначала назначьте ей эти.',
  },
  'sla_plan.not_found': { status: 404, en: 'There is no such plan.', ru: 'Такого плана нет.' },
  'sla_plan.withdrawn': {
    status: 409,
    en: 'This plan is withdrawn. Bring it back first, or choose another.',
    ru: 'Этот план отозван. Сначала верните его или выберите другой.',
  },
  'sla_plan.not_withdrawn': { status: 409, en: 'This plan is not withdrawn.', ru: 'Этот план не отозван.' },
  'sla_plan.in_use': {
    status: 409,
    en: 'A queue goes by this plan, or an agreement that stands or is to come is based on it. Give them another plan first.',
    ru: 'По этому плану работает очередь, или на нём основано действующее либо будущее соглашение. Сначала назначьте им другой план.',
  },
  'sla_plan.too_many': {
    status: 409,
    en: 'There are {limit} plans, and no more can be kept.',
    ru: 'Планов уже {limit}, больше хранить нельзя.',
  },
  'service_terms.hours_wrong': {
    status: 422,
    en: 'Working hours must begin at least an hour before they end, both within one day.',
    ru: 'Рабочие часы должны начинаться хотя бы за час до своего конца, в пределах одного дня.',
  },
  'agreement.not_found': { status: 404, en: 'There is no such agreement.', ru: 'Такого соглашения нет.' },
  'agreement.overlaps': {
    status: 409,
    en: 'The account has another agreement for a part of this time. End that one first, or begin later.',
    ru: 'На часть этого времени у аккаунта уже есть соглашение. Сначала завершите его или начните новое позже.',
  },
  'agreement.begun': {
    status: 409,
    en: 'The agreement has begun: since when it stands is not changed any more.',
    ru: 'Соглашение уже действует: дату начала больше нельзя изменить.',
  },
  'agreement.ended': {
    status: 409,
    en: 'The agreement has ended. Make another one.',
    ru: 'Соглашение уже закончилось. Заключите новое.',
  },
  'agreement.ends_before_start': {
    status: 422,
    en: 'The agreement would end before it begins.',
    ru: 'Соглашение закончилось бы раньше, чем началось.',
  },
  'agreement.date_out_of_range': {
    status: 422,
    en: 'An agreement begins and ends between the years 2000 and 2200.',
    ru: 'Соглашение начинается и заканчивается между 2000 и 2200 годами.',
  },
  'agreement.ends_in_past': {
    status: 422,
    en: 'The end lies in the past. To end an agreement now, end it.',
    ru: 'Срок окончания в прошлом. Чтобы завершить соглашение сейчас, завершите его.',
  },
  'service_report.period_reversed': {
    status: 422,
    en: 'The period ends before it begins.',
    ru: 'Период заканчивается раньше, чем начинается.',
  },
  'service_report.period_too_long': {
    status: 422,
    en: 'A report tells of at most {days} days.',
    ru: 'Отчёт охватывает не более {days} дней.',
  },
  'calendar.not_found': { status: 404, en: 'There is no such calendar.', ru: 'Такого календаря нет.' },
  'calendar.version_not_found': { status: 404, en: 'The calendar has no such version.', ru: 'У календаря нет такой версии.' },
  'calendar.year_not_found': { status: 404, en: 'The calendar does not know this year.', ru: 'Этого года в календаре нет.' },
  'calendar.in_use': {
    status: 409,
    en: 'Deadlines are counted by this calendar: a plan, an agreement or an open ticket goes by it. Give plans and agreements another one first; tickets let go of it when they are archived or re-timed.',
    ru: 'По этому календарю считаются сроки: им пользуется план, соглашение или открытый запрос. Сначала назначьте планам и соглашениям другой; запросы перестанут от него зависеть после архива или пересчёта.',
  },
  'calendar.withdrawn': {
    status: 409,
    en: 'This calendar is withdrawn and stays as it was. Choose another one, or make a new one like it.',
    ru: 'Этот календарь отозван и остаётся каким был. Выберите другой или создайте новый по его образцу.',
  },
  'calendar.too_many': {
    status: 409,
    en: 'There are {limit} calendars, and no more can be kept. Withdraw some that nothing goes by.',
    ru: 'Календарей уже {limit}, больше хранить нельзя. Отзовите те, по которым ничего не считается.',
  },
  'calendar.zone_unknown': {
    status: 422,
    en: 'No time zone is called “{zone}”. Give one by its IANA name, such as Europe/Moscow.',
    ru: 'Часового пояса «{zone}» нет. Укажите его имя по IANA, например Europe/Moscow.',
  },
  'calendar.weekdays_invalid': {
    status: 422,
    en: 'Choose at least one day of the week that is worked, each once: 1 for Monday to 7 for Sunday.',
    ru: 'Выберите хотя бы один рабочий день недели, каждый по одному разу: от 1 (понедельник) до 7 (воскресенье).',
  },
  'calendar.hours_invalid': {
    status: 422,
    en: 'A working day opens before it closes, within one day, and lasts an hour at least; two hours where short days end early.',
    ru: 'Рабочий день открывается раньше, чем закрывается, в пределах одних суток и длится не меньше часа; если короткие дни кончаются раньше — не меньше двух часов.',
  },
  'calendar.years_invalid': {
    status: 422,
    en: 'A calendar knows years from 1970 to 2200, and 60 of them at the most.',
    ru: 'Календарь может содержать годы с 1970 по 2200, не более 60.',
  },
  'calendar.date_invalid': {
    status: 422,
    en: '{date} does not fit the year {year}. A date is one of that year and stands in a list once; it is not both off and worked, and only a worked day can be short.',
    ru: 'Дата {date} не подходит году {year}. Дата должна быть из этого года и стоять в списке один раз, не быть сразу выходной и рабочей; сокращённым может быть только рабочий день.',
  },
  'calendar.no_working_day': {
    status: 422,
    en: 'The year {year} would have no working day: no deadline could end in it.',
    ru: 'В {year} году не осталось бы ни одного рабочего дня: ни один срок не мог бы в нём закончиться.',
  },
  'queue.not_found': { status: 404, en: 'There is no such queue.', ru: 'Такой очереди нет.' },
  'queue.category_taken': { status: 409, en: 'A queue has this category already.', ru: 'Очередь с такой категорией уже есть.' },
  'ticket.no_deadline': {
    status: 409,
    en: 'Nothing closes or archives this ticket by itself.',
    ru: 'Этот запрос не закрывается и не архивируется автоматически.',
  },
  'hold.already_lifted': { status: 409, en: 'The hold is lifted already.', ru: 'Приостановка уже снята.' },
  'hold.scope_unknown': {
    status: 422,
    en: 'The account or ticket that the hold names does not exist.',
    ru: 'Аккаунта или запроса, указанного в приостановке, не существует.',
  },
  'hold.until_in_past': {
    status: 422,
    en: 'A hold must end in the future, or not at all.',
    ru: 'Приостановка должна заканчиваться в будущем или быть бессрочной.',
  },
  'quote.not_found': { status: 404, en: 'There is no such quote.', ru: 'Такого предложения нет.' },
  'quote.settled': {
    status: 409,
    en: 'This quote was answered, withdrawn or done already.',
    ru: 'На это предложение уже ответили, либо оно отозвано или выполнено.',
  },
  'quote.expired': { status: 409, en: 'This quote has expired. Ask for a new one.', ru: 'Срок предложения истёк. Попросите новое.' },
  'quote.not_accepted': { status: 409, en: 'Only accepted work can be done.', ru: 'Выполнить можно только принятую работу.' },
  'quote.not_due': { status: 409, en: 'It is not time for this yet.', ru: 'Время для этого ещё не пришло.' },
  'quote.validity_out_of_range': {
    status: 422,
    en: 'A quote stands for an hour at least and for 90 days at the most.',
    ru: 'Предложение действует не меньше часа и не больше 90 дней.',
  },
  'quote.currency_wrong': { status: 422, en: 'This account pays in {currency}.', ru: 'Валюта этого аккаунта — {currency}.' },
  'quote.too_many': {
    status: 422,
    en: 'This ticket has 20 open quotes. Withdraw one first.',
    ru: 'В этом запросе уже 20 открытых предложений. Сначала отзовите одно из них.',
  },
  'server_access.not_found': { status: 404, en: 'There is no such server access.', ru: 'Такого доступа к серверу нет.' },
  'server_access.ended': {
    status: 409,
    en: 'This access has ended; its secret is destroyed.',
    ru: 'Этот доступ завершён, секрет уничтожен.',
  },
  'server_access.no_secret': {
    status: 409,
    en: 'This access has no secret: support access is switched on in the panel.',
    ru: 'У этого доступа нет секрета: доступ для поддержки включён в панели.',
  },
  'server_access.extended_to_the_end': {
    status: 409,
    en: 'This access cannot be extended further: 72 hours from now, 30 days in all. Grant a new one.',
    ru: 'Продлить этот доступ дальше нельзя: 72 часа от текущего момента, всего 30 дней. Предоставьте новый.',
  },
  'server_access.too_many': {
    status: 422,
    en: 'This ticket has 20 open accesses. End one first.',
    ru: 'В этом запросе уже 20 открытых доступов. Сначала завершите один из них.',
  },
  'server_access.unreadable': {
    status: 409,
    en: 'The secret cannot be opened any more: its key is gone. Ask the customer for a new access.',
    ru: 'Секрет больше нельзя прочитать: его ключа нет. Попросите клиента предоставить доступ заново.',
  },
  'file.not_found': { status: 404, en: 'There is no such file.', ru: 'Такого файла нет.' },
  'file.unknown': {
    status: 422,
    en: 'One of the files does not exist, is not your upload, or was purged because nothing used it for a day. Upload it again.',
    ru: 'Один из файлов не существует, загружен не вами или удалён, так как сутки не использовался. Загрузите его снова.',
  },
  'file.too_many': {
    status: 422,
    en: 'A message can have ten files at the most, its log and HAR archive among them.',
    ru: 'К сообщению можно прикрепить не больше десяти файлов, включая журнал и HAR-архив.',
  },
  'file.already_used': {
    status: 409,
    en: 'One of the files belongs to a message already. Upload it again to send it once more.',
    ru: 'Один из файлов уже прикреплён к сообщению. Чтобы отправить его ещё раз, загрузите его снова.',
  },
  'file.not_a_har': {
    status: 422,
    en: 'What is given as the HAR archive is another kind of file.',
    ru: 'Файл, указанный как HAR-архив, — другого типа.',
  },
  'file.empty': { status: 422, en: 'The file is empty.', ru: 'Файл пуст.' },
  'file.too_large': { status: 413, en: 'A file can have 10 MiB at the most.', ru: 'Файл может занимать не больше 10 МиБ.' },
  'file.type_refused': {
    status: 415,
    en: 'Files of this kind are not taken. Pictures, video, PDF, text, logs, HAR and archives are.',
    ru: 'Файлы такого типа не принимаются. Можно прикреплять изображения, видео, PDF, тексты, журналы, HAR и архивы.',
  },
  'file.picture_too_large': {
    status: 422,
    en: 'The picture has more than 50 megapixels.',
    ru: 'В изображении больше 50 мегапикселей.',
  },
  'file.har_invalid': {
    status: 422,
    en: 'This is not a HAR archive: it could not be cleaned of secrets, and was not kept. Export it again from the browser.',
    ru: 'Это не HAR-архив: его нельзя очистить от секретов, и он не сохранён. Экспортируйте его из браузера ещё раз.',
  },
  'file.too_many_unused': {
    status: 422,
    en: 'You have uploaded 100 files or 200 MiB that no message uses. Use some of them, or wait a day.',
    ru: 'Вы загрузили 100 файлов или 200 МиБ, которые не прикреплены к сообщениям. Прикрепите часть из них или подождите сутки.',
  },
  'file.storage_full': {
    status: 507,
    en: 'There is no room for the file now. Nothing of it was kept; your text is not affected.',
    ru: 'Сейчас для файла нет места. Ничего не сохранено; на ваш текст это не влияет.',
  },
  'file.storage_unavailable': {
    status: 503,
    en: 'Attachments cannot be reached now. Try again shortly.',
    ru: 'Вложения сейчас недоступны. Повторите попытку чуть позже.',
  },
  'file.upload_broken': {
    status: 400,
    en: 'The upload broke off before its end. Nothing was kept.',
    ru: 'Загрузка прервалась. Ничего не сохранено.',
  },
  'file.range_invalid': { status: 416, en: 'The file has no such bytes.', ru: 'В файле нет таких байтов.' },
  'case.not_found': { status: 404, en: 'There is no such open case.', ru: 'Такого открытого случая нет.' },
  'notification.not_found': { status: 404, en: 'There is no such notification.', ru: 'Такого уведомления нет.' },
  'severity.claimed_already': {
    status: 409,
    en: 'This ticket is claimed as critical already.',
    ru: 'Запрос уже отмечен как критический.',
  },
  'severity.nothing_new': {
    status: 409,
    en: 'Support decided that this is not critical. Write in the ticket what has changed, then claim it again.',
    ru: 'Поддержка решила, что запрос не критический. Напишите в запросе, что изменилось, и отметьте его снова.',
  },
  'severity.not_claimed': {
    status: 409,
    en: 'Nobody has claimed that this ticket is critical.',
    ru: 'Этот запрос никто не отмечал как критический.',
  },
  'severity.decided_already': { status: 409, en: 'This has been decided so already.', ru: 'Такое решение уже принято.' },
  'severity.reason_missing': {
    status: 422,
    en: 'Say why it is not critical: the customer reads it.',
    ru: 'Напишите, почему запрос не критический: это прочитает клиент.',
  },
  'scope_item.not_found': {
    status: 404,
    en: 'There is no such item in the support catalogue.',
    ru: 'Такого пункта в перечне работ поддержки нет.',
  },
  'scope_item.withdrawn': {
    status: 409,
    en: 'This item of the support catalogue was withdrawn.',
    ru: 'Этот пункт перечня работ поддержки снят.',
  },
  'scope_item.covered': {
    status: 422,
    en: 'Support does this: it is no reason to refuse.',
    ru: 'Поддержка это делает: это не причина для отказа.',
  },
  'scope_item.offer_quote': {
    status: 422,
    en: 'This is done for money: offer a quote instead of refusing.',
    ru: 'Это выполняется за плату: вместо отказа сделайте предложение.',
  },
  'scope_item.too_many': {
    status: 422,
    en: 'The support catalogue has 500 items at the most.',
    ru: 'В перечне работ поддержки может быть не более 500 пунктов.',
  },
  'partner.too_many': { status: 422, en: 'There are 200 partners at the most.', ru: 'Партнёров может быть не более 200.' },
  'problem.answer_running': {
    status: 409,
    en: 'An answer is on its way to all linked tickets. Wait until it is done, or stop it.',
    ru: 'Ответ уже рассылается во все связанные запросы. Дождитесь завершения или остановите его.',
  },
  'partner.not_found': { status: 404, en: 'There is no such partner.', ru: 'Такого партнёра нет.' },
  'problem.not_found': { status: 404, en: 'There is no such problem or wish.', ru: 'Такой проблемы или пожелания нет.' },
  'problem.version_missing': {
    status: 422,
    en: 'Say in which version it is fixed.',
    ru: 'Укажите, в какой версии это исправлено.',
  },
  'problem.version_without_fix': {
    status: 422,
    en: 'A version belongs to what is fixed only.',
    ru: 'Версия указывается только для исправленного.',
  },
  'problem.linked_already': { status: 409, en: 'The ticket is linked to it already.', ru: 'Запрос с этим уже связан.' },
  'problem.not_linked': { status: 404, en: 'The ticket is not linked to it.', ru: 'Запрос с этим не связан.' },
  'problem.too_many': {
    status: 422,
    en: 'A ticket is linked to 20 problems and wishes at the most.',
    ru: 'Запрос можно связать не более чем с 20 проблемами и пожеланиями.',
  },
  'problem.nobody_linked': {
    status: 409,
    en: 'No ticket is linked to it: there is nobody to answer.',
    ru: 'С этим не связан ни один запрос: отвечать некому.',
  },
  'balance.insufficient': {
    status: 422,
    en: 'The money does not suffice: {missing} are missing. Top up the balance, or pay the order directly.',
    ru: 'Не хватает {missing}. Пополните баланс или оплатите заказ напрямую.',
  },
  'balance.frozen': {
    status: 409,
    en: 'Spending from this balance is stopped until our staff have looked. Please write to support.',
    ru: 'Траты с этого баланса остановлены до проверки. Напишите в поддержку.',
  },
  'balance.credit_overdue': {
    status: 409,
    en: 'Used credit is overdue. Pay it first; until then no more credit can be used.',
    ru: 'Использованный кредит просрочен. Сначала погасите его: до этого кредит недоступен.',
  },
  'money.currency_wrong': { status: 422, en: 'This account is kept in {currency}.', ru: 'Счёт ведётся в {currency}.' },
  'money.key_required': {
    status: 400,
    en: 'Money would move: send an Idempotency-Key, so that a repeat does it only once.',
    ru: 'Операция с деньгами: передайте Idempotency-Key, чтобы повтор не выполнил её дважды.',
  },
  'money.exceeds_rest': {
    status: 422,
    en: 'Only {rest} are left of it that have not gone back.',
    ru: 'Из этой суммы ещё не возвращено только {rest}.',
  },
  'payment.not_found': { status: 404, en: 'There is no such payment.', ru: 'Такого платежа нет.' },
  'payment.amount_too_small': { status: 422, en: 'The least sum is {least}.', ru: 'Минимальная сумма: {least}.' },
  'payment.amount_too_large': {
    status: 422,
    en: 'The largest sum of one payment is {most}.',
    ru: 'Максимальная сумма одного платежа: {most}.',
  },
  'payment.return_url_invalid': {
    status: 422,
    en: 'The return address must begin with https://.',
    ru: 'Адрес возврата должен начинаться с https://.',
  },
  'payment.unavailable': {
    status: 409,
    en: 'Payments cannot be made here: there is no payment provider.',
    ru: 'Платить здесь нельзя: платёжный провайдер не подключён.',
  },
  'payment.too_many_open': {
    status: 429,
    en: 'Too many payments wait to be paid. Pay one of them, or try again later.',
    ru: 'Слишком много неоплаченных платежей. Оплатите один из них или попробуйте позже.',
  },
  'payment.not_settled': { status: 409, en: 'The payment has not come in.', ru: 'Платёж ещё не поступил.' },
  'payment.charged_back': { status: 409, en: 'The payment was charged back already.', ru: 'Платёж уже оспорен.' },
  'approval.not_found': { status: 404, en: 'There is no such approval.', ru: 'Такого согласования нет.' },
  'approval.settled': { status: 409, en: 'It was decided already.', ru: 'Решение уже принято.' },
  'approval.second_person': {
    status: 409,
    en: 'Somebody else must approve it: whoever asked for it may not.',
    ru: 'Одобрить должен другой сотрудник, не тот, кто запросил.',
  },
  'refund.not_found': { status: 404, en: 'There is no such refund.', ru: 'Такого возврата нет.' },
  'refund.exceeds_unspent': {
    status: 422,
    en: 'Of this payment {unspent} are unspent: no more can be refunded.',
    ru: 'Из этого платежа не потрачено {unspent}: больше вернуть нельзя.',
  },
  'refund.window_over': {
    status: 422,
    en: 'The provider takes no refunds of this payment any more.',
    ru: 'Провайдер больше не принимает возвраты по этому платежу.',
  },
  'adjustment.not_found': { status: 404, en: 'There is no such adjustment.', ru: 'Такой корректировки нет.' },
  'adjustment.exceeds_bonus': { status: 422, en: 'There is less bonus than that: {bonus}.', ru: 'Бонусов меньше: {bonus}.' },
  'order.not_found': { status: 404, en: 'There is no such order.', ru: 'Такого заказа нет.' },
  'order.already_paid': { status: 409, en: 'The order is paid already.', ru: 'Заказ уже оплачен.' },
  'order.settled': { status: 409, en: 'The order is over.', ru: 'Заказ уже закрыт.' },
  'order.not_paid': { status: 409, en: 'The order is not paid.', ru: 'Заказ не оплачен.' },
  'order.reversed': { status: 409, en: 'What the order cost went back already.', ru: 'Стоимость заказа уже возвращена.' },
  'order.price_changed': {
    status: 409,
    en: 'The price has changed: it is {price} now. Place the order again.',
    ru: 'Цена изменилась: теперь {price}. Оформите заказ заново.',
  },
  'order.offer_gone': { status: 409, en: 'What was ordered is not on offer any more.', ru: 'То, что вы заказали, больше не предлагается.' },
  'order.being_paid': { status: 409, en: 'A payment for this order is under way.', ru: 'Платёж по этому заказу уже идёт.' },
  'order.too_many_open': {
    status: 429,
    en: 'Too many orders wait to be paid. Pay or cancel one of them.',
    ru: 'Слишком много неоплаченных заказов. Оплатите или отмените один из них.',
  },
  'order.payment_by_provider_too_small': {
    status: 422,
    en: 'The sum due is too small to be paid directly. Pay it from the balance.',
    ru: 'Сумма слишком мала для прямой оплаты. Оплатите с баланса.',
  },
  'promo_code.not_found': { status: 404, en: 'There is no such promo code.', ru: 'Такого промокода нет.' },
  'promo_code.not_valid': { status: 422, en: 'This promo code is not valid.', ru: 'Этот промокод недействителен.' },
  'promo_code.ends_before_start': {
    status: 422,
    en: 'The promo code must end later than it begins.',
    ru: 'Промокод должен заканчиваться позже, чем начинается.',
  },
  'promo_code.not_yet_valid': { status: 422, en: 'This promo code is not valid yet.', ru: 'Этот промокод ещё не действует.' },
  'promo_code.expired': { status: 422, en: 'This promo code has expired.', ru: 'Срок действия промокода истёк.' },
  'promo_code.used_up': { status: 422, en: 'This promo code has been used up.', ru: 'Промокод уже использован максимальное число раз.' },
  'promo_code.used_by_you': {
    status: 422,
    en: 'You have used this promo code as often as it may be.',
    ru: 'Вы уже использовали этот промокод.',
  },
  'promo_code.does_not_fit': { status: 422, en: 'This promo code does not fit what is ordered.', ru: 'Промокод не подходит к заказу.' },
  'promo_code.code_taken': { status: 409, en: 'There is a promo code of this spelling already.', ru: 'Такой промокод уже есть.' },
  'promo_code.caps_below_use': {
    status: 409,
    en: 'It has been used more often than that: {used} times.',
    ru: 'Он уже использован чаще: {used}.',
  },
  'promo_code.withdrawn': { status: 409, en: 'This promo code is withdrawn.', ru: 'Промокод отозван.' },
  'tax_rate.not_found': { status: 404, en: 'There is no such tax rate.', ru: 'Такой ставки налога нет.' },
  'tax_rate.exists': { status: 409, en: 'There is a rate for these from that day on already.', ru: 'Такая ставка с этого дня уже есть.' },
  'tax_rate.in_force': {
    status: 409,
    en: 'The rate is in force already: add one that follows it.',
    ru: 'Ставка уже действует: добавьте следующую за ней.',
  },
  'statement.not_yet': {
    status: 404,
    en: 'There is no statement for this month: it has not begun, or the account is younger.',
    ru: 'За этот месяц выписки нет: он ещё не начался или счёт открыт позже.',
  },
  'credit.term_out_of_range': { status: 422, en: 'The term must be from 1 to 365 days.', ru: 'Срок должен быть от 1 до 365 дней.' },
  'ledger.account_not_found': { status: 404, en: 'There is no such account in the books.', ru: 'Такого счёта в книгах нет.' },
  'ledger.transfer_not_found': { status: 404, en: 'There is no such entry in the books.', ru: 'Такой проводки в книгах нет.' },
  'books_audit.not_found': { status: 404, en: 'There is no such audit.', ru: 'Такой сверки нет.' },
  'books_audit.running': { status: 409, en: 'The books are being audited already.', ru: 'Сверка уже идёт.' },
  'webhook.foreign_address': {
    status: 403,
    en: 'Notifications are not taken from this address.',
    ru: 'Уведомления с этого адреса не принимаются.',
  },
  'event.too_many_streams': {
    status: 429,
    en: 'You have too many streams of events open. Close some, or share one.',
    ru: 'У вас открыто слишком много потоков событий. Закройте лишние или используйте один общий.',
  },
  'service.unavailable': {
    status: 503,
    en: 'Kontor cannot reach its database now. Try again shortly, with the same Idempotency-Key if you sent one: nothing is done twice.',
    ru: 'Kontor сейчас не может связаться с базой данных. Повторите попытку чуть позже, с тем же Idempotency-Key, если он был: ничего не выполнится дважды.',
  },
  'service.internal': {
    status: 500,
    en: 'Something went wrong on our side. Quote the request id when you report it.',
    ru: 'Произошла ошибка на нашей стороне. При обращении укажите идентификатор запроса.',
  },
};
