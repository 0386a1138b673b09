import { Alert, Box, Button, Typography } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney, type Money } from '../../domain/money.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import { ordersAddress } from '../orders/order-reads.ts';
import { AdjustmentDialog } from '../refunds/AdjustmentDialog.tsx';
import { AdjustmentList } from '../refunds/AdjustmentList.tsx';
import { WaitingMoney } from '../refunds/WaitingMoney.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { useFinance, type CustomerFinance } from './finance-reads.ts';
import { CreditLimitDialog, DiscountDialog, FreezeDialog, TaxProfileDialog } from './FinanceDialogs.tsx';
import { Operations } from './Operations.tsx';
import { Statements } from './Statements.tsx';

/** What a customer has and owes, what his spending goes by, and everything that happened to it (SPEC A2, B3, B5, B6). */
export function CustomerMoney({ account }: { account: string }) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const may = useMay();
  const { data, error } = useFinance(account);
  if (!may('finance.read')) return null;
  return (
    <Box component="section" id="money" aria-labelledby="customer-money" sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Typography id="customer-money" variant="h2">
        {translate('kontor.finance.title')}
      </Typography>
      {error && !data && <Box role="alert">{failureWords(error)}</Box>}
      {data && <Loaded finance={data} />}
    </Box>
  );
}

const dialogs = { limit: CreditLimitDialog, discount: DiscountDialog, tax: TaxProfileDialog, freeze: FreezeDialog } as const;
type Open = keyof typeof dialogs | 'adjustment';

function Loaded({ finance }: { finance: CustomerFinance }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.finance.${name}`, values);
  const may = useMay();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const Dialog = open === undefined || open === 'adjustment' ? undefined : dialogs[open];
  const { account, currency, creditTermDays, taxProfile } = finance;
  const deed = (name: Open, words: string, mayDo: boolean) =>
    mayDo && (
      <Button size="small" onClick={() => setOpen(name)}>
        {words}
      </Button>
    );
  return (
    <>
      <Warnings finance={finance} unfreeze={may('spending.unfreeze') ? () => setOpen('freeze') : undefined} />
      <WaitingMoney account={account} />
      <Box component="dl" sx={sumsStyle}>
        <Sum name={word('balance')} sum={finance.balance} isMain />
        <Sum name={word('bonus')} sum={finance.bonus} />
        <Sum name={word('limitName')} sum={finance.creditLimit}>
          {creditTermDays === null ? word('noTerm') : word('term', { smart_count: creditTermDays })}
        </Sum>
        <Sum name={word('used')} sum={finance.used}>
          {finance.nextDue && (
            <>
              {word('dueNext', { sum: spellMoney(finance.nextDue.amount) })} <Moment at={finance.nextDue.at} as="moment" />
            </>
          )}
        </Sum>
        <Sum name={word('available')} sum={finance.available} />
        <Fact name={word('discount')}>{word('percent', { percent: spellPercent(finance.discountPercent) })}</Fact>
        <Fact name={word('taxProfile')}>
          {word(`tax.kinds.${taxProfile.kind}`)}, {taxProfile.country}
        </Fact>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mx: -0.75 }}>
        {deed('limit', word('limit.open'), may('credit_limit.set'))}
        {deed('discount', word('discountDialog.open'), may('discount.set'))}
        {deed('tax', word('tax.open'), may('tax_profile.set'))}
        {deed('adjustment', word('adjust'), may('adjustment.make'))}
        {deed('freeze', word('freeze.open'), may('spending.unfreeze') && finance.frozen === null)}
        <Button size="small" component={Link} to={ordersAddress({ account })}>
          {translate('kontor.orders.ofCustomer')}
        </Button>
      </Box>
      <AdjustmentList account={account} />
      <Operations account={account} />
      <Statements account={account} />
      {Dialog && <Dialog finance={finance} onClose={close} />}
      {open === 'adjustment' && <AdjustmentDialog account={account} currency={currency} onClose={close} />}
    </>
  );
}

/** What keeps the customer from spending stands above everything. */
function Warnings({ finance, unfreeze }: { finance: CustomerFinance; unfreeze: (() => void) | undefined }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.finance.${name}`, values);
  return (
    <>
      {finance.frozen && (
        <Alert
          severity="error"
          action={
            unfreeze && (
              <Button color="inherit" size="small" onClick={unfreeze}>
                {word('unfreeze.open')}
              </Button>
            )
          }
        >
          {word(`frozen.${finance.frozen.why}`)} <Moment at={finance.frozen.at} />
          {finance.freezeNote !== null && <Box sx={{ overflowWrap: 'anywhere' }}>{finance.freezeNote}</Box>}
        </Alert>
      )}
      {finance.overdue.amountMinor > 0 && (
        <Alert severity="warning">
          {word('overdue', { sum: spellMoney(finance.overdue) })}{' '}
          <Box component={Link} to="/credit-ageing" sx={{ color: 'inherit' }}>
            {word('ageing.link')}
          </Box>
        </Alert>
      )}
    </>
  );
}

const sumsStyle = {
  m: 0,
  display: 'grid',
  gridTemplateColumns: { xs: '1fr 1fr', sm: 'repeat(auto-fill, minmax(135px, 1fr))' },
  gap: 2,
  fontVariantNumeric: 'tabular-nums',
} as const;

function Sum({ name, sum, isMain, children }: { name: string; sum: Money; isMain?: boolean; children?: ReactNode }) {
  return (
    <Fact name={name} more={children}>
      <Box component="span" sx={{ fontSize: isMain ? 20 : 16, fontWeight: isMain ? 650 : 400, whiteSpace: 'nowrap' }}>
        {spellMoney(sum)}
      </Box>
    </Fact>
  );
}

function Fact({ name, more, children }: { name: string; more?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <Box component="dt" sx={{ color: 'text.secondary', fontSize: 12 }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0 }}>
        {children}
        {more && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{more}</Box>}
      </Box>
    </div>
  );
}

/** As people here write it: `12,5`. */
export function spellPercent(percent: number): string {
  return String(percent).replace('.', ',');
}
