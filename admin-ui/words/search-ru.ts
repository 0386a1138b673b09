import type { searchEn } from './search-en.ts';

/** Words about finding tickets, in Russian. */
export const searchRu: typeof searchEn = {
  label: 'Поиск запросов',
  placeholder: 'Поиск: номер или слова из запроса',
  none: 'Запроса %{number} нет.',
  title: 'Найдено: «%{text}»',
  where: 'Где',
  everywhere: 'Везде',
  active: 'Активные запросы',
  archive: 'Архив',
  nothing:
    'Нет запроса, в теме или сообщениях которого есть все эти слова. Уберите одно из слов или напишите его начало; только что написанное находится чуть позже.',
  inNote: 'в заметке',
  unread: 'Непрочитанные',
  unreadOnes: 'Только непрочитанные',
  notRead: 'Вы ещё не читали',
};
