import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { openingRows, shownFrom, tableStyle } from './table-style.ts';

export interface Column<Row> {
  readonly name: string;
  readonly heading: ReactNode;
  /** Pixels; the columns without one share what is left. */
  readonly width?: number | undefined;
  /** Narrower than this many pixels the column is left out. */
  readonly from?: number;
  readonly cell: (row: Row) => ReactNode;
}

interface Rows<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Where a row leads; the link itself is in one of its cells and has the keyboard's focus (`data-row`). */
  readonly addressOf?: (row: Row) => string;
  /** The row under the cursor, or with the focus: a page may read what it leads to. */
  readonly onNear?: (row: Row) => void;
  /** A table within a page: its first column stands where the page's text does. */
  readonly inset?: boolean;
}

/** Rows as a table: one line each, nothing jumps. */
export function DataTable<Row extends { readonly id: string }>({ label, columns, rows, addressOf, onNear, inset }: Rows<Row>) {
  const navigate = useNavigate();
  return (
    <Box component="table" aria-label={label} sx={{ ...tableStyle, ...(addressOf ? openingRows : {}), ...(inset ? insetStyle : {}) }}>
      <thead>
        <tr>
          {columns.map(({ name, heading, width, from }) => (
            <Box component="th" scope="col" key={name} sx={{ width, ...shownFrom(from) }}>
              {heading}
            </Box>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            onMouseEnter={onNear && (() => onNear(row))}
            onFocus={onNear && (() => onNear(row))}
            onClick={
              addressOf &&
              ((event) => {
                // The link answers for itself, modifiers included; a click beside it opens the row too.
                if (!(event.target as HTMLElement).closest('a, button') && !window.getSelection()?.toString())
                  void navigate(addressOf(row));
              })
            }
          >
            {columns.map(({ name, from, cell }) => (
              <Box component="td" key={name} sx={shownFrom(from)}>
                {cell(row)}
              </Box>
            ))}
          </tr>
        ))}
      </tbody>
    </Box>
  );
}

const insetStyle = { '& th:first-of-type, & td:first-of-type': { pl: 0 } } as const;
