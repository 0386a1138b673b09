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
  step: {
    warn: 'Клиент узнает, что запрос закроется',
    auto_close: 'Закроется сам, если клиент не напишет',
    archive: 'Уйдёт в архив, если клиент не напишет',
    wake: 'Откладывание закончится, запрос вернётся',
  },
};
