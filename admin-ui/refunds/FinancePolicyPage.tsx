import { Box, Button, TextField } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { readAmountMinor, spellMoney } from '../../domain/money.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { formText } from '../form-text.ts';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { Wish } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { policyChange, useFinancePolicy, type FinancePolicy } from './refund-reads.ts';

/** The rules of money: when a second person is needed, how long an order stands, when statements go out. */
export function FinancePolicyPage() {
  useAuthenticated();
  return (
    <OnlyFor action="finance_policy.read">
      <Policy />
    </OnlyFor>
  );
}

function Policy() {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = useFinancePolicy();
  const [editing, setEditing] = useState(false);
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.policy.${name}`, values);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        data &&
        may('finance_policy.manage') && (
          <Button variant="contained" onClick={() => setEditing(true)}>
            {word('edit')}
          </Button>
        )
      }
    >
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data && (
        <>
          <Setting name={word('approvalAbove')}>
            {word('approvalAboveText', { sum: spellMoney({ amountMinor: data.approvalAboveMinor, currency: 'RUB' }) })}
          </Setting>
          <Setting name={word('orderStands')}>{word('orderStandsText', { hours: hoursOf(data) })}</Setting>
          <Setting name={word('statementDay')}>{word('statementDayText', { day: data.statementDay })}</Setting>
        </>
      )}
      {data && editing && (
        <li>
          <PolicyDialog policy={data} onClose={() => setEditing(false)} />
        </li>
      )}
    </SettingsPage>
  );
}

function hoursOf({ orderStandsSeconds }: FinancePolicy): string {
  return String(Math.round((orderStandsSeconds / 3600) * 100) / 100);
}

const fields = ['above', 'hours', 'day'] as const;
type Field = (typeof fields)[number];

function PolicyDialog({ policy, onClose }: { policy: FinancePolicy; onClose: () => void }) {
  const translate = useTranslate();
  const [faults, setFaults] = useState<readonly Field[]>([]);
  const word = (name: string) => translate(`kontor.refunds.policy.${name}`);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const approvalAboveMinor = readAmountMinor(formText(form, 'above'));
    const orderStandsSeconds = Math.round(Number(formText(form, 'hours').replace(',', '.')) * 3600);
    const statementDay = Number(formText(form, 'day'));
    const wrong: Readonly<Record<Field, boolean>> = {
      above: approvalAboveMinor === undefined || approvalAboveMinor > 10_000_000_000,
      hours: !(orderStandsSeconds >= 300 && orderStandsSeconds <= 2_592_000),
      day: !(Number.isInteger(statementDay) && statementDay >= 1 && statementDay <= 28),
    };
    const found = fields.filter((field) => wrong[field]);
    setFaults(found);
    if (found.length === 0)
      return policyChange({ approvalAboveMinor: approvalAboveMinor!, orderStandsSeconds, statementDay, revision: policy.revision });
    form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
    return undefined;
  };
  const before: Readonly<Record<Field, string>> = {
    above: String(policy.approvalAboveMinor / 100).replace('.', ','),
    hours: hoursOf(policy),
    day: String(policy.statementDay),
  };
  return (
    <ConfirmDialog title={word('editTitle')} submit={word('save')} done={word('saved')} size="sm" wish={wish} onClose={onClose}>
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        {fields.map((field, index) => (
          <TextField
            key={field}
            name={field}
            size="small"
            autoFocus={index === 0}
            label={word(`fields.${field}`)}
            defaultValue={before[field]}
            error={faults.includes(field)}
            helperText={word(`${faults.includes(field) ? 'wrong' : 'hints'}.${field}`)}
            slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off', maxLength: 20 } }}
          />
        ))}
      </Box>
    </ConfirmDialog>
  );
}
