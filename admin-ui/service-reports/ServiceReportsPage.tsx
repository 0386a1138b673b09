import { Box, Button, Typography } from '@mui/material';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useSearchParams } from 'react-router';
import { reportSteps, type ReportStep } from '../../domain/service-report.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { NumbersSection } from '../plots/Figure.tsx';
import { useMay } from '../time/reader.ts';
import { BreachingTable } from './BreachingTable.tsx';
import { ComplianceTables } from './ComplianceTables.tsx';
import { CsvButton } from './CsvButton.tsx';
import { useSpellDays } from './day-words.ts';
import { DistributionOf } from './DistributionPlots.tsx';
import { readReportFilter, readStep, reportAddress, type ReportFilter } from './report-filter.ts';
import { useReport, withoutPeriod, type ComplianceReport } from './report-reads.ts';
import { ReportFilters } from './ReportFilters.tsx';
import { Sums } from './Sums.tsx';
import { TrendPlot } from './TrendPlot.tsx';

/** Reports of what became of clocks (SPEC S8). What they are narrowed to stands in the page's address. */
export function ServiceReportsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="service_report.read">
      <Reports />
    </OnlyFor>
  );
}

function Reports() {
  const translate = useTranslate();
  const [query, setQuery] = useSearchParams();
  const filter = readReportFilter(query);
  const step = readStep(query, filter);
  const { data, error, refetch, isPlaceholderData } = useReport('compliance', filter);
  const show = (changed: ReportFilter, shown?: ReportStep) => setQuery(reportAddress(changed, shown).split('?')[1] ?? '');
  return (
    <Box sx={{ maxWidth: 1240, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.reports.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.reports.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 1.5, maxWidth: '80ch' }}>{translate('kontor.reports.hint')}</Typography>
      <ReportFilters filter={filter} onChange={(changed) => show(changed)} />
      <Box sx={{ mt: 2, opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
        {!data ? (
          error ? (
            <ReadFailure error={error} retry={() => void refetch()} />
          ) : (
            <SlowWait />
          )
        ) : (
          <>
            <ComplianceSection report={data} filter={filter} />
            {hasNumbers(data) && (
              <>
                <TrendSection filter={filter} step={step} onStep={(shown) => show(filter, shown)} />
                <DistributionSection filter={filter} />
              </>
            )}
            <BreachingSection filter={withoutPeriod(filter)} />
          </>
        )}
      </Box>
    </Box>
  );
}

function hasNumbers({ total }: ComplianceReport): boolean {
  return total.met + total.breached + total.void > 0;
}

function ComplianceSection({ report, filter }: { report: ComplianceReport; filter: ReportFilter }) {
  const translate = useTranslate();
  const { spellPart } = useSpellDays();
  const title = translate('kontor.reports.compliance.title');
  // A link means the very days that are shown, also tomorrow and in another zone.
  const { from, to, zone } = report.period;
  const dated = { ...filter, from, to, zone };
  return (
    <NumbersSection
      title={title}
      hint={`${spellPart(report.period)} · ${translate('kontor.reports.filter.days', { zone })}`}
      deeds={<CsvButton name={title} path="/service-reports/compliance" file="kontor-compliance" query={filter} />}
    >
      {hasNumbers(report) ? (
        <>
          <Sums report={report} filter={dated} />
          <ComplianceTables report={report} filter={dated} />
        </>
      ) : (
        <NothingDue filter={filter} />
      )}
    </NumbersSection>
  );
}

/** What to do first where nothing has come due. */
function NothingDue({ filter }: { filter: ReportFilter }) {
  const translate = useTranslate();
  const may = useMay();
  const word = (name: string) => translate(`kontor.reports.empty.${name}`);
  const filtered = Object.keys(withoutPeriod(filter)).length > 0;
  return (
    <Box sx={{ py: 4, maxWidth: '60ch' }}>
      <Typography sx={{ fontWeight: 600 }}>{word('title')}</Typography>
      <Typography sx={{ color: 'text.secondary', my: 1 }}>{word(filtered ? 'filtered' : 'hint')}</Typography>
      {!filtered && (
        <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
          <Button variant="outlined" component={Link} to="/sla-plans">
            {word('toPlans')}
          </Button>
          {may('queue.manage') && (
            <Button variant="outlined" component={Link} to="/queues">
              {word('toQueues')}
            </Button>
          )}
        </Box>
      )}
    </Box>
  );
}

interface Trend {
  readonly filter: ReportFilter;
  readonly step: ReportStep;
  readonly onStep: (step: ReportStep) => void;
}

function TrendSection({ filter, step, onStep }: Trend) {
  const translate = useTranslate();
  const { data } = useReport('trend', { ...filter, step });
  const title = translate('kontor.reports.trend.title');
  return (
    <NumbersSection
      title={title}
      deeds={
        <>
          <Choice label={translate('kontor.reports.trend.step')} value={step} onChange={(value) => onStep(value as ReportStep)}>
            {reportSteps.map((name) => (
              <option key={name} value={name}>
                {translate(`kontor.reports.trend.steps.${name}`)}
              </option>
            ))}
          </Choice>
          <CsvButton name={title} path="/service-reports/trend" file="kontor-trend" query={{ ...filter, step }} />
        </>
      }
    >
      {data ? <TrendPlot report={data} filter={filter} /> : <SlowWait />}
    </NumbersSection>
  );
}

function DistributionSection({ filter }: { filter: ReportFilter }) {
  const translate = useTranslate();
  const { data } = useReport('distribution', filter);
  const title = translate('kontor.reports.distribution.title');
  if (data?.kinds.length === 0) return null;
  return (
    <NumbersSection
      title={title}
      hint={translate('kontor.reports.distribution.hint')}
      deeds={<CsvButton name={title} path="/service-reports/distribution" file="kontor-response-times" query={filter} />}
    >
      {data ? (
        data.kinds.map((spread) => (
          <DistributionOf
            key={spread.kind}
            spread={spread}
            filter={{ ...filter, from: data.period.from, to: data.period.to, zone: data.period.zone }}
          />
        ))
      ) : (
        <SlowWait />
      )}
    </NumbersSection>
  );
}

function BreachingSection({ filter }: { filter: ReportFilter }) {
  const translate = useTranslate();
  const { data } = useReport('breaching', filter);
  const title = translate('kontor.reports.breaching.title');
  return (
    <NumbersSection
      title={title}
      hint={translate('kontor.reports.breaching.hint')}
      deeds={<CsvButton name={title} path="/service-reports/breaching" file="kontor-about-to-breach" query={filter} />}
    >
      {data ? <BreachingTable report={data} filter={filter} /> : <SlowWait />}
    </NumbersSection>
  );
}
