import { Box } from '@mui/material';
import MarkdownIt from 'markdown-it';
import { useMemo } from 'react';
import { fixedLetters } from '../theme/theme.ts';

// `html: false` escapes whatever looks like HTML; links are http, https and mailto only (the library refuses others).
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

markdown.renderer.rules['link_open'] = (tokens, at, options, _env, self) => {
  tokens[at]!.attrSet('target', '_blank');
  tokens[at]!.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, at, options);
};

// A picture from elsewhere would tell its host who reads what: it is shown as the link that it is.
markdown.renderer.rules['image'] = (tokens, at) => {
  const token = tokens[at]!;
  const address = markdown.utils.escapeHtml(String(token.attrGet('src') ?? ''));
  return `<a href="${address}" target="_blank" rel="noopener noreferrer nofollow">${markdown.utils.escapeHtml(token.content || 'image')}</a>`;
};

/** A message's text, written by anybody: Markdown, never HTML. */
export function MarkdownText({ text }: { text: string }) {
  const html = useMemo(() => markdown.render(text), [text]);
  return <Box sx={textStyle} dangerouslySetInnerHTML={{ __html: html }} />;
}

const textStyle = {
  overflowWrap: 'anywhere',
  lineHeight: 1.55,
  '& > :first-of-type': { mt: 0 },
  '& > :last-child': { mb: 0 },
  '& p, & ul, & ol, & pre, & blockquote, & table': { my: 1 },
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
    overflowX: 'auto',
  },
  '& pre code': { p: 0, bgcolor: 'transparent', fontSize: 'inherit' },
  '& blockquote': { ml: 0, pl: 1.5, borderLeft: 3, borderColor: 'divider', color: 'text.secondary' },
  '& table': { borderCollapse: 'collapse', display: 'block', overflowX: 'auto' },
  '& th, & td': { border: 1, borderColor: 'divider', px: 1, py: 0.5, textAlign: 'left' },
  '& hr': { border: 0, borderTop: 1, borderColor: 'divider' },
} as const;
