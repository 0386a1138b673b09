import { Box, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { z } from 'zod';
import type { staffAccessSchema } from '../../../api/present/server-access.ts';
import type { Page, StaffTicketPage } from '../../server/answers.ts';
import { request } from '../../server/request.ts';
import { inPath } from '../../server/wish.ts';
import { Moment } from '../../time/Moment.tsx';
import { useMay } from '../../time/reader.ts';
import { PanelSection } from './PanelSection.tsx';
import { EndAccessDialog, RevealDialog, SecretDialog, type SeenSecret } from './SecretDialogs.tsx';

export type Access = z.infer<typeof staffAccessSchema>;

/** Servers that the customer lent: where, until when, who looked and why; the secret itself only for a reason (SPEC T17). */
export function ServerAccess({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['server-accesses', ticket.number],
    queryFn: () => request<Page<Access>>('GET', `/tickets/${inPath(ticket.number)}/server-accesses`, { query: { limit: 50 } }),
    enabled: may('server_access.read'),
  });
  if (!data || data.items.length === 0) return null;
  const ended = data.items.filter((access) => !access.open);
  return (
    <PanelSection title={translate('kontor.paidWork.access.panel')}>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'flex', flexDirection: 'column', gap: 1.5 }}>
        {data.items
          .filter((access) => access.open)
          .map((access) => (
            <OpenAccess key={access.id} access={access} />
          ))}
      </Box>
      {ended.length > 0 && (
        <Box component="details" sx={{ mt: 1 }}>
          <Box component="summary" sx={{ cursor: 'pointer', color: 'text.secondary' }}>
            {translate('kontor.paidWork.access.ended', { smart_count: ended.length })}
          </Box>
          {ended.map((access) => (
            <EndedAccess key={access.id} access={access} />
          ))}
        </Box>
      )}
    </PanelSection>
  );
}

function OpenAccess({ access }: { access: Access }) {
  const translate = useTranslate();
  const [asking, setAsking] = useState<'view' | 'end'>();
  // Here and nowhere else while it is shown: neither in what was read from the server nor in what the browser keeps.
  const [seen, setSeen] = useState<SeenSecret>();
  const word = (name: string) => translate(`kontor.paidWork.access.${name}`, { server: access.address, name: access.grantedBy.name });
  return (
    <Box component="li" data-access={access.id} sx={{ overflowWrap: 'anywhere' }}>
      <Where access={access} />
      <Box data-access-next sx={{ color: 'text.secondary' }}>
        {word('until')} <Moment at={access.endsAt} as="moment" />. {word('grantedBy')} <Moment at={access.grantedAt} />
      </Box>
      <Looks access={access} />
      <Box sx={{ display: 'flex', gap: 1, mt: 0.75 }}>
        {access.allowedActions.includes('view') && (
          <Button size="small" variant="outlined" aria-label={word('revealOf')} onClick={() => setAsking('view')}>
            {word('reveal')}
          </Button>
        )}
        {access.allowedActions.includes('end') && (
          <Button
            size="small"
            variant="outlined"
            color="inherit"
            sx={{ borderColor: 'divider' }}
            aria-label={word('endOf')}
            onClick={() => setAsking('end')}
          >
            {word('end')}
          </Button>
        )}
      </Box>
      {asking === 'view' && <RevealDialog access={access} onSeen={setSeen} onClose={() => setAsking(undefined)} />}
      {asking === 'end' && <EndAccessDialog access={access} onClose={() => setAsking(undefined)} />}
      {seen && <SecretDialog seen={seen} onClose={() => setSeen(undefined)} />}
    </Box>
  );
}

function Where({ access: { address, sshPort, login, way } }: { access: Access }) {
  const translate = useTranslate();
  return (
    <Box sx={{ fontWeight: 650 }}>
      {`${login}@${address.includes(':') ? `[${address}]` : address}:${sshPort}`}
      {way === 'panel' && <Box sx={{ fontWeight: 400 }}>{translate('kontor.paidWork.access.panelWay')}</Box>}
    </Box>
  );
}

/** Who looked at the secret, when and why: the customer reads the same. */
function Looks({ access }: { access: Access }) {
  const translate = useTranslate();
  if (access.way === 'panel') return null;
  if (access.viewCount === 0) return <Box sx={{ color: 'text.secondary' }}>{translate('kontor.paidWork.access.noLooks')}</Box>;
  return (
    <Box component="details">
      <Box component="summary" sx={{ cursor: 'pointer' }}>
        {translate('kontor.paidWork.access.looks', { smart_count: access.viewCount })}
      </Box>
      <Box component="ul" sx={{ pl: 2, my: 0.5 }}>
        {access.views.map((view) => (
          <li key={view.id}>
            {translate('kontor.paidWork.access.look', { name: view.by.name })} <Moment at={view.at} as="moment" />: {view.reason}
          </li>
        ))}
      </Box>
    </Box>
  );
}

function EndedAccess({ access }: { access: Access }) {
  const translate = useTranslate();
  const how = access.endedBy ?? 'time';
  return (
    <Box data-access={access.id} sx={{ mt: 0.75, color: 'text.secondary', overflowWrap: 'anywhere' }}>
      <Where access={access} />
      {translate(`kontor.paidWork.access.endings.${how}`)}, <Moment at={access.endedAt ?? access.endsAt} />
      {access.way === 'secret' && access.endedAt !== null && `; ${translate('kontor.paidWork.access.destroyed')}`}
      <Looks access={access} />
    </Box>
  );
}
