import { Box, Button, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { useFailureWords } from '../failures/FailureText.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { StaffCase } from '../server/answers.ts';
import { fixedLetters } from '../theme/theme.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { useKontor } from '../server/use-kontor.ts';
import { moneyCaseWords } from './money-cases.ts';
import { MoneyCase } from './MoneyCase.tsx';

const kinds: Readonly<Record<string, string>> = {
  'delivery.refused': 'delivery_refused',
  'outbox.parked': 'outbox_parked',
  'engine.ended_early': 'engine_ended_early',
  'engine.unknown_entity': 'engine_unknown_entity',
  'step.overdue': 'step_overdue',
  'change.address_taken': 'change_address_taken',
};

/** Things that a person must look at, the longest wait first. */
export function CaseList() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery({
    queryKey: ['cases', 'open'],
    queryFn: () => dataProvider.getList<StaffCase>('cases', {}),
    refetchInterval: 15_000,
  });
  return (
    <Box sx={{ maxWidth: 860, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.cases.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.cases.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 2 }}>{translate('kontor.cases.hint')}</Typography>
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.data.length === 0 && <Typography sx={{ py: 6, textAlign: 'center' }}>{translate('kontor.cases.empty')}</Typography>}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {data?.data.map((each) => (
          <OneCase key={each.id} about={each} />
        ))}
      </Box>
    </Box>
  );
}

function OneCase({ about }: { about: StaffCase }) {
  const translate = useTranslate();
  const may = useMay();
  const money = moneyCaseWords(about.kind);
  const kind = money ?? `kontor.cases.kind.${kinds[about.kind] ?? 'other'}`;
  const number = /^ticket:(CS-\d+)$/.exec(about.about)?.[1];
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, py: 2, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ flex: '1 1 320px', minWidth: 0 }}>
        <Typography variant="h2" component="h2" sx={{ fontSize: 14 }}>
          {translate(`${kind}.title`)}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          <Moment at={about.openedAt} />
          {number !== undefined && (
            <>
              {' · '}
              <Box component={Link} to={`/tickets/${number}/show`} sx={{ color: 'primary.main' }}>
                {number}
              </Box>
            </>
          )}
        </Typography>
        <Typography sx={{ mt: 0.75 }}>{translate(`${kind}.todo`)}</Typography>
        {money !== undefined && <MoneyCase about={about.about} detail={about.detail} />}
        <Box component="details" sx={{ mt: 0.75, fontSize: 13 }}>
          <summary>{translate('kontor.cases.details')}</summary>
          <Box
            component="pre"
            sx={{
              m: 0,
              mt: 0.5,
              p: 1,
              fontFamily: fixedLetters,
              fontSize: 12,
              bgcolor: 'surface.code',
              borderRadius: 1,
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
            }}
          >
            {[`${about.kind} · ${about.about}`, ...Object.entries(about.detail).map(([name, value]) => `${name}: ${value}`)].join('\n')}
          </Box>
        </Box>
      </Box>
      {may('case.settle') && <Settle id={about.id} />}
    </Box>
  );
}

function Settle({ id }: { id: string }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const settle = async () => {
    setBusy(true);
    try {
      await dataProvider.settleCase(id, key);
      notify('kontor.cases.settled', { type: 'success' });
    } catch (error) {
      notify(failureWords(error), { type: 'error' });
      setBusy(false);
    }
    await queries.invalidateQueries({ queryKey: ['cases'] });
    void queries.invalidateQueries({ queryKey: ['desk-counts'] });
  };
  return (
    <Button variant="outlined" disabled={busy} onClick={() => void settle()} sx={{ alignSelf: 'flex-start' }}>
      {translate('kontor.cases.settle')}
    </Button>
  );
}
