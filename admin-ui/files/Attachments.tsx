import FileIcon from '@mui/icons-material/InsertDriveFileOutlined';
import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffMessage } from '../server/answers.ts';
import { useSpellSize } from './size-words.ts';

type Attachment = StaffMessage['attachments'][number];

/** Pictures that every browser shows, and small enough to be fetched for looking at. */
const shown = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const mostShownBytes = 3 * 1024 * 1024;

/** A message's files: pictures small, each a link that downloads it, with its size and what it is. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  const translate = useTranslate();
  if (attachments.length === 0) return null;
  return (
    <Box
      component="ul"
      aria-label={translate('kontor.files.list')}
      sx={{ listStyle: 'none', m: 0, mt: 1, p: 0, display: 'flex', flexWrap: 'wrap', gap: 1 }}
    >
      {attachments.map((file) => (
        <Box component="li" key={file.id} sx={{ minWidth: 0, maxWidth: '100%' }}>
          <AttachmentLink file={file} />
        </Box>
      ))}
    </Box>
  );
}

function AttachmentLink({ file }: { file: Attachment }) {
  const translate = useTranslate();
  const spellSize = useSpellSize();
  const picture = shown.has(file.mediaType) && file.sizeBytes <= mostShownBytes;
  return (
    <Box
      component="a"
      href={file.url}
      download={file.name}
      data-attachment={file.id}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        maxWidth: 360,
        px: 1,
        py: 0.75,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: 'background.paper',
        color: 'text.primary',
        textDecoration: 'none',
        '&:hover': { borderColor: 'primary.main' },
      }}
    >
      {picture ? (
        <Box
          component="img"
          src={file.url}
          alt={translate('kontor.files.picture', { name: file.name })}
          loading="lazy"
          sx={{ width: 72, height: 54, objectFit: 'cover', borderRadius: 0.5, flexShrink: 0, bgcolor: 'action.hover' }}
        />
      ) : (
        <FileIcon sx={{ fontSize: 20, flexShrink: 0, color: 'text.secondary' }} />
      )}
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ fontSize: 13, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{file.name}</Box>
        <Box sx={{ fontSize: 12, color: 'text.secondary' }}>
          {spellSize(file.sizeBytes)} · {file.mediaType}
        </Box>
      </Box>
    </Box>
  );
}
