import { Box, MenuItem, TextField } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { maxAmountMinor } from '../../domain/ledger.ts';
import { readAmountMinor, spellMoney } from '../../domain/money.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Wish } from '../server/wish.ts';
import { freezingOf, settingOf, type CustomerFinance } from './finance-reads.ts';

interface About {
  readonly finance: CustomerFinance;
  readonly onClose: () => void;
}

/** A field of one of the dialogs: what stands in it, and what is said when it is wrong. */
function Field({ name, label, before, wrong, hint, first }: FieldWords) {
  return (
    <TextField
      name={name}
      size="small"
      autoFocus={first === true}
      label={label}
      defaultValue={before}
      error={wrong !== undefined}
      helperText={wrong ?? hint}
      slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 500 } }}
    />
  );
}

interface FieldWords {
  readonly name: string;
  readonly label: string;
  readonly before: string;
  readonly wrong: string | undefined;
  readonly hint: string;
  readonly first?: boolean;
}

function Fields({ children }: { children: ReactNode }) {
  return <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>{children}</Box>;
}

function focusOn(form: HTMLFormElement, name: string): undefined {
  form.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  return undefined;
}

/** How much a customer may owe, and for how long (SPEC B3). */
export function CreditLimitDialog({ finance, onClose }: About) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.finance.limit.${name}`, values);
  const [fault, setFault] = useState<'sum' | 'days'>();
  const { currency } = finance;
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const amountMinor = readAmountMinor(formText(form, 'sum'));
    const typed = formText(form, 'days').trim();
    const days = Number(typed);
    const wrong = amountMinor === undefined || amountMinor > maxAmountMinor ? 'sum' : undefined;
    const found = wrong ?? (typed !== '' && !(Number.isInteger(days) && days >= 1 && days <= 365) ? 'days' : undefined);
    setFault(found);
    if (found) return focusOn(form, found);
    return settingOf(finance, {
      setting: 'credit-limit',
      body: { limit: { amountMinor: amountMinor!, currency }, termDays: typed === '' ? null : days },
    });
  };
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} size="sm" wish={wish} onClose={onClose}>
      <Fields>
        <Field
          name="sum"
          first
          label={word('sum', { currency })}
          before={String(finance.creditLimit.amountMinor / 100).replace('.', ',')}
          wrong={fault === 'sum' ? word('sumWrong') : undefined}
          hint={word('sumHint', { used: spellMoney(finance.used) })}
        />
        <Field
          name="days"
          label={word('days')}
          before={finance.creditTermDays === null ? '' : String(finance.creditTermDays)}
          wrong={fault === 'days' ? word('daysWrong') : undefined}
          hint={word('daysHint')}
        />
      </Fields>
    </ConfirmDialog>
  );
}

/** What every purchase costs less (SPEC B5). */
export function DiscountDialog({ finance, onClose }: About) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.finance.discountDialog.${name}`);
  const [isWrong, setWrong] = useState(false);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const typed = formText(form, 'percent').trim().replace('%', '').replace(',', '.');
    const fits = /^\d{1,3}(?:\.\d{1,2})?$/.test(typed) && Number(typed) <= 100;
    setWrong(!fits);
    return fits ? settingOf(finance, { setting: 'discount', body: { percent: Number(typed) } }) : focusOn(form, 'percent');
  };
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} wish={wish} onClose={onClose}>
      <Fields>
        <Field
          name="percent"
          first
          label={word('percent')}
          before={String(finance.discountPercent).replace('.', ',')}
          wrong={isWrong ? word('wrong') : undefined}
          hint={word('hint')}
        />
      </Fields>
    </ConfirmDialog>
  );
}

const kinds = ['person', 'sole_trader', 'company'] as const;

/** What kind of customer it is, and where: tax goes by it (SPEC B13). */
export function TaxProfileDialog({ finance, onClose }: About) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.finance.tax.${name}`);
  const [kind, setKind] = useState(finance.taxProfile.kind);
  const [isWrong, setWrong] = useState(false);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const country = formText(form, 'country').trim().toUpperCase();
    const fits = /^[A-Z]{2}$/.test(country);
    setWrong(!fits);
    return fits ? settingOf(finance, { setting: 'tax-profile', body: { kind, country } }) : focusOn(form, 'country');
  };
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} wish={wish} onClose={onClose}>
      <Fields>
        <TextField
          select
          size="small"
          label={word('kind')}
          value={kind}
          onChange={(event) => setKind(event.target.value as typeof kind)}
          helperText={word('hint')}
        >
          {kinds.map((each) => (
            <MenuItem key={each} value={each}>
              {word(`kinds.${each}`)}
            </MenuItem>
          ))}
        </TextField>
        <Field
          name="country"
          label={word('country')}
          before={finance.taxProfile.country}
          wrong={isWrong ? word('countryWrong') : undefined}
          hint={word('countryHint')}
        />
      </Fields>
    </ConfirmDialog>
  );
}

/** Stops spending, or lets it go on (SPEC B7). */
export function FreezeDialog({ finance, onClose }: About) {
  const translate = useTranslate();
  const deed = finance.frozen ? 'unfreeze' : 'freeze';
  const word = (name: string) => translate(`kontor.finance.${deed}.${name}`);
  const [isWrong, setWrong] = useState(false);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const reason = formText(form, 'reason').trim();
    setWrong(reason === '');
    return reason === '' ? focusOn(form, 'reason') : freezingOf(finance, deed, reason);
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      grave={deed === 'freeze'}
      wish={wish}
      onClose={onClose}
    >
      <Fields>
        <div>{word('consequence')}</div>
        <Field
          name="reason"
          first
          label={translate('kontor.refunds.reason')}
          before=""
          wrong={isWrong ? translate('kontor.refunds.reasonMissing') : undefined}
          hint={translate('kontor.refunds.reasonHint')}
        />
      </Fields>
    </ConfirmDialog>
  );
}
