import DoesIcon from '@mui/icons-material/CheckCircleOutlined';
import DoesNotIcon from '@mui/icons-material/DoNotDisturbOnOutlined';
import PaidIcon from '@mui/icons-material/ReceiptLongOutlined';
import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { ScopeStance } from '../../domain/support-scope.ts';

const icons = { covered: DoesIcon, paid: PaidIcon, not_covered: DoesNotIcon } as const;

/** Whether support does it: told by a word and a sign, as colours would mean what they do not mean here. */
export function StanceWords({ stance }: { stance: ScopeStance }) {
  const translate = useTranslate();
  const Icon = icons[stance];
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 0.75, alignItems: 'center', fontSize: 13 }}>
      <Icon sx={{ fontSize: 16, color: 'text.secondary' }} />
      {translate(`kontor.scope.stance.${stance}`)}
    </Box>
  );
}
