import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useLocaleState, useNotify, useTranslate } from 'react-admin';
import { spellMoney } from '../../domain/money.ts';
import { spellMonth } from '../../domain/statement.ts';
import { saveStatement, useStatements } from './finance-reads.ts';

/** The statements of the last months, as PDF (SPEC B6). */
export function Statements({ account }: { account: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [spoken] = useLocaleState();
  const locale = spoken === 'ru' ? 'ru' : 'en';
  const word = (name: string, values: object = {}) => translate(`kontor.finance.statements.${name}`, values);
  const { data } = useStatements(account);
  if (!data || data.length === 0) return null;
  const save = (month: string) =>
    saveStatement(account, month).catch(() => notify('kontor.finance.statements.failed', { type: 'error', autoHideDuration: 10_000 }));
  return (
    <Box component="section" aria-labelledby="customer-statements">
      <Typography id="customer-statements" variant="h3" sx={{ fontSize: 14, fontWeight: 650, mb: 0.5 }}>
        {word('title')}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
        {data.map(({ month, closing, running, operations }) => (
          <Box
            component="li"
            key={month}
            sx={{
              display: 'flex',
              flexWrap: 'wrap',
              alignItems: 'center',
              columnGap: 2,
              minHeight: 36,
              borderTop: 1,
              borderColor: 'divider',
            }}
          >
            <Box sx={{ flex: '1 1 160px' }}>
              {spellMonth(month, locale)}
              {running && <Box component="span" sx={{ color: 'text.secondary' }}>{` · ${word('running')}`}</Box>}
            </Box>
            <Box sx={{ color: 'text.secondary' }}>{word('count', { smart_count: operations })}</Box>
            <Box sx={{ fontVariantNumeric: 'tabular-nums', minWidth: 110, textAlign: 'right' }}>{spellMoney(closing)}</Box>
            <Button
              size="small"
              startIcon={<DownloadIcon />}
              aria-label={word('pdfOf', { month: spellMonth(month, locale) })}
              onClick={() => void save(month)}
            >
              {word('pdf')}
            </Button>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
