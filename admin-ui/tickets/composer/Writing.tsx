import LockIcon from '@mui/icons-material/LockOutlined';
import { Alert, Box, Button } from '@mui/material';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslate } from 'react-admin';
import type { HeardChannel } from '../../../domain/ticket.ts';
import { maxBodyCharacters } from '../../../domain/written-text.ts';
import { FailureText } from '../../failures/FailureText.tsx';
import { useQueues } from '../../queues/queues.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { isRequestFailure } from '../../server/request-failure.ts';
import { useReader } from '../../time/reader.ts';
import { useDraft, type ComposerTab, type DraftInHand } from '../drafts.ts';
import { MarkdownText } from '../MarkdownText.tsx';
import { OtherDraft } from '../OtherDraft.tsx';
import { isEmpty, useSending, type Sending, type Then } from '../sending.ts';
import { ChannelChoice } from './ChannelChoice.tsx';
import { applyFormat, formatByKey } from './field-edit.ts';
import { FormatBar } from './FormatBar.tsx';
import { MovedOnNotice } from './MovedOnNotice.tsx';
import { SendButton } from './SendButton.tsx';
import { WhoIsNext } from './WhoIsNext.tsx';

/** One text being written: a reply or a note, with everything that goes out with it. */
export function Writing({
  ticket,
  tab,
  asked,
  seen,
}: {
  ticket: StaffTicketPage;
  tab: ComposerTab;
  asked: number;
  /** The newest public message that the reader has seen. */
  seen: () => string | undefined;
}) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const inHand = useDraft(me, ticket.number, tab);
  const { draft, write } = inHand;
  const [channel, setChannel] = useState<HeardChannel>();
  const sending = useSending(ticket, tab, inHand, () => ({ seenMessage: tab === 'reply' ? seen() : undefined, channel }));
  const [preview, setPreview] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const follows = useWhatMayFollow(ticket);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
  const submit = async (then?: Then) => {
    if (isEmpty(draft)) return field.current?.focus();
    if (!(await sending.send(then))) return;
    setPreview(false);
    setChannel(undefined);
  };
  return (
    <Box onKeyDown={(event) => sendByKey(event, () => void submit())} sx={{ display: 'flex', flexDirection: 'column', gap: 1, pt: 0.5 }}>
      <Box sx={{ position: 'absolute', top: 4, right: 0, display: 'flex' }}>
        <ChannelChoice value={channel} onChange={setChannel} />
        <FormatBar disabled={preview || sending.busy} onFormat={(format) => field.current && applyFormat(field.current, format)} />
      </Box>
      <Notices inHand={inHand} sending={sending} onBack={() => field.current?.focus()} />
      {tab === 'note' && <NoteWords />}
      {channel && <ChannelWords channel={channel} />}
      {preview && <Preview text={draft.body} tab={tab} />}
      <Box
        component="textarea"
        ref={field}
        hidden={preview}
        value={draft.body}
        readOnly={sending.busy}
        maxLength={maxBodyCharacters * 2}
        aria-label={translate(`kontor.composer.${tab}`)}
        placeholder={translate(`kontor.composer.${tab}Placeholder`, { name: ticket.openedBy.name })}
        onChange={(event) => write({ body: event.currentTarget.value })}
        onKeyDown={(event: KeyboardEvent<HTMLTextAreaElement>) => {
          if (!sending.busy && formatByKey(event)) event.preventDefault();
        }}
        sx={fieldStyle(tab)}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}>
        {tab === 'reply' && <WhoIsNext ticket={ticket} value={draft.nextStepBy} onChange={(nextStepBy) => write({ nextStepBy })} />}
        <Box sx={{ ml: 'auto', display: 'flex', gap: 1 }}>
          <Button color="inherit" onClick={() => setPreview(!preview)} aria-pressed={preview} sx={{ color: 'text.secondary' }}>
            {translate(preview ? 'kontor.composer.write' : 'kontor.composer.preview')}
          </Button>
          <SendButton tab={tab} busy={sending.busy} offered={tab === 'reply' ? follows : []} onSend={(then) => void submit(then)} />
        </Box>
      </Box>
    </Box>
  );
}

/** Ctrl+Enter sends from wherever one is in the composer; Escape leaves the field, for the single keys. */
function sendByKey(event: KeyboardEvent, send: () => void): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send();
  } else if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
}

/** What its writer must know or decide before the text goes out. */
function Notices({ inHand, sending, onBack }: { inHand: DraftInHand; sending: Sending; onBack: () => void }) {
  const translate = useTranslate();
  const { failure, movedOn } = sending;
  return (
    <>
      {failure !== undefined && (
        <Alert severity="error" variant="outlined" sx={{ py: 0, bgcolor: 'background.paper' }}>
          <FailureText error={failure} consequence={consequenceOf(failure, translate)} />
        </Alert>
      )}
      <OtherDraft inHand={inHand} />
      {movedOn && (
        <MovedOnNotice
          messages={movedOn.messages}
          onSendAnyway={() => void movedOn.sendAnyway()}
          onBack={() => {
            movedOn.back();
            onBack();
          }}
        />
      )}
    </>
  );
}

/** What may follow a reply. Where a closing is final it is asked for by itself, with its consequence. */
function useWhatMayFollow(ticket: StaffTicketPage): readonly Then[] {
  const queue = useQueues().find(({ category }) => category === ticket.category);
  const { allowedActions } = ticket;
  return [
    ...(allowedActions.includes('take') ? (['take'] as const) : []),
    ...(allowedActions.includes('close') && queue?.reopenAfterManualClose === true ? (['close'] as const) : []),
  ];
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

/** By which way what is written was said. */
function ChannelWords({ channel }: { channel: HeardChannel }) {
  const translate = useTranslate();
  return <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{translate(`kontor.ticketPage.channel.log.${channel}`)}</Box>;
}

function Preview({ text, tab }: { text: string; tab: ComposerTab }) {
  const translate = useTranslate();
  return (
    <Box data-preview sx={{ ...fieldStyle(tab), overflowY: 'auto' }}>
      {text.trim() === '' ? (
        <Box sx={{ color: 'text.secondary' }}>{translate('kontor.composer.nothing')}</Box>
      ) : (
        <MarkdownText text={text} />
      )}
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
