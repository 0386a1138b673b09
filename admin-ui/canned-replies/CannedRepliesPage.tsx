import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useQueues } from '../queues/queues.ts';
import { inPath } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { spokenLocale } from '../words/spoken-locale.ts';
import { CannedReplyDialog } from './CannedReplyDialog.tsx';
import { useAllCannedReplies, type CannedReply } from './canned-replies.ts';

/** Texts that are inserted often: written here, inserted by typing `/` in a reply (SPEC T13). */
export function CannedRepliesPage() {
  useAuthenticated();
  return (
    <OnlyFor action="canned_reply.read">
      <Replies />
    </OnlyFor>
  );
}

type Doing = { readonly what: 'make' } | { readonly what: 'edit' | 'withdraw'; readonly reply: CannedReply };

function Replies() {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = useAllCannedReplies();
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const word = (name: string) => translate(`kontor.desk.canned.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('canned_reply.manage') && (
          <Button variant="contained" onClick={() => setDoing({ what: 'make' })}>
            {word('make')}
          </Button>
        )
      }
    >
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data?.length === 0 && (
        <Box component="li" sx={{ color: 'text.secondary' }}>
          {word('none')}
        </Box>
      )}
      {data?.map((reply) => (
        <OneReply key={reply.id} reply={reply} onDoing={(what) => setDoing({ what, reply })} />
      ))}
      {doing?.what === 'make' && <CannedReplyDialog reply={undefined} onClose={close} />}
      {doing?.what === 'edit' && <CannedReplyDialog reply={doing.reply} onClose={close} />}
      {doing?.what === 'withdraw' && <WithdrawDialog reply={doing.reply} onClose={close} />}
    </SettingsPage>
  );
}

/** The text as the reader reads it. */
function inMyLanguage(text: Readonly<Record<string, string>>): string {
  return text[spokenLocale()] ?? text['en'] ?? '';
}

function OneReply({ reply, onDoing }: { reply: CannedReply; onDoing: (what: 'edit' | 'withdraw') => void }) {
  const translate = useTranslate();
  const may = useMay();
  const queues = useQueues();
  const name = inMyLanguage(reply.title);
  const word = (key: string, values: object = {}) => translate(`kontor.desk.canned.${key}`, { name, ...values });
  const where =
    reply.categories === null
      ? word('all')
      : reply.categories.map((category) => queues.find((queue) => queue.category === category)?.name ?? category).join(', ');
  const facts = [
    ...(reply.shortcut === null ? [] : [`/${reply.shortcut}`]),
    where,
    reply.uses === 0 ? word('unused') : word('uses', { smart_count: reply.uses }),
  ];
  return (
    <Setting
      name={name}
      deeds={
        may('canned_reply.manage') && (
          <>
            <Button variant="outlined" aria-label={word('editOf')} onClick={() => onDoing('edit')}>
              {word('edit')}
            </Button>
            <Button color="inherit" aria-label={word('withdrawOf')} onClick={() => onDoing('withdraw')}>
              {word('withdraw')}
            </Button>
          </>
        )
      }
    >
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{facts.join(' · ')}</Box>
      <Box
        sx={{
          mt: 0.5,
          whiteSpace: 'pre-wrap',
          display: '-webkit-box',
          WebkitLineClamp: 3,
          WebkitBoxOrient: 'vertical',
          overflow: 'hidden',
        }}
      >
        {inMyLanguage(reply.body)}
      </Box>
    </Setting>
  );
}

function WithdrawDialog({ reply, onClose }: { reply: CannedReply; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.canned.${name}`, { name: inMyLanguage(reply.title) });
  return (
    <ConfirmDialog
      grave
      title={word('withdrawTitle')}
      submit={word('withdraw')}
      done={word('withdrawn')}
      wish={() => ({ method: 'DELETE', path: `/canned-replies/${inPath(reply.id)}`, revision: reply.revision })}
      onClose={onClose}
    >
      {word('withdrawText')}
    </ConfirmDialog>
  );
}
