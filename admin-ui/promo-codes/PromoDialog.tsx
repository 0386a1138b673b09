import { Box, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { readAmountMinor } from '../../domain/money.ts';
import { readPercentBp } from '../../domain/percent.ts';
import { promoCap, promoFixedMinor, promoPercentageBp, readPromoCode } from '../../domain/promo-code.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { WithdrawnSwitch } from '../confirm/WithdrawnSwitch.tsx';
import { formText } from '../form-text.ts';
import type { Wish } from '../server/wish.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { instantOfWallClock, wallClockOf } from '../time/spell-time.ts';
import { newPromoCode, promoChange, spellGain, type PromoCode } from './promo-reads.ts';

type Field = 'code' | 'gain' | 'from' | 'until' | 'totalCap' | 'accountCap';
const currency = 'RUB';

interface Faulty {
  readonly faults: readonly Field[];
}

/** Makes a promo code, or changes until when and how often one is good; what it takes off stays (SPEC B5). */
export function PromoDialog({ promo, onClose }: { promo: PromoCode | undefined; onClose: () => void }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const [faults, setFaults] = useState<readonly Field[]>([]);
  const word = (name: string, values: object = {}) => translate(`kontor.promoCodes.form.${name}`, values);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const terms = readTerms(form, timeZone);
    const [code, gain] = [readPromoCode(formText(form, 'code')), readGain(formText(form, 'gain'), formText(form, 'kind'))];
    const found: Field[] = [...terms.faults];
    if (!promo && !gain) found.unshift('gain');
    if (!promo && code === undefined) found.unshift('code');
    setFaults(found);
    if (found.length === 0) {
      const withdrawn = new FormData(form).has('withdrawn');
      return promo ? promoChange(promo, { ...terms.body, withdrawn }) : newPromoCode({ code, gain, fits: null, ...terms.body });
    }
    form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
    return undefined;
  };
  return (
    <ConfirmDialog
      title={promo ? word('editTitle', { code: promo.code }) : word('addTitle')}
      submit={word(promo ? 'save' : 'make')}
      done={word(promo ? 'saved' : 'made')}
      size="sm"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'grid', gap: 2, pt: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
        {promo ? <Box sx={whole}>{word('staysText', { gain: spellGain(promo.gain) })}</Box> : <WhatItTakesOff faults={faults} />}
        <Terms promo={promo} faults={faults} />
        {promo && (
          <Box sx={whole}>
            <WithdrawnSwitch withdrawn={promo.withdrawnAt !== null} hint={word('withdrawnHint')} />
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

const whole = { gridColumn: '1 / -1' } as const;

function WhatItTakesOff({ faults }: Faulty) {
  const translate = useTranslate();
  const [kind, setKind] = useState('percentage');
  const word = (name: string, values: object = {}) => translate(`kontor.promoCodes.form.${name}`, values);
  return (
    <>
      <Box sx={{ ...whole, display: 'grid' }}>
        <FormField name="code" label={word('code')} hint={word('codeHint')} faults={faults} first />
      </Box>
      <TextField
        select
        name="kind"
        size="small"
        label={word('kind')}
        value={kind}
        onChange={(event) => setKind(event.target.value)}
        slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
      >
        <option value="percentage">{word('kinds.percentage')}</option>
        <option value="fixed">{word('kinds.fixed')}</option>
      </TextField>
      <FormField name="gain" label={word(kind === 'percentage' ? 'percent' : 'sum', { currency })} faults={faults} />
    </>
  );
}

function Terms({ promo, faults }: Faulty & { readonly promo: PromoCode | undefined }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const now = useNow();
  const [from] = useState(() => wallClockOf(promo ? new Date(promo.validFrom) : now, timeZone));
  const until = promo?.validUntil ? wallClockOf(new Date(promo.validUntil), timeZone) : '';
  const word = (name: string) => translate(`kontor.promoCodes.form.${name}`, { zone: timeZone });
  return (
    <>
      <FormField name="from" label={word('from')} before={from} type="datetime-local" faults={faults} />
      <FormField name="until" label={word('until')} before={until} hint={word('untilHint')} type="datetime-local" faults={faults} />
      <FormField name="totalCap" label={word('totalCap')} before={spellCap(promo?.totalCap)} hint={word('capHint')} faults={faults} />
      <FormField
        name="accountCap"
        label={word('accountCap')}
        before={promo ? spellCap(promo.accountCap) : '1'}
        hint={word('capHint')}
        faults={faults}
      />
      <TextField
        name="note"
        size="small"
        label={word('note')}
        helperText={word('noteHint')}
        defaultValue={promo?.note ?? ''}
        sx={whole}
        slotProps={{ htmlInput: { maxLength: 500 } }}
      />
    </>
  );
}

interface OneField extends Faulty {
  readonly name: Field;
  readonly label: string;
  readonly before?: string;
  readonly hint?: string;
  readonly type?: 'text' | 'datetime-local';
  readonly first?: boolean;
}

function FormField({ name, label, before = '', hint, type = 'text', first = false, faults }: OneField) {
  const translate = useTranslate();
  const isWrong = faults.includes(name);
  return (
    <TextField
      name={name}
      type={type}
      size="small"
      autoFocus={first}
      label={label}
      defaultValue={before}
      error={isWrong}
      helperText={isWrong ? translate(`kontor.promoCodes.form.wrong.${name}`) : hint}
      slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 60 }, inputLabel: { shrink: true } }}
    />
  );
}

function spellCap(cap: number | null | undefined): string {
  return cap === null || cap === undefined ? '' : String(cap);
}

function readGain(text: string, kind: string): PromoCode['gain'] | undefined {
  if (kind === 'percentage') {
    const percentageBp = readPercentBp(text);
    return percentageBp !== undefined && percentageBp >= promoPercentageBp.min ? { kind: 'percentage', percentageBp } : undefined;
  }
  const fixedMinor = readAmountMinor(text);
  const fits = fixedMinor !== undefined && fixedMinor >= promoFixedMinor.min && fixedMinor <= promoFixedMinor.max;
  return fits ? { kind: 'fixed', fixedMinor, currency } : undefined;
}

/** Since when, until when and how often, with what of it cannot be. */
function readTerms(form: HTMLFormElement, timeZone: string): { body: object; faults: Field[] } {
  const validFrom = instantOfWallClock(formText(form, 'from'), timeZone);
  const until = formText(form, 'until');
  const validUntil = until === '' ? null : instantOfWallClock(until, timeZone);
  const [totalCap, accountCap] = [readCap(formText(form, 'totalCap')), readCap(formText(form, 'accountCap'))];
  const faults: Field[] = [];
  if (!validFrom) faults.push('from');
  if (validUntil === undefined || (validFrom && validUntil && validUntil <= validFrom)) faults.push('until');
  if (totalCap === undefined) faults.push('totalCap');
  if (accountCap === undefined) faults.push('accountCap');
  const note = formText(form, 'note').trim();
  return {
    body: {
      validFrom: validFrom?.toISOString(),
      validUntil: validUntil?.toISOString() ?? null,
      totalCap,
      accountCap,
      note: note === '' ? null : note,
    },
    faults,
  };
}

/** Null where nothing is typed: as often as you like; undefined where it is no number of times. */
function readCap(text: string): number | null | undefined {
  const typed = text.replaceAll(/\s/g, '');
  if (typed === '') return null;
  const cap = /^\d{1,7}$/.test(typed) ? Number(typed) : 0;
  return cap >= promoCap.min && cap <= promoCap.max ? cap : undefined;
}
