import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { cardsStyle } from '../lists/table-style.ts';
import { useNumberWords } from '../plots/number-words.ts';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { AgentName } from './ComplianceTables.tsx';
import type { ClockRun } from './report-reads.ts';

/** Clocks as a table; a row leads to its ticket. */
export function ClockRunTable({ runs }: { runs: readonly ClockRun[] }) {
  const translate = useTranslate();
  const label = translate('kontor.reports.runs.label');
  return <DataTable label={label} columns={useColumns()} rows={runs} addressOf={({ ticket }) => ticketAddress(ticket)} />;
}

function useColumns(): Column<ClockRun>[] {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.reports.runs.${name}`);
  return [
    { name: 'ticket', heading: translate('kontor.list.number'), width: 112, cell: ({ ticket }) => ticket },
    { name: 'subject', heading: word('subject'), cell: (run) => <SubjectLink run={run} /> },
    { name: 'customer', heading: word('customer'), width: 140, from: 1550, cell: ({ account }) => account.name },
    { name: 'clock', heading: word('clock'), width: 118, cell: ({ kind }) => translate(`kontor.reports.kind.${kind}`) },
    { name: 'outcome', heading: word('outcome'), width: 104, cell: (run) => <Outcome run={run} /> },
    { name: 'due', heading: word('due'), width: 134, cell: ({ dueAt }) => dueAt && <Moment at={dueAt} as="moment" /> },
    { name: 'ended', heading: word('ended'), width: 134, cell: (run) => <Ended run={run} /> },
    { name: 'taken', heading: word('taken'), width: 96, cell: (run) => <Taken run={run} /> },
    { name: 'promise', heading: word('promise'), width: 150, from: 1750, cell: ({ target }) => target.words },
    { name: 'plan', heading: word('plan'), width: 110, cell: ({ plan }) => plan.name },
    { name: 'agent', heading: word('agent'), width: 120, cell: ({ agent }) => <AgentName agent={agent} /> },
  ];
}

/** The same on a narrow screen. */
export function ClockRunCards({ runs }: { runs: readonly ClockRun[] }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.reports.runs.${name}`);
  return (
    <Box component="ul" aria-label={word('label')} sx={cardsStyle}>
      {runs.map((run) => (
        <Box component="li" key={run.id} sx={{ px: 2, py: 1.25, overflowWrap: 'anywhere' }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, fontSize: 12, color: 'text.secondary' }}>
            <span>
              {run.ticket} · {translate(`kontor.reports.kind.${run.kind}`)}
            </span>
            <Outcome run={run} />
          </Box>
          <Box sx={{ fontSize: 15, my: 0.25 }}>
            <SubjectLink run={run} />
          </Box>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, color: 'text.secondary' }}>
            <span>{run.account.name}</span>
            <span>
              {run.plan.name}, {run.target.words}
            </span>
            {run.takenMinutes !== null && (
              <span>
                {word('taken')}: <Taken run={run} />
              </span>
            )}
            {run.dueAt && (
              <span>
                {word('due')}: <Moment at={run.dueAt} as="moment" />
              </span>
            )}
            <span>
              {word('ended')}: <Ended run={run} />
            </span>
            <AgentName agent={run.agent} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function SubjectLink({ run: { ticket, subject } }: { run: ClockRun }) {
  return (
    <Box
      component={Link}
      to={ticketAddress(ticket)}
      data-row
      sx={{ color: 'text.primary', textDecoration: 'none', fontWeight: 500, '&:hover': { textDecoration: 'underline' } }}
    >
      {subject}
    </Box>
  );
}

function Outcome({ run: { outcome } }: { run: ClockRun }) {
  const translate = useTranslate();
  return (
    <Box
      component="span"
      sx={outcome === 'breached' ? { color: 'error.main', fontWeight: 600 } : outcome === 'void' ? { color: 'text.secondary' } : {}}
    >
      {translate(`kontor.reports.outcome.${outcome}`)}
    </Box>
  );
}

function Ended({ run: { endedAt } }: { run: ClockRun }) {
  const translate = useTranslate();
  if (endedAt) return <Moment at={endedAt} as="moment" />;
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {translate('kontor.reports.runs.stands')}
    </Box>
  );
}

function Taken({ run: { takenMinutes, target } }: { run: ClockRun }) {
  const translate = useTranslate();
  const { working } = useNumberWords();
  if (takenMinutes === null) return '—';
  const taken = working(Math.ceil(takenMinutes));
  return <span title={translate('kontor.reports.runs.of', { taken, promise: target.words })}>{taken}</span>;
}
