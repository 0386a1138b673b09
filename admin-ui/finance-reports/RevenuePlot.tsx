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
import { useSpellDays } from '../service-reports/day-words.ts';
import type { RevenueReport } from './finance-report-reads.ts';
import { ordersAddress } from './report-addresses.ts';

interface Revenue {
  readonly report: RevenueReport;
  readonly account?: string | undefined;
}

/** What was earned over time, in whole units of the currency, and what was taken back; as a table with links too. */
export function RevenuePlot({ report, account }: Revenue) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { spellPart, spellTick } = useSpellDays();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const word = (key: string, values: Record<string, string> = {}) => translate(`kontor.moneyWatch.reports.${key}`, values);
  const { period, parts, total, currency } = report;
  const money = (amountMinor: number) => spellMoney({ amountMinor, currency });
  const told = (sums: { soldMinor: number; takenBackMinor: number }) => ({
    sold: money(sums.soldMinor),
    takenBack: money(sums.takenBackMinor),
  });
  const columns = parts.map((part) => ({
    key: part.from,
    tick: spellTick(part.from),
    title: word('revenueColumn', { part: spellPart(part), ...told(part) }),
    parts: [
      { tone: 'calm' as const, value: part.soldMinor / 100 },
      { tone: 'quiet' as const, value: part.takenBackMinor / 100 },
    ],
  }));
  const choose = (from: string) => {
    const part = parts.find((each) => each.from === from);
    if (part && part.sales > 0) void navigate(ordersAddress({ ...part, zone: period.zone }, account));
  };
  return (
    <PlotOrTable
      name={word('revenue')}
      caption={
        <Legend
          parts={[
            { tone: 'calm', name: word('sold') },
            { tone: 'quiet', name: word('takenBack') },
          ]}
        />
      }
      plot={
        <Columns
          label={word('revenueLabel', { from: spellTick(period.from), to: spellTick(period.to), ...told(total) })}
          columns={columns}
          ticks={narrow ? 4 : 8}
          onChoose={choose}
        />
      }
      table={<RevenueTable report={report} account={account} />}
    />
  );
}

function RevenueTable({ report: { parts, period, currency }, account }: Revenue) {
  const translate = useTranslate();
  const { spellPart } = useSpellDays();
  const word = (key: string) => translate(`kontor.moneyWatch.reports.${key}`);
  const money = (amountMinor: number) => spellMoney({ amountMinor, currency });
  return (
    <Box component="section" sx={{ maxHeight: 360, overflow: 'auto' }} tabIndex={0} aria-label={word('revenue')}>
      <Box component="table" aria-label={word('revenue')} sx={{ ...tableStyle, '& td': { ...tableStyle['& td'], height: 32 } }}>
        <thead>
          <tr>
            <th scope="col">{word('part')}</th>
            <th scope="col">{word('sales')}</th>
            <th scope="col">{word('sold')}</th>
            <th scope="col">{word('takenBack')}</th>
            <th scope="col">{word('net')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.from}>
              <td>{spellPart(part)}</td>
              <td>
                <NumberLink
                  value={part.sales}
                  to={ordersAddress({ from: part.from, to: part.to, zone: period.zone }, account)}
                  label={`${spellPart(part)}, ${word('sales')}`}
                />
              </td>
              <td>{money(part.soldMinor)}</td>
              <td>{money(part.takenBackMinor)}</td>
              <td>{money(part.netMinor)}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
