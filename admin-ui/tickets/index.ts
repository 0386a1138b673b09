import { lazy } from 'react';

const page = lazy(async () => ({ default: (await import('./TicketPage.tsx')).TicketPage }));

export const NewTicketPage = lazy(async () => ({ default: (await import('./NewTicketPage.tsx')).NewTicketPage }));

export const tickets = {
  list: lazy(async () => ({ default: (await import('./TicketList.tsx')).TicketList })),
  show: page,
  // `/tickets/CS-000123`, as people shorten the address: the ticket's page as well.
  edit: page,
};
