import { Box, FormControlLabel, Radio, RadioGroup } from '@mui/material';
import { useTranslate } from 'react-admin';
import { useQueues } from '../../queues/queues.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useSpellDurationInWords } from '../../time/reader.ts';

/** Whether the ticket waits for the customer afterwards, or the next step stays ours (SPEC T4). */
export function WhoIsNext({
  ticket,
  value,
  onChange,
}: {
  ticket: StaffTicketPage;
  value: 'customer' | 'staff';
  onChange: (value: 'customer' | 'staff') => void;
}) {
  const translate = useTranslate();
  const spellDuration = useSpellDurationInWords();
  const queue = useQueues().find(({ category }) => category === ticket.category);
  const hint =
    value === 'staff'
      ? translate('kontor.composer.usNextHint')
      : queue && translate('kontor.composer.customerNextHint', { duration: spellDuration(queue.autoCloseAfterSeconds) });
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', columnGap: 1, fontSize: 13 }}>
      <Box component="span" id="who-is-next" sx={{ color: 'text.secondary' }}>
        {translate('kontor.composer.whoNext')}:
      </Box>
      <RadioGroup
        row
        aria-labelledby="who-is-next"
        value={value}
        onChange={(_event, chosen) => onChange(chosen === 'staff' ? 'staff' : 'customer')}
      >
        {(['customer', 'staff'] as const).map((side) => (
          <FormControlLabel
            key={side}
            value={side}
            control={<Radio size="small" sx={{ p: 0.5 }} />}
            label={translate(side === 'customer' ? 'kontor.composer.customerNext' : 'kontor.composer.usNext')}
            slotProps={{ typography: { sx: { fontSize: 13 } } }}
            sx={{ ml: -0.5, mr: 1.25 }}
          />
        ))}
      </RadioGroup>
      <Box component="span" sx={{ color: 'text.secondary', fontSize: 12, display: { xs: 'none', md: 'inline' } }}>
        {hint}
      </Box>
    </Box>
  );
}
