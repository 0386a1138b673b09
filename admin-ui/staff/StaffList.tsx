import { Box, Button, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { auditAddress } from '../audit/audit-filter.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { RowMenu, type RowDeed } from '../lists/RowMenu.tsx';
import { cardsStyle } from '../lists/table-style.ts';
import type { Colleague } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay, useReader } from '../time/reader.ts';
import { DecisionDialog, InviteDialog, RoleDialog, type PlainDecision } from './StaffDialogs.tsx';
import { StaffInvitations } from './StaffInvitations.tsx';

/** Who works here, as what; who is invited (SPEC I8). */
export function StaffList() {
  useAuthenticated();
  const translate = useTranslate();
  const dataProvider = useKontor();
  const may = useMay();
  const [inviting, setInviting] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['colleagues'], queryFn: () => dataProvider.colleagues() });
  return (
    <Box>
      <PageTitle>{translate('kontor.staff.title')}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: { xs: 2, md: 3 }, py: 1.5 }}>
        <Typography variant="h1" sx={{ mr: 'auto' }}>
          {translate('kontor.staff.title')}
        </Typography>
        <Box component={Link} to="/roles" sx={{ color: 'primary.main', fontSize: 13 }}>
          {translate('kontor.staff.rolesLink')}
        </Box>
        {may('staff.manage') && (
          <Button variant="contained" onClick={() => setInviting(true)}>
            {translate('kontor.staff.invite')}
          </Button>
        )}
      </Box>
      <Box sx={{ borderTop: 1, borderColor: 'divider' }}>
        {data ? <Colleagues colleagues={data} /> : error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}
      </Box>
      {data && <StaffInvitations />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Box>
  );
}

function Colleagues({ colleagues }: { colleagues: readonly Colleague[] }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const columns = useColumns();
  if (narrow)
    return (
      <Box component="ul" sx={cardsStyle}>
        {colleagues.map((colleague) => (
          <Box component="li" key={colleague.id} sx={{ display: 'flex', gap: 1, px: 2, py: 1.25 }}>
            <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              <Box sx={{ fontSize: 15 }}>
                <Name colleague={colleague} />
              </Box>
              <Box sx={{ color: 'text.secondary' }}>{colleague.email}</Box>
              <Box sx={{ color: 'text.secondary' }}>
                {translate(`kontor.person.roles.${colleague.role}`)} · <Seen colleague={colleague} />
              </Box>
            </Box>
            <ColleagueDeeds colleague={colleague} />
          </Box>
        ))}
      </Box>
    );
  return <DataTable label={translate('kontor.staff.title')} columns={columns} rows={colleagues} />;
}

function useColumns(): Column<Colleague>[] {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.staff.${name}`);
  return [
    { name: 'name', heading: word('name'), cell: (row) => <Name colleague={row} /> },
    { name: 'email', heading: word('email'), cell: ({ email }) => <span title={email}>{email}</span> },
    { name: 'role', heading: word('role'), width: 150, cell: ({ role }) => translate(`kontor.person.roles.${role}`) },
    {
      name: 'factor',
      heading: word('factor'),
      width: 130,
      from: 1000,
      cell: ({ secondFactorSet }) => translate(`kontor.customers.${secondFactorSet ? 'factorSet' : 'factorMissing'}`),
    },
    { name: 'lastSeen', heading: word('lastSeen'), width: 200, cell: (row) => <Seen colleague={row} /> },
    {
      name: 'deeds',
      heading: (
        <Box component="span" sx={visuallyHidden}>
          {translate('kontor.action.menu')}
        </Box>
      ),
      width: 72,
      cell: (row) => <ColleagueDeeds colleague={row} />,
    },
  ];
}

function Name({ colleague }: { colleague: Colleague }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  return (
    <Box component="span" title={colleague.name} sx={{ color: colleague.disabledAt ? 'text.secondary' : 'text.primary' }}>
      {colleague.name}
      {colleague.id === me && (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {' '}
          · {translate('kontor.staff.you')}
        </Box>
      )}
    </Box>
  );
}

function Seen({ colleague: { disabledAt, lastSeenAt } }: { colleague: Colleague }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {disabledAt !== null ? (
        <>
          {translate('kontor.staff.leftShort')} <Moment at={disabledAt} />
        </>
      ) : lastSeenAt === null ? (
        translate('kontor.staff.notSignedIn')
      ) : (
        <Moment at={lastSeenAt} />
      )}
    </Box>
  );
}

function ColleagueDeeds({ colleague }: { colleague: Colleague }) {
  const translate = useTranslate();
  const may = useMay();
  const [asking, setAsking] = useState<'role' | PlainDecision>();
  const close = () => setAsking(undefined);
  const deeds: RowDeed[] = [];
  const offer = (name: string, what: 'role' | PlainDecision) =>
    deeds.push({ name: translate(`kontor.staff.${name}`), run: () => setAsking(what) });
  if (may('staff.manage')) {
    if (colleague.disabledAt === null) offer('changeRole', 'role');
    if (colleague.secondFactorSet && colleague.disabledAt === null) offer('resetFactor', 'factorReset');
    if (colleague.disabledAt === null) offer('deactivate', 'deactivation');
    else offer('reactivate', 'reactivation');
  }
  if (may('audit.read')) deeds.push({ name: translate('kontor.staff.audit'), to: auditAddress({ person: colleague.id }) });
  return (
    <>
      <RowMenu label={translate('kontor.staff.deeds', { name: colleague.name })} deeds={deeds} />
      {asking === 'role' && <RoleDialog colleague={colleague} onClose={close} />}
      {asking !== undefined && asking !== 'role' && <DecisionDialog colleague={colleague} decision={asking} onClose={close} />}
    </>
  );
}
