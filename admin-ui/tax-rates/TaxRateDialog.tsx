import { Box, Checkbox, FormControlLabel, TextField } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { readPercentBp } from '../../domain/percent.ts';
import { customerKinds, paidWorkCategory, taxCategoryPattern } from '../../domain/tax-rate.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Wish } from '../server/wish.ts';
import { newTaxRate } from './tax-rate-reads.ts';

type Field = 'rate' | 'category' | 'country' | 'from';

/** Adds a rate: for whom, from which day on. What was ordered keeps the rate it was ordered at (SPEC B13). */
export function TaxRateDialog({ today, onClose }: { today: string; onClose: () => void }) {
  const translate = useTranslate();
  const [faults, setFaults] = useState<readonly Field[]>([]);
  const word = (name: string) => translate(`kontor.taxRates.form.${name}`);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const typed = formText(form, 'rate').trim();
    const rateBp = typed === '' ? null : readPercentBp(typed);
    const [category, country] = [formText(form, 'category').trim(), formText(form, 'country').trim().toUpperCase()];
    const validFrom = formText(form, 'from');
    const found: Field[] = [];
    if (rateBp === undefined) found.push('rate');
    if (!taxCategoryPattern.test(category)) found.push('category');
    if (!/^(?:[A-Z]{2})?$/.test(country)) found.push('country');
    if (!/^2\d{3}-\d{2}-\d{2}$/.test(validFrom)) found.push('from');
    setFaults(found);
    if (found.length === 0)
      return newTaxRate({
        category,
        rateBp: rateBp!,
        inside: new FormData(form).has('inside'),
        customerKind: customerKinds.find((kind) => kind === formText(form, 'kind')) ?? null,
        country: country === '' ? null : country,
        validFrom,
      });
    form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
    return undefined;
  };
  const field = (name: Field, before: string, hint: ReactNode, more: object = {}) => (
    <TextField
      name={name}
      size="small"
      label={word(name)}
      defaultValue={before}
      error={faults.includes(name)}
      helperText={faults.includes(name) ? word(`wrong.${name}`) : hint}
      slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 40 }, inputLabel: { shrink: true } }}
      {...more}
    />
  );
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} size="sm" wish={wish} onClose={onClose}>
      <Box sx={{ display: 'grid', gap: 2, pt: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
        {field('rate', '', word('rateHint'), { autoFocus: true })}
        {field('from', today, word('fromHint'), { type: 'date' })}
        <TextField
          select
          name="kind"
          size="small"
          label={word('kind')}
          defaultValue=""
          slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
        >
          <option value="">{translate('kontor.taxRates.everyKind')}</option>
          {customerKinds.map((kind) => (
            <option key={kind} value={kind}>
              {translate(`kontor.taxRates.kinds.${kind}`)}
            </option>
          ))}
        </TextField>
        {field('country', '', word('countryHint'))}
        {field('category', paidWorkCategory, word('categoryHint'))}
        <FormControlLabel control={<Checkbox size="small" name="inside" defaultChecked />} label={word('inside')} />
      </Box>
    </ConfirmDialog>
  );
}
