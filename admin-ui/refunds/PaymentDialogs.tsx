import { useTranslate } from 'react-admin';
import type { Money } from '../../domain/money.ts';
import { MoneyDialog } from './MoneyDialog.tsx';
import { chargebackOf, refundOf } from './refund-reads.ts';

/** Pays a payment back, never more than can go back of it (SPEC B7). */
export function RefundDialog({ payment, refundable, onClose }: { payment: string; refundable: Money; onClose: () => void }) {
  const translate = useTranslate();
  return (
    <MoneyDialog
      words="refund"
      most={refundable}
      currency={refundable.currency}
      secondPerson
      consequence={(sum) => translate('kontor.refunds.refund.consequence', { sum })}
      wish={(moved) => refundOf(payment, moved)}
      onClose={onClose}
    />
  );
}

/** Writes down that the payer took his payment back through his bank (SPEC B7). */
export function ChargebackDialog({ payment, amount, onClose }: { payment: string; amount: Money; onClose: () => void }) {
  const translate = useTranslate();
  return (
    <MoneyDialog
      words="chargeback"
      most={amount}
      currency={amount.currency}
      grave
      consequence={(sum) => translate('kontor.refunds.chargeback.consequence', { sum })}
      wish={(moved) => chargebackOf(payment, moved)}
      onClose={onClose}
    />
  );
}
