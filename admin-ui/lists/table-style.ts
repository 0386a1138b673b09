/** How tables look: one line a row, headings that stay, no frames. */
export const tableStyle = {
  width: '100%',
  borderCollapse: 'separate',
  borderSpacing: 0,
  tableLayout: 'fixed',
  fontSize: 13,
  '& th': {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    bgcolor: 'background.default',
    textAlign: 'left',
    fontWeight: 500,
    color: 'text.secondary',
    fontSize: 12,
    height: 32,
    px: 1,
    borderBottom: 1,
    borderColor: 'divider',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '& td': {
    height: 38,
    px: 1,
    borderBottom: 1,
    borderColor: 'divider',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '& th:first-of-type, & td:first-of-type': { pl: { xs: 2, md: 3 } },
} as const;

/** A table whose rows lead somewhere: the row answers for the link in it. */
export const openingRows = {
  '& tbody tr': { cursor: 'pointer', '&:hover': { bgcolor: 'surface.hover' } },
  '& tbody tr:has(a[data-row]:focus-visible)': {
    bgcolor: 'surface.hover',
    boxShadow: (theme: { palette: { primary: { main: string } } }) => `inset 3px 0 0 ${theme.palette.primary.main}`,
    outline: '2px solid',
    outlineColor: 'primary.main',
    outlineOffset: -2,
  },
} as const;

/** Leaves a column out where the window is narrower than this many pixels. */
export function shownFrom(pixels: number | undefined): object {
  return pixels === undefined ? {} : { [`@media (max-width: ${pixels - 1}px)`]: { display: 'none' } };
}

/** Rows on a narrow screen: a few short lines each. */
export const cardsStyle = {
  listStyle: 'none',
  m: 0,
  p: 0,
  fontSize: 13,
  '& > li': { borderBottom: 1, borderColor: 'divider' },
} as const;
