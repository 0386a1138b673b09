import { Box } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { inPath } from '../server/wish.ts';
import { MovedTable } from './MovedTable.tsx';
import { lookAtRetiming, type MovedTickets } from './timing-reads.ts';

interface Retiming {
  readonly policy: { readonly id: string; readonly name: string };
  /** Queues whose tickets are meant; null for those that go by the policy. */
  readonly queues: readonly string[] | null;
  /** Another question follows in this place: the progress is not shown before it. */
  readonly goesOn?: boolean;
  readonly onClose: () => void;
}

/** The administrator's choice: only new deadlines, or open tickets too, with what that would do (SPEC T8). */
export function RetimingDialog({ policy, queues, goesOn = false, onClose }: Retiming) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const [first, setFirst] = useState<MovedTickets>();
  const word = (name: string) => translate(`kontor.timing.policies.retiming.${name}`, { name: policy.name });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      cancel={word('keep')}
      done={word('done')}
      size="md"
      idle={first?.total === 0}
      wish={() => ({ method: 'POST', path: `/timing-policies/${inPath(policy.id)}/retiming`, body: { queues } })}
      onDone={() => goesOn || void navigate('/jobs')}
      onClose={onClose}
    >
      <Box sx={{ mb: 1.5 }}>{word('text')}</Box>
      <MovedTable
        about={['retiming', policy.id, queues]}
        look={lookAtRetiming(policy.id, queues)}
        nothing={word('nothing')}
        onFirstPage={setFirst}
        untold={translate('kontor.timing.moved.never')}
      />
    </ConfirmDialog>
  );
}
