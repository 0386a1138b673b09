import { FormControl, FormControlLabel, FormLabel, Radio, RadioGroup } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { MoneyDialog } from './MoneyDialog.tsx';
import { adjustmentOf } from './refund-reads.ts';

type Way = 'give' | 'take';
type Purse = 'paid' | 'bonus';

/** Corrects a customer's balance: of paid money or of bonus, up or down (SPEC B7). */
export function AdjustmentDialog({ account, currency, onClose }: { account: string; currency: string; onClose: () => void }) {
  const translate = useTranslate();
  const [way, setWay] = useState<Way>('give');
  const [money, setMoney] = useState<Purse>('paid');
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.adjustment.${name}`, values);
  const sign = way === 'give' ? 1 : -1;
  return (
    <MoneyDialog
      words="adjustment"
      currency={currency}
      secondPerson
      consequence={(sum) => word(`consequence.${way}.${money}`, { sum })}
      wish={({ amount, reason }) => adjustmentOf(account, { amount: { ...amount, amountMinor: sign * amount.amountMinor }, money, reason })}
      onClose={onClose}
    >
      <OneOfTwo label={word('way')} value={way} options={['give', 'take']} wordOf={(each) => word(`ways.${each}`)} onChange={setWay} />
      <OneOfTwo
        label={word('money')}
        value={money}
        options={['paid', 'bonus']}
        wordOf={(each) => word(`moneys.${each}`)}
        onChange={setMoney}
      />
    </MoneyDialog>
  );
}

interface TwoWays<Option extends string> {
  readonly label: string;
  readonly value: Option;
  readonly options: readonly [Option, Option];
  readonly wordOf: (option: Option) => string;
  readonly onChange: (option: Option) => void;
}

function OneOfTwo<Option extends string>({ label, value, options, wordOf, onChange }: TwoWays<Option>) {
  return (
    <FormControl>
      <FormLabel sx={{ fontSize: 13 }}>{label}</FormLabel>
      <RadioGroup row value={value} aria-label={label} onChange={(_event, chosen) => onChange(chosen as Option)}>
        {options.map((option) => (
          <FormControlLabel key={option} value={option} control={<Radio size="small" />} label={wordOf(option)} />
        ))}
      </RadioGroup>
    </FormControl>
  );
}
