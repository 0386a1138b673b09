import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useSearchParams } from 'react-router';
import { refundStatesOfOutcome, statesOfOutcome } from '../../domain/finance-report.ts';
import { spellMoney } from '../../domain/money.ts';
import { reportSteps, type ReportStep } from '../../domain/service-report.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { tableStyle } from '../lists/table-style.ts';
import { NumbersSection } from '../plots/Figure.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { CsvButton } from '../service-reports/CsvButton.tsx';
import { readReportFilter, readStep, type ReportFilter } from '../service-reports/report-filter.ts';
import { AccountChip, PeriodChoice } from '../service-reports/ReportFilters.tsx';
import { useFinanceReport, type PaymentsReport } from './finance-report-reads.ts';
import { OutcomePlot } from './OutcomePlot.tsx';
import { paymentsAddress, refundsAddress } from './report-addresses.ts';
import { RevenuePlot } from './RevenuePlot.tsx';

/** Reports of money (SPEC A3). What they are narrowed to stands in the page's address. */
export function FinanceReportsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="finance_report.read">
      <Reports />
    </OnlyFor>
  );
}

interface Asked {
  readonly filter: Pick<ReportFilter, 'from' | 'to' | 'zone' | 'account'>;
  readonly step: ReportStep;
}

function Reports() {
  const translate = useTranslate();
  const [query, setQuery] = useSearchParams();
  const { from, to, zone, account } = readReportFilter(query);
  const filter = Object.fromEntries(Object.entries({ from, to, zone, account }).filter(([, value]) => value !== undefined)) as ReportFilter;
  const step = readStep(query, filter);
  const show = (changed: ReportFilter, shown?: ReportStep) => setQuery({ ...changed, ...(shown ? { step: shown } : {}) });
  const { account: _account, ...days } = filter;
  return (
    <Box sx={{ maxWidth: 1240, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.moneyWatch.reports.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.moneyWatch.reports.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 1.5, maxWidth: '80ch' }}>
        {translate('kontor.moneyWatch.reports.hint')}
      </Typography>
      <Box component="fieldset" aria-label={translate('kontor.list.filters')} sx={fieldsetStyle}>
        <PeriodChoice filter={filter} onChange={(changed) => show(changed)} />
        <Choice label={translate('kontor.reports.trend.step')} value={step} onChange={(value) => show(filter, value as ReportStep)}>
          {reportSteps.map((name) => (
            <option key={name} value={name}>
              {translate(`kontor.reports.trend.steps.${name}`)}
            </option>
          ))}
        </Choice>
        {account !== undefined && <AccountChip id={account} onRemove={() => show(days)} />}
      </Box>
      <Box sx={{ mt: 2 }}>
        <Revenue filter={filter} step={step} />
        <Payments filter={filter} step={step} />
        <Refunds filter={filter} step={step} />
      </Box>
    </Box>
  );
}

/** Numbers side by side, each under its name. */
function Figures({ figures }: { figures: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <Box component="dl" sx={figuresStyle}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </Box>
  );
}

function Revenue({ filter, step }: Asked) {
  const translate = useTranslate();
  const { data, error, refetch, isPlaceholderData } = useFinanceReport('revenue', { ...filter, step });
  const word = (name: string) => translate(`kontor.moneyWatch.reports.${name}`);
  const title = word('revenue');
  return (
    <NumbersSection
      title={title}
      deeds={<CsvButton name={title} path="/finance-reports/revenue" file="kontor-revenue" query={{ ...filter, step }} />}
    >
      {!data ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : data.total.sales + data.total.takenBack === 0 ? (
        <Nothing />
      ) : (
        <Box sx={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
          <Figures
            figures={[
              [word('net'), spellMoney({ amountMinor: data.total.netMinor, currency: data.currency })],
              [word('sold'), spellMoney({ amountMinor: data.total.soldMinor, currency: data.currency })],
              [word('takenBack'), spellMoney({ amountMinor: data.total.takenBackMinor, currency: data.currency })],
              ...data.kinds.map(
                ({ kind, amountMinor }) =>
                  [kind === 'quote' ? word('kind.quote') : kind, spellMoney({ amountMinor, currency: data.currency })] as const,
              ),
            ]}
          />
          <RevenuePlot report={data} account={filter.account} />
        </Box>
      )}
    </NumbersSection>
  );
}

function Payments({ filter, step }: Asked) {
  const translate = useTranslate();
  const { share } = useNumberWords();
  const { data, error, refetch, isPlaceholderData } = useFinanceReport('payments', { ...filter, step });
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.moneyWatch.reports.${name}`, values);
  const title = word('payments');
  const addressOf = (days: Parameters<typeof paymentsAddress>[0], outcome?: 'succeeded' | 'failed') =>
    paymentsAddress(days, outcome && statesOfOutcome[outcome].join(','), filter.account);
  return (
    <NumbersSection
      title={title}
      deeds={<CsvButton name={title} path="/finance-reports/payments" file="kontor-payments" query={{ ...filter, step }} />}
    >
      {!data ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : data.total.made === 0 ? (
        <Nothing />
      ) : (
        <Box sx={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
          <Figures
            figures={[
              [word('succeeded'), spellMoney({ amountMinor: data.total.succeededMinor, currency: data.currency })],
              [word('waiting'), spellMoney({ amountMinor: data.total.waitingMinor, currency: data.currency })],
              [word('fees'), spellMoney({ amountMinor: data.total.feesMinor, currency: data.currency })],
              ...(data.total.share === null ? [] : [[word('payments'), word('share', { share: share(data.total.share) })] as const]),
            ]}
          />
          <Settling report={data} />
          <OutcomePlot name={title} report={data} addressOf={addressOf} />
          <Failures report={data} to={addressOf(data.period, 'failed')} />
        </Box>
      )}
    </NumbersSection>
  );
}

function Settling({ report: { settling } }: { report: PaymentsReport }) {
  const translate = useTranslate();
  if (settling.medianSeconds === null || settling.p90Seconds === null) return null;
  const spell = (seconds: number) => {
    const [unit, value] =
      seconds < 120
        ? (['s', seconds] as const)
        : seconds < 7_200
          ? (['min', Math.ceil(seconds / 60)] as const)
          : (['h', Math.ceil(seconds / 3_600)] as const);
    return translate(`kontor.duration.${unit}`, { smart_count: value });
  };
  return (
    <Box sx={{ color: 'text.secondary', fontSize: 13, mb: 1 }}>
      {translate('kontor.moneyWatch.reports.settling', { median: spell(settling.medianSeconds), p90: spell(settling.p90Seconds) })}
    </Box>
  );
}

/** Why payments failed, the most frequent first; the provider's own words where ours have none. */
function Failures({ report: { failures, currency }, to }: { report: PaymentsReport; to: string }) {
  const translate = useTranslate();
  const { count } = useNumberWords();
  const word = (name: string) => translate(`kontor.moneyWatch.reports.${name}`);
  if (failures.length === 0) return null;
  return (
    <Box component="table" aria-label={word('reasons')} sx={{ ...tableStyle, maxWidth: 720, mt: 2 }}>
      <thead>
        <tr>
          <th scope="col">{word('reasons')}</th>
          <Box component="th" scope="col" sx={{ width: 110 }}>
            {word('count')}
          </Box>
          <Box component="th" scope="col" sx={{ width: 150 }}>
            {word('sum')}
          </Box>
        </tr>
      </thead>
      <tbody>
        {failures.map((failure) => (
          <tr key={`${failure.reason} ${failure.party}`}>
            <td>
              {failure.reason === null
                ? word('noReason')
                : translate(`kontor.moneyWatch.reports.reasonWords.${failure.reason}`, { _: failure.reason })}
            </td>
            <td>
              <Box component={Link} to={to} sx={{ color: 'primary.main' }}>
                {count(failure.count)}
              </Box>
            </td>
            <td>{spellMoney({ amountMinor: failure.amountMinor, currency })}</td>
          </tr>
        ))}
      </tbody>
    </Box>
  );
}

function Refunds({ filter, step }: Asked) {
  const translate = useTranslate();
  const { data, error, refetch, isPlaceholderData } = useFinanceReport('refunds', { ...filter, step });
  const word = (name: string) => translate(`kontor.moneyWatch.reports.${name}`);
  const title = word('refunds');
  return (
    <NumbersSection
      title={title}
      deeds={<CsvButton name={title} path="/finance-reports/refunds" file="kontor-refunds" query={{ ...filter, step }} />}
    >
      {!data ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : data.total.made === 0 ? (
        <Nothing />
      ) : (
        <Box sx={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
          <Figures
            figures={[
              [word('succeeded'), spellMoney({ amountMinor: data.total.succeededMinor, currency: data.currency })],
              [word('waiting'), spellMoney({ amountMinor: data.total.waitingMinor, currency: data.currency })],
            ]}
          />
          <OutcomePlot
            name={title}
            report={data}
            addressOf={(days, outcome) => refundsAddress(days, outcome && refundStatesOfOutcome[outcome].join(','), filter.account)}
          />
        </Box>
      )}
    </NumbersSection>
  );
}

function Waiting({ error, retry }: { error: Error | null; retry: () => void }) {
  return error ? <ReadFailure error={error} retry={retry} /> : <SlowWait />;
}

function Nothing() {
  const translate = useTranslate();
  return <Box sx={{ color: 'text.secondary', fontSize: 13, py: 2 }}>{translate('kontor.moneyWatch.reports.nothing')}</Box>;
}

const figuresStyle = {
  m: 0,
  mb: 2,
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 4,
  rowGap: 1,
  '& dt': { fontSize: 12, color: 'text.secondary' },
  '& dd': { m: 0, fontSize: 18, fontWeight: 600, fontVariantNumeric: 'tabular-nums' },
} as const;

const fieldsetStyle = {
  border: 0,
  m: 0,
  px: 0,
  pb: 0,
  pt: 0.75,
  minWidth: 0,
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 1,
  rowGap: 1.5,
  alignItems: 'center',
} as const;
