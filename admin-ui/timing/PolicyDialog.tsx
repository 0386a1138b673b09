import { Box, Button, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { timingBounds, timingPresets, type TimingDurations } from '../../domain/timing-policy.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { inPath, type Wish } from '../server/wish.ts';
import type { Policy } from './timing-reads.ts';

const hourSeconds = 3600;
const fields = ['autoCloseAfter', 'archiveAfter', 'warnBefore'] as const;
type Field = (typeof fields)[number];
type Draft = Readonly<Record<Field | 'nameEn' | 'nameRu', string>>;

function draftOf({ autoCloseAfterSeconds, archiveAfterSeconds, warnBeforeSeconds }: TimingDurations): Record<Field, string> {
  return {
    autoCloseAfter: String(autoCloseAfterSeconds / hourSeconds),
    archiveAfter: String(archiveAfterSeconds / hourSeconds),
    warnBefore: String(warnBeforeSeconds / hourSeconds),
  };
}

/** Makes a timing policy, or changes one; what it means for open tickets is asked afterwards (SPEC T8). */
export function PolicyDialog({ policy, onClose, onSaved }: { policy: Policy | undefined; onClose: () => void; onSaved: () => void }) {
  const translate = useTranslate();
  const [draft, setDraft] = useState<Draft>(() => ({
    nameEn: policy?.names['en'] ?? '',
    nameRu: policy?.names['ru'] ?? '',
    ...draftOf(policy ?? timingPresets['7+7']),
  }));
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.timing.policies.form.${name}`, { name: policy?.name ?? '' });
  const write = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const wish = (): Wish | undefined => {
    const body = bodyOf(draft);
    setMissing(!body);
    if (!body) return undefined;
    return policy
      ? { method: 'PUT', path: `/timing-policies/${inPath(policy.id)}`, body, revision: policy.revision }
      : { method: 'POST', path: '/timing-policies', body };
  };
  return (
    <ConfirmDialog
      title={word(policy ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onDone={onSaved}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <PolicyFields draft={draft} write={write} />
        {policy && <Box sx={{ color: 'text.secondary' }}>{word('newOnly')}</Box>}
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

/** Names, and durations in hours; the presets fill these in. */
function PolicyFields({ draft, write }: { draft: Draft; write: (change: Partial<Draft>) => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.policies.form.${name}`);
  return (
    <>
      {(['nameEn', 'nameRu'] as const).map((name) => (
        <TextField
          key={name}
          size="small"
          label={word(name)}
          value={draft[name]}
          onChange={(event) => write({ [name]: event.target.value })}
          slotProps={{ htmlInput: { lang: name === 'nameEn' ? 'en' : 'ru', maxLength: 100 } }}
        />
      ))}
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        {word('preset')}
        {Object.entries(timingPresets).map(([name, durations]) => (
          <Button key={name} variant="outlined" onClick={() => write(draftOf(durations))}>
            {name}
          </Button>
        ))}
      </Box>
      {fields.map((field) => (
        <TextField
          key={field}
          size="small"
          label={word(field)}
          value={draft[field]}
          onChange={(event) => write({ [field]: event.target.value })}
          helperText={field === 'warnBefore' && word('warnHint')}
          slotProps={{ htmlInput: { inputMode: 'decimal', maxLength: 8 } }}
        />
      ))}
    </>
  );
}

/** What the API is sent; undefined when a field holds nothing it could take. */
function bodyOf({ nameEn, nameRu, ...hours }: Draft): object | undefined {
  const [autoCloseAfterSeconds, archiveAfterSeconds, warnBeforeSeconds] = fields.map((field) =>
    Math.round(Number(hours[field].replace(',', '.')) * hourSeconds),
  );
  const fits = (seconds: number | undefined, least: number) =>
    seconds !== undefined && seconds >= least && seconds <= timingBounds.maxSeconds;
  const { minSeconds } = timingBounds;
  if (
    nameEn.trim() === '' ||
    !fits(autoCloseAfterSeconds, minSeconds) ||
    !fits(archiveAfterSeconds, minSeconds) ||
    !fits(warnBeforeSeconds, 0)
  )
    return undefined;
  const names = { en: nameEn.trim(), ...(nameRu.trim() === '' ? {} : { ru: nameRu.trim() }) };
  return { names, autoCloseAfterSeconds, archiveAfterSeconds, warnBeforeSeconds };
}
