import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, MenuList, TextField } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { maxSnoozeSeconds } from '../../domain/ticket-life.ts';
import { promiseBefore } from '../clocks/clock-reading.ts';
import { useClockWords } from '../clocks/clock-words.ts';
import { formText } from '../form-text.ts';
import type { StaffTicket } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader, useReaderTime } from '../time/reader.ts';
import { instantOfWallClock, spellMoment, wallClockOf } from '../time/spell-time.ts';

const morning = '09:00';

/** Moments a person would choose, by his own wall clock. */
function presetsAt(now: Date, timeZone: string): { name: string; at: Date }[] {
  const today = new Date(`${wallClockOf(now, timeZone).slice(0, 10)}T00:00:00Z`);
  const morningIn = (days: number) =>
    instantOfWallClock(`${new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10)}T${morning}`, timeZone)!;
  const untilMonday = (8 - today.getUTCDay()) % 7 || 7;
  const presets = [
    { name: 'hours', at: new Date(now.getTime() + 3 * 3_600_000) },
    { name: 'tomorrow', at: morningIn(1) },
    { name: 'monday', at: morningIn(untilMonday) },
    { name: 'week', at: morningIn(7) },
  ];
  return presets.filter(({ at }, place) => presets.findIndex((other) => other.at.getTime() === at.getTime()) === place);
}

interface Snooze {
  readonly ticket: Pick<StaffTicket, 'clocks'>;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onChosen: (until: Date) => void;
}

/** Asks until when: a preset, or a date and time by the reader's wall clock. What is promised before that is said. */
export function SnoozeDialog({ ticket, open, onClose, onChosen }: Snooze) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const reader = useReaderTime();
  const [problem, setProblem] = useState<'past' | 'tooFar'>();
  const now = useNow();
  const words = useClockWords();
  const presets = presetsAt(now, timeZone);
  const [typed, setTyped] = useState(() => instantOfWallClock(wallClockOf(presets[1]!.at, timeZone), timeZone));
  const promised = (until: Date) => {
    const first = promiseBefore(ticket.clocks, until, now);
    return first && { what: translate(`kontor.clocks.what.${first.what}`), time: words.time(first.at) };
  };
  const warning = typed && promised(typed);
  const choose = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const at = instantOfWallClock(formText(event.currentTarget, 'at'), timeZone);
    if (!at || at <= now) return setProblem('past');
    if (at.getTime() - now.getTime() > maxSnoozeSeconds * 1000) return setProblem('tooFar');
    onChosen(at);
  };
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby="snooze-title">
      <DialogTitle id="snooze-title">{translate('kontor.snooze.title')}</DialogTitle>
      <MenuList autoFocusItem={open} sx={{ pt: 0 }}>
        {presets.map(({ name, at }) => (
          <MenuItem key={name} onClick={() => onChosen(at)} sx={{ px: 3, justifyContent: 'space-between', whiteSpace: 'normal' }}>
            <span>
              {translate(`kontor.snooze.${name}`)}
              <Past promised={promised(at)} />
            </span>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {spellMoment(at, now, reader)}
            </Box>
          </MenuItem>
        ))}
      </MenuList>
      <Box component="form" noValidate onSubmit={choose}>
        <DialogContent sx={{ py: 1 }}>
          <TextField
            name="at"
            type="datetime-local"
            size="small"
            fullWidth
            label={translate('kontor.snooze.at', { zone: timeZone })}
            defaultValue={wallClockOf(presets[1]!.at, timeZone)}
            onChange={(event) => setTyped(instantOfWallClock(event.target.value, timeZone))}
            error={problem !== undefined}
            helperText={problem && translate(`kontor.snooze.${problem}`)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          {warning && (
            <Alert severity="warning" sx={{ mt: 1.5 }}>
              {translate('kontor.snooze.promised', warning)}
            </Alert>
          )}
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={onClose}>
            {translate('kontor.cancel')}
          </Button>
          <Button type="submit" variant="contained">
            {translate('kontor.snooze.submit')}
          </Button>
        </DialogActions>
      </Box>
    </Dialog>
  );
}

/** Under a preset that lies behind a promise: which, and when it is due. */
function Past({ promised }: { promised: { what: string; time: string } | undefined }) {
  const translate = useTranslate();
  if (!promised) return null;
  return <Box sx={{ color: 'warning.main', fontSize: 12 }}>{translate('kontor.snooze.promisedBefore', promised)}</Box>;
}
