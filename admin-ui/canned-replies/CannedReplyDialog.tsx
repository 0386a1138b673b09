import { Box, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { cannedReplyVariables, maxCannedReplyCharacters, maxShortcutCharacters, unknownVariable } from '../../domain/canned-reply.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { useQueues } from '../queues/queues.ts';
import { inPath, type Wish } from '../server/wish.ts';
import { fixedLetters } from '../theme/theme.ts';
import type { CannedReply } from './canned-replies.ts';

const languageWords: Readonly<Record<Locale, string>> = { en: 'english', ru: 'russian' };
type Fault = { readonly words: 'missing' | 'badShortcut' } | { readonly words: 'unknown'; readonly name: string };

/** Writes a canned reply, or rewrites one; a mistyped variable is told before anything is sent. */
export function CannedReplyDialog({ reply, onClose }: { reply: CannedReply | undefined; onClose: () => void }) {
  const translate = useTranslate();
  const [fault, setFault] = useState<Fault>();
  const word = (name: string, values: object = {}) =>
    translate(`kontor.desk.canned.form.${name}`, { name: reply?.title['en'] ?? '', ...values });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const written = bodyOf(form);
    const found = faultOf(written);
    setFault(found);
    if (found) return undefined;
    return reply
      ? { method: 'PUT', path: `/canned-replies/${inPath(reply.id)}`, body: written, revision: reply.revision }
      : { method: 'POST', path: '/canned-replies', body: written };
  };
  return (
    <ConfirmDialog
      title={word(reply ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="lg"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
        {locales.map((locale) => (
          <LanguageFields key={locale} locale={locale} reply={reply} />
        ))}
      </Box>
      <Variables />
      <TextField
        name="shortcut"
        size="small"
        sx={{ mt: 2 }}
        label={word('shortcut')}
        helperText={word('shortcutHint')}
        defaultValue={reply?.shortcut ?? ''}
        slotProps={{ htmlInput: { maxLength: maxShortcutCharacters, autoComplete: 'off', spellCheck: false } }}
      />
      <QueueChoices chosen={reply?.categories ?? []} />
      {fault && (
        <Box role="alert" sx={{ mt: 1.5, color: 'error.main' }}>
          {word(fault.words, 'name' in fault ? { name: fault.name } : {})}
        </Box>
      )}
    </ConfirmDialog>
  );
}

function LanguageFields({ locale, reply }: { locale: Locale; reply: CannedReply | undefined }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.canned.form.${name}`);
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0, display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Typography component="legend" variant="h2" sx={{ mb: 1.5 }}>
        {word(languageWords[locale])}
      </Typography>
      <TextField
        name={`title-${locale}`}
        size="small"
        label={word('name')}
        defaultValue={reply?.title[locale] ?? ''}
        slotProps={{ htmlInput: { lang: locale, maxLength: 100 } }}
      />
      <TextField
        name={`body-${locale}`}
        multiline
        minRows={6}
        maxRows={16}
        label={word('body')}
        defaultValue={reply?.body[locale] ?? ''}
        slotProps={{ htmlInput: { lang: locale, maxLength: maxCannedReplyCharacters } }}
      />
    </Box>
  );
}

function Variables() {
  const translate = useTranslate();
  return (
    <Box sx={{ mt: 1.5, fontSize: 13, color: 'text.secondary' }}>
      {translate('kontor.desk.canned.form.variables')}:{' '}
      <Box component="span" sx={{ fontFamily: fixedLetters, overflowWrap: 'anywhere' }}>
        {cannedReplyVariables.map((name) => `{{${name}}}`).join(' ')}
      </Box>
    </Box>
  );
}

function QueueChoices({ chosen }: { chosen: readonly string[] }) {
  const translate = useTranslate();
  return (
    <Box component="fieldset" sx={{ mt: 2, border: 1, borderColor: 'divider', borderRadius: 1, px: 1.5, py: 0.5 }}>
      <Box component="legend" sx={{ px: 0.5, fontSize: 12, color: 'text.secondary' }}>
        {translate('kontor.desk.canned.form.queues')}
      </Box>
      {useQueues().map(({ category, name }) => (
        <FormControlLabel
          key={category}
          control={<Checkbox size="small" name="categories" value={category} defaultChecked={chosen.includes(category)} />}
          label={name}
        />
      ))}
    </Box>
  );
}

interface Written {
  readonly title: Partial<Record<Locale, string>>;
  readonly body: Partial<Record<Locale, string>>;
  readonly shortcut: string | null;
  readonly categories: readonly string[] | null;
}

function bodyOf(form: HTMLFormElement): Written {
  const inEach = (field: string) =>
    Object.fromEntries(locales.map((locale) => [locale, formText(form, `${field}-${locale}`).trim()]).filter(([, text]) => text !== ''));
  const shortcut = formText(form, 'shortcut').trim();
  const categories = new FormData(form).getAll('categories').map(String);
  return {
    title: inEach('title'),
    body: inEach('body'),
    shortcut: shortcut === '' ? null : shortcut,
    categories: categories.length === 0 ? null : categories,
  };
}

function faultOf({ title, body, shortcut }: Written): Fault | undefined {
  if (!title.en || !body.en) return { words: 'missing' };
  if (shortcut !== null && !/^[\p{L}\p{N}_-]+$/u.test(shortcut)) return { words: 'badShortcut' };
  const name = Object.values(body)
    .map(unknownVariable)
    .find((unknown) => unknown !== undefined);
  return name === undefined ? undefined : { words: 'unknown', name };
}
