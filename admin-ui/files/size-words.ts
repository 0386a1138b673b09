import { useTranslate } from 'react-admin';
import { useReaderTime } from '../time/reader.ts';

/** Spells a size as people know it: “8.4 MB”. */
export function useSpellSize(): (bytes: number) => string {
  const translate = useTranslate();
  const { locale } = useReaderTime();
  return (bytes) => {
    const [unit, size] = bytes < 1024 ? ['bytes', bytes] : bytes < 1024 * 1024 ? ['kib', bytes / 1024] : ['mib', bytes / 1024 / 1024];
    return translate(`kontor.files.unit.${unit}`, {
      n: new Intl.NumberFormat(locale, { maximumFractionDigits: size < 10 ? 1 : 0 }).format(size),
    });
  };
}
