import EventIcon from '@mui/icons-material/EventBusyOutlined';
import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { calendarAddress, useIncompleteCalendars } from './calendar-reads.ts';

/** Says which calendars lack a year, from 1 November on, and what that does (SPEC S2); nothing while none does. */
export function MissingYearNotice() {
  const translate = useTranslate();
  const incomplete = useIncompleteCalendars();
  if (incomplete.length === 0) return null;
  return (
    <Box component="ul" data-missing-year sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {incomplete.map(({ id, name, missingYear }) => (
        <Box component="li" key={id} sx={noticeStyle}>
          <EventIcon fontSize="small" />
          <Box component="span" sx={{ flex: '1 1 260px' }}>
            {translate('kontor.calendars.missing.one', { name, year: missingYear })}
          </Box>
          <Box component={Link} to={calendarAddress(id, missingYear)} sx={{ color: 'inherit', fontWeight: 650 }}>
            {translate('kontor.calendars.missing.show', { year: missingYear })}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

const noticeStyle = {
  display: 'flex',
  flexWrap: 'wrap',
  gap: 1,
  alignItems: 'center',
  px: { xs: 2, md: 3 },
  py: 0.75,
  fontSize: 13,
  bgcolor: 'note.paper',
  color: 'note.text',
  borderBottom: 1,
  borderColor: 'note.edge',
} as const;
