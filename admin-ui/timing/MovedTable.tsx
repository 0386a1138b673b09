import { Box, Button } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { tableStyle } from '../lists/table-style.ts';
import { Moment } from '../time/Moment.tsx';
import type { Look, MovedTickets } from './timing-reads.ts';

interface Moved {
  /** Names what is looked at, so that another look is another table. */
  readonly about: readonly unknown[];
  readonly look: Look;
  /** What is said when nothing would move. */
  readonly nothing: string;
  readonly untold: string;
  /** Told how many tickets would move, once that is known. */
  readonly onTotal?: (total: number) => void;
}

/** Deadlines, old beside new, before anything is done (SPEC T8, M3). */
export function MovedTable({ about, look, nothing, untold, onTotal }: Moved) {
  const translate = useTranslate();
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['moved', ...about],
    queryFn: ({ pageParam }) => look(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
  });
  const total = data?.pages[0]?.total;
  useEffect(() => {
    if (typeof total === 'number') onTotal?.(total);
  }, [total, onTotal]);
  if (!data) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  const rows = data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Box sx={{ py: 1 }}>{nothing}</Box>;
  return (
    <>
      <Box component="output" sx={{ display: 'block', mb: 1, fontWeight: 600 }}>
        {translate('kontor.timing.moved.total', { smart_count: total ?? rows.length })}
      </Box>
      {/* Whoever uses keys must be able to reach what is below the edge. */}
      <Box
        component="section"
        tabIndex={0}
        aria-label={translate('kontor.timing.moved.label')}
        sx={{ maxHeight: 320, overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}
      >
        <Rows rows={rows} untold={untold} />
      </Box>
      {hasNextPage && (
        <Button sx={{ mt: 1 }} onClick={() => void fetchNextPage()}>
          {translate('kontor.timing.moved.more')}
        </Button>
      )}
    </>
  );
}

function Rows({ rows, untold }: { rows: MovedTickets['items']; untold: string }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.moved.${name}`);
  return (
    <Box component="table" aria-label={word('label')} sx={{ ...tableStyle, tableLayout: 'auto' }}>
      <thead>
        <tr>
          {['ticket', 'step', 'old', 'new'].map((name) => (
            <th scope="col" key={name}>
              {word(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(({ ticket, subject, steps }) =>
          steps.map((step) => (
            <tr key={`${ticket} ${step.what}`}>
              <td>
                <Box component={Link} to={`/tickets/${ticket}/show`} title={subject} sx={{ color: 'primary.main' }}>
                  {ticket}
                </Box>
              </td>
              <td>{word(`what.${step.what}`)}</td>
              <td>
                <Moment at={step.old} as="moment" />
              </td>
              <td>{step.new ? <Moment at={step.new} as="moment" /> : untold}</td>
            </tr>
          )),
        )}
      </tbody>
    </Box>
  );
}
