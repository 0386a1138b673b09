import { Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useLocaleState, useTranslate } from 'react-admin';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { usePartners, type Partner } from '../scope/scope-reads.ts';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { PartnerDialog } from './PartnerDialog.tsx';

/** Who may help where support does not (SPEC T15). */
export function PartnersPage() {
  useAuthenticated();
  return (
    <OnlyFor action="scope.read">
      <Partners />
    </OnlyFor>
  );
}

function Partners() {
  const translate = useTranslate();
  const may = useMay();
  const [withdrawn, setWithdrawn] = useState(false);
  const [doing, setDoing] = useState<Partner | 'new'>();
  const { data, error, refetch } = usePartners(withdrawn);
  const word = (name: string) => translate(`kontor.partners.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('partner.manage') && (
          <Button variant="contained" onClick={() => setDoing('new')}>
            {word('add')}
          </Button>
        )
      }
    >
      <Box component="li" sx={{ pb: 1 }}>
        <FormControlLabel
          control={<Checkbox size="small" checked={withdrawn} onChange={(_event, checked) => setWithdrawn(checked)} />}
          label={translate('kontor.scope.withdrawnOnes')}
        />
      </Box>
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 4, color: 'text.secondary' }}>
          {word('empty')}
        </Box>
      )}
      {data?.map((partner) => (
        <OnePartner key={partner.id} partner={partner} onEdit={may('partner.manage') ? () => setDoing(partner) : undefined} />
      ))}
      {doing && (
        <li>
          <PartnerDialog partner={doing === 'new' ? undefined : doing} onClose={() => setDoing(undefined)} />
        </li>
      )}
    </SettingsPage>
  );
}

function OnePartner({ partner, onEdit }: { partner: Partner; onEdit: (() => void) | undefined }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const inWords = (texts: Readonly<Record<string, string>>) => texts[locale] ?? texts['en'] ?? '';
  const href = partner.address.startsWith('https://') ? partner.address : `mailto:${partner.address}`;
  return (
    <Setting
      name={partner.name}
      deeds={
        onEdit && (
          <Button variant="outlined" aria-label={translate('kontor.scope.editOf', { title: partner.name })} onClick={onEdit}>
            {translate('kontor.scope.edit')}
          </Button>
        )
      }
    >
      <div>{[inWords(partner.city), ...partner.skills.map(inWords)].join(' · ')}</div>
      <Box component="a" href={href} target="_blank" rel="noopener noreferrer" sx={{ color: 'primary.main' }}>
        {partner.address}
      </Box>
      {partner.text && <Box sx={{ color: 'text.secondary' }}>{inWords(partner.text)}</Box>}
    </Setting>
  );
}
