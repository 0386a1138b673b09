import { Box } from '@mui/material';
import { useMemo, type MouseEvent } from 'react';
import { useTranslate } from 'react-admin';
import { fixedLetters } from '../theme/theme.ts';
import { renderMarkdown } from './markdown.ts';

/** A message's text, written by anybody: Markdown, never HTML. */
export function MarkdownText({ text }: { text: string }) {
  const translate = useTranslate();
  const quotation = translate('kontor.ticketPage.quotation');
  const copyWords = translate('kontor.copy');
  const html = useMemo(() => renderMarkdown(text, { quotation, copyCode: copyWords }), [text, quotation, copyWords]);
  return <Box sx={textStyle} onClick={(event) => copyCode(event, translate)} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** The buttons beside code are part of the text, so the text answers for them. */
function copyCode({ target }: MouseEvent, translate: (key: string) => string): void {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  const code = button?.parentElement?.querySelector('pre')?.textContent;
  if (!button || code === undefined || code === null) return;
  void navigator.clipboard.writeText(code).then(
    () => (button.textContent = translate('kontor.copied')),
    () => (button.textContent = translate('kontor.notCopied')),
  );
}

const deepest = 'blockquote, ul, ol';
/** Below this depth nothing is indented further: what is quoted again and again stays wide enough to be read. */
const everDeeper = `& :is(${deepest}) :is(${deepest}) :is(${deepest}) :is(${deepest}) :is(${deepest}) :is(${deepest})`;

const textStyle = {
  overflowWrap: 'anywhere',
  lineHeight: 1.55,
  '& > :first-of-type': { mt: 0 },
  '& > :last-child': { mb: 0 },
  '& p, & ul, & ol, & pre, & blockquote, & table, & details': { my: 1 },
  '& [data-as-typed]': { whiteSpace: 'pre-wrap' },
  '& ul, & ol': { pl: 3 },
  '& h1, & h2, & h3, & h4, & h5, & h6': { fontSize: 14, fontWeight: 650, mt: 1.5, mb: 0.5 },
  '& a': { color: 'primary.main' },
  '& code': { fontFamily: fixedLetters, fontSize: '0.92em', bgcolor: 'surface.code', px: 0.5, py: 0.125, borderRadius: 0.5 },
  '& pre': {
    fontFamily: fixedLetters,
    fontSize: 12.5,
    lineHeight: 1.5,
    bgcolor: 'surface.code',
    p: 1.25,
    borderRadius: 1,
    overflow: 'auto',
    maxHeight: 420,
  },
  '& pre code': { p: 0, bgcolor: 'transparent', fontSize: 'inherit' },
  '& [data-code]': { position: 'relative' },
  '& [data-copy]': {
    position: { xs: 'static', md: 'absolute' },
    display: 'block',
    top: 4,
    right: 4,
    ml: 'auto',
    mt: { xs: -0.5, md: 0 },
    font: 'inherit',
    fontSize: 12,
    px: 0.75,
    minHeight: 24,
    color: 'text.secondary',
    bgcolor: 'background.paper',
    border: 1,
    borderColor: 'divider',
    borderRadius: 0.75,
    cursor: 'pointer',
    opacity: { xs: 1, md: 0 },
  },
  '& [data-code]:hover [data-copy], & [data-copy]:focus-visible': { opacity: 1 },
  '& summary': { color: 'text.secondary', fontSize: 13, cursor: 'pointer', width: 'fit-content' },
  '& blockquote': { mx: 0, pl: 1.5, borderLeft: 3, borderColor: 'divider', color: 'text.secondary' },
  [everDeeper]: { pl: 0, ml: 0, borderLeft: 0, listStylePosition: 'inside' },
  '& table': { borderCollapse: 'collapse', display: 'block', overflowX: 'auto' },
  '& th, & td': { border: 1, borderColor: 'divider', px: 1, py: 0.5, textAlign: 'left' },
  '& hr': { border: 0, borderTop: 1, borderColor: 'divider' },
} as const;
