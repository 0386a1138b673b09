import LockIcon from '@mui/icons-material/LockOutlined';
import { Alert, Box } from '@mui/material';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { HeardChannel } from '../../../domain/ticket.ts';
import { FailureText } from '../../failures/FailureText.tsx';
import { AttachButton } from '../../files/AttachButton.tsx';
import { UploadList } from '../../files/UploadList.tsx';
import { useUploads } from '../../files/uploads.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { isRequestFailure } from '../../server/request-failure.ts';
import { useReader } from '../../time/reader.ts';
import { useDraft, type ComposerTab, type DraftInHand } from '../drafts.ts';
import { MarkdownText } from '../MarkdownText.tsx';
import { OtherDraft } from '../OtherDraft.tsx';
import { isEmpty, useSending, type Sending, type Then } from '../sending.ts';
import type { Beside } from '../sent-as.ts';
import { ChannelChoice } from './ChannelChoice.tsx';
import { Field, fieldStyle } from './Field.tsx';
import { MovedOnNotice } from './MovedOnNotice.tsx';
import { SendRow } from './SendRow.tsx';

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
  const notify = useNotify();
  const { id: me } = useReader();
  const inHand = useDraft(me, ticket.number, tab);
  const { draft, write } = inHand;
  const uploads = useUploads(`${me} ${ticket.number} ${tab}`, draft.files, (files) => write({ files }));
  const [beside, setBeside] = useState<Pick<Beside, 'channel' | 'cannedReplies'>>({});
  const sending = useSending(ticket, tab, inHand, () => ({ seenMessage: tab === 'reply' ? seen() : undefined, ...beside }));
  const [preview, setPreview] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
  const submit = async (then?: Then) => {
    if (isEmpty(draft)) return field.current?.focus();
    if (uploads.hindrance) return notify(uploads.hindrance, { type: 'warning' });
    if (!(await sending.send(then))) return;
    setPreview(false);
    setBeside({});
  };
  return (
    <Box
      {...uploads.handlers}
      onKeyDown={(event) => sendByKey(event, () => void submit())}
      sx={{ display: 'flex', flexDirection: 'column', gap: 1, pt: 0.5 }}
    >
      {uploads.isOver && <DropHere />}
      <Notices inHand={inHand} sending={sending} onBack={() => field.current?.focus()} />
      <WhatItIs tab={tab} channel={beside.channel} />
      {preview && <Preview text={draft.body} tab={tab} />}
      <Field
        ticket={ticket}
        tab={tab}
        field={field}
        body={draft.body}
        hidden={preview}
        busy={sending.busy}
        onText={(body) => write({ body })}
        onCanned={(id) => setBeside({ ...beside, cannedReplies: [...new Set([...(beside.cannedReplies ?? []), id])] })}
        tools={
          <>
            <AttachButton uploads={uploads} disabled={sending.busy} />
            <ChannelChoice value={beside.channel} onChange={(channel) => setBeside({ ...beside, channel })} />
          </>
        }
      />
      <UploadList uploads={uploads} />
      <SendRow
        ticket={ticket}
        tab={tab}
        draft={draft}
        busy={sending.busy}
        preview={preview}
        onPreview={setPreview}
        onNext={(nextStepBy) => write({ nextStepBy })}
        onSend={(then) => void submit(then)}
      />
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

/** What is being written, said where it is written: a note, or something that was said by another way. */
function WhatItIs({ tab, channel }: { tab: ComposerTab; channel: HeardChannel | undefined }) {
  const translate = useTranslate();
  return (
    <>
      {tab === 'note' && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, fontSize: 12, fontWeight: 650, color: 'note.text' }}>
          <LockIcon sx={{ fontSize: 16 }} /> {translate('kontor.ticket.note')} · {translate('kontor.ticket.noteHidden')}
        </Box>
      )}
      {channel && <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{translate(`kontor.ticketPage.channel.log.${channel}`)}</Box>}
    </>
  );
}

/** Files hang over the composer: this is where they go. */
function DropHere() {
  const translate = useTranslate();
  return <Box sx={dropStyle}>{translate('kontor.files.drop')}</Box>;
}

const dropStyle = {
  position: 'absolute',
  inset: 4,
  zIndex: 3,
  display: 'grid',
  placeItems: 'center',
  pointerEvents: 'none',
  border: '2px dashed',
  borderColor: 'primary.main',
  borderRadius: 1,
  bgcolor: 'background.paper',
  opacity: 0.94,
  fontWeight: 600,
} as const;

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
