import type { ticketPageEn } from './ticket-page-en.ts';

/** The words of a ticket's page, in Russian. */
export const ticketPageRu: typeof ticketPageEn = {
  quotation: 'Цитата',
  today: 'Сегодня',
  yesterday: 'Вчера',
  earlier: 'Показать более ранние сообщения',
  heldNow: 'приостановлено',
  history: {
    filter: 'Что показано из истории',
    all: 'Всё',
    state: 'Что сделано',
    messages: 'Сообщения',
    earlier: 'Показать, что было раньше',
  },
  format: {
    label: 'Оформление',
    bold: 'Жирный',
    italic: 'Курсив',
    link: 'Ссылка',
    bullets: 'Список',
    numbers: 'Нумерованный список',
    quote: 'Цитата',
    code: 'Код',
  },
  sendAnd: {
    label: 'Что сделать после отправки',
    take: 'Отправить и взять запрос',
    close: 'Отправить и закрыть запрос',
    done: { take: 'Ответ отправлен, запрос ваш.', close: 'Ответ отправлен, запрос закрыт.' },
    failed: {
      take: 'Ответ отправлен, но запрос не ваш: %{why}',
      close: 'Ответ отправлен, но запрос не закрыт: %{why}',
    },
  },
  commands: {
    label: 'Команды',
    placeholder: 'Что сделать? Или номер запроса',
    none: 'Здесь такого нет.',
    toTicket: 'К запросу %{number}',
  },
  step: {
    warn: 'Клиент узнает, что запрос закроется',
    auto_close: 'Закроется сам, если клиент не напишет',
    archive: 'Уйдёт в архив, если клиент не напишет',
    wake: 'Откладывание закончится, запрос вернётся',
  },
};
