import { Box, Tab, Tabs, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { readAmountMinor, spellMoney } from '../../domain/money.ts';
import { faultInValidity, maxQuoteDescriptionCharacters, quoteAmountMinor } from '../../domain/quote.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Wish } from '../server/wish.ts';
import { MarkdownText } from '../tickets/MarkdownText.tsx';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { instantOfWallClock, wallClockOf } from '../time/spell-time.ts';
import { completion, offerQuote, withdrawal, type Quote } from './quote-reads.ts';

type Field = 'sum' | 'description' | 'until';
const aWeekMilliseconds = 7 * 86_400_000;

/** Offers paid work: for how much, what is done for it as the customer will read it, and until when (SPEC T16). */
export function OfferDialog({ number, currency, onClose }: { number: string; currency: string; onClose: () => void }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const now = useNow();
  const [faults, setFaults] = useState<readonly Field[]>([]);
  const [description, setDescription] = useState('');
  const [until] = useState(() => wallClockOf(new Date(now.getTime() + aWeekMilliseconds), timeZone));
  const word = (name: string, values: object = {}) => translate(`kontor.paidWork.quotes.${name}`, values);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const amountMinor = readAmountMinor(formText(form, 'sum'));
    const validUntil = instantOfWallClock(formText(form, 'until'), timeZone);
    const found: Field[] = [];
    if (amountMinor === undefined || amountMinor < quoteAmountMinor.min || amountMinor > quoteAmountMinor.max) found.push('sum');
    if (description.trim() === '') found.push('description');
    if (!validUntil || faultInValidity(validUntil, now)) found.push('until');
    setFaults(found);
    if (found.length === 0)
      return offerQuote(number, { description, amount: { amountMinor: amountMinor!, currency }, validUntil: validUntil!.toISOString() });
    form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
    return undefined;
  };
  return (
    <ConfirmDialog
      title={word('offerTitle', { number })}
      submit={word('offerSubmit')}
      done={word('offerDone')}
      size="sm"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <TextField
          name="sum"
          size="small"
          autoFocus
          label={word('offerSum', { currency })}
          error={faults.includes('sum')}
          helperText={faults.includes('sum') && word('sumWrong')}
          slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off', maxLength: 30 } }}
        />
        <Description value={description} onChange={setDescription} wrong={faults.includes('description')} />
        <TextField
          name="until"
          type="datetime-local"
          size="small"
          label={word('until', { zone: timeZone })}
          defaultValue={until}
          error={faults.includes('until')}
          helperText={faults.includes('until') && word('untilWrong')}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      </Box>
    </ConfirmDialog>
  );
}

function Description({ value, onChange, wrong }: { value: string; onChange: (text: string) => void; wrong: boolean }) {
  const translate = useTranslate();
  const [shown, setShown] = useState<'write' | 'preview'>('write');
  const word = (name: string) => translate(`kontor.paidWork.quotes.${name}`);
  return (
    <Box>
      <Tabs
        value={shown}
        onChange={(_event, chosen: 'write' | 'preview') => setShown(chosen)}
        aria-label={word('description')}
        sx={{ minHeight: 32, mb: 1, '& .MuiTab-root': { minHeight: 32, py: 0, textTransform: 'none' } }}
      >
        <Tab value="write" label={word('write')} />
        <Tab value="preview" label={word('preview')} />
      </Tabs>
      {shown === 'write' || wrong ? (
        <TextField
          name="description"
          size="small"
          fullWidth
          multiline
          minRows={4}
          maxRows={12}
          label={word('description')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          error={wrong}
          helperText={word(wrong ? 'descriptionMissing' : 'descriptionHint')}
          slotProps={{ htmlInput: { maxLength: maxQuoteDescriptionCharacters } }}
        />
      ) : (
        <Box data-preview sx={{ minHeight: 110, border: 1, borderColor: 'divider', borderRadius: 1, px: 1.5, py: 1 }}>
          {value.trim() === '' ? <Box sx={{ color: 'text.secondary' }}>{word('nothingWritten')}</Box> : <MarkdownText text={value} />}
        </Box>
      )}
    </Box>
  );
}

/** Takes an open offer back, or says that accepted work is done, after naming what that means. */
export function SettleDialog({ quote, kind, onClose }: { quote: Quote; kind: 'withdraw' | 'complete'; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.paidWork.quotes.${name}`, { sum: spellMoney(quote.amount) });
  return (
    <ConfirmDialog
      title={word(`${kind}Title`)}
      submit={word(kind)}
      done={word(kind === 'withdraw' ? 'withdrawn' : 'completed')}
      wish={() => (kind === 'withdraw' ? withdrawal(quote) : completion(quote))}
      onClose={onClose}
    >
      {word(`${kind}Text`)}
    </ConfirmDialog>
  );
}
