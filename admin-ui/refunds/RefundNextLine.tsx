import { useTranslate } from 'react-admin';
import { Moment } from '../time/Moment.tsx';
import type { Refund } from './refund-reads.ts';

/** What happens next to a refund by itself, or what became of it, with its instant. */
export function RefundNextLine({ refund, brief = false }: { refund: Refund; brief?: boolean }) {
  const translate = useTranslate();
  if (refund.next)
    return (
      <>
        {translate(`kontor.refunds.${brief ? 'nextBrief' : 'next'}.${refund.next.what}`)} <Moment at={refund.next.at} as="moment" />
      </>
    );
  if (refund.settledAt === null) return null;
  return (
    <>
      {translate(`kontor.refunds.ended.${refund.state}`)} <Moment at={refund.settledAt} as="moment" />
    </>
  );
}
