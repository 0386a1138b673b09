import { lazy } from 'react';

export const tickets = {
  list: lazy(async () => ({ default: (await import('./TicketList.tsx')).TicketList })),
  show: lazy(async () => ({ default: (await import('./TicketPage.tsx')).TicketPage })),
};
