import { lazy } from 'react';
import { TicketPageDoor } from './TicketPageDoor.tsx';

export const NewTicketPage = lazy(async () => ({ default: (await import('./NewTicketPage.tsx')).NewTicketPage }));

export const tickets = {
  list: lazy(async () => ({ default: (await import('./TicketList.tsx')).TicketList })),
  show: TicketPageDoor,
  // `/tickets/CS-000123`, as people shorten the address: the ticket's page as well.
  edit: TicketPageDoor,
};
