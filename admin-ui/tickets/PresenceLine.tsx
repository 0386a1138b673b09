import { Box } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { useWritingNow } from './writing-now.ts';

interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly writing: boolean;
}

const sayAgainMilliseconds = 15_000;

/** Says that the reader has this ticket open, for as long as he has, and returns who else does (SPEC T13). */
function usePresence(number: string): readonly Colleague[] {
  const may = useMay();
  const enabled = may('ticket.draft');
  const writing = useWritingNow(number);
  const address = `/tickets/${inPath(number)}/presence`;
  const { data, refetch } = useQuery({
    queryKey: ['presence', number],
    queryFn: async () => (await request<{ items: Colleague[] }>('PUT', address, { body: { writing } })).items,
    enabled,
    refetchInterval: sayAgainMilliseconds,
    staleTime: 0,
    gcTime: 0,
  });
  const said = useRef(writing);
  useEffect(() => {
    if (said.current === writing) return;
    said.current = writing;
    if (enabled) void refetch();
  }, [enabled, writing, refetch]);
  useEffect(() => {
    if (!enabled) return undefined;
    const leave = () => void fetch(`/api/staff/v1${address}`, { method: 'DELETE', keepalive: true }).catch(() => {});
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [enabled, address]);
  return data ?? [];
}

/** “Oleg is writing…”: who else has this ticket open. Takes no room while nobody has. */
export function PresenceLine({ number }: { number: string }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const others = usePresence(number);
  const words = (['writing', 'reading'] as const).flatMap((doing) => {
    const names = others.filter(({ writing }) => writing === (doing === 'writing')).map(({ name }) => name);
    const listed = new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
    return names.length ? [translate(`kontor.live.presence.${doing}`, { names: listed, smart_count: names.length })] : [];
  });
  return (
    <Box
      component="output"
      data-presence
      sx={{ fontSize: 12, color: 'text.secondary', display: 'block', minWidth: 0, overflowWrap: 'anywhere' }}
    >
      {words.join(' · ')}
    </Box>
  );
}
