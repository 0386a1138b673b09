import { Chip } from '@mui/material';
import { useTranslate } from 'react-admin';

/** Says that the list shows one customer's orders only, or those of one promo code, and shows all again. */
export function NarrowedOrders({ filter, onDrop }: { filter: Readonly<Record<string, unknown>>; onDrop: () => void }) {
  const translate = useTranslate();
  const narrowed = ['account', 'promoCode'].find((name) => typeof filter[name] === 'string');
  if (narrowed === undefined) return null;
  const words = translate(`kontor.orders.only.${narrowed}`);
  return <Chip label={words} onClick={onDrop} onDelete={onDrop} aria-label={translate('kontor.list.dropFilter', { filter: words })} />;
}
