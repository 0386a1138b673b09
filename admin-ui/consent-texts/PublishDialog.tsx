import { Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { neededConsents } from '../../domain/consent.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import type { ConsentWording } from '../server/answers.ts';
import type { Wish } from '../server/wish.ts';
import { useReader } from '../time/reader.ts';
import { draftFields, draftOf, isSameDraft, useConsentDraft, type ConsentDraft } from './draft.ts';

const languages = [
  { words: 'english', title: 'titleEn', body: 'bodyEn', lang: 'en' },
  { words: 'russian', title: 'titleRu', body: 'bodyRu', lang: 'ru' },
] as const;

/** Writes the next version of a wording in both languages, beginning from the one that stands (SPEC D2). */
export function PublishDialog({ wording, onClose }: { wording: ConsentWording; onClose: () => void }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const { draft, write, discard } = useConsentDraft(me, wording);
  const [fault, setFault] = useState<'missing' | 'unchanged'>();
  const { purpose, version } = wording;
  const word = (name: string) =>
    translate(`kontor.consentTexts.form.${name}`, {
      purpose: translate(`kontor.consentTexts.purpose.${purpose}`),
      version,
      next: version + 1,
    });
  const changed = !isSameDraft(draft, draftOf(wording));
  const wish = (): Wish | undefined => {
    const found = draftFields.some((field) => draft[field].trim() === '') ? 'missing' : changed ? undefined : 'unchanged';
    setFault(found);
    return found === undefined ? publication(purpose, draft) : undefined;
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      size="lg"
      wish={wish}
      onDone={discard}
      onClose={onClose}
    >
      <Box>{word('text')}</Box>
      <Box sx={{ mt: 0.5, mb: 2 }}>{word(neededConsents.includes(purpose) ? 'needed' : 'optional')}</Box>
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
        {languages.map((language) => (
          <LanguageFields key={language.lang} language={language} draft={draft} write={write} />
        ))}
      </Box>
      <Box sx={{ mt: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', fontSize: 13, color: 'text.secondary' }}>
        {word('kept')}
        {changed && <Button onClick={discard}>{word('restart')}</Button>}
      </Box>
      {fault && (
        <Box role="alert" sx={{ mt: 1.5, color: 'error.main' }}>
          {word(fault)}
        </Box>
      )}
    </ConfirmDialog>
  );
}

interface Fields {
  readonly language: (typeof languages)[number];
  readonly draft: ConsentDraft;
  readonly write: (change: Partial<ConsentDraft>) => void;
}

/** Title and text in one language. */
function LanguageFields({ language: { words, title, body, lang }, draft, write }: Fields) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.consentTexts.form.${name}`);
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0, display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Typography component="legend" variant="h2" sx={{ mb: 1.5 }}>
        {word(words)}
      </Typography>
      <TextField
        size="small"
        label={word('name')}
        value={draft[title]}
        onChange={(event) => write({ [title]: event.target.value })}
        slotProps={{ htmlInput: { lang, maxLength: 200 } }}
      />
      <TextField
        multiline
        minRows={8}
        maxRows={18}
        label={word('body')}
        value={draft[body]}
        onChange={(event) => write({ [body]: event.target.value })}
        slotProps={{ htmlInput: { lang, maxLength: 20_000 } }}
      />
    </Box>
  );
}

function publication(purpose: ConsentWording['purpose'], draft: ConsentDraft): Wish {
  const { titleEn, bodyEn, titleRu, bodyRu } = draft;
  return {
    method: 'POST',
    path: '/consent-texts',
    body: { purpose, title: { en: titleEn.trim(), ru: titleRu.trim() }, body: { en: bodyEn.trim(), ru: bodyRu.trim() } },
  };
}
