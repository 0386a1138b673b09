import MoreIcon from '@mui/icons-material/MoreHoriz';
import { IconButton, Menu, MenuItem } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';

/** One thing that may be done with a row: it is done, or it leads somewhere. */
export type RowDeed = { readonly name: string; readonly run: () => void } | { readonly name: string; readonly to: string };

/** What may be done with a row, behind one button. Without anything to do there is no button. */
export function RowMenu({ label, deeds }: { label: string; deeds: readonly RowDeed[] }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  if (deeds.length === 0) return null;
  return (
    <>
      <IconButton size="small" aria-label={label} aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {deeds.map((deed) =>
          'to' in deed ? (
            <MenuItem key={deed.name} component={Link} to={deed.to} onClick={close} sx={itemStyle}>
              {deed.name}
            </MenuItem>
          ) : (
            <MenuItem
              key={deed.name}
              sx={itemStyle}
              onClick={() => {
                close();
                deed.run();
              }}
            >
              {deed.name}
            </MenuItem>
          ),
        )}
      </Menu>
    </>
  );
}

const itemStyle = { minHeight: { xs: 44, md: 34 } } as const;
