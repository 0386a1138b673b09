/** Words about finding tickets, in English. */
export const searchEn = {
  label: 'Search tickets',
  placeholder: 'Search: number, or words in a ticket',
  none: 'There is no ticket %{number}.',
  title: 'Found: “%{text}”',
  where: 'Where',
  everywhere: 'Everywhere',
  active: 'Active tickets',
  archive: 'Archive',
  nothing:
    'No ticket has all of these words in its subject or messages. Leave a word out, or write its beginning; what was written just now is found a moment later.',
  inNote: 'in a note',
  unread: 'Unread',
  unreadOnes: 'Unread ones',
  notRead: 'Not read by you yet',
};
