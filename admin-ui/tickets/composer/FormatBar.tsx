import BoldIcon from '@mui/icons-material/FormatBold';
import BulletsIcon from '@mui/icons-material/FormatListBulleted';
import CodeIcon from '@mui/icons-material/Code';
import ItalicIcon from '@mui/icons-material/FormatItalic';
import LinkIcon from '@mui/icons-material/Link';
import NumbersIcon from '@mui/icons-material/FormatListNumbered';
import QuoteIcon from '@mui/icons-material/FormatQuote';
import { Box, IconButton, Tooltip } from '@mui/material';
import type { ComponentType } from 'react';
import { useTranslate } from 'react-admin';
import { formats, type Format } from './formatting.ts';

const icons: Readonly<Record<Format, ComponentType<{ fontSize: 'small' }>>> = {
  bold: BoldIcon,
  italic: ItalicIcon,
  link: LinkIcon,
  bullets: BulletsIcon,
  numbers: NumbersIcon,
  quote: QuoteIcon,
  code: CodeIcon,
};
const keys: Readonly<Record<Format, string>> = {
  bold: 'Ctrl+B',
  italic: 'Ctrl+I',
  link: 'Ctrl+K',
  bullets: 'Ctrl+Shift+8',
  numbers: 'Ctrl+Shift+7',
  quote: 'Ctrl+Shift+9',
  code: 'Ctrl+E',
};

/** The formatting for whoever does not know its keys yet. A telephone has no room for it, and Markdown can be typed. */
export function FormatBar({ disabled, onFormat }: { disabled: boolean; onFormat: (format: Format) => void }) {
  const translate = useTranslate();
  return (
    <Box role="toolbar" aria-label={translate('kontor.ticketPage.format.label')} sx={{ display: { xs: 'none', md: 'flex' } }}>
      {formats.map((format) => {
        const Icon = icons[format];
        const name = translate(`kontor.ticketPage.format.${format}`);
        return (
          <Tooltip key={format} title={`${name} · ${keys[format]}`}>
            <span>
              <IconButton
                size="small"
                aria-label={name}
                disabled={disabled}
                // The field keeps its selection: a press on a button must not take it away first.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onFormat(format)}
                sx={{ width: 30, height: 30, color: 'text.secondary' }}
              >
                <Icon fontSize="small" />
              </IconButton>
            </span>
          </Tooltip>
        );
      })}
    </Box>
  );
}
