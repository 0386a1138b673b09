import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { Button } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { isCancelled } from '../server/request-failure.ts';
import { saveTable } from '../server/save-table.ts';
import { useKontor } from '../server/use-kontor.ts';
import { FailureNotice } from '../tickets/FailureNotice.tsx';
import type { AuditFilter } from './audit-filter.ts';

/** Saves what the filters leave as a CSV file. The API asks for a fresh code first and notes who took it away. */
export function ExportButton({ filter }: { filter: AuditFilter }) {
  const translate = useTranslate();
  const notify = useNotify();
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    try {
      saveTable('kontor-audit', await dataProvider.auditTable(filter));
      notify('kontor.audit.exported', { type: 'success' });
      // That it was taken away is the audit's newest line.
      void queries.invalidateQueries({ queryKey: ['audit'] });
    } catch (error) {
      if (!isCancelled(error))
        notify(
          <FailureNotice>
            <FailureText error={error} />
          </FailureNotice>,
          { type: 'error', autoHideDuration: 10_000 },
        );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="outlined"
      color="inherit"
      startIcon={<DownloadIcon />}
      disabled={busy}
      sx={{ borderColor: 'divider' }}
      onClick={() => void take()}
    >
      {translate(busy ? 'kontor.audit.exporting' : 'kontor.audit.export')}
    </Button>
  );
}
