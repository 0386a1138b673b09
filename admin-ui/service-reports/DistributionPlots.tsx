import { Box, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { tableStyle } from '../lists/table-style.ts';
import { Columns } from '../plots/Columns.tsx';
import { PlotOrTable } from '../plots/Figure.tsx';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { clockRunsAddress, type ReportFilter } from './report-filter.ts';
import type { Spread } from './report-reads.ts';

/** One part of a distribution: what it is called, how many clocks it has, and what narrows a list to them. */
interface Part {
  readonly key: string;
  readonly name: string;
  readonly tick: string;
  readonly runs: number;
  readonly grave: boolean;
  readonly choice: Parameters<typeof clockRunsAddress>[1];
}

interface Spreading {
  readonly spread: Spread;
  readonly filter: ReportFilter;
}

/** How long the clocks of one kind took: in words, by the part of the allowance, and by working time. */
export function DistributionOf({ spread, filter }: Spreading) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.reports.distribution.${name}`, values);
  const kind = translate(`kontor.reports.kind.${spread.kind}`);
  const narrowed = { ...filter, kind: spread.kind };
  return (
    <Box component="section" aria-label={kind} sx={{ mb: 3 }}>
      <Typography component="h3" sx={{ fontSize: 13, fontWeight: 600 }}>
        {kind}
        <Box component="span" sx={{ fontWeight: 400, color: 'text.secondary' }}>
          {' · '}
          {word('runs', { smart_count: spread.runs })}
        </Box>
      </Typography>
      <Quantiles spread={spread} filter={narrowed} />
      <Box
        sx={{ display: 'grid', columnGap: 4, rowGap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}
      >
        <SharesPlot spread={spread} filter={filter} />
        <MinutesPlot spread={spread} filter={filter} />
      </Box>
    </Box>
  );
}

/** "Half within 3 h": each time leads to the clocks that took longer. */
export function Quantiles({ spread, filter }: Spreading) {
  const translate = useTranslate();
  const { working } = useNumberWords();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.reports.distribution.${name}`, values);
  const times = { median: spread.medianMinutes, p90: spread.p90Minutes, p95: spread.p95Minutes };
  return (
    <Box component="dl" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, rowGap: 0.5, my: 1, fontSize: 13 }}>
      {Object.entries(times).map(([name, minutes]) => (
        <Box key={name} sx={{ display: 'flex', gap: 0.75 }}>
          <Box component="dt" sx={{ color: 'text.secondary' }}>
            {word(name)}
          </Box>
          <Box component="dd" sx={{ m: 0, fontWeight: 600 }}>
            {minutes === null ? (
              <Box component="span" sx={{ fontWeight: 400, color: 'text.secondary' }}>
                {word('few')}
              </Box>
            ) : (
              <NumberLink
                value={minutes}
                to={clockRunsAddress(filter, { minutesOver: minutes })}
                label={word('slower', { time: working(minutes) })}
              >
                {working(minutes)}
              </NumberLink>
            )}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** By the part of the allowance: what lies behind the line came too late. */
export function SharesPlot({ spread, filter }: Spreading) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.reports.distribution.${name}`, values);
  const parts = spread.shares.map(({ overPerCent: over, upToPerCent: upTo, runs }): Part => {
    const name =
      over === null
        ? word('upToPerCent', { to: upTo! })
        : upTo === null
          ? word('overPerCent', { from: over })
          : word('perCent', { from: over, to: upTo });
    const choice = { perCentOver: over, perCentUpTo: upTo };
    return { key: String(over), name, tick: upTo === null ? `> ${over}` : String(upTo), runs, grave: (over ?? 0) >= 100, choice };
  });
  const late = parts.findIndex(({ grave }) => grave);
  return <PartsPlot spread={spread} filter={filter} what={word('shares')} parts={parts} lineAfter={late} />;
}

/** By working time. */
function MinutesPlot({ spread, filter }: Spreading) {
  const translate = useTranslate();
  const { working } = useNumberWords();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.reports.distribution.${name}`, values);
  const parts = spread.minutes.map(({ overMinutes: over, upToMinutes: upTo, runs }): Part => {
    const name =
      over === null
        ? word('upTo', { to: working(upTo!) })
        : upTo === null
          ? word('over', { from: working(over) })
          : word('between', { from: working(over), to: working(upTo) });
    const hours = (minutes: number) => String(minutes / 60);
    const choice = { minutesOver: over, minutesUpTo: upTo };
    return { key: String(over), name, tick: upTo === null ? `> ${hours(over!)}` : hours(upTo), runs, grave: false, choice };
  });
  return (
    <PartsPlot
      spread={spread}
      filter={filter}
      what={word('minutes')}
      parts={parts}
      unit={translate('kontor.duration.h', { smart_count: '' }).trim()}
    />
  );
}

interface PartsShown extends Spreading {
  readonly what: string;
  readonly parts: readonly Part[];
  readonly lineAfter?: number;
  readonly unit?: string;
}

function PartsPlot({ spread, filter, what, parts, lineAfter, unit = '%' }: PartsShown) {
  const translate = useTranslate();
  const { count } = useNumberWords();
  const navigate = useNavigate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'), { noSsr: true });
  const kind = translate(`kontor.reports.kind.${spread.kind}`);
  const addressOf = ({ choice }: Part) => clockRunsAddress({ ...filter, kind: spread.kind }, choice);
  const columns = parts.map(({ key, name, tick, runs, grave }) => ({
    key,
    tick,
    title: translate('kontor.reports.distribution.column', { part: name, count: count(runs) }),
    parts: [{ tone: grave ? ('grave' as const) : ('calm' as const), value: runs }],
  }));
  const choose = (key: string) => {
    const part = parts.find((each) => each.key === key);
    if (part && part.runs > 0) void navigate(addressOf(part));
  };
  const label = translate('kontor.reports.distribution.label', { kind, what, smart_count: spread.runs });
  return (
    <PlotOrTable
      name={`${kind}, ${what}`}
      caption={`${what}, ${unit}`}
      plot={
        <Columns
          label={label}
          columns={columns}
          ticks={narrow ? 7 : 13}
          height={110}
          onChoose={choose}
          {...(lineAfter === undefined || lineAfter < 0 ? {} : { lineAfter })}
        />
      }
      table={
        <Box component="table" aria-label={`${kind}, ${what}`} sx={{ ...tableStyle, '& td': { ...tableStyle['& td'], height: 28 } }}>
          <thead>
            <tr>
              <th scope="col">{what}</th>
              <th scope="col">{translate('kontor.reports.distribution.clocks')}</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={part.key}>
                <td>{part.name}</td>
                <td>
                  <NumberLink value={part.runs} to={addressOf(part)} label={part.name} tone={part.grave ? 'grave' : undefined} />
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
      }
    />
  );
}
