import { Box, Button, useMediaQuery } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { tableStyle } from '../lists/table-style.ts';
import { Moment } from '../time/Moment.tsx';
import { useSpellDuration } from '../time/reader.ts';
import type { Look, MovedTicket, MovedTickets } from './timing-reads.ts';

interface Moved {
  /** Names what is looked at, so that another look is another table. */
  readonly about: readonly unknown[];
  readonly look: Look;
  /** What is said when nothing would move. */
  readonly nothing: string;
  readonly untold: string;
  /** Told the first page, which counts all. */
  readonly onFirstPage?: (page: MovedTickets) => void;
}

/** Deadlines, old beside new, before anything is done (SPEC T8, S7, M3). */
export function MovedTable({ about, look, nothing, untold, onFirstPage }: Moved) {
  const translate = useTranslate();
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['moved', ...about],
    queryFn: ({ pageParam }) => look(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
  });
  const first = data?.pages[0];
  useEffect(() => {
    if (first) onFirstPage?.(first);
  }, [first, onFirstPage]);
  if (!data || !first) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  const rows = data.pages.flatMap((page) => page.items);
  const quotes = first.quotes ?? [];
  if (rows.length === 0 && quotes.length === 0) return <Box sx={{ py: 1 }}>{nothing}</Box>;
  const [total, totalQuotes] = [first.total ?? rows.length, first.totalQuotes ?? 0];
  const counted = [
    ...(total > 0 ? [translate('kontor.timing.moved.total', { smart_count: total })] : []),
    ...(totalQuotes > 0 ? [translate('kontor.timing.moved.totalQuotes', { smart_count: totalQuotes })] : []),
  ];
  return (
    <>
      <Box component="output" sx={{ display: 'block', mb: 1, fontWeight: 600 }}>
        {counted.join(' · ')}
      </Box>
      {/* Whoever uses keys must be able to reach what is below the edge. */}
      <Box
        component="section"
        tabIndex={0}
        aria-label={translate('kontor.timing.moved.label')}
        sx={{ maxHeight: 320, overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }}
      >
        <Rows rows={rows} quotes={quotes} untold={untold} />
      </Box>
      {totalQuotes > quotes.length && (
        <Box sx={{ mt: 1, color: 'text.secondary' }}>
          {translate('kontor.timing.moved.moreQuotes', { smart_count: totalQuotes - quotes.length })}
        </Box>
      )}
      {hasNextPage && (
        <Button sx={{ mt: 1 }} onClick={() => void fetchNextPage()}>
          {translate('kontor.timing.moved.more')}
        </Button>
      )}
    </>
  );
}

interface RowsShown {
  readonly rows: readonly MovedTicket[];
  readonly quotes: NonNullable<MovedTickets['quotes']>;
  readonly untold: string;
}

function Rows({ rows, quotes, untold }: RowsShown) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.moved.${name}`);
  const moment = (at: string | null, none: string) => (at ? <Moment at={at} as="moment" /> : none);
  const beside = useBeside();
  return (
    <Box component="table" aria-label={word('label')} sx={{ ...tableStyle, tableLayout: 'auto' }}>
      <thead>
        <tr>
          {['ticket', 'step', ...(beside ? ['old', 'new'] : [])].map((name) => (
            <th scope="col" key={name}>
              {word(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {/* An offer ends in money: it is not to be missed below a thousand tickets. */}
        {quotes.map(({ quote, ticket, old, new: then }) => (
          <Row key={quote} ticket={ticket} what={word('what.quote')} old={moment(old, untold)} then={moment(then, untold)} />
        ))}
        {rows.flatMap((row) => [
          <PromiseRow key={`${row.ticket} promise`} {...row} />,
          ...row.steps.map((step) => <StepRow key={`${row.ticket} ${step.what}`} {...row} step={step} untold={untold} />),
        ])}
      </tbody>
    </Box>
  );
}

interface OneRow {
  readonly ticket: string;
  readonly subject?: string;
  readonly what: string;
  readonly old: ReactNode;
  readonly then: ReactNode;
}

/** Whether old stands beside new; on a narrow screen both stand below what moves. */
function useBeside(): boolean {
  return useMediaQuery('(min-width: 640px)', { noSsr: true });
}

function Row({ ticket, subject, what, old, then }: OneRow) {
  const beside = useBeside();
  return (
    <tr>
      <td>
        <Box component={Link} to={`/tickets/${ticket}/show`} title={subject} sx={{ color: 'primary.main' }}>
          {ticket}
        </Box>
      </td>
      <Box component="td" sx={{ '&&': { whiteSpace: 'normal' } }}>
        {what}
        {!beside && (
          <Box sx={{ color: 'text.secondary', pb: 0.5 }}>
            {old} › <Box sx={{ display: 'inline-block', color: 'text.primary' }}>{then}</Box>
          </Box>
        )}
      </Box>
      {beside && <td>{old}</td>}
      {beside && <td>{then}</td>}
    </tr>
  );
}

/** One step of a ticket; that a broken promise can be kept after all, and what a clock that waits has left, is said beside it. */
function StepRow({ ticket, subject, step, untold }: MovedTicket & { step: MovedTicket['steps'][number]; untold: string }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.moved.${name}`);
  const left = useSpellLeft();
  const { note, leftMinutes, old, new: then } = step;
  const waits = note === 'waits' && leftMinutes;
  return (
    <Row
      ticket={ticket}
      subject={subject}
      what={word(`what.${step.what}`)}
      old={
        <>
          {old ? <Moment at={old} as="moment" /> : waits ? left(leftMinutes.old) : word('none')}
          {note === 'breach_taken_back' && `, ${word('broken')}`}
        </>
      }
      then={then ? <Moment at={then} as="moment" /> : waits ? left(leftMinutes.new) : untold}
    />
  );
}

function useSpellLeft(): (minutes: number | null) => string {
  const translate = useTranslate();
  const spell = useSpellDuration();
  return (minutes) =>
    minutes === null ? translate('kontor.timing.moved.none') : translate('kontor.timing.moved.waits', { left: spell(minutes * 60) });
}

/** That the ticket goes by another promise from then on, whatever becomes of its deadlines. */
function PromiseRow({ ticket, subject, promise }: MovedTicket) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.moved.${name}`);
  if (!promise) return null;
  const { old, new: then } = promise;
  const spell = (named: typeof old) => {
    if (!named) return word('nothingPromised');
    return named.agreement ? `${named.plan.name} (${word('agreement')})` : named.plan.name;
  };
  const isAnew = old?.plan.id === then?.plan.id && old?.agreement === then?.agreement;
  return (
    <Row
      ticket={ticket}
      subject={subject}
      what={word('what.promise')}
      old={spell(old)}
      then={isAnew ? `${spell(then)}, ${word('anew')}` : spell(then)}
    />
  );
}
