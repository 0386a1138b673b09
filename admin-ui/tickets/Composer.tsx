import LockIcon from '@mui/icons-material/LockOutlined';
import { Alert, Box, Button, FormControlLabel, Radio, RadioGroup, Tab, Tabs } from '@mui/material';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { maxBodyCharacters } from '../../domain/written-text.ts';
import { FailureText } from '../failures/FailureText.tsx';
import { useQueues } from '../queues/queues.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { useReader, useSpellDurationInWords } from '../time/reader.ts';
import { useDraft, type ComposerTab } from './drafts.ts';
import { MarkdownText } from './MarkdownText.tsx';
import { useTicketWish } from './ticket-wish.ts';

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
  const notify = useNotify();
  const { id: me } = useReader();
  const wish = useTicketWish(ticket.number);
  const { draft, write, keyToSend, discard } = useDraft(me, ticket.number, tab);
  const [preview, setPreview] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const sending = useRef(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);

  const send = async () => {
    // State comes with the next paint; a second press may come before it.
    if (sending.current) return;
    if (draft.body.trim() === '') return field.current?.focus();
    sending.current = true;
    setBusy(true);
    setFailure(undefined);
    try {
      await wish(
        tab === 'reply' ? { kind: 'reply', body: draft.body, nextStepBy: draft.nextStepBy } : { kind: 'note', body: draft.body },
        keyToSend(),
      );
      discard();
      setPreview(false);
      notify(tab === 'reply' ? 'kontor.composer.sent' : 'kontor.composer.noted', { type: 'success' });
    } catch (error) {
      setFailure(error);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') field.current?.blur();
  };
  return (
    <Box onKeyDown={onKeyDown} sx={{ display: 'flex', flexDirection: 'column', gap: 1, pt: 0.5 }}>
      {failure !== undefined && (
        <Alert severity="error" variant="outlined" sx={{ py: 0, bgcolor: 'background.paper' }}>
          <FailureText error={failure} consequence={consequenceOf(failure, translate)} />
        </Alert>
      )}
      {tab === 'note' && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, fontSize: 12, fontWeight: 650, color: 'note.text' }}>
          <LockIcon sx={{ fontSize: 16 }} /> {translate('kontor.ticket.note')} · {translate('kontor.ticket.noteHidden')}
        </Box>
      )}
      {preview && (
        <Box data-preview sx={{ ...fieldStyle(tab), overflowY: 'auto' }}>
          {draft.body.trim() === '' ? (
            <Box sx={{ color: 'text.secondary' }}>{translate('kontor.composer.nothing')}</Box>
          ) : (
            <MarkdownText text={draft.body} />
          )}
        </Box>
      )}
      <Box
        component="textarea"
        ref={field}
        hidden={preview}
        value={draft.body}
        readOnly={busy}
        maxLength={maxBodyCharacters * 2}
        aria-label={translate(`kontor.composer.${tab}`)}
        aria-describedby={tab === 'note' ? 'composer-tab-note' : undefined}
        placeholder={translate(`kontor.composer.${tab}Placeholder`, { name: ticket.openedBy.name })}
        onChange={(event) => write({ body: event.currentTarget.value })}
        sx={fieldStyle(tab)}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}>
        {tab === 'reply' && <WhoIsNext ticket={ticket} value={draft.nextStepBy} onChange={(nextStepBy) => write({ nextStepBy })} />}
        <Button color="inherit" onClick={() => setPreview(!preview)} aria-pressed={preview} sx={{ color: 'text.secondary', ml: 'auto' }}>
          {translate(preview ? 'kontor.composer.write' : 'kontor.composer.preview')}
        </Button>
        <Button
          variant="contained"
          disabled={busy}
          onClick={() => void send()}
          sx={tab === 'note' ? { bgcolor: 'note.text', color: 'note.paper', '&:hover': { bgcolor: 'note.text', opacity: 0.9 } } : {}}
        >
          {busy ? translate('kontor.composer.sending') : translate(tab === 'reply' ? 'kontor.composer.send' : 'kontor.composer.saveNote')}
          <Box component="span" aria-hidden="true" sx={{ ml: 1, fontSize: 12, display: { xs: 'none', md: 'inline' } }}>
            Ctrl+Enter
          </Box>
        </Button>
      </Box>
    </Box>
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
