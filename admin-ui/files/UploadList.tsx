import CloseIcon from '@mui/icons-material/CloseOutlined';
import RetryIcon from '@mui/icons-material/ReplayOutlined';
import { Box, IconButton, LinearProgress } from '@mui/material';
import { useTranslate } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import { useSpellSize } from './size-words.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import type { Upload } from './upload-keeper.ts';
import type { Uploads } from './uploads.ts';

/** The files that go with the message: how far each is, and what became of it. */
export function UploadList({ uploads: { uploads, remove, retry } }: { uploads: Uploads }) {
  const translate = useTranslate();
  if (uploads.length === 0) return null;
  return (
    <Box
      component="ul"
      aria-label={translate('kontor.files.list')}
      sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexWrap: 'wrap', gap: 0.75, maxHeight: 132, overflowY: 'auto' }}
    >
      {uploads.map((upload) => (
        <UploadItem key={upload.key} upload={upload} onRemove={() => remove(upload.key)} onRetry={() => retry(upload.key)} />
      ))}
    </Box>
  );
}

function UploadItem({ upload, onRemove, onRetry }: { upload: Upload; onRemove: () => void; onRetry: () => void }) {
  const translate = useTranslate();
  const spellSize = useSpellSize();
  const failureWords = useFailureWords();
  const { name, state, share, failure } = upload;
  const percent = Math.round(share * 100);
  const why = typeof failure === 'string' ? translate(`kontor.files.${failure}`) : failure && failureWords(failure);
  return (
    <Box
      component="li"
      data-upload={state}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 0.5,
        maxWidth: '100%',
        minWidth: 0,
        pl: 1,
        border: 1,
        borderRadius: 1,
        borderColor: failure ? 'error.main' : 'divider',
        bgcolor: 'background.paper',
        fontSize: 12,
      }}
    >
      <Box sx={{ minWidth: 96, maxWidth: { xs: 220, md: 320 }, py: 0.5 }}>
        <Box sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{name}</Box>
        {state === 'uploading' ? (
          <LinearProgress
            variant="determinate"
            value={percent}
            aria-label={translate('kontor.files.uploading', { name, percent })}
            sx={{ my: 0.75 }}
          />
        ) : (
          <Box role={failure ? 'alert' : undefined} sx={{ color: failure ? 'error.main' : 'text.secondary' }}>
            {why ?? spellSize(upload.sizeBytes)}
          </Box>
        )}
      </Box>
      {failure instanceof Error && !isRefused(failure) && (
        <IconButton size="small" aria-label={`${translate('kontor.files.retry')}: ${name}`} onClick={onRetry}>
          <RetryIcon sx={{ fontSize: 16 }} />
        </IconButton>
      )}
      <IconButton size="small" aria-label={translate('kontor.files.remove', { name })} onClick={onRemove}>
        <CloseIcon sx={{ fontSize: 16 }} />
      </IconButton>
    </Box>
  );
}

/** What was refused for what it is would be refused again; one too many at a time would not. */
function isRefused(failure: Error): boolean {
  return isRequestFailure(failure) && failure.kind === 'refused' && failure.status !== 429;
}
