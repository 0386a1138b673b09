import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useKontor } from '../server/use-kontor.ts';

function watchVisibility(watcher: () => void): () => void {
  document.addEventListener('visibilitychange', watcher);
  return () => document.removeEventListener('visibilitychange', watcher);
}

/**
 * Tells the server how far the reader has read (SPEC T10): only what was in sight, in a window that was in sight. A mark that
 * does not arrive is no loss: the next one says more.
 */
export function useReadMark(number: string, seenId: string | undefined): void {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const visible = useSyncExternalStore(watchVisibility, () => document.visibilityState === 'visible');
  useEffect(() => {
    if (!visible || seenId === undefined) return;
    dataProvider.markRead(number, seenId).then(
      () => queries.invalidateQueries({ queryKey: ['tickets'], refetchType: 'none' }),
      () => {},
    );
  }, [visible, seenId, number, dataProvider, queries]);
}
