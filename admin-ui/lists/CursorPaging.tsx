import NextIcon from '@mui/icons-material/ChevronRight';
import PreviousIcon from '@mui/icons-material/ChevronLeft';
import { Box, IconButton, Tooltip } from '@mui/material';
import { useListContext, useLocaleState, useTranslate } from 'react-admin';

/**
 * "1–25 of 5,000+" with a step back and a step on: the API counts no further, and reads in one direction. What it does not
 * count at all is "26–50".
 */
export function CursorPaging() {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { page, perPage, data, meta, hasNextPage, hasPreviousPage, setPage } = useListContext();
  const counted = meta as { total: number; exact: boolean } | undefined;
  const from = (page - 1) * perPage + 1;
  const spell = (value: number) => value.toLocaleString(locale === 'ru' ? 'ru' : 'en-GB');
  const range =
    data &&
    translate(counted === undefined ? 'kontor.list.rangeOnly' : counted.exact ? 'kontor.list.range' : 'kontor.list.rangeMore', {
      from: spell(from),
      to: spell(from + data.length - 1),
      total: counted ? spell(counted.total) : '',
    });
  return (
    <Box
      component="nav"
      aria-label={range}
      sx={{
        display: 'flex',
        alignItems: 'center',
        justifyContent: 'flex-end',
        gap: 0.5,
        px: { xs: 2, md: 3 },
        height: 44,
        flexShrink: 0,
        borderTop: 1,
        borderColor: 'divider',
        fontSize: 13,
        color: 'text.secondary',
      }}
    >
      <Box component="span" aria-live="polite" sx={{ mr: 1 }}>
        {range}
      </Box>
      <Tooltip title={translate('kontor.list.previous')}>
        <span>
          <IconButton
            size="small"
            aria-label={translate('kontor.list.previous')}
            disabled={!hasPreviousPage}
            onClick={() => setPage(page - 1)}
          >
            <PreviousIcon />
          </IconButton>
        </span>
      </Tooltip>
      <Tooltip title={translate('kontor.list.next')}>
        <span>
          <IconButton size="small" aria-label={translate('kontor.list.next')} disabled={!hasNextPage} onClick={() => setPage(page + 1)}>
            <NextIcon />
          </IconButton>
        </span>
      </Tooltip>
    </Box>
  );
}
