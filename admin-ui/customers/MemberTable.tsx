import { Box, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { auditAddress } from '../audit/audit-filter.ts';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { RowMenu, type RowDeed } from '../lists/RowMenu.tsx';
import { cardsStyle } from '../lists/table-style.ts';
import type { Member } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { BeginChangeDialog, PasswordResetDialog } from './MemberDialogs.tsx';

/** Who belongs to the account, and what may be done about each. */
export function MemberTable({ members }: { members: readonly Member[] }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const columns = useColumns();
  const word = (name: string) => translate(`kontor.customers.${name}`);
  if (members.length === 0) return <Box sx={{ color: 'text.secondary' }}>{word('noMembers')}</Box>;
  if (narrow)
    return (
      <Box component="ul" sx={cardsStyle}>
        {members.map((member) => (
          <Box component="li" key={member.id} sx={{ display: 'flex', gap: 1, py: 1 }}>
            <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              <Box sx={{ fontSize: 15 }}>{member.name}</Box>
              <Address email={member.email} />
              <Box sx={{ color: 'text.secondary' }}>
                {translate(`kontor.roles.customer.${member.role}`)} · {word('factor')}: <Factor set={member.secondFactorSet} />
              </Box>
            </Box>
            <MemberDeeds member={member} />
          </Box>
        ))}
      </Box>
    );
  return <DataTable label={word('members')} columns={columns} rows={members} inset />;
}

function useColumns(): Column<Member>[] {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.customers.${name}`);
  return [
    { name: 'name', heading: word('memberName'), cell: ({ name }) => <span title={name}>{name}</span> },
    { name: 'email', heading: word('email'), cell: ({ email }) => <Address email={email} /> },
    { name: 'role', heading: word('role'), width: 120, cell: ({ role }) => translate(`kontor.roles.customer.${role}`) },
    { name: 'factor', heading: word('factor'), width: 120, cell: ({ secondFactorSet }) => <Factor set={secondFactorSet} /> },
    { name: 'joined', heading: word('joined'), width: 130, from: 1000, cell: ({ joinedAt }) => <Moment at={joinedAt} /> },
    {
      name: 'deeds',
      heading: (
        <Box component="span" sx={visuallyHidden}>
          {translate('kontor.action.menu')}
        </Box>
      ),
      width: 56,
      cell: (member) => <MemberDeeds member={member} />,
    },
  ];
}

function Address({ email }: { email: string }) {
  return (
    <Box component="a" href={`mailto:${email}`} title={email} sx={{ color: 'primary.main' }}>
      {email}
    </Box>
  );
}

function Factor({ set }: { set: boolean }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ color: set ? 'text.primary' : 'text.secondary' }}>
      {translate(`kontor.customers.${set ? 'factorSet' : 'factorMissing'}`)}
    </Box>
  );
}

type Asked = 'email' | 'factor' | 'password';

function MemberDeeds({ member }: { member: Member }) {
  const translate = useTranslate();
  const may = useMay();
  const [asking, setAsking] = useState<Asked>();
  const close = () => setAsking(undefined);
  const deeds: RowDeed[] = [];
  if (may('customer.email')) deeds.push({ name: translate('kontor.customers.changeEmail'), run: () => setAsking('email') });
  if (may('customer.factor_reset') && member.secondFactorSet)
    deeds.push({ name: translate('kontor.customers.resetFactor'), run: () => setAsking('factor') });
  if (may('customer.password_reset')) deeds.push({ name: translate('kontor.customers.mailReset'), run: () => setAsking('password') });
  if (may('audit.read')) deeds.push({ name: translate('kontor.customers.audit'), to: auditAddress({ person: member.id }) });
  return (
    <>
      <RowMenu label={translate('kontor.customers.deeds', { name: member.name })} deeds={deeds} />
      {(asking === 'email' || asking === 'factor') && <BeginChangeDialog member={member} kind={asking} onClose={close} />}
      {asking === 'password' && <PasswordResetDialog member={member} onClose={close} />}
    </>
  );
}
