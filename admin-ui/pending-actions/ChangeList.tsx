import { Box, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { pendingActionStates } from '../../domain/pending-action.ts';
import { Choice } from '../lists/Choice.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { useWaitingMoney } from '../refunds/refund-reads.ts';
import { WaitingMoney } from '../refunds/WaitingMoney.tsx';
import type { WaitingChange } from '../server/answers.ts';
import { ChangeItem } from './ChangeItem.tsx';
import { useWaitingChanges } from './waiting-changes.ts';

const startingWith = { state: 'pending' };
const newestFirst = { field: 'begunAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Changes that need time, a confirmation or a second person, and what became of earlier ones (SPEC I5, I10). */
export function ChangeList() {
  return (
    <ListBase
      resource="pending-actions"
      perPage={25}
      sort={newestFirst}
      filterDefaultValues={startingWith}
      queryOptions={listQuery}
      exporter={false}
    >
      <Changes />
    </ListBase>
  );
}

/** Shows what has come or gone meanwhile, if something has: buttons that decide must not move under the cursor. */
function useNewerRows(): (() => void) | undefined {
  const { data, page, perPage, filterValues, isFetching, refetch } = useListContext<WaitingChange>();
  const queries = useQueryClient();
  const waiting = useWaitingChanges();
  if (filterValues['state'] !== 'pending' || page !== 1 || isFetching || !data || !waiting) return undefined;
  const adopt = () => {
    void refetch();
    void queries.invalidateQueries({ queryKey: ['waiting-changes'] });
  };
  const ids = (changes: readonly WaitingChange[]) => changes.map(({ id }) => id).join();
  return ids(waiting.slice(0, perPage)) === ids(data) ? undefined : adopt;
}

function Changes() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<WaitingChange>();
  const onAdopt = useNewerRows();
  const waitingMoney = useWaitingMoney().data ?? [];
  const state = pendingActionStates.find((known) => known === filterValues['state']);
  const moneyWaits = state === 'pending' && waitingMoney.length > 0;
  return (
    <ListFrame<WaitingChange>
      title={translate('kontor.changes.title')}
      onAdopt={onAdopt}
      tools={
        <Choice label={translate('kontor.changes.state')} value={state ?? 'all'} onChange={(value) => setFilters({ state: value })}>
          {[...pendingActionStates, 'all'].map((each) => (
            <option key={each} value={each}>
              {translate(`kontor.changes.states.${each}`)}
            </option>
          ))}
        </Choice>
      }
      above={
        state === 'pending' && (
          <Box sx={{ px: { xs: 2, md: 3 }, maxWidth: 960 }}>
            <WaitingMoney />
          </Box>
        )
      }
      empty={translate(
        moneyWaits ? 'kontor.refunds.waiting.noChanges' : `kontor.changes.empty.${state === 'pending' ? 'pending' : 'other'}`,
      )}
    >
      {(rows) => (
        <Box sx={{ px: { xs: 2, md: 3 }, maxWidth: 960 }}>
          <Typography sx={{ color: 'text.secondary', py: 1.5 }}>{translate('kontor.changes.hint')}</Typography>
          <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
            {rows.map((change) => (
              <ChangeItem key={change.id} change={change} />
            ))}
          </Box>
        </Box>
      )}
    </ListFrame>
  );
}
