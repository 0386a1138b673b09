import ComputerIcon from '@mui/icons-material/ComputerOutlined';
import PhoneIcon from '@mui/icons-material/SmartphoneOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { Session } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { inPath } from '../server/wish.ts';
import { Moment } from '../time/Moment.tsx';
import { Section } from './Section.tsx';

/** Where somebody is signed in: this browser first, then the one used last (SPEC I6). */
export function SessionsSection() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery({ queryKey: ['own-sessions'], queryFn: () => dataProvider.sessions() });
  const [ending, setEnding] = useState<Session | 'others'>();
  const sessions = data?.toSorted((one, other) => Number(other.current) - Number(one.current));
  return (
    <Section id="security-sessions" title={translate('kontor.security.sessions.title')} hint={translate('kontor.security.sessions.hint')}>
      {!sessions && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {sessions?.map((session) => (
          <OneSession key={session.id} session={session} onEnd={() => setEnding(session)} />
        ))}
      </Box>
      {sessions?.length === 1 && (
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
          {translate('kontor.security.sessions.onlyThis')}
        </Typography>
      )}
      {sessions && sessions.length > 1 && (
        <Button variant="outlined" color="inherit" sx={{ mt: 1.5, borderColor: 'divider' }} onClick={() => setEnding('others')}>
          {translate('kontor.security.sessions.endOthers')}
        </Button>
      )}
      {ending !== undefined && <EndDialog ending={ending} others={(sessions?.length ?? 1) - 1} onClose={() => setEnding(undefined)} />}
    </Section>
  );
}

function OneSession({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const translate = useTranslate();
  const Icon = /Android|iPhone|iPad|iOS/.test(session.device) ? PhoneIcon : ComputerIcon;
  return (
    <Box
      component="li"
      data-session={session.id}
      sx={{ display: 'flex', gap: 1.5, py: 1.25, '& + &': { borderTop: 1, borderColor: 'divider' }, '&:first-of-type': { pt: 0 } }}
    >
      <Icon sx={{ fontSize: 20, color: 'text.secondary', mt: '1px' }} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography sx={{ fontWeight: 550 }}>
          {session.device}
          {session.current && (
            <Box component="span" sx={thisOneStyle}>
              {translate('kontor.security.sessions.this')}
            </Box>
          )}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {session.place} · {session.address}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {translate('kontor.security.sessions.signedIn')} <Moment at={session.signedInAt} />
          {session.secondFactor === 'recovery' && ` ${translate('kontor.security.sessions.byRecovery')}`}
          {' · '}
          {translate('kontor.security.sessions.lastSeen')} <Moment at={session.lastSeenAt} />
        </Typography>
      </Box>
      {!session.current && (
        <Button
          variant="outlined"
          color="inherit"
          sx={{ borderColor: 'divider', alignSelf: 'center' }}
          aria-label={translate('kontor.security.sessions.endNamed', { device: session.device, place: session.place })}
          onClick={onEnd}
        >
          {translate('kontor.security.sessions.end')}
        </Button>
      )}
    </Box>
  );
}

const thisOneStyle = {
  ml: 1,
  px: 0.75,
  py: 0.125,
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  color: 'text.secondary',
  fontSize: 12,
  fontWeight: 400,
} as const;

/** A session cannot be begun again but by its owner: what ends is named before it does. */
function EndDialog({ ending, others, onClose }: { ending: Session | 'others'; others: number; onClose: () => void }) {
  const translate = useTranslate();
  if (ending === 'others')
    return (
      <ConfirmDialog
        title={translate('kontor.security.sessions.endOthersTitle')}
        submit={translate('kontor.security.sessions.endOthers')}
        wish={() => ({ method: 'DELETE', path: '/me/sessions' })}
        done="kontor.security.sessions.othersEnded"
        onClose={onClose}
      >
        {translate('kontor.security.sessions.endOthersConfirm', { smart_count: others })}
      </ConfirmDialog>
    );
  return (
    <ConfirmDialog
      title={translate('kontor.security.sessions.endTitle')}
      submit={translate('kontor.security.sessions.endSubmit')}
      wish={() => ({ method: 'DELETE', path: `/me/sessions/${inPath(ending.id)}` })}
      done="kontor.security.sessions.ended"
      onClose={onClose}
    >
      {translate('kontor.security.sessions.endConfirm', { device: ending.device, place: ending.place })}
    </ConfirmDialog>
  );
}
