import { useEffect, useState, type ComponentType } from 'react';
import { SlowWait } from '../layout/SlowWait.tsx';

let loaded: ComponentType | undefined;

/** Fetches the page's own part of the program, once. */
export async function loadTicketPage(): Promise<ComponentType> {
  loaded ??= (await import('./TicketPage.tsx')).TicketPage;
  return loaded;
}

/**
 * A ticket's page, at once where its part of the program is there already, else as soon as it is. React's own lazy
 * components would show a sign of waiting and then let it stand for a third of a second, however soon the page is there.
 */
export function TicketPageDoor() {
  const [Page, setPage] = useState<ComponentType | undefined>(() => loaded);
  const [failure, setFailure] = useState<Error>();
  useEffect(() => {
    if (Page) return;
    loadTicketPage().then(
      (page) => setPage(() => page),
      (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))),
    );
  }, [Page]);
  // The page around this one says what is broken, and offers to load the console anew.
  if (failure) throw failure;
  return Page ? <Page /> : <SlowWait />;
}
