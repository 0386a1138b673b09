import { Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { useSearchParams } from 'react-router';
import { moneyFlows, moneyMatters, usualForecastDays } from '../../domain/money-outlook.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { NumbersSection } from '../plots/Figure.tsx';
import { AccountChip } from '../service-reports/ReportFilters.tsx';
import { ForecastOf } from './ForecastPlot.tsx';
import { MoneyStepRows } from './MoneyStepRows.tsx';
import { forecastLengths, readOutlookFilter, useCashForecast, useMoneySteps, type OutlookFilter } from './outlook-reads.ts';

/** Everything that will happen with money, or may: a forecast of cash, and the steps that make it (SPEC M4). */
export function OutlookPage() {
  useAuthenticated();
  return (
    <OnlyFor action="finance.read">
      <Outlook />
    </OnlyFor>
  );
}

function Outlook() {
  const translate = useTranslate();
  const [query, setQuery] = useSearchParams();
  const filter = readOutlookFilter(query);
  const word = (name: string) => translate(`kontor.moneyWatch.outlook.${name}`);
  return (
    <Box sx={{ maxWidth: 1240, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Typography variant="h1">{word('title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 1.5, maxWidth: '80ch' }}>{word('hint')}</Typography>
      <Forecast />
      <Steps filter={filter} onChange={(changed) => setQuery(changed)} />
    </Box>
  );
}

function Forecast() {
  const translate = useTranslate();
  const [days, setDays] = useState<number>(usualForecastDays);
  const { data, error, refetch } = useCashForecast(days);
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.moneyWatch.outlook.${name}`, values);
  return (
    <NumbersSection
      title={word('forecast', { days })}
      hint={word('forecastHint')}
      deeds={
        <Choice label={word('days')} value={String(days)} onChange={(value) => setDays(Number(value))}>
          {forecastLengths.map((length) => (
            <option key={length} value={length}>
              {word('dayCount', { days: length })}
            </option>
          ))}
        </Choice>
      }
    >
      {!data ? (
        error ? (
          <ReadFailure error={error} retry={() => void refetch()} />
        ) : (
          <SlowWait />
        )
      ) : data.currencies.length === 0 ? (
        <Box sx={{ color: 'text.secondary', fontSize: 13, py: 2 }}>{word('nothing')}</Box>
      ) : (
        data.currencies.map((forecast) => <ForecastOf key={forecast.currency} forecast={forecast} zone={data.period.zone} />)
      )}
    </NumbersSection>
  );
}

function Steps({ filter, onChange }: { filter: OutlookFilter; onChange: (filter: OutlookFilter) => void }) {
  const translate = useTranslate();
  const { data, error, refetch, fetchNextPage, hasNextPage, isPlaceholderData } = useMoneySteps(filter);
  const word = (name: string) => translate(`kontor.moneyWatch.outlook.${name}`);
  const choose = (name: keyof OutlookFilter, value: string) => {
    const { [name]: _before, ...others } = filter;
    onChange(value === '' ? others : { ...others, [name]: value });
  };
  const { from: _from, to: _to, ...withoutDays } = filter;
  const steps = data?.pages.flatMap((page) => page.items);
  return (
    <NumbersSection title={word('list')}>
      <Box component="fieldset" aria-label={translate('kontor.list.filters')} sx={fieldsetStyle}>
        <Choice label={word('what')} value={filter.what ?? ''} onChange={(value) => choose('what', value)}>
          <option value="">{word('any')}</option>
          {moneyMatters.map((matter) => (
            <option key={matter} value={matter}>
              {word(`kinds.${matter}`)}
            </option>
          ))}
        </Choice>
        <Choice label={word('flow')} value={filter.flow ?? ''} onChange={(value) => choose('flow', value)}>
          <option value="">{word('any')}</option>
          {moneyFlows.map((flow) => (
            <option key={flow} value={flow}>
              {word(`flows.${flow}`)}
            </option>
          ))}
        </Choice>
        {filter.account !== undefined && <AccountChip id={filter.account} onRemove={() => choose('account', '')} />}
        {(filter.from ?? filter.to) !== undefined && (
          <Button onClick={() => onChange(withoutDays)}>{translate('kontor.list.clear')}</Button>
        )}
      </Box>
      <Box sx={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
        {!steps ? (
          error ? (
            <ReadFailure error={error} retry={() => void refetch()} />
          ) : (
            <SlowWait />
          )
        ) : steps.length === 0 ? (
          <Box sx={{ color: 'text.secondary', fontSize: 13, py: 4 }}>{word('empty')}</Box>
        ) : (
          <MoneyStepRows steps={steps} />
        )}
        {hasNextPage && (
          <Button sx={{ mt: 1 }} onClick={() => void fetchNextPage()}>
            {word('more')}
          </Button>
        )}
      </Box>
    </NumbersSection>
  );
}

const fieldsetStyle = {
  border: 0,
  m: 0,
  px: 0,
  pb: 1.5,
  pt: 0.75,
  minWidth: 0,
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 1,
  rowGap: 1.5,
  alignItems: 'center',
  '& select': { maxWidth: 230 },
} as const;
