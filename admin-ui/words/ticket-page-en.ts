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
  format: {
    label: 'Formatting',
    bold: 'Bold',
    italic: 'Italic',
    link: 'Link',
    bullets: 'List',
    numbers: 'Numbered list',
    quote: 'Quotation',
    code: 'Code',
  },
  sendAnd: {
    label: 'What follows the sending',
    take: 'Send and take the ticket',
    close: 'Send and close the ticket',
    done: { take: 'The reply is sent, and the ticket is yours.', close: 'The reply is sent, and the ticket is closed.' },
    failed: {
      take: 'The reply is sent, but the ticket is not yours: %{why}',
      close: 'The reply is sent, but the ticket is not closed: %{why}',
    },
  },
  commands: {
    label: 'Commands',
    placeholder: 'What would you like to do? Or a ticket’s number',
    none: 'Nothing here is called that.',
    toTicket: 'Go to %{number}',
  },
  step: {
    warn: 'The customer is told that it will close',
    auto_close: 'Closes by itself unless the customer writes',
    archive: 'Goes to the archive unless the customer writes',
    wake: 'The snooze ends and the ticket comes back',
  },
};
