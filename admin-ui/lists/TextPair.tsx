import { Box, TextField } from '@mui/material';
import { useTranslate } from 'react-admin';
import { locales } from '../../domain/locale.ts';
import { formText } from '../form-text.ts';

type Texts = Readonly<Record<string, string>>;

interface Pair {
  readonly name: string;
  readonly label: string;
  readonly value?: Texts | null | undefined;
  readonly maxLength: number;
  /** Many lines, at least so many; one when left out. */
  readonly rows?: number;
  readonly hint?: string;
}

/** A text in every language side by side, as fields of a form; English is always there. */
export function TextPair({ name, label, value, maxLength, rows, hint }: Pair) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
      {locales.map((locale) => (
        <TextField
          key={locale}
          name={`${name}.${locale}`}
          size="small"
          label={translate(`kontor.scope.inLanguage.${locale}`, { label })}
          defaultValue={value?.[locale] ?? ''}
          helperText={hint}
          {...(rows === undefined ? {} : { multiline: true, minRows: rows, maxRows: 14 })}
          slotProps={{ htmlInput: { lang: locale, maxLength } }}
        />
      ))}
    </Box>
  );
}

/** What was typed into such a pair; undefined when English is missing. */
export function textsOf(form: HTMLFormElement, name: string): Texts | undefined {
  const typed = locales.map((locale) => [locale, formText(form, `${name}.${locale}`).trim()] as const);
  const texts = Object.fromEntries(typed.filter(([, text]) => text !== ''));
  return texts['en'] === undefined ? undefined : texts;
}
