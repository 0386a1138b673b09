import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import type { WaitingChange } from '../server/answers.ts';
import { useChangeName } from './change-name.ts';
import { approval, withdrawal } from './wishes.ts';

interface Asking {
  readonly change: WaitingChange;
  readonly onClose: () => void;
}

/** Names what approving means: nobody can say no any more, and what happens at once or with the confirmation. */
export function ApprovalDialog({ change, onClose }: Asking) {
  const translate = useTranslate();
  const nameOf = useChangeName();
  const means =
    change.kind === 'factor_reset'
      ? 'kontor.changes.approval.factor'
      : change.confirmedAt === null
        ? 'kontor.changes.approval.emailLater'
        : 'kontor.changes.approval.email';
  return (
    <ConfirmDialog
      title={translate('kontor.changes.approval.title', { what: nameOf(change) })}
      submit={translate('kontor.changes.approval.submit')}
      done={translate('kontor.changes.approval.done')}
      grave
      wish={() => approval(change.id)}
      onClose={onClose}
    >
      <Box component="p" sx={{ mt: 0 }}>
        {translate(means, { name: change.user?.name ?? '', email: change.newEmail ?? '' })}
      </Box>
      {change.reason !== null && (
        <Box component="p" sx={{ mb: 0, overflowWrap: 'anywhere' }}>
          {translate('kontor.changes.approval.judge', { begunBy: change.begunBy?.name ?? '', reason: change.reason })}
        </Box>
      )}
    </ConfirmDialog>
  );
}

export function WithdrawalDialog({ change, onClose }: Asking) {
  const translate = useTranslate();
  const nameOf = useChangeName();
  return (
    <ConfirmDialog
      title={translate('kontor.changes.withdrawal.title', { what: nameOf(change) })}
      submit={translate('kontor.changes.withdrawal.submit')}
      done={translate('kontor.changes.withdrawal.done')}
      wish={() => withdrawal(change.id)}
      onClose={onClose}
    >
      {translate('kontor.changes.withdrawal.text', { name: change.user?.name ?? '' })}
    </ConfirmDialog>
  );
}
