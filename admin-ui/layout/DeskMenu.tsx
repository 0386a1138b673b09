import CannedIcon from '@mui/icons-material/QuickreplyOutlined';
import NewTicketIcon from '@mui/icons-material/AddCommentOutlined';
import HoldsIcon from '@mui/icons-material/PauseCircleOutlined';
import JobsIcon from '@mui/icons-material/AutorenewOutlined';
import QueuesIcon from '@mui/icons-material/ViewListOutlined';
import OutlookIcon from '@mui/icons-material/EventRepeatOutlined';
import MoneyReportsIcon from '@mui/icons-material/BarChartOutlined';
import LedgerIcon from '@mui/icons-material/MenuBookOutlined';
import AuditsIcon from '@mui/icons-material/FactCheckOutlined';
import TimingIcon from '@mui/icons-material/TimerOutlined';
import AuditIcon from '@mui/icons-material/HistoryOutlined';
import ChangesIcon from '@mui/icons-material/PendingActionsOutlined';
import ConsentsIcon from '@mui/icons-material/HandshakeOutlined';
import AgreementsIcon from '@mui/icons-material/DescriptionOutlined';
import CalendarsIcon from '@mui/icons-material/CalendarMonthOutlined';
import PlansIcon from '@mui/icons-material/WorkspacePremiumOutlined';
import PartnersIcon from '@mui/icons-material/GroupsOutlined';
import ProblemsIcon from '@mui/icons-material/BugReportOutlined';
import ScopeIcon from '@mui/icons-material/RuleOutlined';
import CustomersIcon from '@mui/icons-material/ApartmentOutlined';
import StaffIcon from '@mui/icons-material/BadgeOutlined';
import BreachingIcon from '@mui/icons-material/AlarmOutlined';
import ArchiveIcon from '@mui/icons-material/Inventory2Outlined';
import CasesIcon from '@mui/icons-material/ReportOutlined';
import OverviewIcon from '@mui/icons-material/SpaceDashboardOutlined';
import ReportsIcon from '@mui/icons-material/InsightsOutlined';
import CreditIcon from '@mui/icons-material/CreditScoreOutlined';
import OrdersIcon from '@mui/icons-material/ShoppingBagOutlined';
import PromoIcon from '@mui/icons-material/LocalOfferOutlined';
import TaxIcon from '@mui/icons-material/PercentOutlined';
import PolicyIcon from '@mui/icons-material/GavelOutlined';
import PaymentsIcon from '@mui/icons-material/PaymentsOutlined';
import RefundsIcon from '@mui/icons-material/UndoOutlined';
import QuotesIcon from '@mui/icons-material/RequestQuoteOutlined';
import MineIcon from '@mui/icons-material/PersonOutlined';
import NewIcon from '@mui/icons-material/InboxOutlined';
import ActiveIcon from '@mui/icons-material/ForumOutlined';
import SnoozedIcon from '@mui/icons-material/SnoozeOutlined';
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import KeyboardIcon from '@mui/icons-material/KeyboardOutlined';
import { Box, ButtonBase, Typography } from '@mui/material';
import { Fragment, type ComponentType, type ReactNode } from 'react';
import { useStore, useTranslate } from 'react-admin';
import { Link, useLocation } from 'react-router';
import { visuallyHidden } from './visually-hidden.ts';
import type { StaffPermission } from '../../domain/permissions.ts';
import { auditAddress } from '../audit/audit-filter.ts';
import { breachingAddress } from '../clocks/breach-groups.ts';
import { useIncompleteCalendars } from '../calendars/calendar-reads.ts';
import { useWaitingChanges } from '../pending-actions/waiting-changes.ts';
import { useWaitingMoney } from '../refunds/refund-reads.ts';
import { deskViewAddress, deskViewOf, menuViewNames, type DeskViewName } from '../tickets/desk-views.ts';
import { useMay } from '../time/reader.ts';
import { spellCount, useDeskCounts } from './desk-counts.ts';

const icons: Readonly<Record<(typeof menuViewNames)[number], ComponentType<{ fontSize: 'small' }>>> = {
  mine: MineIcon,
  new: NewIcon,
  waiting: WaitingIcon,
  active: ActiveIcon,
  snoozed: SnoozedIcon,
  archive: ArchiveIcon,
};
interface DeskEntry {
  readonly name: DeskViewName;
  readonly to: string;
  readonly icon: ComponentType<{ fontSize: 'small' }>;
  readonly words: string;
}

/** The desk's saved filters, and behind what is anybody's what breaks next, which has a page of its own. */
const deskEntries: readonly DeskEntry[] = menuViewNames
  .map((name): DeskEntry => ({ name, to: deskViewAddress(name), icon: icons[name], words: `kontor.view.${name}` }))
  .toSpliced(2, 0, { name: 'breaching', to: breachingAddress, icon: BreachingIcon, words: 'kontor.clocks.menu' });

interface Place {
  readonly name: string;
  readonly to: string;
  readonly icon: ComponentType<{ fontSize: 'small' }>;
  /** Who may not, does not see it. */
  readonly needs: StaffPermission;
}

/** What there is beside the desk. */
const places: readonly { heading: string; entries: readonly Place[] }[] = [
  {
    heading: 'care',
    entries: [
      { name: 'newTicket', to: '/new-ticket', icon: NewTicketIcon, needs: 'ticket.open' },
      { name: 'cases', to: '/cases', icon: CasesIcon, needs: 'case.read' },
      { name: 'problems', to: '/problems', icon: ProblemsIcon, needs: 'problem.read' },
      { name: 'quotes', to: '/quotes', icon: QuotesIcon, needs: 'quote.read' },
      { name: 'changes', to: '/pending-actions', icon: ChangesIcon, needs: 'pending_action.read' },
    ],
  },
  {
    heading: 'money',
    entries: [
      { name: 'orders', to: '/orders', icon: OrdersIcon, needs: 'finance.read' },
      { name: 'payments', to: '/payments', icon: PaymentsIcon, needs: 'finance.read' },
      { name: 'refunds', to: '/refunds', icon: RefundsIcon, needs: 'finance.read' },
      { name: 'creditAgeing', to: '/credit-ageing', icon: CreditIcon, needs: 'finance.read' },
      { name: 'promoCodes', to: '/promo-codes', icon: PromoIcon, needs: 'promo_code.read' },
      { name: 'outlook', to: '/money-outlook', icon: OutlookIcon, needs: 'finance.read' },
      { name: 'moneyReports', to: '/finance-reports', icon: MoneyReportsIcon, needs: 'finance_report.read' },
      { name: 'ledger', to: '/ledger', icon: LedgerIcon, needs: 'ledger.read' },
      { name: 'booksAudits', to: '/books-audits', icon: AuditsIcon, needs: 'books_audit.read' },
    ],
  },
  {
    heading: 'people',
    entries: [
      { name: 'customers', to: '/customers', icon: CustomersIcon, needs: 'customer.read' },
      { name: 'agreements', to: '/agreements', icon: AgreementsIcon, needs: 'agreement.read' },
      { name: 'staff', to: '/staff', icon: StaffIcon, needs: 'staff.read' },
    ],
  },
  {
    heading: 'settings',
    entries: [
      { name: 'cannedReplies', to: '/canned-replies', icon: CannedIcon, needs: 'canned_reply.read' },
      { name: 'queues', to: '/queues', icon: QueuesIcon, needs: 'queue.manage' },
      { name: 'timing', to: '/timing', icon: TimingIcon, needs: 'timing_policy.manage' },
      { name: 'calendars', to: '/calendars', icon: CalendarsIcon, needs: 'calendar.read' },
      { name: 'slaPlans', to: '/sla-plans', icon: PlansIcon, needs: 'sla_plan.read' },
      { name: 'taxRates', to: '/tax-rates', icon: TaxIcon, needs: 'tax_rate.read' },
      { name: 'financePolicy', to: '/finance-policy', icon: PolicyIcon, needs: 'finance_policy.read' },
      { name: 'scope', to: '/support-scope', icon: ScopeIcon, needs: 'scope.read' },
      { name: 'partners', to: '/partners', icon: PartnersIcon, needs: 'scope.read' },
      { name: 'holds', to: '/holds', icon: HoldsIcon, needs: 'hold.read' },
      { name: 'jobs', to: '/jobs', icon: JobsIcon, needs: 'job.read' },
    ],
  },
  {
    heading: 'records',
    entries: [
      { name: 'reports', to: '/service-reports', icon: ReportsIcon, needs: 'service_report.read' },
      // From the menu the audit begins whole, whatever it was last narrowed to.
      { name: 'audit', to: auditAddress({}), icon: AuditIcon, needs: 'audit.read' },
      { name: 'consentTexts', to: '/consent-texts', icon: ConsentsIcon, needs: 'consent_text.publish' },
    ],
  },
];

/** Pages that belong to another. */
const besides: Readonly<Record<string, string>> = { '/staff': '/roles', '/service-reports': '/clock-runs' };

/** Whether this page, or one below it, is shown. */
function isBelow(pathname: string, to: string): boolean {
  const place = to.split('?')[0]!;
  return pathname === place || pathname.startsWith(`${place}/`) || besides[place] === pathname;
}

/** Which view the list shows: by its address, or by what it showed last. */
function useShownView(): DeskViewName | undefined {
  const { pathname, search } = useLocation();
  const [stored] = useStore<{ filter?: Record<string, unknown> }>('tickets.listParams');
  if (pathname === breachingAddress) return 'breaching';
  if (pathname !== '/tickets') return undefined;
  const given = new URLSearchParams(search).get('filter');
  try {
    return deskViewOf(given === null ? (stored?.filter ?? {}) : (JSON.parse(given) as Record<string, unknown>));
  } catch {
    return 'active';
  }
}

/** The desk's saved filters with how much there is to do, and what else needs looking after. */
export function DeskMenu({ onChosen, onKeys }: { onChosen: () => void; onKeys: () => void }) {
  const translate = useTranslate();
  const counts = useDeskCounts();
  const shown = useShownView();
  const { pathname } = useLocation();
  const may = useMay();
  const changes = spellCount((useWaitingChanges()?.length ?? 0) + (useWaitingMoney().data?.length ?? 0));
  const incomplete = spellCount(useIncompleteCalendars().length);
  return (
    <Box
      component="nav"
      aria-label={translate('kontor.menu.label')}
      sx={{ p: 1, display: 'flex', flexDirection: 'column', gap: 0.25, height: '100%', overflowY: 'auto' }}
    >
      <Entry
        to="/"
        icon={OverviewIcon}
        name={translate('kontor.reports.overview.menu')}
        count={undefined}
        current={pathname === '/'}
        onClick={onChosen}
      />
      <Heading>{translate('kontor.menu.desk')}</Heading>
      {deskEntries.map(({ name, to, icon, words }) => (
        <Entry key={name} to={to} icon={icon} name={translate(words)} count={counts[name]} current={shown === name} onClick={onChosen} />
      ))}
      {places.map(({ heading, entries }) => {
        const shownEntries = entries.filter(({ needs }) => may(needs));
        return (
          shownEntries.length > 0 && (
            <Fragment key={heading}>
              <Heading>{translate(`kontor.menu.${heading}`)}</Heading>
              {shownEntries.map(({ name, to, icon }) => (
                <Entry
                  key={name}
                  to={to}
                  icon={icon}
                  name={translate(`kontor.menu.${name}`)}
                  count={{ cases: counts.cases, changes, calendars: incomplete }[name]}
                  current={isBelow(pathname, to)}
                  onClick={onChosen}
                />
              ))}
            </Fragment>
          )
        );
      })}
      <Box sx={{ flex: 1 }} />
      <ButtonBase onClick={onKeys} sx={{ ...entryStyle, display: { xs: 'none', md: 'flex' }, color: 'text.secondary' }}>
        <KeyboardIcon fontSize="small" />
        {translate('kontor.menu.keys')}
      </ButtonBase>
    </Box>
  );
}

const entryStyle = {
  justifyContent: 'flex-start',
  gap: 1.25,
  width: '100%',
  minHeight: { xs: 44, md: 34 },
  flexShrink: 0,
  px: 1.25,
  borderRadius: 1,
  fontSize: 14,
  color: 'text.primary',
  '&:hover': { bgcolor: 'surface.hover' },
  '& svg': { color: 'text.secondary', fontSize: 18 },
} as const;

function Entry({
  to,
  icon: Icon,
  name,
  count,
  current,
  onClick,
}: {
  to: string;
  icon: ComponentType<{ fontSize: 'small' }>;
  name: string;
  count: string | undefined;
  current: boolean;
  onClick: () => void;
}) {
  return (
    <ButtonBase
      component={Link}
      to={to}
      onClick={onClick}
      aria-current={current ? 'page' : undefined}
      sx={{
        ...entryStyle,
        ...(current ? { bgcolor: 'action.selected', fontWeight: 600, '& svg': { color: 'primary.main', fontSize: 18 } } : {}),
      }}
    >
      <Icon fontSize="small" />
      <Box component="span" sx={{ flex: 1, textAlign: 'left' }}>
        {name}
      </Box>
      {count && (
        <>
          <Box component="span" sx={visuallyHidden}>
            ,
          </Box>
          <Box component="span" sx={{ fontSize: 12, color: 'text.secondary', fontWeight: 500 }}>
            {count}
          </Box>
        </>
      )}
    </ButtonBase>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return (
    <Typography component="h2" sx={{ px: 1.25, pt: 1.5, pb: 0.5, fontSize: 12, fontWeight: 600, color: 'text.secondary' }}>
      {children}
    </Typography>
  );
}
