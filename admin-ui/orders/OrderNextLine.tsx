import { useTranslate } from 'react-admin';
import { spellMoney } from '../../domain/money.ts';
import { Moment } from '../time/Moment.tsx';
import type { Order } from './order-reads.ts';

/** How an order stands, in a sentence: until when it waits, how it was paid, or why it is over; and what was given back. */
export function OrderNextLine({ order }: { order: Order }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.orders.${name}`, values);
  if (order.state === 'open')
    return order.expiresAt === null ? (
      word('waits')
    ) : (
      <>
        {word('waitsUntil')} <Moment at={order.expiresAt} as="moment" />
      </>
    );
  return (
    <>
      {word(order.state === 'paid' ? `paidBy.${order.price.toPay.amountMinor === 0 ? 'nothing' : order.paidBy}` : `over.${order.state}`)}{' '}
      {order.settledAt !== null && <Moment at={order.settledAt} />}
      {order.reversal && (
        <>
          {'. '}
          {word('reversed', { sum: spellMoney(order.reversal.amount) })} <Moment at={order.reversal.at} />
        </>
      )}
    </>
  );
}
