import { useTranslate } from 'react-admin';

/** Why not, in words: ours where we know them, else as the provider spells it (reference: yookassa, trap 9). */
export function useReasonWords(): (why: string) => string {
  const translate = useTranslate();
  return (why) => translate(`kontor.payments.reasons.${why}`, { _: translate(`kontor.moneyWatch.reports.reasonWords.${why}`, { _: why }) });
}
