import { Chip } from '@mui/material';
import { useTranslate } from 'react-admin';

/** What a list was narrowed to from elsewhere, by a link; pressed, or deleted, it is gone. */
export function FilterChip({ label, title, onRemove }: { label: string; title?: string; onRemove: () => void }) {
  const translate = useTranslate();
  return (
    <Chip
      size="small"
      label={label}
      title={title ?? label}
      aria-label={translate('kontor.list.dropFilter', { filter: label })}
      onClick={onRemove}
      onDelete={onRemove}
      sx={{ maxWidth: 300, height: 30 }}
    />
  );
}
