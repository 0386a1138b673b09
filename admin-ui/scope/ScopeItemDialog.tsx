import { Box, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { editions, scopeStances } from '../../domain/support-scope.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { WithdrawnSwitch } from '../confirm/WithdrawnSwitch.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import { useQueues } from '../queues/queues.ts';
import { inPath, type Wish } from '../server/wish.ts';
import type { ScopeItem } from './scope-reads.ts';

/** Adds an item to the catalogue, or changes one, in both languages side by side (SPEC T15). */
export function ScopeItemDialog({ item, onClose }: { item: ScopeItem | undefined; onClose: () => void }) {
  const translate = useTranslate();
  const queues = useQueues();
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.scope.form.${name}`);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form, item !== undefined);
    setMissing(!body);
    if (!body) return undefined;
    return item
      ? { method: 'PATCH', path: `/support-scope/${inPath(item.id)}`, body, revision: item.revision }
      : { method: 'POST', path: '/support-scope', body };
  };
  return (
    <ConfirmDialog
      title={word(item ? 'editTitle' : 'addTitle')}
      submit={word('submit')}
      done={word('done')}
      size="lg"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(4, minmax(0, 1fr))' } }}>
          <Choice name="category" value={item?.category ?? 'technical'} options={queues.map(({ category, name }) => [category, name])} />
          <Choice
            name="stance"
            value={item?.stance ?? 'not_covered'}
            options={scopeStances.map((stance) => [stance, translate(`kontor.scope.stance.${stance}`)])}
          />
          <Choice
            name="edition"
            value={item?.edition ?? ''}
            options={[
              ['', translate('kontor.scope.any.edition')],
              ...editions.map((edition) => [edition, translate(`kontor.scope.edition.${edition}`)] as const),
            ]}
          />
          <TextField
            name="product"
            size="small"
            label={word('product')}
            helperText={word('productHint')}
            defaultValue={item?.product ?? ''}
            slotProps={{ htmlInput: { maxLength: 50, pattern: '[a-z0-9][a-z0-9._\\-]*' } }}
          />
        </Box>
        <TextPair name="section" label={word('section')} value={item?.section} maxLength={100} />
        <TextPair name="title" label={word('title')} value={item?.title} maxLength={200} />
        <TextPair name="text" label={word('text')} value={item?.text} maxLength={8_000} rows={5} />
        <TextField
          name="position"
          size="small"
          label={word('position')}
          helperText={word('positionHint')}
          defaultValue={item?.position ?? ''}
          slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 6 } }}
          sx={{ maxWidth: 260 }}
        />
        {item && <WithdrawnSwitch withdrawn={item.withdrawn} hint={word('withdrawnHint')} />}
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

function Choice({ name, value, options }: { name: string; value: string; options: readonly (readonly [string, string])[] }) {
  const translate = useTranslate();
  const shown = options.some(([option]) => option === value);
  return (
    <TextField
      select
      name={name}
      size="small"
      label={translate(`kontor.scope.filter.${name}`)}
      defaultValue={value}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {!shown && <MenuItem value={value}>{value}</MenuItem>}
      {options.map(([option, words]) => (
        <MenuItem key={option} value={option}>
          {words}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** What the API is sent; undefined when a text is missing or a field holds nothing it could take. */
function bodyOf(form: HTMLFormElement, isThere: boolean): object | undefined {
  const [section, title, text] = [textsOf(form, 'section'), textsOf(form, 'title'), textsOf(form, 'text')];
  const [product, edition, place] = [formText(form, 'product').trim(), formText(form, 'edition'), formText(form, 'position').trim()];
  if (!section || !title || !text || !/^(?:[a-z0-9][a-z0-9._-]*)?$/.test(product) || !/^\d{0,6}$/.test(place)) return undefined;
  return {
    category: formText(form, 'category'),
    stance: formText(form, 'stance'),
    edition: edition === '' ? null : edition,
    product: product === '' ? null : product,
    section,
    title,
    text,
    ...(place === '' ? {} : { position: Number(place) }),
    ...(isThere ? { withdrawn: new FormData(form).has('withdrawn') } : {}),
  };
}
