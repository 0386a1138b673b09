import { Box, Typography } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { NumbersSection } from '../plots/Figure.tsx';
import { BreachingTable } from '../service-reports/BreachingTable.tsx';
import { Quantiles, SharesPlot } from '../service-reports/DistributionPlots.tsx';
import { useReport } from '../service-reports/report-reads.ts';
import { Sums } from '../service-reports/Sums.tsx';
import { TrendPlot } from '../service-reports/TrendPlot.tsx';
import { MoneyNow, MoneyPlots } from './MoneyNow.tsx';
import { NeedsNow } from './NeedsNow.tsx';
import { OpenByAge } from './OpenByAge.tsx';

/** Where the day begins (SPEC A3): what needs a person now, above what is merely interesting. */
export function OverviewPage() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.reports.overview.${name}`);
  const breaching = useReport('breaching', {});
  return (
    <Box sx={{ maxWidth: 1240, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Typography variant="h1" sx={{ mb: 1.5 }}>
        {word('title')}
      </Typography>
      <NeedsNow breaching={breaching.data} />
      <MoneyNow />
      <Box sx={gridStyle}>
        <NumbersSection title={translate('kontor.reports.breaching.title')} hint={translate('kontor.reports.breaching.hint')}>
          {breaching.data ? (
            <BreachingTable report={breaching.data} filter={{}} />
          ) : breaching.error ? (
            <ReadFailure error={breaching.error} retry={() => void breaching.refetch()} />
          ) : (
            <SlowWait />
          )}
        </NumbersSection>
        <OpenByAge />
        <FirstResponses />
        <ComplianceNow />
        <MoneyPlots />
      </Box>
    </Box>
  );
}

/** The first responses of the last thirty days against what was promised. */
function FirstResponses() {
  const translate = useTranslate();
  const { data } = useReport('distribution', { kind: 'first_response' });
  const spread = data?.kinds[0];
  const period = data && { from: data.period.from, to: data.period.to, zone: data.period.zone };
  return (
    <NumbersSection title={translate('kontor.reports.overview.firstResponse')} deeds={<ToReports />}>
      {!data ? (
        <SlowWait />
      ) : spread ? (
        <>
          <Quantiles spread={spread} filter={{ ...period, kind: spread.kind }} />
          <SharesPlot spread={spread} filter={{ ...period }} />
        </>
      ) : (
        <NoneYet />
      )}
    </NumbersSection>
  );
}

/** How promises were kept in the last thirty days. */
function ComplianceNow() {
  const translate = useTranslate();
  const { data } = useReport('compliance', {});
  const trend = useReport('trend', { step: 'day' });
  const period = data && { from: data.period.from, to: data.period.to, zone: data.period.zone };
  return (
    <NumbersSection title={translate('kontor.reports.overview.compliance')} deeds={<ToReports />}>
      {!data ? (
        <SlowWait />
      ) : data.total.share === null ? (
        <NoneYet />
      ) : (
        <>
          <Sums report={data} filter={{ ...period }} />
          {trend.data && <TrendPlot report={trend.data} filter={{}} />}
        </>
      )}
    </NumbersSection>
  );
}

function ToReports() {
  const translate = useTranslate();
  return (
    <Box component={Link} to="/service-reports" sx={{ fontSize: 13, color: 'primary.main' }}>
      {translate('kontor.reports.overview.more')}
    </Box>
  );
}

function NoneYet() {
  const translate = useTranslate();
  return <Box sx={{ color: 'text.secondary', fontSize: 13, py: 2 }}>{translate('kontor.reports.overview.noneYet')}</Box>;
}

const gridStyle = {
  display: 'grid',
  columnGap: 4,
  gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
  alignItems: 'start',
} as const;
