import { Box, Button, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { useFailureWords } from '../failures/FailureText.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { Factors, TotpSetUp } from '../server/answers.ts';
import { isCancelled } from '../server/request-failure.ts';
import { useKontor } from '../server/use-kontor.ts';
import { Moment } from '../time/Moment.tsx';
import { NewAppDialog } from './NewAppDialog.tsx';
import { NewCodesDialog } from './NewCodesDialog.tsx';
import { Section, SectionRow } from './Section.tsx';

/** So few that one should make new ones before they run out. */
const fewCodes = 3;

/** The app and the codes for the day it is lost. */
export function FactorSections() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery({ queryKey: ['own-factors'], queryFn: () => dataProvider.factors() });
  const read = data ? undefined : error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  return (
    <>
      <Section id="security-app" title={translate('kontor.security.app.title')} hint={translate('kontor.security.app.hint')}>
        {read ?? <App factors={data!} />}
      </Section>
      <Section id="security-codes" title={translate('kontor.security.codes.title')} hint={translate('kontor.security.codes.hint')}>
        {data && <Codes left={data.recoveryCodesLeft} />}
      </Section>
    </>
  );
}

function App({ factors: { totp } }: { factors: Factors }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const [busy, setBusy] = useState(false);
  const [setUp, setSetUp] = useState<TotpSetUp>();
  const begin = async () => {
    setBusy(true);
    try {
      setSetUp(await dataProvider.beginApp());
    } catch (error) {
      if (!isCancelled(error)) notify(failureWords(error), { type: 'error' });
    }
    setBusy(false);
  };
  const close = () => {
    setSetUp(undefined);
    void queries.invalidateQueries({ queryKey: ['own-factors'] });
  };
  return (
    <>
      <SectionRow
        action={
          <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} disabled={busy} onClick={() => void begin()}>
            {translate(totp ? 'kontor.security.app.replace' : 'kontor.security.app.setUp')}
          </Button>
        }
      >
        {totp ? (
          <>
            <Typography sx={{ fontWeight: 550 }}>{translate('kontor.security.app.set')}</Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {translate('kontor.security.app.setAt')} <Moment at={totp.setAt} />
              {' · '}
              {totp.lastUsedAt === null ? (
                translate('kontor.security.app.neverUsed')
              ) : (
                <>
                  {translate('kontor.security.app.lastUsedAt')} <Moment at={totp.lastUsedAt} />
                </>
              )}
            </Typography>
          </>
        ) : (
          translate('kontor.security.app.none')
        )}
      </SectionRow>
      {setUp && <NewAppDialog setUp={setUp} replaces={totp !== null} onClose={close} />}
    </>
  );
}

function Codes({ left }: { left: number }) {
  const translate = useTranslate();
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const close = () => {
    setMaking(false);
    void queries.invalidateQueries({ queryKey: ['own-factors'] });
  };
  return (
    <>
      <SectionRow
        action={
          <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={() => setMaking(true)}>
            {translate('kontor.security.codes.make')}
          </Button>
        }
      >
        <Typography sx={{ fontWeight: 550 }}>
          {left === 0 ? translate('kontor.security.codes.noneLeft') : translate('kontor.security.codes.left', { smart_count: left })}
        </Typography>
        {left <= fewCodes && (
          <Box sx={{ color: 'warning.main', fontSize: 13 }}>
            {translate(left === 0 ? 'kontor.security.codes.none' : 'kontor.security.codes.few')}
          </Box>
        )}
      </SectionRow>
      {making && <NewCodesDialog left={left} onClose={close} />}
    </>
  );
}
