import YesIcon from '@mui/icons-material/Check';
import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import { tableStyle } from '../lists/table-style.ts';
import type { RoleRule } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

/** The table of role × action in plain words, as the API answers it (SPEC I8). */
export function RolesPage() {
  useAuthenticated();
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery({ queryKey: ['roles'], queryFn: () => dataProvider.roles(), staleTime: 5 * 60_000 });
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.roles.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.roles.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{translate('kontor.roles.hint')}</Typography>
      <Box component={Link} to="/staff" sx={{ color: 'primary.main', fontSize: 13 }}>
        {translate('kontor.roles.back')}
      </Box>
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data && (
        <>
          <RoleTable
            title={translate('kontor.roles.staff')}
            roles={data.staffRoles.map((role) => ({ role, name: translate(`kontor.person.roles.${role}`) }))}
            rules={data.staff}
            words="staff"
          />
          <RoleTable
            title={translate('kontor.roles.customers')}
            roles={data.customerRoles.map((role) => ({ role, name: translate(`kontor.roles.customer.${role}`) }))}
            rules={data.customers}
            words="customer"
          />
        </>
      )}
    </Box>
  );
}

interface Table {
  readonly title: string;
  readonly roles: readonly { readonly role: string; readonly name: string }[];
  readonly rules: readonly RoleRule[];
  readonly words: 'staff' | 'customer';
}

function RoleTable({ title, roles, rules, words }: Table) {
  const translate = useTranslate();
  const subjects = [...new Set(rules.map(({ action }) => subjectOf(action)))];
  return (
    <Box component="section" sx={{ mt: 3 }}>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box component="table" aria-label={title} sx={{ ...tableStyle, ...rolesStyle }}>
        <thead>
          <tr>
            <th scope="col">{translate('kontor.roles.action')}</th>
            {roles.map(({ role, name }) => (
              <Box component="th" scope="col" key={role} title={name} sx={{ width: { xs: 74, md: 130 } }}>
                {name}
              </Box>
            ))}
          </tr>
        </thead>
        <tbody>
          {subjects.map((subject) => (
            <Fragment key={subject}>
              <tr>
                <Box component="th" scope="rowgroup" colSpan={roles.length + 1} data-subject>
                  {translate(`kontor.subject.${subject}`, { _: subject })}
                </Box>
              </tr>
              {rules
                .filter(({ action }) => subjectOf(action) === subject)
                .map((rule) => (
                  <RuleRow key={rule.action} rule={rule} roles={roles} words={words} />
                ))}
            </Fragment>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

function RuleRow({ rule, roles, words }: { rule: RoleRule } & Pick<Table, 'roles' | 'words'>) {
  const translate = useTranslate();
  // Staff only ever come signed in: it is worth a word for customers, whose programs bring a token.
  const conditions = [
    ...(rule.stepUp ? [translate('kontor.roles.stepUp')] : []),
    ...(rule.signedIn && words === 'customer' ? [translate('kontor.roles.signedIn')] : []),
  ];
  return (
    <tr>
      <Box component="th" scope="row" data-action={rule.action} title={rule.action}>
        {translate(`kontor.permission.${words}.${rule.action}`, { _: rule.action })}
        {conditions.length > 0 && (
          <Box component="span" sx={{ color: 'text.secondary', fontSize: 12 }}>
            {' '}
            · {conditions.join(' · ')}
          </Box>
        )}
      </Box>
      {roles.map(({ role }) => (
        <td key={role}>
          {rule.roles.includes(role) ? (
            <YesIcon titleAccess={translate('kontor.roles.may')} sx={{ fontSize: 18, color: 'text.primary' }} />
          ) : (
            <Box component="span" sx={visuallyHidden}>
              {translate('kontor.roles.mayNot')}
            </Box>
          )}
        </td>
      ))}
    </tr>
  );
}

function subjectOf(action: string): string {
  return action.split('.')[0]!;
}

const rolesStyle = {
  '& th:first-of-type, & td:first-of-type': { pl: 0 },
  '& th[scope="rowgroup"]': {
    position: 'static',
    height: 'auto',
    pt: 2,
    pb: 0.5,
    fontSize: 12,
    fontWeight: 600,
    color: 'text.secondary',
  },
  '& th[scope="row"]': {
    position: 'static',
    height: 'auto',
    py: 0.75,
    fontSize: 13,
    fontWeight: 400,
    color: 'text.primary',
    whiteSpace: 'normal',
  },
  '& td': { height: 36, textAlign: 'center' },
  '& thead th:not(:first-of-type)': { textAlign: 'center' },
} as const;
