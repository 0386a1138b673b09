import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'react-admin';
import { isTarget, maxTargetAmount, targetUnits, type Target, type TargetUnit } from '../../domain/service-level.ts';
import { FieldGroup } from './FieldGroup.tsx';

/** A target as it is being typed. */
export interface TargetDraft {
  readonly amount: string;
  readonly unit: TargetUnit;
}

export function draftOfTarget(target: Target | null | undefined): TargetDraft {
  return { amount: target ? String(target.amount) : '', unit: target?.unit ?? 'hours' };
}

/** What was typed: null for no promise, undefined for what is no target. */
export function targetOfDraft({ amount, unit }: TargetDraft): Target | null | undefined {
  const typed = amount.trim();
  if (typed === '') return null;
  const target = { amount: Number(typed.replaceAll(/[\s\u00a0\u202f]/g, '')), unit };
  return isTarget(target) ? target : undefined;
}

/** The bounds of a target, for a sentence that says them. */
export function targetBounds(): Record<TargetUnit, string> {
  const { minutes, hours, days } = maxTargetAmount;
  return { minutes: String(minutes), hours: String(hours), days: String(days) };
}

interface Field {
  /** What is promised: “First and every next answer”. */
  readonly label: string;
  readonly isLabelled?: boolean;
  readonly value: TargetDraft;
  readonly onChange: (value: TargetDraft) => void;
  readonly wrong?: boolean;
  readonly hint?: string | undefined;
}

/** An amount and its unit, always of working time. */
export function TargetField({ label, isLabelled = false, value, onChange, wrong = false, hint }: Field) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.servicePlans.field.${name}`);
  return (
    <FieldGroup label={label} isLabelled={isLabelled} hint={hint} widths="minmax(0, 2fr) minmax(0, 3fr)">
      <TextField
        size="small"
        label={word('amount')}
        value={value.amount}
        error={wrong}
        onChange={(event) => onChange({ ...value, amount: event.target.value })}
        slotProps={{ htmlInput: { inputMode: 'numeric', autoComplete: 'off', maxLength: 9 } }}
      />
      <TextField
        select
        size="small"
        label={word('unit')}
        value={value.unit}
        onChange={(event) => onChange({ ...value, unit: event.target.value as TargetUnit })}
      >
        {targetUnits.map((unit) => (
          <MenuItem key={unit} value={unit}>
            {word(`units.${unit}`)}
          </MenuItem>
        ))}
      </TextField>
    </FieldGroup>
  );
}
