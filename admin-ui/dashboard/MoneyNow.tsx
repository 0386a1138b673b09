import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { useFinanceReport, useMoneyNeeds } from '../finance-reports/finance-report-reads.ts';
import { OutcomePlot } from '../finance-reports/OutcomePlot.tsx';
import { paymentsAddress } from '../finance-reports/report-addresses.ts';
import { RevenuePlot } from '../finance-reports/RevenuePlot.tsx';
import { statesOfOutcome } from '../../domain/finance-report.ts';
import { SlowWait } from '../layout/SlowWait.tsx';
import { NumbersSection } from '../plots/Figure.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { useMay } from '../time/reader.ts';
import { NeedTile, tilesStyle, type Need } from './NeedTile.tsx';

/** Money that needs a person: each number leads to what it counts. Where nothing does, the overview is as short as before. */
export function MoneyNow() {
  const translate = useTranslate();
  const may = useMay();
  const { count } = useNumberWords();
  const { data } = useMoneyNeeds(may('finance.read'));
  const word = (name: string) => translate(`kontor.moneyWatch.dashboard.${name}`);
  if (!data) return null;
  const spelled = (value: number) => (value === 0 ? '' : count(value));
  const sum = (amountMinor: number) => (amountMinor === 0 ? '' : ` · ${spellMoney({ amountMinor, currency: 'RUB' })}`);
  const needs: Need[] = [
    { name: word('cases'), count: spelled(data.cases), to: '/cases', tone: 'error.main' },
    {
      name: `${word('approvals')}${sum(data.approvalsMinor)}`,
      count: spelled(data.approvals),
      to: '/pending-actions',
      tone: 'warning.main',
    },
    { name: word('frozen'), count: spelled(data.frozenAccounts), to: '/cases', tone: 'warning.main' },
    ...(may('books_audit.read')
      ? [{ name: word('failedAudits'), count: spelled(data.failedAudits), to: '/books-audits', tone: 'error.main' } as const]
      : []),
    {
      name: `${word('overdue')}${sum(data.overdueMinor)}`,
      count: spelled(data.overdueAccounts),
      to: '/credit-ageing',
      tone: 'warning.main',
    },
  ];
  return (
    <Box component="section" aria-label={word('title')} sx={{ pb: 2.5 }}>
      <Box component="h2" sx={{ fontSize: 14, fontWeight: 650, m: 0, mb: 1 }}>
        {word('title')}
      </Box>
      <Box component="ul" sx={tilesStyle}>
        {needs.map((need) => (
          <li key={need.to + need.name}>
            <NeedTile need={need} />
          </li>
        ))}
      </Box>
    </Box>
  );
}

/** Revenue and payments of the last thirty days, for those who read the reports of money. */
export function MoneyPlots() {
  const translate = useTranslate();
  const may = useMay();
  if (!may('finance_report.read')) return null;
  return (
    <>
      <NumbersSection title={translate('kontor.moneyWatch.reports.revenue')} deeds={<ToReports />}>
        <RevenueNow />
      </NumbersSection>
      <NumbersSection title={translate('kontor.moneyWatch.reports.payments')} deeds={<ToReports />}>
        <PaymentsNow />
      </NumbersSection>
    </>
  );
}

function RevenueNow() {
  const { data } = useFinanceReport('revenue', { step: 'day' });
  if (!data) return <SlowWait />;
  return data.total.sales + data.total.takenBack === 0 ? <Nothing /> : <RevenuePlot report={data} />;
}

function PaymentsNow() {
  const translate = useTranslate();
  const { data } = useFinanceReport('payments', { step: 'day' });
  if (!data) return <SlowWait />;
  if (data.total.made === 0) return <Nothing />;
  return (
    <OutcomePlot
      name={translate('kontor.moneyWatch.reports.payments')}
      report={data}
      addressOf={(days, outcome) => paymentsAddress(days, outcome && statesOfOutcome[outcome].join(','))}
    />
  );
}

function ToReports() {
  const translate = useTranslate();
  return (
    <Box component={Link} to="/finance-reports" sx={{ fontSize: 13, color: 'primary.main' }}>
      {translate('kontor.moneyWatch.dashboard.more')}
    </Box>
  );
}

function Nothing() {
  const translate = useTranslate();
  return <Box sx={{ color: 'text.secondary', fontSize: 13, py: 2 }}>{translate('kontor.moneyWatch.reports.nothing')}</Box>;
}
