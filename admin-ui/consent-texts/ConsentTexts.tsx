import { Box, Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { neededConsents } from '../../domain/consent.ts';
import { locales } from '../../domain/locale.ts';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { ConsentWording } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useNow } from '../time/now.ts';
import { useMay, useReaderTime } from '../time/reader.ts';
import { spellExactly, spellMoment } from '../time/spell-time.ts';
import { PublishDialog } from './PublishDialog.tsx';

/** What customers agree to: the wordings that stand, in both languages, and the way to the next version (SPEC D2). */
export function ConsentTexts() {
  useAuthenticated();
  return (
    <OnlyFor action="consent_text.read">
      <Wordings />
    </OnlyFor>
  );
}

function Wordings() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery({ queryKey: ['consent-wordings'], queryFn: () => dataProvider.consentWordings() });
  return (
    <Box sx={{ maxWidth: 1080, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.consentTexts.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.consentTexts.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 2 }}>{translate('kontor.consentTexts.hint')}</Typography>
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.map((wording) => (
        <OneWording key={wording.purpose} wording={wording} />
      ))}
    </Box>
  );
}

function OneWording({ wording }: { wording: ConsentWording }) {
  const translate = useTranslate();
  const may = useMay();
  const now = useNow();
  const reader = useReaderTime();
  const [writing, setWriting] = useState(false);
  const published = new Date(wording.publishedAt);
  return (
    <Box component="section" data-purpose={wording.purpose} sx={{ py: 2.5, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 260px' }}>
          <Typography variant="h2" sx={{ fontSize: 14 }}>
            {translate(`kontor.consentTexts.purpose.${wording.purpose}`)}
          </Typography>
          <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
            {translate('kontor.consentTexts.version', { version: wording.version })}{' '}
            <time dateTime={wording.publishedAt} title={spellExactly(published, reader)}>
              {translate('kontor.consentTexts.since', { time: spellMoment(published, now, reader) })}
            </time>
            {' · '}
            {translate(`kontor.consentTexts.${neededConsents.includes(wording.purpose) ? 'needed' : 'optional'}`)}
          </Box>
        </Box>
        {may('consent_text.publish') && (
          <Button variant="outlined" onClick={() => setWriting(true)}>
            {translate('kontor.consentTexts.publish')}
          </Button>
        )}
      </Box>
      <Box sx={{ mt: 1.5, display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
        {locales.map((locale) => (
          <Box key={locale} lang={locale} sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            {wording.body[locale] === undefined ? (
              <Box sx={{ color: 'text.secondary' }}>{translate('kontor.consentTexts.missing')}</Box>
            ) : (
              <>
                <Box sx={{ fontWeight: 600 }}>{wording.title[locale] ?? wording.title.en}</Box>
                <Box sx={{ whiteSpace: 'pre-wrap', maxHeight: 280, overflowY: 'auto', mt: 0.5 }}>{wording.body[locale]}</Box>
              </>
            )}
          </Box>
        ))}
      </Box>
      {writing && <PublishDialog wording={wording} onClose={() => setWriting(false)} />}
    </Box>
  );
}
