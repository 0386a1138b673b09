import { Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useNow } from '../time/now.ts';
import { useMay, useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { useHolds, type Hold } from '../timing/timing-reads.ts';
import { LiftDialog, PlaceDialog } from './HoldDialogs.tsx';

/** Holds: what stands still, why, who placed it, and until when (SPEC M3). */
export function HoldsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="hold.read">
      <Holds />
    </OnlyFor>
  );
}

function Holds() {
  const translate = useTranslate();
  const may = useMay();
  const [withLifted, setWithLifted] = useState(false);
  const { data, error, refetch } = useHolds(withLifted);
  const [doing, setDoing] = useState<Hold | 'new'>();
  const close = () => setDoing(undefined);
  const word = (name: string) => translate(`kontor.timing.holds.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        <>
          <FormControlLabel
            control={<Checkbox size="small" checked={withLifted} onChange={(event) => setWithLifted(event.target.checked)} />}
            label={word('withLifted')}
          />
          {may('hold.place') && (
            <Button variant="contained" onClick={() => setDoing('new')}>
              {word('place')}
            </Button>
          )}
        </>
      }
    >
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 6, textAlign: 'center' }}>
          {word('empty')}
        </Box>
      )}
      {data?.map((hold) => (
        <OneHold key={hold.id} hold={hold} onLift={() => setDoing(hold)} />
      ))}
      {doing === 'new' && <PlaceDialog onClose={close} />}
      {doing !== undefined && doing !== 'new' && <LiftDialog hold={doing} onClose={close} />}
    </SettingsPage>
  );
}

function OneHold({ hold, onLift }: { hold: Hold; onLift: () => void }) {
  const translate = useTranslate();
  const may = useMay();
  const now = useNow();
  const reader = useReaderTime();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.timing.holds.${name}`, values);
  const moment = (at: string) => spellMoment(new Date(at), now, reader);
  const about = hold.scopeName ?? hold.scopeId?.replace('ticket:', '') ?? '';
  const kinds = hold.kinds === null ? word('everyKind') : hold.kinds.map((kind) => word(`kind.${kind}`)).join(', ');
  return (
    <Setting
      name={word(`scope.${hold.scope}`, { name: about })}
      deeds={
        may('hold.place') &&
        hold.liftingAt === null && (
          <Button variant="outlined" onClick={onLift} aria-label={`${word('lift')}: ${word(`scope.${hold.scope}`, { name: about })}`}>
            {word('lift')}
          </Button>
        )
      }
    >
      <div>{hold.reason}</div>
      <Box sx={{ color: 'text.secondary' }}>
        {[
          word('stops', { kinds }),
          hold.until === null ? word('untilLifted') : word('until', { time: moment(hold.until) }),
          word(hold.shifts ? 'shifts' : 'doesNotShift'),
        ].join(' · ')}
      </Box>
      <Box sx={{ color: 'text.secondary' }}>{word('since', { time: moment(hold.from), name: hold.placedBy.name })}</Box>
      {hold.liftedAt ? (
        <div>
          {hold.liftedBy
            ? word('lifted', { time: moment(hold.liftedAt), name: hold.liftedBy.name })
            : word('liftedByItself', { time: moment(hold.liftedAt) })}
        </div>
      ) : (
        hold.liftingAt && (
          <div>
            {word('lifting')}{' '}
            <Box component={Link} to="/jobs" sx={{ color: 'primary.main' }}>
              {word('liftingProgress')}
            </Box>
          </div>
        )
      )}
    </Setting>
  );
}
