import { Box, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { tableStyle } from '../lists/table-style.ts';
import { Columns } from '../plots/Columns.tsx';
import { PlotOrTable } from '../plots/Figure.tsx';
import { Legend } from '../plots/Legend.tsx';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { useSpellDays } from './day-words.ts';
import { clockRunsAddress, type ReportFilter } from './report-filter.ts';
import type { TrendReport } from './report-reads.ts';
import { Share } from './ComplianceTables.tsx';

const legend = [
  { tone: 'calm', outcome: 'met' },
  { tone: 'grave', outcome: 'breached' },
] as const;

/** How promises were kept over time: a column for each part of the period, and the same as a table with links. */
export function TrendPlot({ report, filter }: { report: TrendReport; filter: ReportFilter }) {
  const translate = useTranslate();
  const { count } = useNumberWords();
  const { spellPart, spellTick } = useSpellDays();
  const navigate = useNavigate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const { parts, period } = report;
  const sum = (name: 'met' | 'breached') => parts.reduce((total, part) => total + part[name], 0);
  const filterOf = ({ from, to }: (typeof parts)[number]): ReportFilter => ({ ...filter, from, to, zone: period.zone });
  const columns = parts.map((part) => ({
    key: part.from,
    tick: spellTick(part.from),
    title: translate('kontor.reports.trend.column', { part: spellPart(part), met: count(part.met), breached: count(part.breached) }),
    parts: [
      { tone: 'calm' as const, value: part.met },
      { tone: 'grave' as const, value: part.breached },
    ],
  }));
  const label = translate('kontor.reports.trend.label', {
    from: spellTick(period.from),
    to: spellTick(period.to),
    met: count(sum('met')),
    breached: count(sum('breached')),
  });
  const choose = (from: string) => {
    const part = parts.find((each) => each.from === from);
    if (part && part.met + part.breached > 0) void navigate(clockRunsAddress(filterOf(part)));
  };
  return (
    <PlotOrTable
      name={translate('kontor.reports.trend.title')}
      caption={<Legend parts={legend.map(({ tone, outcome }) => ({ tone, name: translate(`kontor.reports.outcome.${outcome}`) }))} />}
      plot={<Columns label={label} columns={columns} ticks={narrow ? 4 : 8} onChoose={choose} />}
      table={<TrendTable parts={parts} filterOf={filterOf} spellPart={spellPart} />}
    />
  );
}

interface Parts {
  readonly parts: TrendReport['parts'];
  readonly filterOf: (part: TrendReport['parts'][number]) => ReportFilter;
  readonly spellPart: (part: { readonly from: string; readonly to: string }) => string;
}

function TrendTable({ parts, filterOf, spellPart }: Parts) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.reports.${name}`);
  return (
    <Box component="section" sx={{ maxHeight: 360, overflow: 'auto' }} tabIndex={0} aria-label={word('trend.title')}>
      <Box component="table" aria-label={word('trend.title')} sx={{ ...tableStyle, '& td': { ...tableStyle['& td'], height: 32 } }}>
        <thead>
          <tr>
            <th scope="col">{word('trend.part')}</th>
            <th scope="col">{word('outcome.met')}</th>
            <th scope="col">{word('outcome.breached')}</th>
            <th scope="col">{word('compliance.share')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.from}>
              <td>{spellPart(part)}</td>
              <td>
                <NumberLink
                  value={part.met}
                  to={clockRunsAddress(filterOf(part), { outcome: 'met' })}
                  label={`${spellPart(part)}, ${word('outcome.met')}`}
                />
              </td>
              <td>
                <NumberLink
                  value={part.breached}
                  to={clockRunsAddress(filterOf(part), { outcome: 'breached' })}
                  label={`${spellPart(part)}, ${word('outcome.breached')}`}
                  tone="grave"
                />
              </td>
              <td>
                <Share share={part.share} />
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
