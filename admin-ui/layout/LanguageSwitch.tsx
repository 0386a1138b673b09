import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useLocaleState, useTranslate } from 'react-admin';
import { locales } from '../../domain/locale.ts';

const names = { en: { short: 'EN', whole: 'English' }, ru: { short: 'RU', whole: 'Русский' } } as const;

/** One press changes the language; each language is written in itself. */
export function LanguageSwitch({ onChosen }: { onChosen?: (locale: (typeof locales)[number]) => void }) {
  const translate = useTranslate();
  const [locale, setLocale] = useLocaleState();
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={locale}
      aria-label={translate('kontor.language')}
      onChange={(_event, chosen: (typeof locales)[number] | null) => {
        if (!chosen) return;
        setLocale(chosen);
        onChosen?.(chosen);
      }}
    >
      {locales.map((each) => (
        <ToggleButton
          key={each}
          value={each}
          lang={each}
          title={names[each].whole}
          sx={{ px: 1, py: 0.25, fontSize: 12, lineHeight: '20px', color: 'inherit', borderColor: 'divider' }}
        >
          {names[each].short}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
