import { Box } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import type { ServiceRetiming } from '../../domain/service-retiming.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { useSpellDuration } from '../time/reader.ts';
import { MovedTable } from '../timing/MovedTable.tsx';
import { lookAtServiceRetiming, type MovedTickets } from '../timing/timing-reads.ts';

interface Retiming extends ServiceRetiming {
  /** What the calendar, plan, customer or queue is called. */
  readonly name: string;
  readonly onClose: () => void;
}

/**
 * After a change of what is promised: open tickets keep what they were promised, unless the administrator applies the change
 * to them, with old beside new before him (SPEC S7).
 */
export function ServiceRetimingDialog({ scope, id, name, onClose }: Retiming) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const [first, setFirst] = useState<MovedTickets>();
  const word = (key: string, values: Record<string, string | number> = {}) =>
    translate(`kontor.timing.serviceRetiming.${key}`, { name, ...values });
  const [moved, unmoved] = [first?.total ?? 0, first?.unmoved ?? 0];
  return (
    <ConfirmDialog
      title={word('title')}
      submit={moved > 0 ? word('submitMany', { smart_count: moved }) : word(unmoved > 0 ? 'submitUnmoved' : 'submit')}
      cancel={word(`keep.${scope}`)}
      offer={!first || moved > 0 ? 'first' : unmoved > 0 ? 'aside' : 'none'}
      done={word('done')}
      size="md"
      idle={!first || moved + unmoved === 0}
      wish={() => ({ method: 'POST', path: '/service-retimings', body: { scope, id } })}
      onDone={() => void navigate('/jobs')}
      onClose={onClose}
    >
      <Box sx={{ mb: 1.5 }}>
        {word(`text.${scope}`)} {moved > 0 && word('wouldMove')}
      </Box>
      {first?.summary && <Summary summary={first.summary} />}
      <MovedTable
        about={['service-retiming', scope, id]}
        look={lookAtServiceRetiming({ scope, id })}
        nothing={word(unmoved > 0 ? 'nothingMoves' : 'nothing')}
        onFirstPage={setFirst}
        untold={translate('kontor.timing.moved.never')}
      />
      {unmoved > 0 && <Box sx={{ mt: 1.5, color: 'text.secondary' }}>{word(`unmoved.${scope}`, { smart_count: unmoved })}</Box>}
    </ConfirmDialog>
  );
}

/** What the table is about to tell, in one line. */
function Summary({ summary }: { summary: NonNullable<MovedTickets['summary']> }) {
  const translate = useTranslate();
  const spell = useSpellDuration();
  const { later, mostLaterMinutes, earlier, mostEarlierMinutes, overdue } = summary;
  const told = [
    { name: 'later', count: later, most: mostLaterMinutes },
    { name: 'earlier', count: earlier, most: mostEarlierMinutes },
    { name: 'overdue', count: overdue, most: 0 },
  ].filter(({ count }) => count > 0);
  if (told.length === 0) return null;
  const words = told.map(({ name, count, most }) =>
    translate(`kontor.timing.serviceRetiming.summary.${name}`, { smart_count: count, most: spell(most * 60) }),
  );
  return (
    <Box data-summary sx={{ mb: 1 }}>
      {words.join(' · ')}
    </Box>
  );
}
