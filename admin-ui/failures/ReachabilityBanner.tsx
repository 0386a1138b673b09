import CloudOffIcon from '@mui/icons-material/CloudOffOutlined';
import { Box } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useReachability } from '../server/reachability.ts';

/** Says that the server cannot be reached, for as long as it cannot; when it is back, everything is read anew. */
export function ReachabilityBanner() {
  const translate = useTranslate();
  const notify = useNotify();
  const queries = useQueryClient();
  const state = useReachability();
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== 'reachable' && state === 'reachable') {
      void queries.invalidateQueries();
      notify('kontor.failure.banner.back', { type: 'success' });
    }
    before.current = state;
  }, [state, queries, notify]);
  return (
    <Box component="output" aria-live="polite" sx={{ display: 'block' }}>
      {state !== 'reachable' && (
        <Box
          sx={{
            display: 'flex',
            gap: 1,
            alignItems: 'center',
            px: 2,
            py: 0.75,
            fontSize: 13,
            bgcolor: 'note.paper',
            color: 'note.text',
            borderBottom: 1,
            borderColor: 'note.edge',
          }}
        >
          <CloudOffIcon fontSize="small" />
          {translate(`kontor.failure.banner.${state}`)}
        </Box>
      )}
    </Box>
  );
}
