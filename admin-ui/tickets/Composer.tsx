import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Tab, Tabs } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffTicketPage } from '../server/answers.ts';
import { Writing } from './composer/Writing.tsx';
import type { ComposerTab } from './drafts.ts';
import { PresenceLine } from './PresenceLine.tsx';

/** Which text is being written, and a wish to write it now: each new wish moves the focus. */
export interface ComposerFocus {
  readonly tab: ComposerTab;
  readonly asked: number;
}

/** Where staff write: a reply to the customer or a note to each other, which never look alike. */
export function Composer({
  ticket,
  focus,
  onTab,
  seen,
}: {
  ticket: StaffTicketPage;
  focus: ComposerFocus;
  onTab: (tab: ComposerTab) => void;
  /** The newest public message that the reader has seen. */
  seen: () => string | undefined;
}) {
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
      <Box sx={{ maxWidth: 860, mx: 'auto', '& > :not(:empty)': { pt: 0.75 } }}>
        <PresenceLine number={ticket.number} />
      </Box>
      <Box sx={{ maxWidth: 860, mx: 'auto', position: 'relative' }}>
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
          <Writing key={`${ticket.number} ${tab}`} ticket={ticket} tab={tab} asked={focus.asked} seen={seen} />
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
