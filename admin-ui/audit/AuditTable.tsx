import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import type { AuditLine } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { Changes, CopyRequestId, Thing, What, Who, Whom } from './AuditParts.tsx';

/** The audit's lines, one row each. */
export function AuditTable({ lines }: { lines: readonly AuditLine[] }) {
  const translate = useTranslate();
  return <DataTable label={translate('kontor.audit.label')} columns={useColumns()} rows={lines} />;
}

function useColumns(): Column<AuditLine>[] {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.audit.${name}`);
  return [
    { name: 'at', heading: word('at'), width: 112, cell: ({ at }) => <Moment at={at} /> },
    { name: 'who', heading: word('who'), width: 184, cell: (line) => <Who line={line} /> },
    { name: 'what', heading: word('what'), cell: (line) => <What line={line} /> },
    { name: 'object', heading: word('object'), width: 146, cell: (line) => <Thing line={line} /> },
    { name: 'whom', heading: word('whom'), width: 124, cell: (line) => <Whom line={line} /> },
    { name: 'change', heading: word('change'), cell: (line) => <Changes line={line} /> },
    {
      name: 'from',
      heading: word('from'),
      width: 104,
      cell: ({ address }) => (
        <Box component="span" title={address ?? ''} sx={{ color: 'text.secondary' }}>
          {address}
        </Box>
      ),
    },
    {
      name: 'request',
      heading: word('request'),
      width: 72,
      cell: ({ requestId }) => requestId !== null && <CopyRequestId id={requestId} />,
    },
  ];
}
