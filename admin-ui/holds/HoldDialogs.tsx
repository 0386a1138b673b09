import { Box, Button, Checkbox, FormControlLabel, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { holdKinds, holdScopes, type HoldKind, type HoldScope } from '../../domain/hold.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { inPath } from '../server/wish.ts';
import { useReader } from '../time/reader.ts';
import { instantOfWallClock } from '../time/spell-time.ts';
import { MovedTable } from '../timing/MovedTable.tsx';
import { lookAtHold, lookAtLifting, useQueueSettings, type Hold } from '../timing/timing-reads.ts';

interface Draft {
  readonly scope: HoldScope;
  readonly scopeId: string;
  readonly kinds: readonly HoldKind[];
  readonly until: string;
  readonly shifts: boolean;
  readonly reason: string;
}

const empty: Draft = { scope: 'all', scopeId: '', kinds: holdKinds, until: '', shifts: true, reason: '' };

/** Places a hold, with what it would keep waiting and shift shown before (SPEC M3). */
export function PlaceDialog({ onClose }: { onClose: () => void }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const [draft, setDraft] = useState(empty);
  const [missing, setMissing] = useState(false);
  const [looked, setLooked] = useState<object>();
  const word = (name: string) => translate(`kontor.timing.holds.form.${name}`);
  const write = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const look = () => {
    const hold = holdOf(draft, timeZone);
    setMissing(!hold);
    setLooked(hold);
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      size="md"
      wish={() => {
        const hold = holdOf(draft, timeZone);
        const complete = hold !== undefined && draft.reason.trim() !== '';
        setMissing(!complete);
        return complete ? { method: 'POST', path: '/holds', body: { ...hold, reason: draft.reason.trim() } } : undefined;
      }}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <ScopeFields draft={draft} write={write} />
        <KindFields draft={draft} write={write} />
        <EndField value={draft.until} onChange={(until) => write({ until })} />
        <ShiftField label={word('shifts')} hint={word('shiftsHint')} on={draft.shifts} onChange={(shifts) => write({ shifts })} />
        <TextField
          size="small"
          label={word('reason')}
          value={draft.reason}
          error={missing && draft.reason.trim() === ''}
          onChange={(event) => write({ reason: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 500 } }}
        />
        <Button variant="outlined" onClick={look} sx={{ alignSelf: 'flex-start' }}>
          {word('look')}
        </Button>
        {looked && <Look hold={looked} />}
        {missing && (
          // Below a long table it would be out of sight.
          <Box role="alert" ref={(shown: HTMLElement | null) => shown?.scrollIntoView({ block: 'nearest' })} sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

/** What a hold like this would do, before it is placed. */
function Look({ hold }: { hold: object }) {
  const translate = useTranslate();
  return (
    <Box>
      <MovedTable
        about={['hold', hold]}
        look={lookAtHold(hold)}
        nothing={translate('kontor.timing.holds.form.nothing')}
        untold={translate('kontor.timing.moved.unknown')}
      />
    </Box>
  );
}

interface Fields {
  readonly draft: Draft;
  readonly write: (change: Partial<Draft>) => void;
}

function EndField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const translate = useTranslate();
  return (
    <TextField
      size="small"
      type="datetime-local"
      label={translate('kontor.timing.holds.form.until')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
}

function ScopeFields({ draft, write }: Fields) {
  const translate = useTranslate();
  const queues = useQueueSettings().data ?? [];
  const word = (name: string) => translate(`kontor.timing.holds.form.${name}`);
  const given = { value: draft.scopeId, onChange: (event: { target: { value: string } }) => write({ scopeId: event.target.value }) };
  return (
    <>
      <TextField
        select
        size="small"
        label={word('scope')}
        value={draft.scope}
        onChange={(event) => write({ scope: event.target.value as HoldScope, scopeId: '' })}
      >
        {holdScopes.map((scope) => (
          <MenuItem key={scope} value={scope}>
            {word(`scopes.${scope}`)}
          </MenuItem>
        ))}
      </TextField>
      {draft.scope === 'queue' && (
        <TextField select size="small" label={word('queue')} {...given}>
          {queues.map((queue) => (
            <MenuItem key={queue.id} value={queue.id}>
              {queue.name}
            </MenuItem>
          ))}
        </TextField>
      )}
      {draft.scope === 'account' && <TextField size="small" label={word('account')} helperText={word('accountHint')} {...given} />}
      {draft.scope === 'entity' && <TextField size="small" label={word('ticket')} {...given} />}
    </>
  );
}

function KindFields({ draft, write }: Fields) {
  const translate = useTranslate();
  const choose = (kind: HoldKind, on: boolean) =>
    write({ kinds: holdKinds.filter((each) => (each === kind ? on : draft.kinds.includes(each))) });
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0 }}>
      <Box component="legend" sx={{ fontSize: 12, color: 'text.secondary' }}>
        {translate('kontor.timing.holds.form.kinds')}
      </Box>
      {holdKinds.map((kind) => (
        <FormControlLabel
          key={kind}
          control={<Checkbox size="small" checked={draft.kinds.includes(kind)} onChange={(event) => choose(kind, event.target.checked)} />}
          label={translate(`kontor.timing.holds.kind.${kind}`)}
        />
      ))}
    </Box>
  );
}

function ShiftField({ label, hint, on, onChange }: { label: string; hint?: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Box>
      <FormControlLabel
        control={<Checkbox size="small" checked={on} onChange={(event) => onChange(event.target.checked)} />}
        label={label}
      />
      {hint && <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{hint}</Box>}
    </Box>
  );
}

/** The hold as the API is asked; undefined when it is not said for what. Every kind is no kind named: so are those to come. */
function holdOf({ scope, scopeId, kinds, until, shifts }: Draft, timeZone: string): object | undefined {
  const named = scopeId.trim();
  const end = until === '' ? null : instantOfWallClock(until, timeZone);
  if ((scope !== 'all' && named === '') || kinds.length === 0 || end === undefined) return undefined;
  return {
    scope,
    scopeId: scope === 'all' ? null : scope === 'entity' ? `ticket:${named}` : named,
    kinds: kinds.length === holdKinds.length ? null : kinds,
    until: end?.toISOString() ?? null,
    shifts,
  };
}

/** Lifts a hold, with what that does shown before. */
export function LiftDialog({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const translate = useTranslate();
  const [shift, setShift] = useState(hold.shifts);
  const word = (name: string) => translate(`kontor.timing.holds.liftForm.${name}`);
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      size="md"
      wish={() => ({ method: 'POST', path: `/holds/${inPath(hold.id)}/lifting`, body: { shift } })}
      onClose={onClose}
    >
      <Box>{word('text')}</Box>
      <Box sx={{ my: 1 }}>
        <ShiftField label={word('shift')} on={shift} onChange={setShift} />
      </Box>
      <MovedTable
        about={['lifting', hold.id, shift]}
        look={lookAtLifting(hold.id, shift)}
        nothing={word('nothing')}
        untold={translate('kontor.timing.moved.never')}
      />
    </ConfirmDialog>
  );
}
