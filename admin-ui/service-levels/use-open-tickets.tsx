import { useRef, useState, type ReactNode } from 'react';
import type { ServiceRetiming } from '../../domain/service-retiming.ts';
import { ServiceRetimingDialog } from '../service-retiming/index.ts';
import { useMay } from '../time/reader.ts';

interface OpenTickets {
  /** What is asked after the first dialog; undefined until then. */
  readonly shown: ReactNode | undefined;
  /** Asks it, after the first dialog has saved; of something that is called so. */
  readonly ask: (retiming: ServiceRetiming, name: string) => void;
  /** How the first dialog closes: the second takes its place where something is asked. */
  readonly close: () => void;
}

/**
 * A dialog that saves what is promised, and after it the one that says that open tickets keep what they were promised, and asks
 * whether the change is to be applied to them too (SPEC S7).
 */
export function useOpenTickets(onClose: () => void): OpenTickets {
  const may = useMay();
  const [asked, setAsked] = useState<ServiceRetiming & { readonly name: string }>();
  // The first dialog closes in the very moment in which it is asked, before anything is drawn anew.
  const asks = useRef(false);
  return {
    shown: asked && <ServiceRetimingDialog {...asked} onClose={onClose} />,
    ask: (retiming, name) => {
      if (!may('service_level.retime')) return;
      asks.current = true;
      setAsked({ ...retiming, name });
    },
    close: () => {
      if (!asks.current) onClose();
    },
  };
}
