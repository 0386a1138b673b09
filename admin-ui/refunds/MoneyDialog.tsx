import { Box, TextField } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { readAmountMinor, spellMoney, type Money } from '../../domain/money.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Wish } from '../server/wish.ts';
import { useFinancePolicy, type MovedMoney } from './refund-reads.ts';

interface Moving {
  /** Under `kontor.refunds`: the dialog's own words. */
  readonly words: 'refund' | 'chargeback' | 'reversal' | 'adjustment';
  /** So much at the most, which stands there at first; left out where nothing bounds it. */
  readonly most?: Money | undefined;
  readonly currency: string;
  /** Whether a second person is needed above the policy's sum. */
  readonly secondPerson?: boolean;
  /** What else is chosen. */
  readonly children?: ReactNode;
  /** Named before the deed: what becomes of a sum. */
  readonly consequence: (sum: string) => string;
  readonly grave?: boolean;
  readonly wish: (moved: MovedMoney, form: HTMLFormElement) => Wish;
  readonly onClose: () => void;
}

const longestReason = 500;

/** Moves money: how much, why, and what that means, before it is done. */
export function MoneyDialog({ words, most, currency, secondPerson, children, consequence, grave, wish, onClose }: Moving) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.${words}.${name}`, values);
  const [typed, setTyped] = useState(most ? plain(most.amountMinor) : '');
  const [faults, setFaults] = useState<readonly ('sum' | 'reason')[]>([]);
  const amountMinor = readAmountMinor(typed);
  const fits = amountMinor !== undefined && amountMinor > 0 && amountMinor <= (most?.amountMinor ?? 10_000_000_000);
  const policy = useFinancePolicy().data;
  const waits = secondPerson === true && fits && policy !== undefined && amountMinor > policy.approvalAboveMinor;
  const decide = (form: HTMLFormElement): Wish | undefined => {
    const reason = formText(form, 'reason').trim();
    const found = [...(fits ? [] : (['sum'] as const)), ...(reason === '' ? (['reason'] as const) : [])];
    setFaults(found);
    if (found.length === 0) return wish({ amount: { amountMinor: amountMinor!, currency }, reason }, form);
    form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
    return undefined;
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={translate(waits ? 'kontor.refunds.nowWaits' : `kontor.refunds.${words}.done`)}
      size="sm"
      {...(grave ? { grave: true } : {})}
      wish={decide}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        {children}
        <TextField
          name="sum"
          size="small"
          autoFocus
          label={translate('kontor.refunds.sum', { currency })}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={faults.includes('sum') && !fits}
          helperText={
            faults.includes('sum') && !fits
              ? translate('kontor.refunds.sumWrong')
              : most && translate('kontor.refunds.atMost', { sum: spellMoney(most) })
          }
          slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off', maxLength: 30 } }}
        />
        <TextField
          name="reason"
          size="small"
          label={translate('kontor.refunds.reason')}
          error={faults.includes('reason')}
          helperText={translate(faults.includes('reason') ? 'kontor.refunds.reasonMissing' : 'kontor.refunds.reasonHint')}
          slotProps={{ htmlInput: { autoComplete: 'off', maxLength: longestReason } }}
        />
        {fits && (
          <Box aria-live="polite">
            {consequence(spellMoney({ amountMinor, currency }))}
            {waits && (
              <Box sx={{ mt: 1, fontWeight: 600 }}>
                {translate('kontor.refunds.willWait', { sum: spellMoney({ amountMinor: policy.approvalAboveMinor, currency }) })}
              </Box>
            )}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

/** As it is typed: `12500,50`. */
function plain(amountMinor: number): string {
  const kopecks = amountMinor % 100;
  const roubles = String((amountMinor - kopecks) / 100);
  return kopecks === 0 ? roubles : `${roubles},${String(kopecks).padStart(2, '0')}`;
}
