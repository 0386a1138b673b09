import { useNavigate } from 'react-router';
import type { StaffPermission } from '../../domain/permissions.ts';
import { breachingAddress } from '../clocks/breach-groups.ts';
import { deskViewAddress } from '../tickets/desk-views.ts';
import { useMay } from '../time/reader.ts';
import { useKeys } from './keys.ts';

/** Where `g` and a letter lead, and what the menu of commands has without a key, for those whose role has such a place. */
const places: readonly { keys?: string; does: string; to: string; needs?: StaffPermission }[] = [
  { keys: 'g o', does: 'goOverview', to: '/' },
  { keys: 'g t', does: 'goTickets', to: '/tickets' },
  { keys: 'g m', does: 'goMine', to: deskViewAddress('mine') },
  { keys: 'g b', does: 'goBreaching', to: breachingAddress },
  { keys: 'g r', does: 'goReports', to: '/service-reports', needs: 'service_report.read' },
  { keys: 'g c', does: 'goCustomers', to: '/customers', needs: 'customer.read' },
  { keys: 'g e', does: 'goCases', to: '/cases', needs: 'case.read' },
  { keys: 'g w', does: 'goChanges', to: '/pending-actions', needs: 'pending_action.read' },
  { keys: 'g s', does: 'goStaff', to: '/staff', needs: 'staff.read' },
  { keys: 'g a', does: 'goAudit', to: '/audit', needs: 'audit.read' },
  { does: 'goCalendars', to: '/calendars', needs: 'calendar.read' },
];

/** Keys that lead from everywhere to everywhere. */
export function usePlaceKeys(): void {
  const navigate = useNavigate();
  const may = useMay();
  useKeys(
    places
      .filter(({ needs }) => needs === undefined || may(needs))
      .map(({ keys, does, to }) => ({ keys, does, run: () => void navigate(to) })),
  );
}
