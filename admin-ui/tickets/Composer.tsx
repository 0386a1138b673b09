import LockIcon from '@mui/icons-material/LockOutlined';
import { Alert, Box, Button, FormControlLabel, Radio, RadioGroup, Tab, Tabs } from '@mui/material';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslate } from 'react-admin';
import { maxBodyCharacters } from '../../domain/written-text.ts';
import { FailureText } from '../failures/FailureText.tsx';
import { useQueues } from '../queues/queues.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { useReader, useSpellDurationInWords } from '../time/reader.ts';
import { useDraft, type ComposerTab } from './drafts.ts';
import { MarkdownText } from './MarkdownText.tsx';
import { useSending } from './sending.ts';

/** Which text is being written, and a wish to write it now: each new wish moves the focus. */
export interface ComposerFocus {
  readonly tab: ComposerTab;
  readonly asked: number;
}

/** Where staff write: a reply to the customer or a note to each other, which never look alike. */
export function Composer({ ticket, focus, onTab }: { ticket: StaffTicketPage; focus: ComposerFocus; onTab: (tab: ComposerTab) => void }) {
  const translate = useTranslate();
  const mayReply = ticket.allowedActions.includes('reply');
  const mayNote = ticket.allowedActions.includes('note');
  const tab = focus.tab === 'reply' && !mayReply ? 'note' : focus.tab;
  if (!mayReply && !mayNote)
    return (
      <Box sx={{ px: { xs: 1.5, md: 3 }, py: 1.5, borderTop: 1, borderColor: 'divider', color: 'text.secondary', fontSize: 13 }}>
        {translate(ticket.status === 'archived' ? 'kontor.composer.archived' : 'kontor.composer.notPermitted', { number: ticket.number })}
      </Box>
    );
  return (
    <Box
      component="section"
      aria-label={translate('kontor.composer.label')}
      data-composer={tab}
      sx={{
        borderTop: 1,
        borderColor: tab === 'note' ? 'note.edge' : 'divider',
        borderTopStyle: tab === 'note' ? 'dashed' : 'solid',
        bgcolor: tab === 'note' ? 'note.paper' : 'background.default',
        px: { xs: 1.5, md: 3 },
        pb: 1.25,
      }}
    >
      <Box sx={{ maxWidth: 860, mx: 'auto' }}>
        <Tabs
          value={tab}
          onChange={(_event, chosen: ComposerTab) => onTab(chosen)}
          aria-label={translate('kontor.composer.label')}
          sx={tabsStyle(tab)}
        >
          {mayReply && (
            <Tab value="reply" label={translate('kontor.composer.reply')} id="composer-tab-reply" aria-controls="composer-panel" />
          )}
          {mayNote && (
            <Tab
              value="note"
              icon={<LockIcon sx={{ fontSize: '16px !important' }} />}
              iconPosition="start"
              label={translate('kontor.composer.note')}
              id="composer-tab-note"
              aria-controls="composer-panel"
            />
          )}
        </Tabs>
        <Box role="tabpanel" id="composer-panel" aria-labelledby={`composer-tab-${tab}`}>
          {!mayReply && ticket.status !== 'archived' && (
            <Box sx={{ fontSize: 12, color: 'note.text', pb: 0.5 }}>{translate('kontor.composer.notPermitted')}</Box>
          )}
          <Writing key={`${ticket.number} ${tab}`} ticket={ticket} tab={tab} asked={focus.asked} />
        </Box>
      </Box>
    </Box>
  );
}

const tabsStyle = (tab: ComposerTab) => ({
  minHeight: 38,
  '& .MuiTab-root': { minHeight: 38, py: 0, px: 1.5, minWidth: 0, fontSize: 13, textTransform: 'none' },
  ...(tab === 'note' ? { '& .MuiTabs-indicator': { bgcolor: 'note.edge' }, '& .MuiTab-root.Mui-selected': { color: 'note.text' } } : {}),
});

function Writing({ ticket, tab, asked }: { ticket: StaffTicketPage; tab: ComposerTab; asked: number }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const inHand = useDraft(me, ticket.number, tab);
  const { draft, write } = inHand;
  const { send, busy, failure } = useSending(ticket.number, tab, inHand);
  const [preview, setPreview] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
  const submit = async () => {
    if (draft.body.trim() === '') field.current?.focus();
    else if (await send()) setPreview(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') field.current?.blur();
  };
  return (
    <Box onKeyDown={onKeyDown} sx={{ display: 'flex', flexDirection: 'column', gap: 1, pt: 0.5 }}>
      {failure !== undefined && (
        <Alert severity="error" variant="outlined" sx={{ py: 0, bgcolor: 'background.paper' }}>
          <FailureText error={failure} consequence={consequenceOf(failure, translate)} />
        </Alert>
      )}
      {tab === 'note' && <NoteWords />}
      {preview && <Preview text={draft.body} tab={tab} />}
      <Box
        component="textarea"
        ref={field}
        hidden={preview}
        value={draft.body}
        readOnly={busy}
        maxLength={maxBodyCharacters * 2}
        aria-label={translate(`kontor.composer.${tab}`)}
        placeholder={translate(`kontor.composer.${tab}Placeholder`, { name: ticket.openedBy.name })}
        onChange={(event) => write({ body: event.currentTarget.value })}
        sx={fieldStyle(tab)}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}>
        {tab === 'reply' && <WhoIsNext ticket={ticket} value={draft.nextStepBy} onChange={(nextStepBy) => write({ nextStepBy })} />}
        <Box sx={{ ml: 'auto', display: 'flex', gap: 1 }}>
          <Button color="inherit" onClick={() => setPreview(!preview)} aria-pressed={preview} sx={{ color: 'text.secondary' }}>
            {translate(preview ? 'kontor.composer.write' : 'kontor.composer.preview')}
          </Button>
          <SendButton tab={tab} busy={busy} onPressed={() => void submit()} />
        </Box>
      </Box>
    </Box>
  );
}

/** What a note is, said where it is written. */
function NoteWords() {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, fontSize: 12, fontWeight: 650, color: 'note.text' }}>
      <LockIcon sx={{ fontSize: 16 }} /> {translate('kontor.ticket.note')} · {translate('kontor.ticket.noteHidden')}
    </Box>
  );
}

function Preview({ text, tab }: { text: string; tab: ComposerTab }) {
  const translate = useTranslate();
  return (
    <Box sx={{ ...fieldStyle(tab), overflowY: 'auto' }}>
      {text.trim() === '' ? (
        <Box sx={{ color: 'text.secondary' }}>{translate('kontor.composer.nothing')}</Box>
      ) : (
        <MarkdownText text={text} />
      )}
    </Box>
  );
}

function SendButton({ tab, busy, onPressed }: { tab: ComposerTab; busy: boolean; onPressed: () => void }) {
  const translate = useTranslate();
  const words = tab === 'reply' ? 'kontor.composer.send' : 'kontor.composer.saveNote';
  return (
    <Button
      variant="contained"
      disabled={busy}
      onClick={onPressed}
      sx={tab === 'note' ? { bgcolor: 'note.text', color: 'note.paper', '&:hover': { bgcolor: 'note.text', opacity: 0.9 } } : {}}
    >
      {translate(busy ? 'kontor.composer.sending' : words)}
      <Box component="span" aria-hidden="true" sx={{ ml: 1, fontSize: 12, display: { xs: 'none', md: 'inline' } }}>
        Ctrl+Enter
      </Box>
    </Button>
  );
}

/** Whether the ticket waits for the customer afterwards, or the next step stays ours (SPEC T4). */
function WhoIsNext({
  ticket,
  value,
  onChange,
}: {
  ticket: StaffTicketPage;
  value: 'customer' | 'staff';
  onChange: (value: 'customer' | 'staff') => void;
}) {
  const translate = useTranslate();
  const spellDuration = useSpellDurationInWords();
  const queue = useQueues().find(({ category }) => category === ticket.category);
  const hint =
    value === 'staff'
      ? translate('kontor.composer.usNextHint')
      : queue && translate('kontor.composer.customerNextHint', { duration: spellDuration(queue.autoCloseAfterSeconds) });
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', columnGap: 1, fontSize: 13 }}>
      <Box component="span" id="who-is-next" sx={{ color: 'text.secondary' }}>
        {translate('kontor.composer.whoNext')}:
      </Box>
      <RadioGroup
        row
        aria-labelledby="who-is-next"
        value={value}
        onChange={(_event, chosen) => onChange(chosen === 'staff' ? 'staff' : 'customer')}
      >
        {(['customer', 'staff'] as const).map((side) => (
          <FormControlLabel
            key={side}
            value={side}
            control={<Radio size="small" sx={{ p: 0.5 }} />}
            label={translate(side === 'customer' ? 'kontor.composer.customerNext' : 'kontor.composer.usNext')}
            slotProps={{ typography: { sx: { fontSize: 13 } } }}
            sx={{ ml: -0.5, mr: 1.25 }}
          />
        ))}
      </RadioGroup>
      <Box component="span" sx={{ color: 'text.secondary', fontSize: 12, display: { xs: 'none', md: 'inline' } }}>
        {hint}
      </Box>
    </Box>
  );
}

function consequenceOf(failure: unknown, translate: (key: string) => string): string {
  const kind = isRequestFailure(failure) ? failure.kind : 'broken';
  if (kind === 'unreachable' || kind === 'unavailable' || kind === 'broken') return translate(`kontor.failure.message.${kind}`);
  return translate('kontor.failure.message.refused');
}

const fieldStyle = (tab: ComposerTab) =>
  ({
    font: 'inherit',
    lineHeight: 1.5,
    width: '100%',
    minHeight: { xs: 60, md: 84 },
    maxHeight: { xs: '30dvh', md: '38dvh' },
    fieldSizing: 'content',
    resize: 'vertical',
    boxSizing: 'border-box',
    p: 1.25,
    color: 'text.primary',
    bgcolor: 'background.paper',
    border: 1,
    borderColor: tab === 'note' ? 'note.edge' : 'divider',
    borderRadius: 1,
    '&:focus-visible': { outline: '2px solid', outlineColor: tab === 'note' ? 'note.edge' : 'primary.main', outlineOffset: -1 },
    '&::placeholder': { color: 'text.secondary', opacity: 1 },
    '&[hidden]': { display: 'none' },
  }) as const;
