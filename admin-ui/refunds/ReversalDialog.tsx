import { useTranslate } from 'react-admin';
import type { Money } from '../../domain/money.ts';
import { MoneyDialog } from './MoneyDialog.tsx';
import { reversalOf } from './refund-reads.ts';

/** Gives back to the balance what an order cost, whole or in part (SPEC B7). */
export function ReversalDialog({ order, total, onClose }: { order: string; total: Money; onClose: () => void }) {
  const translate = useTranslate();
  return (
    <MoneyDialog
      words="reversal"
      most={total}
      currency={total.currency}
      consequence={(sum) => translate('kontor.refunds.reversal.consequence', { sum })}
      wish={(moved) => reversalOf(order, moved)}
      onClose={onClose}
    />
  );
}
