import { Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { PromoDialog } from './PromoDialog.tsx';
import { UsesDialog } from './UsesDialog.tsx';
import { spellGain, usePromoCodes, type PromoCode } from './promo-reads.ts';

/** Promo codes: what each takes off, until when and how often, and who used it (SPEC B5). */
export function PromoCodesPage() {
  useAuthenticated();
  return (
    <OnlyFor action="promo_code.read">
      <PromoCodes />
    </OnlyFor>
  );
}

function PromoCodes() {
  const translate = useTranslate();
  const may = useMay();
  const [withdrawn, setWithdrawn] = useState(false);
  const [doing, setDoing] = useState<{ what: 'new' } | { what: 'edit' | 'uses'; promo: PromoCode }>();
  const { data, error, refetch, hasNextPage, fetchNextPage } = usePromoCodes(withdrawn);
  const word = (name: string) => translate(`kontor.promoCodes.${name}`);
  const codes = data?.pages.flatMap(({ items }) => items);
  const close = () => setDoing(undefined);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('promo_code.manage') && (
          <Button variant="contained" onClick={() => setDoing({ what: 'new' })}>
            {word('add')}
          </Button>
        )
      }
    >
      <Box component="li" sx={{ pb: 1 }}>
        <FormControlLabel
          control={<Checkbox size="small" checked={withdrawn} onChange={(_event, checked) => setWithdrawn(checked)} />}
          label={word('withdrawnOnes')}
        />
      </Box>
      {!codes && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {codes?.length === 0 && (
        <Box component="li" sx={{ py: 4, color: 'text.secondary' }}>
          {word(withdrawn ? 'noneWithdrawn' : 'empty')}
        </Box>
      )}
      {codes?.map((promo) => (
        <OnePromoCode key={promo.id} promo={promo} mayChange={may('promo_code.manage')} onDo={(what) => setDoing({ what, promo })} />
      ))}
      {hasNextPage && (
        <Box component="li" sx={{ pt: 1 }}>
          <Button onClick={() => void fetchNextPage()}>{word('more')}</Button>
        </Box>
      )}
      {doing && (
        <li>
          {doing.what === 'uses' ? (
            <UsesDialog promo={doing.promo} onClose={close} />
          ) : (
            <PromoDialog promo={doing.what === 'edit' ? doing.promo : undefined} onClose={close} />
          )}
        </li>
      )}
    </SettingsPage>
  );
}

interface One {
  readonly promo: PromoCode;
  readonly mayChange: boolean;
  readonly onDo: (what: 'edit' | 'uses') => void;
}

function OnePromoCode({ promo, mayChange, onDo }: One) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.promoCodes.${name}`, values);
  return (
    <Setting
      name={
        <Box component="span" sx={{ fontFamily: 'monospace', fontSize: 15 }}>
          {promo.code}
        </Box>
      }
      deeds={
        <>
          <Button variant="outlined" aria-label={word('usesOf', { code: promo.code })} onClick={() => onDo('uses')}>
            {word('uses')}
          </Button>
          {mayChange && (
            <Button variant="outlined" aria-label={word('editOf', { code: promo.code })} onClick={() => onDo('edit')}>
              {word('edit')}
            </Button>
          )}
        </>
      }
    >
      <Box sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {word('takes', { gain: spellGain(promo.gain) })} · {word('used', { used: promo.used, smart_count: promo.used })}
        {promo.totalCap !== null && ` ${word('ofCap', { cap: promo.totalCap })}`}
        {promo.reserved > 0 && ` · ${word('reserved', { smart_count: promo.reserved })}`}
        {promo.accountCap !== null && ` · ${word('perCustomer', { smart_count: promo.accountCap })}`}
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {word('from')} <Moment at={promo.validFrom} as="moment" />{' '}
        {promo.validUntil === null ? (
          word('withoutEnd')
        ) : (
          <>
            {word('until')} <Moment at={promo.validUntil} as="moment" />
          </>
        )}
        {promo.withdrawnAt !== null && (
          <>
            {' · '}
            {word('withdrawnAt')} <Moment at={promo.withdrawnAt} as="moment" />
          </>
        )}
      </Box>
      {promo.note !== null && <Box sx={{ color: 'text.secondary' }}>{promo.note}</Box>}
    </Setting>
  );
}
