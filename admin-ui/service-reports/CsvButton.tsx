import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { Deed } from '../plots/Figure.tsx';
import { isCancelled } from '../server/request-failure.ts';
import { saveTable } from '../server/save-table.ts';
import { FailureNotice } from '../tickets/FailureNotice.tsx';
import { readTable } from './report-reads.ts';

interface Table {
  /** What is saved. */
  readonly name: string;
  readonly path: string;
  readonly file: string;
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** Saves what a report or a list shows, the whole of it, as a CSV file in the reader's language. */
export function CsvButton({ name, path, file, query }: Table) {
  const translate = useTranslate();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    try {
      saveTable(file, await readTable(path, query));
      notify('kontor.reports.saved', { type: 'success' });
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
    <Deed label={translate('kontor.reports.csvOf', { name })} onClick={() => busy || void take()}>
      <DownloadIcon sx={{ fontSize: 16 }} />
      {translate('kontor.reports.csv')}
    </Deed>
  );
}
