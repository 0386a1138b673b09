import { Box, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { WithdrawnSwitch } from '../confirm/WithdrawnSwitch.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import type { Partner } from '../scope/scope-reads.ts';
import { inPath, type Wish } from '../server/wish.ts';

/** Adds a partner, or changes one. Skills are one a line, the same line in each language. */
export function PartnerDialog({ partner, onClose }: { partner: Partner | undefined; onClose: () => void }) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.partners.form.${name}`);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form, partner !== undefined);
    setMissing(!body);
    if (!body) return undefined;
    return partner
      ? { method: 'PATCH', path: `/partners/${inPath(partner.id)}`, body, revision: partner.revision }
      : { method: 'POST', path: '/partners', body };
  };
  return (
    <ConfirmDialog
      title={word(partner ? 'editTitle' : 'addTitle')}
      submit={word('submit')}
      done={word('done')}
      size="lg"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
          <TextField
            name="name"
            size="small"
            label={word('name')}
            defaultValue={partner?.name ?? ''}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <TextField
            name="address"
            size="small"
            label={word('address')}
            helperText={word('addressHint')}
            defaultValue={partner?.address ?? ''}
            slotProps={{ htmlInput: { maxLength: 300 } }}
          />
        </Box>
        <TextPair name="city" label={word('city')} value={partner?.city} maxLength={100} />
        <TextPair
          name="skills"
          label={word('skills')}
          value={linesOf(partner?.skills ?? [])}
          maxLength={2_000}
          rows={3}
          hint={word('skillsHint')}
        />
        <TextPair name="text" label={word('text')} value={partner?.text} maxLength={1_000} rows={3} />
        {partner && <WithdrawnSwitch withdrawn={partner.withdrawn} hint={word('withdrawnHint')} />}
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

function linesOf(skills: Partner['skills']): Record<string, string> {
  return {
    en: skills.map((skill) => skill['en'] ?? '').join('\n'),
    ru: skills.map((skill) => skill['ru'] ?? '').join('\n'),
  };
}

/** What the API is sent; undefined when a name, a city or an address is missing. */
function bodyOf(form: HTMLFormElement, isThere: boolean): object | undefined {
  const [name, address, city] = [formText(form, 'name').trim(), formText(form, 'address').trim(), textsOf(form, 'city')];
  if (name === '' || address === '' || !city) return undefined;
  const inRussian = formText(form, 'skills.ru').split('\n');
  const skills = formText(form, 'skills.en')
    .split('\n')
    .map((skill, at) => [skill.trim(), inRussian[at]?.trim() ?? ''] as const)
    .filter(([en]) => en !== '')
    .map(([en, ru]) => ({ en, ...(ru === '' ? {} : { ru }) }));
  const withdrawn = isThere ? { withdrawn: new FormData(form).has('withdrawn') } : {};
  return { name, address, city, skills, text: textsOf(form, 'text') ?? null, ...withdrawn };
}
