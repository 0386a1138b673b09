import { useMediaQuery } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import type { AuditLine } from '../server/answers.ts';
import { readAuditFilter } from './audit-filter.ts';
import { AuditCards } from './AuditCards.tsx';
import { AuditFilters } from './AuditFilters.tsx';
import { AuditTable } from './AuditTable.tsx';

/** Narrower than this a table would have to leave columns out, and an auditor must miss nothing. */
const tableFromPixels = 1280;

const newestFirst = { field: 'at', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Who did what to whom, when, and from where (SPEC I9). */
export function AuditPage() {
  return (
    <OnlyFor action="audit.read">
      <ListBase resource="audit" perPage={50} sort={newestFirst} queryOptions={listQuery} exporter={false}>
        <Lines />
      </ListBase>
    </OnlyFor>
  );
}

function Lines() {
  const translate = useTranslate();
  const narrow = useMediaQuery(`(max-width: ${tableFromPixels - 1}px)`, { noSsr: true });
  const { filterValues } = useListContext<AuditLine>();
  const filtered = Object.keys(readAuditFilter(filterValues)).length > 0;
  return (
    <ListFrame<AuditLine>
      title={translate('kontor.audit.title')}
      tools={<AuditFilters />}
      empty={translate(filtered ? 'kontor.audit.nothingFound' : 'kontor.audit.empty')}
    >
      {(rows) => (narrow ? <AuditCards lines={rows} /> : <AuditTable lines={rows} />)}
    </ListFrame>
  );
}
