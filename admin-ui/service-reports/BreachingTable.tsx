import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { tableStyle } from '../lists/table-style.ts';
import { NumberLink } from '../plots/NumberLink.tsx';
import { clockRunsAddress, type ReportFilter } from './report-filter.ts';
import type { BreachingReport } from './report-reads.ts';

/** What is about to breach, by queue: each column holds those before it. */
export function BreachingTable({ report, filter }: { report: BreachingReport; filter: ReportFilter }) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.reports.breaching.${name}`, values);
  const { total, queues } = report;
  const furthest = total.within.at(-1)?.hours ?? 0;
  if (queues.length === 0) return <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('none', { hours: furthest })}</Box>;
  const rows = [
    ...queues.map(({ queue, ...pressure }) => ({ key: queue.id, name: queue.name, ...pressure, filter: { ...filter, queue: queue.id } })),
    ...(queues.length > 1 ? [{ key: 'total', name: word('total'), ...total, filter }] : []),
  ];
  return (
    <Box
      component="table"
      aria-label={word('title')}
      sx={{ ...tableStyle, '& th:first-of-type, & td:first-of-type': { pl: 0 }, maxWidth: 640 }}
    >
      <thead>
        <tr>
          <th scope="col">{word('queue')}</th>
          <Box component="th" scope="col" sx={numberColumn}>
            {word('overdue')}
          </Box>
          {total.within.map(({ hours }) => (
            <Box component="th" scope="col" key={hours} aria-label={word('withinOf', { hours })} sx={hoursColumn}>
              {word('within', { hours })}
            </Box>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, breached, within, filter: narrowed }) => (
          <Box component="tr" key={key} sx={key === 'total' ? { fontWeight: 600 } : {}}>
            <Box component="td" sx={{ '&&': { whiteSpace: { xs: 'normal', sm: 'nowrap' } } }}>
              {name}
            </Box>
            <Box component="td" sx={{ textAlign: 'right' }}>
              <NumberLink
                value={breached}
                to={clockRunsAddress(narrowed, { outcome: 'overdue' })}
                label={`${name}, ${word('overdue')}`}
                tone="grave"
              />
            </Box>
            {within.map(({ hours, clocks }) => (
              <Box component="td" key={hours} sx={{ '&&': { textAlign: 'right', px: { xs: 0.5, sm: 1 } } }}>
                <NumberLink
                  value={clocks}
                  to={clockRunsAddress(narrowed, { outcome: 'running', withinHours: hours })}
                  label={`${name}, ${word('withinOf', { hours })}`}
                  tone={hours <= 4 ? 'near' : undefined}
                />
              </Box>
            ))}
          </Box>
        ))}
      </tbody>
    </Box>
  );
}

const numberColumn = { '&&': { width: { xs: 92, sm: 108 }, textAlign: 'right' } } as const;
const hoursColumn = { '&&': { width: { xs: 44, sm: 72 }, textAlign: 'right', px: { xs: 0.5, sm: 1 } } } as const;
