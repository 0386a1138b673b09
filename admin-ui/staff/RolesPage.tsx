import YesIcon from '@mui/icons-material/Check';
import { Box, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import { cardsStyle, tableStyle } from '../lists/table-style.ts';
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
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const groups = [...Map.groupBy(rules, ({ action }) => action.split('.')[0]!)];
  const subjectName = (subject: string) => translate(`kontor.subject.${subject}`, { _: subject });
  return (
    <Box component="section" sx={{ mt: 3 }}>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      {narrow ? (
        groups.map(([subject, group]) => (
          <Box key={subject} sx={{ mt: 1.5 }}>
            <Typography variant="h2" component="h3" sx={{ fontSize: 12, color: 'text.secondary' }}>
              {subjectName(subject)}
            </Typography>
            <Box component="ul" sx={cardsStyle}>
              {group.map((rule) => (
                <RuleCard key={rule.action} rule={rule} roles={roles} words={words} />
              ))}
            </Box>
          </Box>
        ))
      ) : (
        <Box component="table" aria-label={title} sx={rolesStyle}>
          <thead>
            <tr>
              <th scope="col">{translate('kontor.roles.action')}</th>
              {roles.map(({ role, name }) => (
                <Box component="th" scope="col" key={role} sx={{ width: 130 }}>
                  {name}
                </Box>
              ))}
            </tr>
          </thead>
          {groups.map(([subject, group]) => (
            <tbody key={subject}>
              <tr>
                <th scope="rowgroup" colSpan={roles.length + 1}>
                  {subjectName(subject)}
                </th>
              </tr>
              {group.map((rule) => (
                <RuleRow key={rule.action} rule={rule} roles={roles} words={words} />
              ))}
            </tbody>
          ))}
        </Box>
      )}
    </Box>
  );
}

type RuleOf = { readonly rule: RoleRule } & Pick<Table, 'roles' | 'words'>;

function RuleRow({ rule, roles, words }: RuleOf) {
  const translate = useTranslate();
  return (
    <tr>
      <Box component="th" scope="row" data-action={rule.action} title={rule.action}>
        <RuleWords rule={rule} words={words} />
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

/** The same on a narrow screen, where the roles do not stand side by side. */
function RuleCard({ rule, roles, words }: RuleOf) {
  const translate = useTranslate();
  const names = roles.filter(({ role }) => rule.roles.includes(role)).map(({ name }) => name);
  return (
    <Box component="li" data-action={rule.action} sx={{ py: 0.75 }}>
      <RuleWords rule={rule} words={words} />
      <Box sx={{ fontWeight: 600 }}>{names.length === roles.length ? translate('kontor.roles.everybody') : names.join(', ')}</Box>
    </Box>
  );
}

/** What it is, and how one must come to do it. */
function RuleWords({ rule, words }: Omit<RuleOf, 'roles'>) {
  const translate = useTranslate();
  // Staff only ever come signed in: it is worth a word for customers, whose programs bring a token.
  const conditions = [
    ...(rule.stepUp ? [translate('kontor.roles.stepUp')] : []),
    ...(rule.signedIn && words === 'customer' ? [translate('kontor.roles.signedIn')] : []),
  ];
  return (
    <>
      {translate(`kontor.permission.${words}.${rule.action}`, { _: rule.action })}
      {conditions.length > 0 && (
        <Box component="span" sx={{ color: 'text.secondary', fontSize: 12 }}>
          {' '}
          · {conditions.join(' · ')}
        </Box>
      )}
    </>
  );
}

const rolesStyle = {
  ...tableStyle,
  '& th:first-of-type': { pl: 0 },
  '& td:first-of-type': { pl: 1 },
  '& thead th:not(:first-of-type)': { ...tableStyle['& th'], textAlign: 'center' },
  '& th[scope="rowgroup"]': { position: 'static', height: 'auto', pt: 2, pb: 0.5, fontSize: 12, fontWeight: 600, color: 'text.secondary' },
  '& th[scope="row"]': {
    position: 'static',
    height: 'auto',
    py: 0.75,
    fontSize: 13,
    fontWeight: 400,
    color: 'text.primary',
    whiteSpace: 'normal',
  },
  '& td': { ...tableStyle['& td'], height: 36, textAlign: 'center' },
} as const;
