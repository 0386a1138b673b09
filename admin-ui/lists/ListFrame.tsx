import { Box, Button, Typography } from '@mui/material';
import { useRef, type ReactNode } from 'react';
import { useListContext, useTranslate } from 'react-admin';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { CursorPaging } from './CursorPaging.tsx';
import { useRowKeys } from './row-keys.ts';

interface Frame<Row> {
  readonly title: string;
  /** What narrows the list, and what is done with the whole of it. */
  readonly tools?: ReactNode;
  /** What to do first where there is nothing. */
  readonly empty: ReactNode;
  /** Set while the server has other rows than are shown: shows them. Rows do not move under the cursor by themselves. */
  readonly onAdopt?: (() => void) | undefined;
  /** What stands above the rows, and where there are none. */
  readonly above?: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A list that fills the page: its name and tools above, rows that scroll, paging below. */
export function ListFrame<Row extends { readonly id: string }>({ title, tools, empty, onAdopt, above, children }: Frame<Row>) {
  const translate = useTranslate();
  const { data, error, refetch, isPlaceholderData } = useListContext<Row>();
  const place = useRef<HTMLDivElement>(null);
  useRowKeys(place);
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageTitle>{title}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: { xs: 2, md: 3 }, py: 1.5 }}>
        <Typography variant="h1" sx={{ mr: 'auto' }}>
          {title}
        </Typography>
        {tools}
      </Box>
      <Box
        ref={place}
        sx={{ flex: 1, minHeight: 0, overflow: 'auto', borderTop: 1, borderColor: 'divider', opacity: isPlaceholderData ? 0.6 : 1 }}
        aria-busy={isPlaceholderData}
      >
        {onAdopt && (
          <Box sx={{ position: 'sticky', top: 8, zIndex: 2, height: 0, textAlign: 'center' }}>
            <Button variant="contained" onClick={onAdopt} sx={{ borderRadius: 4, boxShadow: 2 }}>
              {translate('kontor.list.changed')}
            </Button>
          </Box>
        )}
        {above}
        {!data ? (
          error ? (
            <ReadFailure error={error} retry={() => void refetch()} />
          ) : (
            <SlowWait />
          )
        ) : data.length === 0 ? (
          <Box sx={{ py: 10, px: 3, textAlign: 'center', color: 'text.secondary' }}>{empty}</Box>
        ) : (
          children(data)
        )}
      </Box>
      {data && data.length > 0 && <CursorPaging />}
    </Box>
  );
}
