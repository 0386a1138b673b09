import { startTransition, useEffect, useState } from 'react';

/** Whether a ticket's page was ever whole since the console was loaded: from then on everything of it is quick. */
let warm = false;

/**
 * False while the first ticket of all is painted: what one reads and where one writes comes first then, and the rest a
 * moment later, as the browser has never seen any of it.
 */
export function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(warm);
  useEffect(() => {
    if (painted) return undefined;
    const frame = requestAnimationFrame(() => {
      warm = true;
      startTransition(() => setPainted(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [painted]);
  return painted;
}
