import ArchivedIcon from '@mui/icons-material/Inventory2Outlined';
import CustomerIcon from '@mui/icons-material/ScheduleOutlined';
import ClosedIcon from '@mui/icons-material/CheckCircleOutlined';
import OursIcon from '@mui/icons-material/RadioButtonUncheckedOutlined';
import WorkIcon from '@mui/icons-material/TimelapseOutlined';
import HighIcon from '@mui/icons-material/KeyboardDoubleArrowUpOutlined';
import LowIcon from '@mui/icons-material/KeyboardArrowDownOutlined';
import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffTicket } from '../server/answers.ts';

const icons = {
  awaiting_staff: OursIcon,
  in_progress: WorkIcon,
  awaiting_customer: CustomerIcon,
  closed: ClosedIcon,
  archived: ArchivedIcon,
} as const;
/** What is ours to do has the accent; everything else is quiet. */
const ours: ReadonlySet<StaffTicket['status']> = new Set(['awaiting_staff', 'in_progress']);

/** The state in the staff's words, with a shape for each, so that colour is never alone. */
export function StatusWords({ status }: { status: StaffTicket['status'] }) {
  const translate = useTranslate();
  const Icon = icons[status];
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        verticalAlign: 'middle',
        alignItems: 'center',
        gap: 0.75,
        maxWidth: '100%',
        minWidth: 0,
        color: ours.has(status) ? 'text.primary' : 'text.secondary',
      }}
    >
      <Icon sx={{ fontSize: 16, flexShrink: 0, color: ours.has(status) ? 'primary.main' : 'text.secondary' }} />
      <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
        {translate(`kontor.status.${status}`)}
      </Box>
    </Box>
  );
}

export function PriorityWords({ priority }: { priority: StaffTicket['priority'] }) {
  const translate = useTranslate();
  const Icon = priority === 'high' ? HighIcon : priority === 'low' ? LowIcon : undefined;
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        verticalAlign: 'middle',
        alignItems: 'center',
        gap: 0.25,
        fontWeight: priority === 'high' ? 600 : 400,
        color: priority === 'high' ? 'text.primary' : 'text.secondary',
      }}
    >
      {Icon && <Icon sx={{ fontSize: 16 }} />}
      {translate(`kontor.priority.${priority}`)}
    </Box>
  );
}
