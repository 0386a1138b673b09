import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { spellPercentBp } from '../../domain/percent.ts';
import { sellersDay } from '../../domain/tax-rate.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useNow } from '../time/now.ts';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { TaxRateDialog } from './TaxRateDialog.tsx';
import { removalOf, useTaxRates, type ShownTaxRate } from './tax-rate-reads.ts';

/** What purchases are taxed at: for whom, from which day on (SPEC B13). */
export function TaxRatesPage() {
  useAuthenticated();
  return (
    <OnlyFor action="tax_rate.read">
      <TaxRates />
    </OnlyFor>
  );
}

function TaxRates() {
  const translate = useTranslate();
  const may = useMay();
  const now = useNow();
  const [doing, setDoing] = useState<ShownTaxRate | 'new'>();
  const { data, error, refetch } = useTaxRates();
  const word = (name: string, values: object = {}) => translate(`kontor.taxRates.${name}`, values);
  const close = () => setDoing(undefined);
  const today = sellersDay(now);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('tax_rate.manage') && (
          <Button variant="contained" onClick={() => setDoing('new')}>
            {word('add')}
          </Button>
        )
      }
    >
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 4, color: 'text.secondary' }}>
          {word('empty')}
        </Box>
      )}
      {data?.map((rate) => (
        <Setting
          key={rate.id}
          name={`${spellRate(rate, word)} · ${categoryWords(rate.category, translate)}`}
          deeds={
            may('tax_rate.manage') &&
            rate.validFrom > today && (
              <Button
                variant="outlined"
                aria-label={word('removeOf', { rate: spellRate(rate, word), day: rate.validFrom })}
                onClick={() => setDoing(rate)}
              >
                {word('remove')}
              </Button>
            )
          }
        >
          <div>{`${rate.customerKind === null ? word('everyKind') : word(`kinds.${rate.customerKind}`)} · ${rate.country ?? word('everyCountry')}`}</div>
          <Box sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
            {word(rate.validFrom > today ? 'comes' : 'since', { day: rate.validFrom })}
          </Box>
        </Setting>
      ))}
      {doing && (
        <li>
          {doing === 'new' ? (
            <TaxRateDialog today={today} onClose={close} />
          ) : (
            <ConfirmDialog
              title={word('removeTitle', { rate: spellRate(doing, word), day: doing.validFrom })}
              submit={word('remove')}
              done={word('removed')}
              wish={() => removalOf(doing)}
              onClose={close}
            >
              {word('removeText')}
            </ConfirmDialog>
          )}
        </li>
      )}
    </SettingsPage>
  );
}

function spellRate({ rateBp, inside }: ShownTaxRate, word: (name: string, values?: object) => string): string {
  return rateBp === null ? word('without') : word(inside ? 'inside' : 'onTop', { rate: spellPercentBp(rateBp) });
}

/** What is taxed; of a category that has no words here, its own name. */
function categoryWords(category: string, translate: (key: string, values: object) => string): string {
  return translate(`kontor.taxRates.categories.${category}`, { _: category });
}
