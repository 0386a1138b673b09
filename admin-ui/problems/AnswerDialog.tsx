import { Box, FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { locales } from '../../domain/locale.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import { inPath, type Wish } from '../server/wish.ts';
import { MarkdownText } from '../tickets/MarkdownText.tsx';
import { StandingFields, standingOf } from './StandingFields.tsx';
import type { CountedProblem } from './problem-reads.ts';

/** One answer to every linked ticket: whom it reaches is said before, and how it will read (SPEC T20). */
export function AnswerDialog({ problem, onClose }: { problem: CountedProblem; onClose: () => void }) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const word = (name: string, values: object = {}) => translate(`kontor.problems.answer.${name}`, values);
  const { total, archived } = problem.tickets;
  const preview = (event: FormEvent<HTMLElement>) => {
    const form = (event.target as HTMLInputElement).form;
    if (form) setTyped(Object.fromEntries(locales.map((locale) => [locale, formText(form, `text.${locale}`)])));
  };
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const [text, standing] = [textsOf(form, 'text'), standingOf(form)];
    setMissing(!text || !standing);
    if (!text || !standing) return undefined;
    const body = { text, nextStepBy: formText(form, 'nextStepBy'), ...standing };
    return { method: 'POST', path: `/problems/${inPath(problem.id)}/answers`, body };
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit', { smart_count: total })}
      done={word('begun')}
      size="lg"
      wish={wish}
      onClose={onClose}
    >
      <Box onInput={preview} sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <div>
          <div>{word('reaches', { smart_count: total - archived })}</div>
          {archived > 0 && <div>{word('archived', { smart_count: archived })}</div>}
          <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('once')}</Box>
        </div>
        <TextPair name="text" label={word('text')} maxLength={20_000} rows={6} />
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0 }}>
          <Box component="legend" sx={{ fontSize: 13, color: 'text.secondary', p: 0 }}>
            {word('next')}
          </Box>
          <RadioGroup name="nextStepBy" defaultValue="customer">
            {(['customer', 'staff'] as const).map((side) => (
              <FormControlLabel key={side} value={side} control={<Radio size="small" />} label={word(`nextBy.${side}`)} />
            ))}
          </RadioGroup>
        </Box>
        <StandingFields standing={problem} />
        <Preview typed={typed} />
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

/** How it reads in each language; where one is missing, its readers get English. */
function Preview({ typed }: { typed: Readonly<Record<string, string>> }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}>
      {locales.map((locale) => {
        const own = typed[locale]?.trim();
        const text = own || typed['en']?.trim() || '';
        return (
          <Box
            key={locale}
            component="section"
            data-preview={locale}
            lang={own ? locale : 'en'}
            sx={{ minWidth: 0, border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5 }}
          >
            <Typography component="h3" sx={{ fontSize: 12, color: 'text.secondary', mb: 0.5 }}>
              {translate(`kontor.problems.answer.readsIn.${locale}`)}
            </Typography>
            {text === '' ? (
              <Box sx={{ color: 'text.secondary' }}>{translate('kontor.problems.answer.nothing')}</Box>
            ) : (
              <MarkdownText text={text} />
            )}
          </Box>
        );
      })}
    </Box>
  );
}
