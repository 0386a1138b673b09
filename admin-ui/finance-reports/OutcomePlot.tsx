import { Box, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { tableStyle } from '../lists/table-style.ts';
import { Columns } from '../plots/Columns.tsx';
import { PlotOrTable } from '../plots/Figure.tsx';
import { Legend } from '../plots/Legend.tsx';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { useSpellDays } from '../service-reports/day-words.ts';

/** How payments or refunds of a part of time came out. */
export interface OutcomePart {
  readonly from: string;
  readonly to: string;
  readonly made: number;
  readonly succeeded: number;
  readonly succeededMinor: number;
  readonly failed: number;
}

interface Outcomes {
  readonly name: string;
  readonly report: {
    readonly period: { readonly from: string; readonly to: string; readonly zone: string };
    readonly currency: string;
    readonly total: OutcomePartSums;
    readonly parts: readonly OutcomePart[];
  };
  /** The list of what a number counts: of these days, in a state if one is named. */
  readonly addressOf: (days: { from: string; to: string; zone: string }, outcome?: 'succeeded' | 'failed') => string;
}

type OutcomePartSums = Omit<OutcomePart, 'from' | 'to'>;

/** Payments or refunds by how they came out: a column for each part of the period, and a table whose numbers lead to lists. */
export function OutcomePlot({ name, report, addressOf }: Outcomes) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { count } = useNumberWords();
  const { spellPart, spellTick } = useSpellDays();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const word = (key: string, values: Record<string, string> = {}) => translate(`kontor.moneyWatch.reports.${key}`, values);
  const { period, parts, total } = report;
  const told = (sums: OutcomePartSums) => ({ succeeded: count(sums.succeeded), failed: count(sums.failed) });
  const columns = parts.map((part) => ({
    key: part.from,
    tick: spellTick(part.from),
    title: word('outcomeColumn', { part: spellPart(part), ...told(part) }),
    parts: [
      { tone: 'calm' as const, value: part.succeeded },
      { tone: 'grave' as const, value: part.failed },
    ],
  }));
  const choose = (from: string) => {
    const part = parts.find((each) => each.from === from);
    if (part && part.made > 0) void navigate(addressOf({ ...part, zone: period.zone }));
  };
  return (
    <PlotOrTable
      name={name}
      caption={
        <Legend
          parts={[
            { tone: 'calm', name: word('succeeded') },
            { tone: 'grave', name: word('failed') },
          ]}
        />
      }
      plot={
        <Columns
          label={word('outcomeLabel', { name, from: spellTick(period.from), to: spellTick(period.to), ...told(total) })}
          columns={columns}
          ticks={narrow ? 4 : 8}
          onChoose={choose}
        />
      }
      table={<OutcomeTable name={name} report={report} addressOf={addressOf} />}
    />
  );
}

function OutcomeTable({ name, report: { parts, period, currency }, addressOf }: Outcomes) {
  const translate = useTranslate();
  const { spellPart } = useSpellDays();
  const word = (key: string) => translate(`kontor.moneyWatch.reports.${key}`);
  return (
    <Box component="section" sx={{ maxHeight: 360, overflow: 'auto' }} tabIndex={0} aria-label={name}>
      <Box component="table" aria-label={name} sx={{ ...tableStyle, '& td': { ...tableStyle['& td'], height: 32 } }}>
        <thead>
          <tr>
            <th scope="col">{word('part')}</th>
            <th scope="col">{word('made')}</th>
            <th scope="col">{word('succeeded')}</th>
            <th scope="col">{word('failed')}</th>
            <th scope="col">{word('sum')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => {
            const days = { from: part.from, to: part.to, zone: period.zone };
            return (
              <tr key={part.from}>
                <td>{spellPart(part)}</td>
                <td>
                  <NumberLink value={part.made} to={addressOf(days)} label={`${spellPart(part)}, ${word('made')}`} />
                </td>
                <td>
                  <NumberLink value={part.succeeded} to={addressOf(days, 'succeeded')} label={`${spellPart(part)}, ${word('succeeded')}`} />
                </td>
                <td>
                  <NumberLink
                    value={part.failed}
                    to={addressOf(days, 'failed')}
                    label={`${spellPart(part)}, ${word('failed')}`}
                    tone="grave"
                  />
                </td>
                <td>{spellMoney({ amountMinor: part.succeededMinor, currency })}</td>
              </tr>
            );
          })}
        </tbody>
      </Box>
    </Box>
  );
}
