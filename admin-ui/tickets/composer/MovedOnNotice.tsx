import { Alert, Box, Button } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffMessage } from '../../server/answers.ts';
import { MarkdownText } from '../MarkdownText.tsx';

/** Somebody wrote while this was being written: what he wrote, before it is answered past him. Nothing was sent. */
export function MovedOnNotice({
  messages,
  onSendAnyway,
  onBack,
}: {
  messages: readonly StaffMessage[];
  onSendAnyway: () => void;
  onBack: () => void;
}) {
  const translate = useTranslate();
  const [first] = messages;
  return (
    <Alert
      severity="warning"
      variant="outlined"
      icon={false}
      data-moved-on
      sx={{ bgcolor: 'background.paper', color: 'text.primary', '& .MuiAlert-message': { width: '100%' } }}
    >
      <Box sx={{ fontWeight: 600 }}>
        {messages.length > 1
          ? translate('kontor.ticketPage.movedOn.titleMany', { smart_count: messages.length })
          : translate('kontor.ticketPage.movedOn.title', { name: first?.author.name ?? '' })}
      </Box>
      <Box
        component="section"
        tabIndex={0}
        aria-label={translate('kontor.ticketPage.movedOn.came')}
        sx={{ maxHeight: 180, overflowY: 'auto', my: 1 }}
      >
        {messages.map((message) => (
          <Box key={message.id} sx={{ pl: 1.5, mb: 1, borderLeft: 2, borderColor: 'divider' }}>
            <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{message.author.name}</Box>
            <MarkdownText text={message.body} />
          </Box>
        ))}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Button variant="outlined" onClick={onBack} autoFocus>
          {translate('kontor.ticketPage.movedOn.back')}
        </Button>
        <Button variant="outlined" onClick={onSendAnyway}>
          {translate('kontor.ticketPage.movedOn.sendAnyway')}
        </Button>
        <Box component="span" sx={{ color: 'text.secondary', fontSize: 12 }}>
          {translate('kontor.failure.message.refused')}
        </Box>
      </Box>
    </Alert>
  );
}
