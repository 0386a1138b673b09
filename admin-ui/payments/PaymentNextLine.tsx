import { useTranslate } from 'react-admin';
import { Moment } from '../time/Moment.tsx';
import type { Payment } from './payment-reads.ts';

/** What happens next to a payment by itself, or what became of it, with its instant. */
export function PaymentNextLine({ payment, brief = false }: { payment: Payment; brief?: boolean }) {
  const translate = useTranslate();
  if (payment.next)
    return (
      <>
        {translate(`kontor.payments.${brief ? 'nextBrief' : 'next'}.${payment.next.what}`)} <Moment at={payment.next.at} as="moment" />
      </>
    );
  if (payment.settledAt === null) return null;
  return (
    <>
      {translate(`kontor.payments.ended.${payment.state}`)} <Moment at={payment.settledAt} as="moment" />
    </>
  );
}
