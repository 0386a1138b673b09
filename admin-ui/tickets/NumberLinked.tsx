import { Box } from '@mui/material';
import { Link } from 'react-router';
import { ticketAddress } from './TicketTable.tsx';

/** A sentence in which a ticket's number leads to the ticket. */
export function NumberLinked({ text, number, to = ticketAddress(number) }: { text: string; number: string; to?: string }) {
  const [before, ...after] = text.split(number);
  if (after.length === 0) return text;
  return (
    <>
      {before}
      <Box component={Link} to={to} sx={{ color: 'primary.main' }}>
        {number}
      </Box>
      {after.join(number)}
    </>
  );
}
