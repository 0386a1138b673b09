/** The words of a ticket's page, in English: conversation, composer, history and the menu of commands. */
export const ticketPageEn = {
  quotation: 'Quoted text',
  today: 'Today',
  yesterday: 'Yesterday',
  earlier: 'Show earlier messages',
  heldNow: 'on hold',
  history: {
    filter: 'What of the history is shown',
    all: 'Everything',
    state: 'What was done',
    messages: 'Messages',
    earlier: 'Show what came before',
  },
  step: {
    warn: 'The customer is told that it will close',
    auto_close: 'Closes by itself unless the customer writes',
    archive: 'Goes to the archive unless the customer writes',
    wake: 'The snooze ends and the ticket comes back',
  },
};
