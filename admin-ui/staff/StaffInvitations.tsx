import { Box, Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import type { Invitation } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { RevocationDialog } from './StaffDialogs.tsx';

/** Who was invited and has not come yet. */
export function StaffInvitations() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const failureWords = useFailureWords();
  const may = useMay();
  const [revoking, setRevoking] = useState<Invitation>();
  const { data, error } = useQuery({ queryKey: ['staff-invitations'], queryFn: () => dataProvider.staffInvitations() });
  return (
    <Box component="section" sx={{ px: { xs: 2, md: 3 }, py: 3 }}>
      <Typography variant="h2" sx={{ mb: 0.75 }}>
        {translate('kontor.staff.invitations')}
      </Typography>
      {error && !data && <Box role="alert">{failureWords(error)}</Box>}
      {data?.length === 0 && <Box sx={{ color: 'text.secondary' }}>{translate('kontor.staff.noInvitations')}</Box>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
        {data?.map((invitation) => (
          <Box
            component="li"
            key={invitation.id}
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', py: 0.75, borderTop: 1, borderColor: 'divider' }}
          >
            <Box sx={{ flex: '1 1 260px', minWidth: 0, overflowWrap: 'anywhere' }}>
              {invitation.email} · {translate(`kontor.person.roles.${invitation.role}`)}
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {' · '}
                {translate('kontor.staff.invited')} <Moment at={invitation.createdAt} />
                {' · '}
                {translate('kontor.staff.expires')} <Moment at={invitation.expiresAt} as="moment" />
              </Box>
            </Box>
            {may('staff.manage') && (
              <Button
                variant="outlined"
                color="inherit"
                sx={{ borderColor: 'divider' }}
                aria-label={translate('kontor.staff.revokeOf', { email: invitation.email })}
                onClick={() => setRevoking(invitation)}
              >
                {translate('kontor.staff.revoke')}
              </Button>
            )}
          </Box>
        ))}
      </Box>
      {revoking && <RevocationDialog invitation={revoking} onClose={() => setRevoking(undefined)} />}
    </Box>
  );
}
