import { Box, Button, LinearProgress } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { inPath } from '../server/wish.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay, useReader } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { readJobItems, useJobs, type Job, type JobItem } from '../timing/timing-reads.ts';

/** Long work with its progress and its record; it goes on when the page is closed (SPEC A5). */
export function JobsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="job.read">
      <Jobs />
    </OnlyFor>
  );
}

function Jobs() {
  const translate = useTranslate();
  const { data, error, refetch } = useJobs();
  const [stopping, setStopping] = useState<Job>();
  const word = (name: string) => translate(`kontor.timing.jobs.${name}`);
  return (
    <SettingsPage title={word('title')} hint={word('hint')}>
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 6, textAlign: 'center' }}>
          {word('empty')}
        </Box>
      )}
      {data?.map((job) => (
        <OneJob key={job.id} job={job} onStop={() => setStopping(job)} />
      ))}
      {stopping && (
        <ConfirmDialog
          title={word('stopTitle')}
          submit={word('stop')}
          done={word('stopped')}
          grave
          wish={() => ({ method: 'POST', path: `/jobs/${inPath(stopping.id)}/cancellation` })}
          onClose={() => setStopping(undefined)}
        >
          {word('stopText')}
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}

function OneJob({ job, onStop }: { job: Job; onStop: () => void }) {
  const translate = useTranslate();
  const may = useMay();
  const { id: me, role } = useReader();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.timing.jobs.${name}`, values);
  const settled = job.done + job.skipped;
  const mayStop = job.state === 'running' && may('job.stop') && (role === 'administrator' || job.startedBy?.id === me);
  const name = word(`kind.${job.kind}`);
  return (
    <Setting
      name={name}
      deeds={
        mayStop && (
          <Button variant="outlined" onClick={onStop}>
            {word('stop')}
          </Button>
        )
      }
    >
      <Box sx={{ color: 'text.secondary' }}>
        <Moment at={job.startedAt} /> · {job.startedBy ? word('by', { name: job.startedBy.name }) : word('byItself')} ·{' '}
        {word(`state.${job.state}`)}
      </Box>
      <LinearProgress
        variant="determinate"
        value={job.total === 0 ? 100 : (settled / job.total) * 100}
        aria-label={name}
        aria-valuetext={word('progress', { done: settled, total: job.total })}
        color={job.state === 'failed' ? 'error' : 'primary'}
        sx={{ my: 1, height: 6, borderRadius: 3, maxWidth: 480 }}
      />
      <div>
        {word('progress', { done: settled, total: job.total })}
        {job.skipped > 0 && ` · ${word('skipped', { smart_count: job.skipped })}`}
      </div>
      <Record job={job} />
    </Setting>
  );
}

/** What became of each item, read when somebody wants to know. */
function Record({ job }: { job: Job }) {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['jobs', job.id, job.done + job.skipped],
    queryFn: ({ pageParam }) => readJobItems(job.id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: open,
  });
  return (
    <Box component="details" sx={{ mt: 0.5, fontSize: 13 }} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{translate('kontor.timing.jobs.items')}</summary>
      {open && !data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, mt: 0.5 }}>
        {data?.pages
          .flatMap((page) => page.items)
          .map((item) => (
            <OneItem key={item.position} item={item} />
          ))}
      </Box>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{translate('kontor.timing.moved.more')}</Button>}
    </Box>
  );
}

function OneItem({ item }: { item: JobItem }) {
  const translate = useTranslate();
  const number = /^ticket:(CS-\d+)$/.exec(item.about)?.[1];
  const moved = movedIn(item);
  return (
    <Box component="li" sx={{ py: 0.25 }}>
      {number === undefined ? (
        item.about
      ) : (
        <Box component={Link} to={`/tickets/${number}/show`} sx={{ color: 'primary.main' }}>
          {number}
        </Box>
      )}
      {' · '}
      {translate(`kontor.timing.jobs.item.${item.state}`)}
      {item.why && `: ${translate(`kontor.timing.jobs.why.${item.why}`)}`}
      {moved && (
        <>
          {' · '}
          <Moment at={moved.before} as="moment" /> › <Moment at={moved.after} as="moment" />
        </>
      )}
    </Box>
  );
}

/** The deadline to show old beside new, of those that the record keeps: the first that moved. */
function movedIn({ before, after }: JobItem): { before: string; after: string } | undefined {
  for (const name of ['closesAt', 'archivesAt', 'responseDueAt', 'fixDueAt', 'validUntil']) {
    const [old, then] = [before?.[name], after?.[name]];
    if (old && then && old !== then) return { before: old, after: then };
  }
  return undefined;
}
