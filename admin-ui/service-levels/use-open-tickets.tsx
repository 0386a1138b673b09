import { useRef, useState, type ReactNode } from 'react';
import { OpenTicketsDialog, type ServiceRetiming } from './OpenTicketsDialog.tsx';

interface OpenTickets {
  /** What is shown instead of the first dialog; undefined until it is told. */
  readonly shown: ReactNode | undefined;
  /** Tells it after the first dialog has saved. */
  readonly tell: (retiming: ServiceRetiming, name: string) => void;
  /** How the first dialog closes: the second takes its place where something is told. */
  readonly close: () => void;
}

/** A dialog that saves what is promised, and after it the one that says what becomes of open tickets. */
export function useOpenTickets(onClose: () => void): OpenTickets {
  const [told, setTold] = useState<{ retiming: ServiceRetiming; name: string }>();
  // The first dialog closes in the very moment in which it is told, before anything is drawn anew.
  const tells = useRef(false);
  return {
    shown: told && <OpenTicketsDialog {...told} onClose={onClose} />,
    tell: (retiming, name) => {
      tells.current = true;
      setTold({ retiming, name });
    },
    close: () => {
      if (!tells.current) onClose();
    },
  };
}
