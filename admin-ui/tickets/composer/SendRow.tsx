import { Box, Button } from '@mui/material';
import { useTranslate } from 'react-admin';
import { useQueues } from '../../queues/queues.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import type { ComposerTab, Draft } from '../drafts.ts';
import type { Then } from '../sending.ts';
import { SendButton } from './SendButton.tsx';
import { WhoIsNext } from './WhoIsNext.tsx';

/** The last row of the composer: who is next, a look at the result, and off it goes. */
export function SendRow({
  ticket,
  tab,
  draft,
  busy,
  preview,
  onPreview,
  onNext,
  onSend,
}: {
  ticket: StaffTicketPage;
  tab: ComposerTab;
  draft: Draft;
  busy: boolean;
  preview: boolean;
  onPreview: (preview: boolean) => void;
  onNext: (nextStepBy: 'customer' | 'staff') => void;
  onSend: (then?: Then) => void;
}) {
  const translate = useTranslate();
  const follows = useWhatMayFollow(ticket);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}>
      {tab === 'reply' && <WhoIsNext ticket={ticket} value={draft.nextStepBy} onChange={onNext} />}
      <Box sx={{ ml: 'auto', display: 'flex', gap: 1 }}>
        <Button color="inherit" onClick={() => onPreview(!preview)} aria-pressed={preview} sx={{ color: 'text.secondary' }}>
          {translate(preview ? 'kontor.composer.write' : 'kontor.composer.preview')}
        </Button>
        <SendButton tab={tab} busy={busy} offered={tab === 'reply' ? follows : []} onSend={onSend} />
      </Box>
    </Box>
  );
}

/** What may follow a reply. Where a closing is final it is asked for by itself, with its consequence. */
function useWhatMayFollow({ category, allowedActions }: StaffTicketPage): readonly Then[] {
  const queue = useQueues().find((candidate) => candidate.category === category);
  return [
    ...(allowedActions.includes('take') ? (['take'] as const) : []),
    ...(allowedActions.includes('close') && queue?.reopenAfterManualClose === true ? (['close'] as const) : []),
  ];
}
