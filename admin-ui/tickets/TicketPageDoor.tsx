import { lazy, useState, type ComponentType } from 'react';

let loaded: ComponentType | undefined;

/** Fetches the page's own part of the program, once. */
export async function loadTicketPage(): Promise<ComponentType> {
  loaded ??= (await import('./TicketPage.tsx')).TicketPage;
  return loaded;
}

const Waiting = lazy(async () => ({ default: await loadTicketPage() }));

/**
 * A ticket's page. Where its part of the program is there already it shows at once: a lazy component would make React
 * show that it waits, and once that is shown React lets it stand for a third of a second.
 */
export function TicketPageDoor() {
  const [Page] = useState<ComponentType>(() => loaded ?? Waiting);
  return <Page />;
}
