import type { liveEn } from './live-en.ts';

/** Words about what is new, in Russian. */
export const liveRu: typeof liveEn = {
  bell: {
    title: 'Уведомления',
    none: 'Уведомления: нового нет',
    some: 'Уведомления: %{smart_count} новое |||| Уведомления: %{smart_count} новых |||| Уведомления: %{smart_count} новых',
    empty: 'Пока ничего нет. Здесь вы узнаете, что вам назначен запрос, что написал его клиент или что близок срок.',
    readAll: 'Отметить все прочитанными',
  },
  event: {
    staff_assigned: 'Этот запрос теперь ваш',
    staff_customer_replied: 'Ваш клиент написал',
    staff_critical_claimed: 'Клиент считает запрос критическим',
    staff_quote_answered: 'Клиент ответил на ваше предложение',
    staff_deadline_near: 'Скоро срок',
    staff_deadline_missed: 'Срок пропущен',
    ticket_created: 'Создан',
    ticket_answered: 'Получен ответ',
    ticket_about_to_close: 'Скоро закроется',
    ticket_closed: 'Закрыт',
    calendar_year_missing: 'В рабочем календаре не хватает года',
    security_new_sign_in: 'Вход под вашим именем из нового браузера',
    security_password_changed: 'Ваш пароль изменён',
    security_factor_changed: 'Ваш второй фактор изменён',
    security_email_changed: 'Ваш адрес изменён',
    security_change_begun: 'Начато изменение вашего способа входа',
    security_change_ended: 'Изменение вашего способа входа завершено',
    security_token_created: 'Создан API-токен',
    security_wrong_codes: 'При входе под вашим именем вводили неверные коды',
  },
  presence: {
    writing: '%{names} пишет… |||| %{names} пишут… |||| %{names} пишут…',
    reading: 'Запрос открыт и у коллеги: %{names} |||| Запрос открыт и у коллег: %{names} |||| Запрос открыт и у коллег: %{names}',
  },
  draft: {
    other: 'В другом окне вы написали другой текст. Ничего не потеряно: выберите, что оставить.',
    otherText: 'Текст другого окна',
    gone: 'В другом окне этот текст отправлен или удалён.',
    mine: 'Оставить то, что здесь',
    takeOther: 'Взять другой текст',
    both: 'Оба, один за другим',
    discard: 'Удалить и здесь',
  },
};
